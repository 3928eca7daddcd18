/*
 * Secrets that the service makes: cookies, CSRF tokens, keys. Each is 32 bytes
 * of OpenSSL's random numbers in hexadecimal; only its SHA-256 is kept.
 */
#ifndef ACCESS_TOKEN_H
#define ACCESS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_SIZE 65 /* 64 digits and NUL */
#define TOKEN_HASH_SIZE 32
#define KEYID_SIZE 14

/* A new token. Aborts when there are no random numbers: nothing safe could follow. */
void token_new(char ret_token[TOKEN_SIZE]);

/* SHA-256 of a text. */
void token_hash(const char *text, size_t length, uint8_t ret_hash[TOKEN_HASH_SIZE]);

/* Lower-case hexadecimal with NUL; `ret_hex` has 2 * length + 1 bytes. */
void token_hex(const uint8_t *data, size_t length, char *ret_hex);

/* A new key: its id, its secret, and the hex SHA-256 of the secret, which is what is stored. */
void key_make(char ret_keyid[KEYID_SIZE], char ret_secret[TOKEN_SIZE], char ret_stored[TOKEN_SIZE]);

/* True when both texts are the same; takes the same time whatever differs. */
bool token_is_same(const char *a, const char *b);

/* True for 64 lower-case hexadecimal digits. */
bool token_is_wellformed(const char *text);

#endif
