/* The symbologies, and a reader of content for each class of them. */
#include <stdio.h>
#include <string.h>

#include "scanner/bracketed.h"
#include "scanner/check_digit.h"
#include "scanner/gs1_rules.h"
#include "scanner/label.h"
#include "scanner/scan.h"

#define EAN_13_DIGITS 13
#define ITF_14_DIGITS 14

/*
 * GS1 General Specifications 5.12 (sizes for health care and general retail) and
 * the chapters of the symbologies (quiet zones). GS1-128 may be as narrow as 170
 * µm there; 250 is what office and label printers hold. GS1 wants one module
 * around a Data Matrix; two survive a crooked cut.
 */
static const struct label_symbology symbologies[] = {
	{ LABEL_GS1_DATAMATRIX, "gs1-datamatrix", "GS1 DataMatrix", true, 254, 0, 2, 2, 2 },
	{ LABEL_GS1_128, "gs1-128", "GS1-128", true, 250, 51, 10, 10, 2 },
	{ LABEL_GS1_QR, "gs1-qr", "GS1 QR Code", true, 254, 0, 4, 4, 4 },
	{ LABEL_EAN_13, "ean-13", "EAN-13", false, 264, 70, 11, 7, 2 },
	{ LABEL_ITF_14, "itf-14", "ITF-14", false, 250, 51, 10, 10, 2 },
	{ LABEL_CODE_128, "code-128", "Code 128", false, 250, 40, 10, 10, 2 },
};

#define SYMBOLOGIES (sizeof(symbologies) / sizeof(*symbologies))

const struct label_symbology *label_symbology(const char *name)
{
	for (size_t i = 0; i < SYMBOLOGIES; i++)
		if (strcmp(symbologies[i].name, name) == 0)
			return &symbologies[i];
	return NULL;
}

const struct label_symbology *label_symbology_row(size_t index)
{
	return index < SYMBOLOGIES ? &symbologies[index] : NULL;
}

/* ---- content ---- */

static int check_bytes(const char *content, size_t len, size_t *reterr_at)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)content[i];

		*reterr_at = i;
		if (c < 0x20 || c == 0x7f)
			return SCAN_CONTROL;
		if (c > 0x7e)
			return SCAN_CHARACTER;
	}
	return 0;
}

/* Append one element to the three texts, which `content` was long enough for. */
static void add_element(struct label *label, const struct gs1_message *msg,
			const struct gs1_element *element, bool separate)
{
	const char *value = gs1_value(msg, element);
	static const char fnc1[] = { GS1_FNC1, '\0' };
	size_t source = strlen(label->source), data = strlen(label->data);

	snprintf(label->source + source, sizeof(label->source) - source, "[%s]%s", element->ai,
		 value);
	snprintf(label->text + source, sizeof(label->text) - source, "(%s)%s", element->ai, value);
	snprintf(label->data + data, sizeof(label->data) - data, "%s%s%s", separate ? fnc1 : "",
		 element->ai, value);
}

/* libzint 2.11 forgets the FNC1 behind (235): it goes last, where none is needed. */
static bool goes_last(const struct gs1_element *element)
{
	return strcmp(element->ai, "235") == 0;
}

/* Compose the label of the elements that go last, or of the others. */
static int add_elements(struct label *label, const struct gs1_message *msg, bool last,
			bool *separate, size_t *reterr_at)
{
	for (size_t i = 0; i < msg->count; i++) {
		if (goes_last(&msg->element[i]) != last)
			continue;
		add_element(label, msg, &msg->element[i], *separate);
		*separate = (msg->element[i].rule->use & GS1_FIXED) == 0;
		*reterr_at = msg->element[i].at;
		if (label->symbology->bars > 0 && strlen(label->data) > LABEL_BARS_MAX)
			return SCAN_TOO_LONG;
		if (last)
			break; /* another has the same value */
	}
	return 0;
}

