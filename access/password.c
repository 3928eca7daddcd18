#include "access/password.h"

#include <argon2.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/err.h"

#define MEMORY_KIB (19 * 1024)
#define PASSES 2
#define LANES 1
#define SALT_SIZE 16
#define HASH_SIZE 32

int password_hash(const char *password, size_t length, char ret_encoded[PASSWORD_ENCODED_SIZE])
{
	uint8_t salt[SALT_SIZE];

	if (RAND_bytes(salt, sizeof(salt)) != 1)
		abort();
	if (argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password, length, salt, sizeof(salt),
				  HASH_SIZE, ret_encoded, PASSWORD_ENCODED_SIZE) != ARGON2_OK)
		return ERR_NO_MEMORY;
	return 0;
}

bool password_is(const char *encoded, const char *password, size_t length)
{
	return argon2id_verify(encoded, password, length) == ARGON2_OK;
}

/* What guessers try first and is long enough to pass otherwise. */
static bool is_common(const char *password)
{
	static const char *const common[] = {
		"password",      "password1", "passw0rd",  "12345678",  "123456789",  "1234567890",
		"11111111",      "00000000",  "88888888",  "66666666",  "87654321",   "qwertyui",
		"qwerty123",     "1q2w3e4r",  "1qaz2wsx",  "asdfghjkl", "abc12345",   "abcd1234",
		"iloveyou",      "sunshine",  "princess",  "football",  "baseball",   "welcome1",
		"administrator", "a1234567",  "a12345678", "aa123456",  "woaini1314", "5201314520",
		"yaoku123",      "pharmacy",  "pharmacy1", "changeme",
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		if (strcasecmp(password, common[i]) == 0)
			return true;
	}
	return false;
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

const char *password_fault(const char *password, const char *username)
{
	if (characters(password) < 8)
		return "password must have at least 8 characters";
	if (strlen(password) > PASSWORD_MAX)
		return "password must have at most 256 bytes";
	if (username != NULL && strcasecmp(password, username) == 0)
		return "password must not be the user name";
	if (is_common(password) ||
	    strspn(password, (char[]){ password[0], '\0' }) == strlen(password))
		return "password is among the first that others would guess";
	return NULL;
}
