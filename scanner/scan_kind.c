/*
 * What kind of code the data is: first the readers of one kind each, then for
 * each class of carriers the order in which they are tried.
 */
#include <string.h>

#include "scanner/bracketed.h"
#include "scanner/check_digit.h"
#include "scanner/digital_link.h"
#include "scanner/gtin.h"
#include "scanner/scan_input.h"
#include "scanner/trace_code.h"

static int read_text(struct scan_code *code)
{
	code->kind = SCAN_OTHER;
	gs1_init(&code->message);
	return 0;
}

static int read_elements(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	code->kind = SCAN_GS1;
	gs1_init(&code->message);
	return gs1_read(&code->message, in->data, in->len, in->at, in->options->lenient, reterr_at);
}

/* Put the one element of a bare number, already checked, into the message. */
static int set_key(const struct scan_input *in, struct scan_code *code, const char *ai,
		   const char *value)
{
	size_t bad;

	gs1_init(&code->message);
	return gs1_add(&code->message, ai, gs1_ai_named(ai, strlen(ai)), in->at, value,
		       strlen(value), &bad);
}

static int read_gtin(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	char gtin[GTIN_DIGITS + 1];
	int err = gtin_read(in->data, in->len, gtin);

	code->kind = SCAN_GTIN;
	*reterr_at = err == SCAN_CHECK_DIGIT ? in->at + in->len - 1 : in->at;
	return err != 0 ? err : set_key(in, code, "01", gtin);
}

static bool read_upce(const struct scan_input *in, struct scan_code *code)
{
	char gtin[GTIN_DIGITS + 1];

	if (gtin_read_upce(in->data, in->len, gtin) != 0)
		return false;
	code->kind = SCAN_GTIN;
	scan_add_hint(code, SCAN_HINT_ASSUMED_UPC_E, 0);
	return set_key(in, code, "01", gtin) == 0;
}

static bool read_trace_code(const struct scan_input *in, struct scan_code *code)
{
	if (!trace_code_is_valid(in->data, in->len))
		return false;
	read_text(code);
	code->kind = SCAN_TRACE_CODE;
	memcpy(code->trace_code, in->data, in->len);
	code->trace_code[in->len] = '\0';
	return true;
}

/* A bare number with a right check digit. */
static bool read_bare_key(const struct scan_input *in, struct scan_code *code)
{
	char sscc[19];
	size_t at;

	if (in->len != 18)
		return in->len >= 8 && in->len <= 14 && read_gtin(in, code, &at) == 0;
	if (!check_digit_is_right(in->data, in->len))
		return false;
	memcpy(sscc, in->data, 18);
	sscc[18] = '\0';
	code->kind = SCAN_SSCC;
	scan_add_hint(code, SCAN_HINT_ASSUMED_SSCC, 0);
	return set_key(in, code, "00", sscc) == 0;
}

/* An address without a GS1 key is text; one with a key must be right. */
static int read_url(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	struct link_parts parts;
	size_t key;

	if (!digital_link_find(in->data, in->len, &parts)) {
		if (!digital_link_is_damaged(in->data, in->len, &key))
			return read_text(code);
		*reterr_at = in->at + key;
		return SCAN_LINK;
	}
	code->kind = SCAN_DIGITAL_LINK;
	gs1_init(&code->message);
	return digital_link_read(&code->message, in->data, &parts, in->len, in->at,
				 in->options->lenient, reterr_at);
}

/* ---- classes of carriers ---- */

/*
 * A symbol that is not GS1 by its own word, such as plain Code 128. Labels made
 * with the wrong setting put element strings there: believed only when they
 * begin with a key and read cleanly.
 */
static int classify_text(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	size_t at;

	if (digital_link_is_url(in->data, in->len))
		return read_url(in, code, reterr_at);
	if (read_trace_code(in, code) || read_bare_key(in, code))
		return 0;
	if ((scan_begins(in, "00") || scan_begins(in, "01") || scan_begins(in, "02")) &&
	    read_elements(in, code, &at) == 0) {
		scan_add_hint(code, SCAN_HINT_CARRIER, 0);
		return 0;
	}
	return read_text(code);
}

/* The symbol that trace codes are printed in: what is nearly one was misread. */
static int classify_code128(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	int err = classify_text(in, code, reterr_at);
	size_t bad;

	if (err != 0 || code->kind != SCAN_OTHER || !trace_code_is_damaged(in->data, in->len, &bad))
		return err;
	*reterr_at = in->at + bad;
	return SCAN_TRACE;
}

/*
 * A number that is no key by its check digit reads as an element string only if
 * its first element has a form of its own: any digits at all make a lot.
 */
static bool reads_firmly(const struct scan_input *in, struct scan_code *code, int *err, size_t *at)
{
	*err = read_elements(in, code, at);
	return *err == 0 && code->message.element[0].rule->part[0].set == 'N';
}

/* 8, 12, 13, 14 or 18 digits whose check digit is wrong. */
static int classify_wrong_key(const struct scan_input *in, struct scan_code *code,
			      size_t *reterr_at)
{
	int err;

	if (reads_firmly(in, code, &err, reterr_at) || read_upce(in, code))
		return 0;
	/* Eight digits are as long as a date with its identifier. */
	if (in->len == 8 && err == SCAN_DATE)
		return err;
	*reterr_at = in->at + in->len - 1;
	return SCAN_CHECK_DIGIT;
}

