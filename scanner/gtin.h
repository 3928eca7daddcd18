/* Trade item numbers outside GS1 element strings: EAN, UPC, ITF-14, typed digits. */
#ifndef SCANNER_GTIN_H
#define SCANNER_GTIN_H

#include <stddef.h>

#define GTIN_DIGITS 14

/*
 * Bring a GTIN of 8, 12, 13 or 14 digits to the one form the program keeps, 14
 * digits with zeros on the left, and a NUL. Returns 0, SCAN_NOT_DIGITS,
 * SCAN_LENGTH or SCAN_CHECK_DIGIT.
 */
int gtin_read(const char *s, size_t len, char ret_gtin[GTIN_DIGITS + 1]);

/*
 * The same for a zero-suppressed UPC-E: six digits, or seven with the number
 * system before them, or eight with the check digit behind. The number system
 * is 0 or 1, 0 when it is not given. Returns SCAN_VALUE too: no zeros are left
 * out in this way.
 */
int gtin_read_upce(const char *s, size_t len, char ret_gtin[GTIN_DIGITS + 1]);

#endif
