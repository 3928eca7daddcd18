/*
 * Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP, Password
 * Storage Cheat Sheet). One hash takes some tens of milliseconds and the memory,
 * so it is for hasher.h's thread and for commands, never for the event loop.
 */
#ifndef ACCESS_PASSWORD_H
#define ACCESS_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_ENCODED_SIZE 128
#define PASSWORD_MAX 256 /* bytes */

/* Hash with a salt of its own into an encoded string "$argon2id$…". Returns 0 or ERR_NO_MEMORY. */
int password_hash(const char *password, size_t length, char ret_encoded[PASSWORD_ENCODED_SIZE]);

/* True when the password is the one of the encoded string. */
bool password_is(const char *encoded, const char *password, size_t length);

/*
 * What is wrong with a new password, as a sentence for its user, or NULL: shorter than 8 characters,
 * longer than PASSWORD_MAX bytes, the user name, or among the most common (ASVS 6.2).
 */
const char *password_fault(const char *password, const char *username);

#endif
