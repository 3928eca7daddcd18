#include "access/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

void token_hex(const uint8_t *data, size_t length, char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		ret_hex[2 * i] = digits[data[i] >> 4];
		ret_hex[2 * i + 1] = digits[data[i] & 15];
	}
	ret_hex[2 * length] = '\0';
}

void token_new(char ret_token[TOKEN_SIZE])
{
	uint8_t bytes[(TOKEN_SIZE - 1) / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		abort();
	token_hex(bytes, sizeof(bytes), ret_token);
	OPENSSL_cleanse(bytes, sizeof(bytes));
}

void token_hash(const char *text, size_t length, uint8_t ret_hash[TOKEN_HASH_SIZE])
{
	static const EVP_MD *sha256; /* fetched once: a look-up costs more than hashing a token */

	if (sha256 == NULL)
		sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	if (sha256 == NULL || EVP_Digest(text, length, ret_hash, NULL, sha256, NULL) != 1)
		abort();
}

bool token_is_same(const char *a, const char *b)
{
	size_t length = strlen(a);

	return length == strlen(b) && CRYPTO_memcmp(a, b, length) == 0;
}

bool token_is_wellformed(const char *text)
{
	return strlen(text) == TOKEN_SIZE - 1 && strspn(text, "0123456789abcdef") == TOKEN_SIZE - 1;
}

void key_make(char ret_keyid[KEYID_SIZE], char ret_secret[TOKEN_SIZE], char ret_stored[TOKEN_SIZE])
{
	uint8_t hash[TOKEN_HASH_SIZE];
	uint8_t id[6];

	if (RAND_bytes(id, sizeof(id)) != 1)
		abort();
	ret_keyid[0] = 'k';
	token_hex(id, sizeof(id), ret_keyid + 1);
	token_new(ret_secret);
	token_hash(ret_secret, strlen(ret_secret), hash);
	token_hex(hash, sizeof(hash), ret_stored);
}
