/*
 * From bytes to a scan_code:
 *
 *   scan_decode ─► (decode_undone) ─► decode ─► scan_classify ─► scan_fill_in
 *
 * This file cleans: what stands around the data, the device's habits, the prefix.
 */
#include <string.h>

#include "scanner/bracketed.h"
#include "scanner/check_digit.h"
#include "scanner/drug_code.h"
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

size_t scan_trim(const char **data, size_t *len)
{
	const char *from = *data;
	size_t n;

	while ((n = wrapping(*data, *len)) > 0) {
		*data += n;
		*len -= n;
	}
	for (;;) {
		if (*len >= 1 && wrapping(*data + *len - 1, 1) == 1)
			*len -= 1;
		else if (*len >= 3 && wrapping(*data + *len - 3, 3) == 3)
			*len -= 3;
		else
			return (size_t)(*data - from);
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

/*
 * The prefix of a GS1 symbol came in the other case, and so did its lot and serial: Caps Lock is
 * on. Both cases of E are in use, but hardly a DataBar holds the thirteen digits of an EAN.
 */
static bool has_changed_case(const struct scan_input *in, const struct aim_symbology *symbology)
{
	const char other[AIM_PREFIX] = { ']', (char)(in->data[1] ^ 0x20), in->data[2] };
	const struct aim_symbology *meant;

	if (symbology != NULL && symbology->letter != 'e')
		return false;
	meant = aim_find(other, AIM_PREFIX);
	if (symbology == NULL)
		return meant != NULL && meant->carrier == AIM_GS1;
	return meant != NULL && meant->carrier == AIM_EAN13 && in->len == AIM_PREFIX + 13 &&
	       check_digit_is_right(in->data + AIM_PREFIX, 13);
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
	if (has_changed_case(in, *ret_symbology))
		return SCAN_FAULT;
	scan_skip(in, AIM_PREFIX);
	return 0;
}

static bool is_typed(const struct scan_input *in)
{
	return in->options->bracketed && bracketed_begins(in->data, in->len);
}

/* What stands in master data and not on packs, typed or scanned all the same. */
static void hint_at_drug_code(const struct scan_input *in, struct scan_code *code)
{
	if (code->kind == SCAN_GTIN && national_drug_code_is_valid(in->data, in->len))
		scan_add_hint(code, SCAN_HINT_NATIONAL, 0);
	if (code->kind != SCAN_OTHER)
		return;
	if (approval_number_is_valid(in->data, in->len))
		scan_add_hint(code, SCAN_HINT_APPROVAL, 0);
	else if (insurance_code_is_valid(in->data, in->len))
		scan_add_hint(code, SCAN_HINT_INSURANCE, 0);
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
	*reterr_at = in->at;
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
	if (err == 0 && symbology == NULL)
		hint_at_drug_code(in, code);
	return err;
}

static bool alters_any(enum keyboard_fault fault, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (keyboard_alters(fault, s[i]))
			return true;
	return false;
}

/* Does the meaning of the scan hold characters that the fault alters? */
static bool is_altered(const struct scan_code *code, enum keyboard_fault fault, const char *text,
		       size_t len)
{
	const struct gs1_message *msg = &code->message;

	for (size_t i = 0; i < msg->count; i++)
		if (alters_any(fault, gs1_value(msg, &msg->element[i]), msg->element[i].len))
			return true;
	return code->kind == SCAN_OTHER && alters_any(fault, text, len);
}

/*
 * A fault comes and goes with a key or a setting. An AIM prefix went the same way as the data
 * and came out right, so they did; without it, or when nothing can be undone, a person must
 * compare.
 */
static void note_unproven(struct scan_code *code, enum keyboard_fault fault, struct scan_input in)
{
	skip_leading_separator(&in);
	if (fault == KEYBOARD_PLAIN || (scan_begins(&in, "]") && !keyboard_is_lossy(fault)) ||
	    !is_altered(code, fault, in.data, in.len))
		return;
	code->ambiguous = true;
	scan_add_hint(code, SCAN_HINT_FAULT, 0);
}

/* Decode what a device with a profile meant; offsets stay those of what it sent. */
static int decode_undone(const struct scan_input *in, struct scan_code *code, size_t *reterr_at)
{
	const struct scan_profile *profile = in->options->profile;
	char text[SCAN_INPUT_MAX];
	struct scan_input clean = { text, 0, 0, in->options };
	int err = scan_profile_undo(profile, in->data, in->len, text, &clean.len, reterr_at);

	if (err == 0) {
		struct scan_input rest = clean;

		err = decode(&rest, code, reterr_at);
		*reterr_at = scan_profile_origin(profile, in->data, in->len, *reterr_at);
	}
	*reterr_at += in->at;
	if (err == 0)
		note_unproven(code, profile->fault, clean);
	return err;
}

int scan_decode(const char *data, size_t len, const struct scan_options *options,
		struct scan_code *ret_code, size_t *reterr_at)
{
	struct scan_input in = { data, len, 0, options };
	int err = 0;

	*reterr_at = SCAN_INPUT_MAX;
	if (len > SCAN_INPUT_MAX)
		return SCAN_TOO_LONG;
	reset(ret_code);
	if (options->profile != NULL)
		err = scan_profile_strip(options->profile, &in.data, &in.len, &in.at, reterr_at);
	else
		in.at = scan_trim(&in.data, &in.len);
	if (err != 0)
		return err;
	*reterr_at = 0;
	if (in.len == 0)
		return SCAN_EMPTY;
	if (options->profile != NULL && !scan_profile_is_plain(options->profile))
		return decode_undone(&in, ret_code, reterr_at);
	return decode(&in, ret_code, reterr_at);
}
