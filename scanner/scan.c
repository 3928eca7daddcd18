/*
 * From bytes to a scan_code:
 *
 *   scan_decode ─► (substitute) ─► decode ─► scan_classify ─► scan_fill_in
 *
 * This file cleans: what stands around the data, the prefix, the separator.
 */
#include <string.h>

#include "scanner/bracketed.h"
#include "scanner/gs1_rules.h"
#include "scanner/scan_input.h"

void scan_skip(struct scan_input *in, size_t n)
{
	in->data += n;
	in->len -= n;
	in->at += n;
}

bool scan_begins(const struct scan_input *in, const char *text)
{
	size_t len = strlen(text);

	return in->len >= len && memcmp(in->data, text, len) == 0;
}

/* Bytes of a character that scanners and pages put around a scan, 0 for any other. */
static size_t wrapping(const char *s, size_t len)
{
	static const char *const zero_width[] = { "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",
						  "\xef\xbb\xbf" };

	if (len >= 1 &&
	    (s[0] == '\r' || s[0] == '\n' || s[0] == '\t' || s[0] == '\0' || s[0] == '\x16'))
		return 1;
	for (size_t i = 0; len >= 3 && i < sizeof(zero_width) / sizeof(*zero_width); i++)
		if (memcmp(s, zero_width[i], 3) == 0)
			return 3;
	return 0;
}

static void trim(struct scan_input *in)
{
	size_t n;

	while ((n = wrapping(in->data, in->len)) > 0)
		scan_skip(in, n);
	for (;;) {
		if (in->len >= 1 && wrapping(in->data + in->len - 1, 1) == 1)
			in->len--;
		else if (in->len >= 3 && wrapping(in->data + in->len - 3, 3) == 3)
			in->len -= 3;
		else
			return;
	}
}

static void skip_leading_separator(struct scan_input *in)
{
	while (in->len > 0 && in->data[0] == GS1_FNC1)
		scan_skip(in, 1);
}

static int check_bytes(const struct scan_input *in, size_t *reterr_at)
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
static int find_symbology(struct scan_input *in, const struct aim_symbology **ret_symbology)
{
	const char *named = in->options->symbology;

	*ret_symbology = named != NULL ? aim_named(named) : NULL;
	if (!scan_begins(in, "]"))
		return 0;
	if (in->len < AIM_PREFIX || in->data[2] < '0' || in->data[2] > '9')
		return SCAN_PREFIX;
	*ret_symbology = aim_find(in->data, in->len);
	scan_skip(in, AIM_PREFIX);
	return 0;
}

static bool is_typed(const struct scan_input *in)
{
	return in->options->bracketed && bracketed_begins(in->data, in->len);
}

static int decode(struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	const struct aim_symbology *symbology;
	bool prefixed;
	int err;

	skip_leading_separator(in);
	prefixed = scan_begins(in, "]");
	*reterr_at = in->at;
	err = find_symbology(in, &symbology);
	if (err != 0)
		return err;
	if (scan_begins(in, "[)>"))
		return SCAN_MH10;
	skip_leading_separator(in);
	err = check_bytes(in, reterr_at);
	if (err != 0)
		return err;
	code->symbology = symbology != NULL ? symbology->name : NULL;
	if (in->len == 0 && !prefixed)
		return SCAN_EMPTY;
	/* What a person typed holds brackets, whatever symbol it is typed from. */
	if (symbology == NULL || (!prefixed && is_typed(in)))
		err = scan_classify(in, AIM_ANY, code, reterr_at);
	else
		err = scan_classify(in, symbology->carrier, code, reterr_at);
	if (err == 0)
		err = gs1_check_rules(&code->message, reterr_at);
	if (err == 0)
		scan_fill_in(code, in->options->today);
	return err;
}

/* Bytes of the device's separator at offset `i`, 0 when something else stands there. */
static size_t separator_at(const struct scan_input *in, size_t i)
{
	const char *separator = in->options->separator;
	size_t width = strlen(separator);

	return in->len - i >= width && memcmp(in->data + i, separator, width) == 0 ? width : 0;
}

/* Copy `in`, each separator of the device turned into FNC1; returns the length. */
static size_t substitute(const struct scan_input *in, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < in->len;) {
		size_t width = separator_at(in, i);

		out[n++] = width > 0 ? GS1_FNC1 : in->data[i];
		i += width > 0 ? width : 1;
	}
	return n;
}

/* Where byte `pos` of the substituted text stands in `in`. */
static size_t position_before(const struct scan_input *in, size_t pos)
{
	size_t i = 0;

	while (pos-- > 0 && i < in->len) {
		size_t width = separator_at(in, i);

		i += width > 0 ? width : 1;
	}
	return i;
}

static int decode_substituted(const struct scan_input *in, struct scan_code *code,
			      size_t *reterr_at)
{
	char text[SCAN_INPUT_MAX];
	struct scan_input clean = *in;
	int err;

	clean.data = text;
	clean.at = 0;
	clean.len = substitute(in, text);
	err = decode(&clean, code, reterr_at);
	*reterr_at = in->at + position_before(in, *reterr_at);
	return err;
}

int scan_decode(const char *data, size_t len, const struct scan_options *options,
		struct scan_code *ret_code, size_t *reterr_at)
{
	struct scan_input in = { data, len, 0, options };

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
