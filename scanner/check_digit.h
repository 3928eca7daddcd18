/* Check digits and check characters: the arithmetic that catches a misread code. */
#ifndef SCANNER_CHECK_DIGIT_H
#define SCANNER_CHECK_DIGIT_H

#include <stdbool.h>
#include <stddef.h>

/* How many of the `len` bytes at `s` are digits before the first that is none. */
size_t digit_run(const char *s, size_t len);

/* Only '0' to '9' in all `len` bytes; true for none. */
bool all_digits(const char *s, size_t len);

/*
 * The check digit, as a character, that belongs behind the `len` digits at `s`:
 * modulo 10 with weights 3, 1, 3 … from the right. One algorithm for GTIN, GLN,
 * SSCC, GSIN, GSRN and the national drug code.
 */
char check_digit(const char *s, size_t len);

/* All digits, at least two of them, and the last is the check digit of the others. */
bool check_digit_is_right(const char *s, size_t len);

/*
 * The last two characters are the check characters of those before them: CSET 82
 * positions weighted by primes from the right, modulo 1021 (Global Model Number).
 */
bool check_pair_is_right(const char *s, size_t len);

/* Letters and digits whose ISO 7064 remainder modulo 97 is 1, as an IBAN demands. */
bool check_iban_is_right(const char *s, size_t len);

#endif
