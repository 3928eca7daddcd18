/*
 * The content checks: one small function a rule. Each is given characters of
 * its part's set in a length within the part's bounds.
 */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/gs1_content.h"
#include "scanner/gs1_coupon.h"
#include "scanner/gs1_date.h"
#include "scanner/gs1_lists.h"
#include "scanner/scan_error.h"

enum { SET_N = 1, SET_X = 2, SET_Y = 4, SET_Z = 8 };

/* Which sets a 7-bit character belongs to: bits of the enum above. */
/* clang-format off */
static const unsigned char sets_of[128] = {
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0, /* controls */
	 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0, /* controls */
	 0,  2,  2,  4,  0,  2,  2,  2,  2,  2,  2,  2,  2, 14,  2,  6, /*  !"#$%&'()*+,-./ */
	15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  2,  2,  2,  2,  2,  2, /* 0123456789:;<=>? */
	 0, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, /* @ABCDEFGHIJKLMNO */
	14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14,  0,  0,  0,  0, 10, /* PQRSTUVWXYZ[\]^_ */
	 0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, /* `abcdefghijklmno */
	10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,  0,  0,  0,  0,  0, /* pqrstuvwxyz{|}~ */
};
/* clang-format on */

static int sets(char c)
{
	unsigned char u = (unsigned char)c;

	return u < sizeof(sets_of) ? sets_of[u] : 0;
}

static int set_bit(char set)
{
	switch (set) {
	case 'N':
		return SET_N;
	case 'Y':
		return SET_Y;
	case 'Z':
		return SET_Z;
	default:
		return SET_X;
	}
}

/* Base64url may end in one or two '=' when they fill up a group. */
static size_t without_padding(const char *s, size_t len)
{
	size_t pads = 0;

	while (pads < len && s[len - 1 - pads] == '=')
		pads++;
	return pads <= 2 && len % 3 == 0 ? len - pads : len;
}

static int characters(char set, const char *s, size_t len, size_t *reterr_at)
{
	int bit = set_bit(set);
	size_t end = set == 'Z' ? without_padding(s, len) : len;

	for (size_t i = 0; i < end; i++) {
		if ((sets(s[i]) & bit) == 0) {
			*reterr_at = i;
			return SCAN_CHARACTER;
		}
	}
	return 0;
}

static int number(const char *s, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (s[i] - '0');
	return n;
}

static bool starts_with_prefix(const char *s, size_t len)
{
	return len >= 4 && all_digits(s, 4);
}

static int model(const char *s, size_t len, size_t *reterr_at)
{
	if (len < 3 || !starts_with_prefix(s, len))
		return SCAN_VALUE;
	if (check_pair_is_right(s, len))
		return 0;
	*reterr_at = len - 2;
	return SCAN_CHECK_PAIR;
}

/* YYYYMMDD; here the century counts. */
static int long_date(const char *s, size_t *reterr_at)
{
	int month = number(s + 4, 2);
	int day = number(s + 6, 2);

	if (month < 1 || month > 12) {
		*reterr_at = 4;
		return SCAN_DATE;
	}
	if (day < 1 || day > date_month_length(number(s, 4), month)) {
		*reterr_at = 6;
		return SCAN_DATE;
	}
	return 0;
}

static int hour_minute(const char *s, size_t *reterr_at)
{
	if (number(s, 2) > 23)
		return SCAN_TIME;
	*reterr_at = 2;
	return number(s + 2, 2) > 59 ? SCAN_TIME : 0;
}

static int iban(const char *s, size_t len, size_t *reterr_at)
{
	if (len <= 10)
		return SCAN_VALUE;
	if (!gs1_is_country_letters(s, 2))
		return SCAN_CODE;
	*reterr_at = 2;
	return check_iban_is_right(s, len) ? 0 : SCAN_CHECK_PAIR;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static int percent(const char *s, size_t len, size_t *reterr_at)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '%')
			continue;
		if (i + 2 >= len || !is_hex(s[i + 1]) || !is_hex(s[i + 2])) {
			*reterr_at = i;
			return SCAN_VALUE;
		}
		i += 2;
	}
	return 0;
}

static bool is_sequence(const char *s)
{
	return s[0] >= '1' && s[0] <= '9' && s[1] == '/' && s[2] >= s[0] && s[2] <= '9';
}

static bool is_piece(const char *s)
{
	int piece = number(s, 2);

	return piece >= 1 && piece <= number(s + 2, 2);
}

static int value_unless(bool right)
{
	return right ? 0 : SCAN_VALUE;
}

static int code_unless(bool right)
{
	return right ? 0 : SCAN_CODE;
}

