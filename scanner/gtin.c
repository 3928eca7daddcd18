/* GTINs of all lengths, brought to 14 digits. */
#include <stdbool.h>
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/gtin.h"
#include "scanner/scan_error.h"

int gtin_read(const char *s, size_t len, char ret_gtin[GTIN_DIGITS + 1])
{
	if (!all_digits(s, len))
		return SCAN_NOT_DIGITS;
	if (len != 8 && (len < 12 || len > GTIN_DIGITS))
		return SCAN_LENGTH;
	if (!check_digit_is_right(s, len))
		return SCAN_CHECK_DIGIT;
	memset(ret_gtin, '0', GTIN_DIGITS - len);
	memcpy(ret_gtin + GTIN_DIGITS - len, s, len);
	ret_gtin[GTIN_DIGITS] = '\0';
	return 0;
}

/*
 * The last of the six digits says where the zeros were left out of the five
 * digits of the company and the five of the item (GS1 General Specifications 5.2).
 */
static void expand(const char six[6], char ret_ten[10])
{
	memset(ret_ten, '0', 10);
	switch (six[5]) {
	case '0':
	case '1':
	case '2':
		memcpy(ret_ten, six, 2);
		ret_ten[2] = six[5];
		memcpy(ret_ten + 7, six + 2, 3);
		break;
	case '3':
		memcpy(ret_ten, six, 3);
		memcpy(ret_ten + 8, six + 3, 2);
		break;
	case '4':
		memcpy(ret_ten, six, 4);
		ret_ten[9] = six[4];
		break;
	default:
		memcpy(ret_ten, six, 5);
		ret_ten[9] = six[5];
	}
}

/*
 * Each UPC-A has one UPC-E: where an earlier rule takes the zeros out, a later one may not.
 * Else two numbers would be one product.
 */
static bool is_expandable(const char six[6])
{
	switch (six[5]) {
	case '0':
	case '1':
	case '2':
		return true;
	case '3':
		return six[2] > '2';
	case '4':
		return six[3] > '0';
	default:
		return six[4] > '0';
	}
}

int gtin_read_upce(const char *s, size_t len, char ret_gtin[GTIN_DIGITS + 1])
{
	const char *six = len > 6 ? s + 1 : s;
	char upca[12];

	if (!all_digits(s, len))
		return SCAN_NOT_DIGITS;
	if (len < 6 || len > 8 || (len > 6 && s[0] > '1'))
		return SCAN_LENGTH;
	if (!is_expandable(six))
		return SCAN_VALUE;
	upca[0] = len > 6 ? s[0] : '0';
	expand(six, upca + 1);
	upca[11] = check_digit(upca, 11);
	if (len == 8 && s[7] != upca[11])
		return SCAN_CHECK_DIGIT;
	return gtin_read(upca, sizeof(upca), ret_gtin);
}
