/*
 * From bytes to a scan_code:
 *
 *   scan_decode ─► (substitute) ─► decode ─► classify by carrier ─► fill_in
 *
 * `struct input` is the part of the scan not yet dealt with; `at` is where it
 * stands in the bytes given to us.
 */
#include <string.h>

#include "scanner/aim.h"
#include "scanner/bracketed.h"
#include "scanner/check_digit.h"
#include "scanner/digital_link.h"
#include "scanner/gs1_date.h"
#include "scanner/gs1_rules.h"
#include "scanner/gtin.h"
#include "scanner/scan.h"
#include "scanner/trace_code.h"

struct input {
	const char *data;
	size_t len;
	size_t at;
	const struct scan_options *options;
};

static void skip(struct input *in, size_t n)
{
	in->data += n;
	in->len -= n;
	in->at += n;
}

static bool begins(const struct input *in, const char *text)
{
	size_t len = strlen(text);

	return in->len >= len && memcmp(in->data, text, len) == 0;
}

/* ---- cleaning ---- */

/* Bytes of a character that scanners and pages put around a scan, 0 for any other. */
static size_t wrapping(const char *s, size_t len)
{
	static const char *const zero_width[] = { "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",
						  "\xef\xbb\xbf" };

	if (len >= 1 && memchr("\r\n\t\0\x16", s[0], 5) != NULL)
		return 1;
	for (size_t i = 0; len >= 3 && i < sizeof(zero_width) / sizeof(*zero_width); i++)
		if (memcmp(s, zero_width[i], 3) == 0)
			return 3;
	return 0;
}

static void trim(struct input *in)
{
	size_t n;

	while ((n = wrapping(in->data, in->len)) > 0)
		skip(in, n);
	for (;;) {
		if (in->len >= 1 && wrapping(in->data + in->len - 1, 1) == 1)
			in->len--;
		else if (in->len >= 3 && wrapping(in->data + in->len - 3, 3) == 3)
			in->len -= 3;
		else
			return;
	}
}

static void skip_leading_separator(struct input *in)
{
	while (in->len > 0 && in->data[0] == GS1_FNC1)
		skip(in, 1);
}

static int check_bytes(const struct input *in, size_t *reterr_at)
{
	for (size_t i = 0; i < in->len; i++) {
		unsigned char c = (unsigned char)in->data[i];

		if ((c < 0x20 && c != GS1_FNC1) || c == 0x7f) {
			*reterr_at = in->at + i;
			return SCAN_CONTROL;
		}
	}
	return 0;
}

/* ---- kinds of code ---- */

static void hint(struct scan_code *code, enum scan_hint_kind kind, size_t element)
{
	if (code->hint_count < SCAN_HINTS_MAX)
		code->hint[code->hint_count++] = (struct scan_hint){ kind, (uint8_t)element };
}

static int read_text(struct scan_code *code)
{
	code->kind = SCAN_OTHER;
	gs1_init(&code->message);
	return 0;
}

static int read_elements(const struct input *in, struct scan_code *code, size_t *reterr_at)
{
	code->kind = SCAN_GS1;
	gs1_init(&code->message);
	return gs1_read(&code->message, in->data, in->len, in->at, in->options->lenient, reterr_at);
}

/* Put the one element of a bare number, already checked, into the message. */
static int set_key(const struct input *in, struct scan_code *code, const char *ai, const char *value)
{
	size_t bad;

	gs1_init(&code->message);
	return gs1_add(&code->message, ai, gs1_ai_named(ai, strlen(ai)), in->at, value,
		       strlen(value), &bad);
}

static int read_gtin(const struct input *in, struct scan_code *code, size_t *reterr_at)
{
	char gtin[GTIN_DIGITS + 1];
	int err = gtin_read(in->data, in->len, gtin);

	code->kind = SCAN_GTIN;
	*reterr_at = err == SCAN_CHECK_DIGIT ? in->at + in->len - 1 : in->at;
	return err != 0 ? err : set_key(in, code, "01", gtin);
}