static int dates_and_times(const struct gs1_part *part, const char *s, size_t *reterr_at)
{
	bool month_allowed = part->check == GS1_CHECK_DATE_OR_MONTH;

	switch (part->check) {
	case GS1_CHECK_HOUR:
		return number(s, 2) > 23 ? SCAN_TIME : 0;
	case GS1_CHECK_MINUTE:
		return number(s, 2) > 59 ? SCAN_TIME : 0;
	case GS1_CHECK_HOUR_MINUTE:
		return hour_minute(s, reterr_at);
	case GS1_CHECK_LONG_DATE:
		return long_date(s, reterr_at);
	default:
		return gs1_date_is_valid(s, month_allowed, reterr_at) ? 0 : SCAN_DATE;
	}
}

static int lists(const struct gs1_part *part, const char *s, size_t len)
{
	switch (part->check) {
	case GS1_CHECK_COUNTRY_OR_999:
		return code_unless(memcmp(s, "999", 3) == 0 || gs1_is_country(s, len));
	case GS1_CHECK_COUNTRY_LETTERS:
		return code_unless(gs1_is_country_letters(s, len));
	case GS1_CHECK_CURRENCY:
		return code_unless(gs1_is_currency(s, len));
	case GS1_CHECK_PACKAGE:
		return code_unless(gs1_is_package(s, len));
	case GS1_CHECK_MEDIA:
		return code_unless(gs1_is_media(s, len));
	case GS1_CHECK_YES_NO:
		return code_unless(s[0] == '0' || s[0] == '1');
	case GS1_CHECK_SEX:
		return code_unless(s[0] <= '2' || s[0] == '9');
	case GS1_CHECK_WINDING:
		return code_unless(s[0] <= '1' || s[0] == '9');
	default:
		return code_unless(gs1_is_country(s, len));
	}
}

static int other(const struct gs1_part *part, const char *s, size_t len, size_t *reterr_at)
{
	switch (part->check) {
	case GS1_CHECK_MODEL_MIXED:
		return all_digits(s, len) ? SCAN_VALUE : model(s, len, reterr_at);
	case GS1_CHECK_MODEL:
		return model(s, len, reterr_at);
	case GS1_CHECK_PREFIX:
		return value_unless(starts_with_prefix(s, len));
	case GS1_CHECK_IBAN:
		return iban(s, len, reterr_at);
	case GS1_CHECK_ZERO:
		return value_unless(s[0] == '0');
	case GS1_CHECK_NOT_ZERO:
		return value_unless(number(s, len) != 0);
	case GS1_CHECK_NO_LEADING_ZERO:
		return value_unless(s[0] != '0');
	case GS1_CHECK_PERCENT:
		return percent(s, len, reterr_at);
	case GS1_CHECK_LATITUDE:
		return value_unless(memcmp(s, "1800000000", 10) <= 0);
	case GS1_CHECK_LONGITUDE:
		return value_unless(memcmp(s, "3600000000", 10) <= 0);
	case GS1_CHECK_HYPHEN:
		return value_unless(s[0] == '-');
	case GS1_CHECK_IMPORTER:
		return value_unless((sets(s[0]) & SET_Z) != 0);
	case GS1_CHECK_SEQUENCE:
		return value_unless(is_sequence(s));
	case GS1_CHECK_PIECE:
		return value_unless(is_piece(s));
	case GS1_CHECK_COUPON:
		return value_unless(gs1_is_coupon(s, len));
	default:
		return value_unless(gs1_is_coupon_offer(s, len));
	}
}

static int content(const struct gs1_part *part, const char *s, size_t len, size_t *reterr_at)
{
	switch (part->check) {
	case GS1_CHECK_ANY:
		return 0;
	case GS1_CHECK_DIGIT:
		*reterr_at = len - 1;
		return s[len - 1] == check_digit(s, len - 1) ? 0 : SCAN_CHECK_DIGIT;
	case GS1_CHECK_DATE:
	case GS1_CHECK_DATE_OR_MONTH:
	case GS1_CHECK_LONG_DATE:
	case GS1_CHECK_HOUR:
	case GS1_CHECK_MINUTE:
	case GS1_CHECK_HOUR_MINUTE:
		return dates_and_times(part, s, reterr_at);
	case GS1_CHECK_COUNTRY:
	case GS1_CHECK_COUNTRY_OR_999:
	case GS1_CHECK_COUNTRY_LETTERS:
	case GS1_CHECK_CURRENCY:
	case GS1_CHECK_PACKAGE:
	case GS1_CHECK_MEDIA:
	case GS1_CHECK_YES_NO:
	case GS1_CHECK_SEX:
	case GS1_CHECK_WINDING:
		return lists(part, s, len);
	default:
		return other(part, s, len, reterr_at);
	}
}

int gs1_content_check(const struct gs1_part *part, const char *s, size_t len, size_t *reterr_at)
{
	int err = characters(part->set, s, len, reterr_at);

	if (err != 0)
		return err;
	*reterr_at = 0;
	return content(part, s, len, reterr_at);
}
