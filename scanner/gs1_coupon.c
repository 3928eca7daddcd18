/*
 * Coupon codes are digits read from left to right: fields of fixed length,
 * codes of one digit, and fields whose first digit tells their length. Source:
 * GS1 Barcode Syntax Dictionary, rules couponcode and couponposoffer (2026).
 */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/gs1_coupon.h"
#include "scanner/gs1_date.h"

#define ANY_DIGIT "0123456789"

struct cursor {
	const char *s;
	size_t left;
};

static bool take(struct cursor *c, size_t n)
{
	if (c->left < n)
		return false;
	c->s += n;
	c->left -= n;
	return true;
}

static bool take_one_of(struct cursor *c, const char *allowed)
{
	return c->left > 0 && strchr(allowed, c->s[0]) != NULL && take(c, 1);
}

/* One of the `allowed` digits, and as many more as it says plus `base`. */
static bool take_sized(struct cursor *c, const char *allowed, size_t base)
{
	size_t n = c->left > 0 ? (size_t)(c->s[0] - '0') : 0;

	return take_one_of(c, allowed) && take(c, n + base);
}

/* An optional field begins with its number. */
static bool take_number(struct cursor *c, char number)
{
	char text[2] = { number, '\0' };

	return take_one_of(c, text);
}

/* Requirement, its code, product family. */
static bool take_purchase(struct cursor *c)
{
	return take_sized(c, "12345", 0) && take_one_of(c, "012349") && take(c, 3);
}

/* Further purchases name the company, or nine for the same one. */
static bool take_further_purchase(struct cursor *c)
{
	return take_purchase(c) && (take_number(c, '9') || take_sized(c, "0123456", 6));
}

static bool take_date(struct cursor *c, const char **ret_date)
{
	size_t at;

	*ret_date = c->s;
	return take(c, 6) && gs1_date_is_valid(*ret_date, false, &at);
}

static bool take_dates(struct cursor *c)
{
	const char *expiry = NULL;
	const char *start = NULL;

	if (take_number(c, '3') && !take_date(c, &expiry))
		return false;
	if (take_number(c, '4') && !take_date(c, &start))
		return false;
	return expiry == NULL || start == NULL || memcmp(start, expiry, 6) <= 0;
}

static bool take_flags(struct cursor *c)
{
	return take_one_of(c, "01256") && take_one_of(c, "012") && take_one_of(c, ANY_DIGIT) &&
	       take_one_of(c, "01");
}

bool gs1_is_coupon(const char *s, size_t len)
{
	struct cursor c = { s, len };

	if (!all_digits(s, len))
		return false;
	if (!take_sized(&c, "0123456", 6) || !take(&c, 6) || !take_sized(&c, "12345", 0) ||
	    !take_purchase(&c))
		return false;
	if (take_number(&c, '1') && !(take_one_of(&c, "0123") && take_further_purchase(&c)))
		return false;
	if (take_number(&c, '2') && !take_further_purchase(&c))
		return false;
	if (!take_dates(&c))
		return false;
	if (take_number(&c, '5') && !take_sized(&c, ANY_DIGIT, 6))
		return false;
	if (take_number(&c, '6') && !take_sized(&c, "1234567", 6))
		return false;
	if (take_number(&c, '9') && !take_flags(&c))
		return false;
	return c.left == 0;
}

bool gs1_is_coupon_offer(const char *s, size_t len)
{
	struct cursor c = { s, len };

	return all_digits(s, len) && take_one_of(&c, "01") && take_sized(&c, "0123456", 6) &&
	       take(&c, 6) && take_sized(&c, ANY_DIGIT, 6) && c.left == 0;
}