static int read_elements(struct label *label, const char *content, size_t len, size_t *reterr_at)
{
	struct gs1_message msg;
	bool separate = false; /* the element before needs FNC1 behind it */
	int err;

	*reterr_at = 0;
	if (!bracketed_begins(content, len))
		return SCAN_BRACKET;
	gs1_init(&msg);
	err = bracketed_read(&msg, content, len, 0, reterr_at);
	if (err == 0)
		err = gs1_check_rules(&msg, reterr_at);
	if (err == 0)
		err = add_elements(label, &msg, false, &separate, reterr_at);
	if (err == 0)
		err = add_elements(label, &msg, true, &separate, reterr_at);
	return err;
}

/* The whole content is all three texts. */
static void take(struct label *label, const char *content, size_t len)
{
	memcpy(label->data, content, len);
	label->data[len] = '\0';
	memcpy(label->source, label->data, len + 1);
	memcpy(label->text, label->data, len + 1);
}

/* A number of `digits`, the last of which may be left out. */
static int read_number(struct label *label, const char *content, size_t len, size_t digits,
		       size_t *reterr_at)
{
	char number[ITF_14_DIGITS];
	size_t n = digit_run(content, len);

	*reterr_at = n < digits ? n : digits;
	if (n < len && n < digits)
		return SCAN_NOT_DIGITS;
	if (len != digits && len != digits - 1)
		return SCAN_LENGTH;
	memcpy(number, content, len);
	number[digits - 1] = check_digit(content, digits - 1);
	*reterr_at = digits - 1;
	if (len == digits && content[digits - 1] != number[digits - 1])
		return SCAN_CHECK_DIGIT;
	take(label, number, digits);
	return 0;
}

/* Text of any meaning, but none that a scan of it would be refused for. */
static int read_text(struct label *label, const char *content, size_t len, size_t *reterr_at)
{
	const struct scan_options options = { .symbology = label->symbology->name };
	struct scan_code code;

	*reterr_at = LABEL_BARS_MAX;
	if (len > LABEL_BARS_MAX)
		return SCAN_TOO_LONG;
	*reterr_at = 0;
	if (content[0] == ']')
		return SCAN_PREFIX;
	take(label, content, len);
	return scan_decode(content, len, &options, &code, reterr_at);
}

int label_read(struct label *ret_label, const struct label_symbology *symbology,
	       const char *content, size_t len, size_t *reterr_at)
{
	int err;

	*ret_label = (struct label){ .symbology = symbology };
	*reterr_at = LABEL_CONTENT_MAX;
	if (len > LABEL_CONTENT_MAX)
		return SCAN_TOO_LONG;
	*reterr_at = 0;
	if (len == 0)
		return SCAN_EMPTY;
	err = check_bytes(content, len, reterr_at);
	if (err != 0)
		return err;
	if (symbology->is_gs1)
		return read_elements(ret_label, content, len, reterr_at);
	if (symbology->kind == LABEL_EAN_13)
		return read_number(ret_label, content, len, EAN_13_DIGITS, reterr_at);
	if (symbology->kind == LABEL_ITF_14)
		return read_number(ret_label, content, len, ITF_14_DIGITS, reterr_at);
	return read_text(ret_label, content, len, reterr_at);
}

/* ---- errors ---- */

/* What the parser says of a scan, said of a content, where that reads otherwise. */
static const char *what_is_wrong(int err)
{
	switch (err) {
	case SCAN_EMPTY:
		return "The content is empty";
	case SCAN_TOO_LONG:
	case SCAN_TOO_MANY:
		return "The content is longer than a label of this symbology may hold";
	case SCAN_CONTROL:
		return "A control character stands in the content";
	case SCAN_PREFIX:
		return "The content begins like an AIM prefix, which no scan would give back";
	case SCAN_LENGTH:
		return "The number of digits does not fit the symbology";
	case SCAN_BRACKET:
		return "The content is not in the form [AI]value[AI]value";
	default:
		return scan_error_text(err);
	}
}

/* A scan error's text is "what: what to do", and at the scanner something else is to be done. */
void label_error_text(int err, size_t at, char *ret_text, size_t size)
{
	const char *what = what_is_wrong(err);

	snprintf(ret_text, size, "%.*s, at byte %zu; nothing was drawn: correct the content.",
		 (int)strcspn(what, ":"), what, at);
}
