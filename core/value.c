#include "core/value.h"

#include <limits.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool value_uuid(const char *text, uint8_t ret_uuid[16])
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	uint8_t uuid[16];
	size_t nibbles = 0;

	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		int value = hex_value(text[i]);

		if (form[i] == '-' ? text[i] != '-' : value < 0)
			return false;
		if (form[i] == '-')
			continue;
		uuid[nibbles / 2] = (uint8_t)(nibbles % 2 == 0 ? value << 4 :
								 uuid[nibbles / 2] | value);
		nibbles++;
	}
	if (text[sizeof(form) - 1] != '\0')
		return false;
	memcpy(ret_uuid, uuid, sizeof(uuid));
	return true;
}

/* Read exactly `digits` digits and move on; false when there are fewer. */
static bool read_number(const char **at, int digits, int *ret_number)
{
	int number = 0;

	for (int i = 0; i < digits; i++, (*at)++) {
		if (!is_digit(**at))
			return false;
		number = number * 10 + (**at - '0');
	}
	*ret_number = number;
	return true;
}

static bool read_char(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01 in the proleptic Gregorian calendar, counting years from March. */
static int32_t days_from_civil(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static bool read_date(const char **at, int32_t *ret_days)
{
	int year, month, day;

	if (!read_number(at, 4, &year) || !read_char(at, '-') || !read_number(at, 2, &month) ||
	    !read_char(at, '-') || !read_number(at, 2, &day))
		return false;
	if (year < 1900 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*ret_days = days_from_civil(year, month, day);
	return true;
}

bool value_date(const char *text, int32_t *ret_days)
{
	int32_t days;

	if (!read_date(&text, &days) || *text != '\0')
		return false;
	*ret_days = days;
	return true;
}

/* The digits after the decimal point, as microseconds; more than six are cut off. */
static bool read_fraction(const char **at, int *ret_microseconds)
{
	int microseconds = 0;
	int digits = 0;

	if (!is_digit(**at))
		return false;
	for (; is_digit(**at); (*at)++, digits++)
		if (digits < 6)
			microseconds = microseconds * 10 + (**at - '0');
	for (; digits < 6; digits++)
		microseconds *= 10;
	*ret_microseconds = microseconds;
	return true;
}

static bool read_offset(const char **at, int *ret_minutes)
{
	int hours, minutes;
	bool west = **at == '-';

	if (**at == 'Z' || **at == 'z') {
		(*at)++;
		*ret_minutes = 0;
		return true;
	}
	if (**at != '+' && **at != '-')
		return false;
	(*at)++;
	if (!read_number(at, 2, &hours) || !read_char(at, ':') || !read_number(at, 2, &minutes) ||
	    hours > 23 || minutes > 59)
		return false;
	*ret_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

bool value_time(const char *text, int64_t *ret_microseconds)
{
	int32_t days;
	int hour, minute, second, offset;
	int fraction = 0;

	if (!read_date(&text, &days) || (*text != 'T' && *text != 't'))
		return false;
	text++;
	if (!read_number(&text, 2, &hour) || !read_char(&text, ':') ||
	    !read_number(&text, 2, &minute) || !read_char(&text, ':') ||
	    !read_number(&text, 2, &second) || hour > 23 || minute > 59 || second > 60)
		return false;
	if (read_char(&text, '.') && !read_fraction(&text, &fraction))
		return false;
	if (!read_offset(&text, &offset) || *text != '\0')
		return false;
	*ret_microseconds = (((int64_t)days * 24 + hour) * 60 + minute - offset) * 60 * 1000000 +
			    (int64_t)second * 1000000 + fraction;
	return true;
}

bool value_integer(const char *text, int64_t *ret_number)
{
	bool negative = *text == '-';
	const char *digits = text + negative;
	uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
	uint64_t number = 0;

	if (!is_digit(*digits) || (digits[0] == '0' && (digits[1] != '\0' || negative)))
		return false;
	for (; is_digit(*digits); digits++) {
		uint64_t digit = (uint64_t)(*digits - '0');

		if (number > (limit - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	if (*digits != '\0')
		return false;
	*ret_number = negative ? (int64_t)(0 - number) : (int64_t)number;
	return true;
}

static int base64_value(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (int)(at - alphabet) : -1;
}

long value_base64(const char *text, size_t length, uint8_t *ret_data)
{
	size_t padding = 0;
	long count = 0;

	if (length % 4 != 0)
		return -1;
	while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < length; i += 4) {
		bool last = i + 4 == length;
		uint32_t group = 0;

		for (size_t j = 0; j < 4; j++) {
			int value = last && j >= 4 - padding ? 0 : base64_value(text[i + j]);

			if (value < 0)
				return -1;
			group = group << 6 | (uint32_t)value;
		}
		for (size_t j = 0; j < (last ? 3 - padding : 3); j++)
			ret_data[count++] = (uint8_t)(group >> (16 - 8 * j));
		if (last && (group & ((1u << (8 * padding)) - 1)) != 0)
			return -1; /* bits that no encoder leaves */
	}
	return count;
}