static bool read_upce(const struct input *in, struct scan_code *code)
{
	char gtin[GTIN_DIGITS + 1];

	if (gtin_read_upce(in->data, in->len, gtin) != 0)
		return false;
	code->kind = SCAN_GTIN;
	hint(code, SCAN_HINT_ASSUMED_UPC_E, 0);
	return set_key(in, code, "01", gtin) == 0;
}

static bool read_trace_code(const struct input *in, struct scan_code *code)
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
static bool read_bare_key(const struct input *in, struct scan_code *code)
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
	hint(code, SCAN_HINT_ASSUMED_SSCC, 0);
	return set_key(in, code, "00", sscc) == 0;
}

/* An address without a GS1 key is text; one with a key must be right. */
static int read_url(const struct input *in, struct scan_code *code, size_t *reterr_at)
{
	struct link_parts parts;

	if (!digital_link_find(in->data, in->len, &parts))
		return read_text(code);
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
static int classify_text(const struct input *in, struct scan_code *code, size_t *reterr_at)
{
	size_t at;

	if (digital_link_is_url(in->data, in->len))
		return read_url(in, code, reterr_at);
	if (read_trace_code(in, code) || read_bare_key(in, code))
		return 0;
	if ((begins(in, "00") || begins(in, "01") || begins(in, "02")) &&
	    read_elements(in, code, &at) == 0) {
		hint(code, SCAN_HINT_CARRIER, 0);
		return 0;
	}
	return read_text(code);
}

/*
 * A number that is no key by its check digit reads as an element string only if
 * its first element has a form of its own: any digits at all make a lot.
 */
static bool reads_firmly(const struct input *in, struct scan_code *code, int *err, size_t *at)
{
	*err = read_elements(in, code, at);
	return *err == 0 && code->message.element[0].rule->part[0].set == 'N';
}

/* 8, 12, 13, 14 or 18 digits whose check digit is wrong. */
static int classify_wrong_key(const struct input *in, struct scan_code *code, size_t *reterr_at)
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

/* Text that fails as element string but was meant as one: the error is worth telling. */
static bool was_meant_as_elements(const struct input *in)
{
	const struct gs1_ai *rule = gs1_ai_find(in->data, in->len);

	if (memchr(in->data, GS1_FNC1, in->len) != NULL)
		return true;
	if (rule == NULL || rule->part[0].set != 'N')
		return false;
	return all_digits(in->data, in->len) ||
	       (in->data[0] == '0' && in->len >= 16 && all_digits(in->data, 10));
}

static int classify_elements(const struct input *in, struct scan_code *code, size_t *reterr_at)
{
	int err = read_elements(in, code, reterr_at);

	if (err == 0)
		return 0;
	if (in->len < 8 && read_upce(in, code))
		return 0;
	return was_meant_as_elements(in) ? err : read_text(code);
}

static bool has_key_length(size_t len)
{
	return len == 8 || (len >= 12 && len <= 14) || len == 18;
}

/* No word about the symbol: the data must speak for itself. */
static int classify_any(const struct input *in, struct scan_code *code, size_t *reterr_at)
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
static int classify_ean(struct input *in, size_t digits, struct scan_code *code, size_t *reterr_at)
{
	static const char component[] = "|]e0";
	struct input ean = *in;
	int err;

	if (in->len > digits)
		ean.len = digits;
	*reterr_at = in->at + ean.len;
	if (in->len < digits)
		return in->len == 0 ? SCAN_EMPTY : SCAN_LENGTH;
	skip(in, digits);
	if (in->len > 0 && !begins(in, component))
		return SCAN_LENGTH;
	err = read_gtin(&ean, code, reterr_at);
	if (err != 0 || in->len == 0)
		return err;
	skip(in, strlen(component));
	code->kind = SCAN_GS1;
	return gs1_read(&code->message, in->data, in->len, in->at, in->options->lenient, reterr_at);
}

/* The add-on holds a price or an issue, nothing we keep. */
static int classify_ean_addon(struct input *in, struct scan_code *code, size_t *reterr_at)
{
	if (in->len == 13 + 2 || in->len == 13 + 5)
		in->len = 13;
	return classify_ean(in, 13, code, reterr_at);
}

static int classify_upc(struct input *in, struct scan_code *code, size_t *reterr_at)
{
	if (in->len <= 8 && read_upce(in, code))
		return 0;
	if (in->len > 13)
		return classify_ean(in, 13, code, reterr_at);
	return read_gtin(in, code, reterr_at);
}

static int classify_itf(struct input *in, bool stripped, struct scan_code *code, size_t *reterr_at)
{
	char gtin[GTIN_DIGITS];
	struct input whole = *in;

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

static int classify(struct input *in, enum aim_carrier carrier, struct scan_code *code,
		    size_t *reterr_at)
{
	switch (carrier) {
	case AIM_TEXT:
		return classify_text(in, code, reterr_at);
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

/* ---- what the elements say ---- */

static void copy(char *field, size_t size, const struct gs1_message *msg,
		 const struct gs1_element *element)
{
	size_t len = element->len < size - 1 ? element->len : size - 1;

	if (field[0] != '\0')
		return;
	memcpy(field, gs1_value(msg, element), len);
	field[len] = '\0';
}

static int32_t number(const char *digits)
{
	int32_t n = 0;

	while (*digits != '\0')
		n = n * 10 + (*digits++ - '0');
	return n;
}

/* Identifiers of two digits become one number, so that a switch can name them. */
#define AI2(a, b) ((a) * 256 + (b))

static void take_element(struct scan_code *code, const struct gs1_element *element, int32_t today)
{
	const struct gs1_message *msg = &code->message;
	const char *value = gs1_value(msg, element);

	if (element->rule->digits != 2)
		return;
	switch (AI2(element->ai[0], element->ai[1])) {
	case AI2('0', '0'):
		copy(code->sscc, sizeof(code->sscc), msg, element);
		break;
	case AI2('0', '1'):
		copy(code->gtin, sizeof(code->gtin), msg, element);
		break;
	case AI2('1', '0'):
		copy(code->lot, sizeof(code->lot), msg, element);
		break;
	case AI2('1', '7'):
		code->expiry = gs1_date_days(value, today, &code->expiry_day_known);
		break;
	case AI2('2', '1'):
		copy(code->serial, sizeof(code->serial), msg, element);
		break;
	case AI2('3', '0'):
		code->quantity = number(value);
		break;
	default:
		break;
	}
}

/* Content of a unit, made-to-order, piece: what stands in when (01) is not there. */
static void take_substitutes(struct scan_code *code, int32_t today)
{
	static const char *const trade_items[] = { "02", "03", "8006", "8026" };
	const char *count = gs1_find(&code->message, "37");
	const char *minute = gs1_find(&code->message, "7003");

	for (size_t i = 0; i < 4 && code->gtin[0] == '\0'; i++) {
		const char *item = gs1_find(&code->message, trade_items[i]);

		if (item != NULL) {
			memcpy(code->gtin, item, GTIN_DIGITS);
			code->gtin[GTIN_DIGITS] = '\0';
		}
	}
	if (count != NULL && code->quantity == 0)
		code->quantity = number(count);
	if (minute != NULL && code->expiry == SCAN_NO_DATE)
		code->expiry = gs1_date_days(minute, today, &code->expiry_day_known);
}

static void fill_in(struct scan_code *code, int32_t today)
{
	const struct gs1_message *msg = &code->message;

	for (size_t i = 0; i < msg->count; i++) {
		take_element(code, &msg->element[i], today);
		if (gs1_lacks_companion(msg, &msg->element[i]))
			hint(code, SCAN_HINT_COMPANION, i);
	}
	if (code->gtin[0] == '\0' || code->expiry == SCAN_NO_DATE || code->quantity == 0)
		take_substitutes(code, today);
	code->ambiguous = code->kind == SCAN_GS1 && gs1_is_ambiguous(msg);
	if (code->ambiguous)
		hint(code, SCAN_HINT_AMBIGUOUS, msg->count - 1U);
}

/* ---- the way through ---- */

static void reset(struct scan_code *code)
{
	code->kind = SCAN_OTHER;
	code->symbology = NULL;
	code->gtin[0] = '\0';
	code->sscc[0] = '\0';
	code->lot[0] = '\0';
	code->serial[0] = '\0';
	code->trace_code[0] = '\0';
	code->expiry = SCAN_NO_DATE;
	code->expiry_day_known = false;
	code->quantity = 0;
	code->ambiguous = false;
	code->hint_count = 0;
	gs1_init(&code->message);
}

/* A prefix says more than the device's setting; it is taken off the data. */
static int find_symbology(struct input *in, const struct aim_symbology **ret_symbology)
{
	const char *named = in->options->symbology;

	*ret_symbology = named != NULL ? aim_named(named) : NULL;
	if (!begins(in, "]"))
		return 0;
	if (in->len < AIM_PREFIX || in->data[2] < '0' || in->data[2] > '9')
		return SCAN_PREFIX;
	*ret_symbology = aim_find(in->data, in->len);
	skip(in, AIM_PREFIX);
	return 0;
}

static int decode(struct input *in, struct scan_code *code, size_t *reterr_at)
{
	const struct aim_symbology *symbology;
	bool prefixed;
	int err;

	skip_leading_separator(in);
	prefixed = begins(in, "]");
	*reterr_at = in->at;
	err = find_symbology(in, &symbology);
	if (err != 0)
		return err;
	if (begins(in, "[)>"))
		return SCAN_MH10;
	skip_leading_separator(in);
	err = check_bytes(in, reterr_at);
	if (err != 0)
		return err;
	code->symbology = symbology != NULL ? symbology->name : NULL;
	if (in->len == 0 && !prefixed)
		return SCAN_EMPTY;
	err = classify(in, symbology != NULL ? symbology->carrier : AIM_ANY, code, reterr_at);
	if (err == 0)
		err = gs1_check_rules(&code->message, reterr_at);
	if (err == 0)
		fill_in(code, in->options->today);
	return err;
}

/* Copy `in`, each separator of the device turned into FNC1; returns the length. */
static size_t substitute(const struct input *in, const char *separator, size_t width, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < in->len;) {
		bool found = in->len - i >= width && memcmp(in->data + i, separator, width) == 0;

		out[n++] = found ? GS1_FNC1 : in->data[i];
		i += found ? width : 1;
	}
	return n;
}

/* Where byte `pos` of the substituted text stood: each FNC1 before it was wider. */
static size_t position_before(const char *text, size_t pos, size_t width)
{
	size_t before = pos;

	for (size_t i = 0; i < pos; i++)
		if (text[i] == GS1_FNC1)
			before += width - 1;
	return before;
}

static int decode_substituted(const struct input *in, struct scan_code *code, size_t *reterr_at)
{
	char text[SCAN_INPUT_MAX];
	const char *separator = in->options->separator;
	size_t width = strlen(separator);
	struct input clean = *in;
	int err;

	clean.data = text;
	clean.at = 0;
	clean.len = substitute(in, separator, width, text);
	err = decode(&clean, code, reterr_at);
	*reterr_at = in->at + position_before(text, *reterr_at, width);
	return err;
}

int scan_decode(const char *data, size_t len, const struct scan_options *options,
		struct scan_code *ret_code, size_t *reterr_at)
{
	struct input in = { data, len, 0, options };

	*reterr_at = SCAN_INPUT_MAX;
	if (len > SCAN_INPUT_MAX)
		return SCAN_TOO_LONG;
	reset(ret_code);
	trim(&in);
	*reterr_at = 0;
	if (in.len == 0)
		return SCAN_EMPTY;
	if (options->separator != NULL && options->separator[0] != '\0')
		return decode_substituted(&in, ret_code, reterr_at);
	return decode(&in, ret_code, reterr_at);
}