static bool has_key_length(size_t len)
{
	return len == 8 || (len >= 12 && len <= 14) || len == 18;
}

/* Text that fails as element string but was meant as one: the error is worth telling. */
static bool was_meant_as_elements(const struct scan_input *in)
{
	const struct gs1_ai *rule = gs1_ai_find(in->data, in->len);

	if (memchr(in->data, GS1_FNC1, in->len) != NULL)
		return true;
	if (rule == NULL || rule->part[0].set != 'N')
		return false;
	return all_digits(in->data, in->len) ||
	       (in->data[0] == '0' && in->len >= 16 && all_digits(in->data, 10));
}

/*
 * Text as long as a key and all digits but for one blank, or with the zero and
 * the digits of a GTIN in front: one that was typed or sent wrongly. *ret_at is
 * where the first other character stands.
 */
static bool was_meant_as_key(const struct scan_input *in, size_t *ret_at)
{
	*ret_at = digit_run(in->data, in->len);
	if (in->len < 12 || !has_key_length(in->len) || *ret_at == in->len)
		return false;
	if (in->data[*ret_at] == ' ' && all_digits(in->data + *ret_at + 1, in->len - *ret_at - 1))
		return true;
	return in->data[0] == '0' && *ret_at >= 9;
}

static int classify_elements(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	int err = read_elements(in, code, reterr_at);
	size_t bad;

	if (err == 0)
		return 0;
	if (in->len < 8 && read_upce(in, code))
		return 0;
	if (was_meant_as_elements(in))
		return err;
	if (!was_meant_as_key(in, &bad))
		return read_text(code);
	*reterr_at = in->at + bad;
	return SCAN_NOT_DIGITS;
}

/* No word about the symbol: the data must speak for itself. */
static int classify_any(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	if (digital_link_is_url(in->data, in->len))
		return read_url(in, code, reterr_at);
	if (read_trace_code(in, code) || read_bare_key(in, code))
		return 0;
	if (in->options->bracketed && bracketed_begins(in->data, in->len)) {
		code->kind = SCAN_GS1;
		gs1_init(&code->message);
		return bracketed_read(&code->message, in->data, in->len, in->at, reterr_at);
	}
	if (has_key_length(in->len) && all_digits(in->data, in->len))
		return classify_wrong_key(in, code, reterr_at);
	return classify_elements(in, code, reterr_at);
}

/* `digits` of EAN, alone or with the composite component that was printed above. */
static int classify_ean(struct scan_input *in, size_t digits, struct scan_code *code,
			size_t *reterr_at)
{
	static const char component[] = "|]e0";
	struct scan_input ean = *in;
	int err;

	if (in->len > digits)
		ean.len = digits;
	*reterr_at = in->at + ean.len;
	if (in->len < digits)
		return in->len == 0 ? SCAN_EMPTY : SCAN_LENGTH;
	scan_skip(in, digits);
	if (in->len > 0 && !scan_begins(in, component))
		return SCAN_LENGTH;
	err = read_gtin(&ean, code, reterr_at);
	if (err != 0 || in->len == 0)
		return err;
	scan_skip(in, strlen(component));
	code->kind = SCAN_GS1;
	return gs1_read(&code->message, in->data, in->len, in->at, in->options->lenient, reterr_at);
}

/* The add-on holds a price or an issue, nothing we keep. */
static int classify_ean_addon(struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	if (in->len == 13 + 2 || in->len == 13 + 5)
		in->len = 13;
	return classify_ean(in, 13, code, reterr_at);
}

static int classify_upc(struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	if (in->len <= 8 && read_upce(in, code))
		return 0;
	if (in->len > 13)
		return classify_ean(in, 13, code, reterr_at);
	return read_gtin(in, code, reterr_at);
}

static int classify_itf(struct scan_input *in, bool stripped, struct scan_code *code,
			size_t *reterr_at)
{
	char gtin[GTIN_DIGITS];
	struct scan_input whole = *in;

	if (in->len != GTIN_DIGITS - (stripped ? 1 : 0) || !all_digits(in->data, in->len))
		return classify_text(in, code, reterr_at);
	if (!stripped)
		return read_gtin(in, code, reterr_at);
	memcpy(gtin, in->data, in->len);
	gtin[in->len] = check_digit(in->data, in->len);
	whole.data = gtin;
	whole.len = GTIN_DIGITS;
	return read_gtin(&whole, code, reterr_at);
}

int scan_classify(struct scan_input *in, enum aim_carrier carrier, struct scan_code *code,
		  size_t *reterr_at)
{
	switch (carrier) {
	case AIM_TEXT:
		return classify_text(in, code, reterr_at);
	case AIM_CODE_128:
		return classify_code128(in, code, reterr_at);
	case AIM_GS1:
		return read_elements(in, code, reterr_at);
	case AIM_EAN13:
		return classify_ean(in, 13, code, reterr_at);
	case AIM_EAN13_ADDON:
		return classify_ean_addon(in, code, reterr_at);
	case AIM_EAN8:
		return classify_ean(in, 8, code, reterr_at);
	case AIM_UPC:
		return classify_upc(in, code, reterr_at);
	case AIM_ITF:
	case AIM_ITF_STRIPPED:
		return classify_itf(in, carrier == AIM_ITF_STRIPPED, code, reterr_at);
	case AIM_ANY:
		break;
	}
	return classify_any(in, code, reterr_at);
}
