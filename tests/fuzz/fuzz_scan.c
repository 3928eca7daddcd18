/*
 * scan_decode() on any bytes with any options. An input is a line of options,
 * divided by tabs, and the scan behind it; without a line end all is scan:
 *
 *	FLAGS TAB SYMBOLOGY TAB SEPARATOR LF SCAN
 *
 * FLAGS: l lenient, b bracketed, a number the day of the scan.
 */
#include <stdbool.h>
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/gs1_date.h"
#include "scanner/scan.h"
#include "fuzz.h"

#define CANONICAL_MAX (3 + GS1_TEXT_MAX + GS1_ELEMENTS_MAX * (GS1_AI_MAX + 2))

struct attempt {
	struct scan_options options;
	struct scan_profile profile;
	char words[128]; /* what the options point into */
	const char *scan;
	size_t len;
};

static void read_flags(const char *flags, struct scan_options *options)
{
	for (const char *c = flags; *c != '\0'; c++) {
		options->lenient |= *c == 'l';
		options->bracketed |= *c == 'b';
		if (*c >= '0' && *c <= '9')
			options->today = (options->today * 10 + (*c - '0')) % 100000;
	}
}

/* The next field of the options, or NULL when there is none or it is empty. */
static const char *next_field(char **rest)
{
	char *field = strsep(rest, "\t");

	return field != NULL && field[0] != '\0' ? field : NULL;
}

static void set_up(struct attempt *a, const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
	size_t head = end != NULL ? (size_t)(end - text) : 0;
	char *rest = a->words;
	const char *flags;

	memset(a, 0, sizeof(*a));
	a->scan = end != NULL ? end + 1 : text;
	a->len = size - (size_t)(a->scan - text);
	if (end == NULL)
		return;
	memcpy(a->words, text, head < sizeof(a->words) ? head : sizeof(a->words) - 1);
	flags = next_field(&rest);
	if (flags != NULL)
		read_flags(flags, &a->options);
	a->options.symbology = next_field(&rest);
	if (scan_profile_set(NULL, NULL, next_field(&rest), NULL, &a->profile))
		a->options.profile = &a->profile;
}

/* Decode into fresh memory filled with `junk`, from a copy that ends where the scan ends. */
static int decode(const struct attempt *a, int junk, struct scan_code *code, size_t *at)
{
	char *exact = malloc(a->len);
	int err;

	if (a->len > 0)
		memcpy(exact, a->scan, a->len);
	memset(code, junk, sizeof(*code));
	*at = SIZE_MAX;
	err = scan_decode(exact, a->len, &a->options, code, at);
	free(exact);
	return err;
}

static void check_same_elements(const struct gs1_message *a, const struct gs1_message *b)
{
	fuzz_check(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		fuzz_check(strcmp(a->element[i].ai, b->element[i].ai) == 0);
		fuzz_check(strcmp(gs1_value(a, &a->element[i]), gs1_value(b, &b->element[i])) == 0);
	}
}

static void check_same_facts(const struct scan_code *a, const struct scan_code *b)
{
	fuzz_check(strcmp(a->gtin, b->gtin) == 0 && strcmp(a->sscc, b->sscc) == 0);
	fuzz_check(strcmp(a->lot, b->lot) == 0 && strcmp(a->serial, b->serial) == 0);
	fuzz_check(a->expiry == b->expiry && a->expiry_day_known == b->expiry_day_known);
	fuzz_check(a->quantity == b->quantity);
	check_same_elements(&a->message, &b->message);
}

static void check_same_answer(const struct scan_code *a, const struct scan_code *b)
{
	fuzz_check(a->kind == b->kind && a->symbology == b->symbology);
	fuzz_check(strcmp(a->trace_code, b->trace_code) == 0);
	fuzz_check(a->ambiguous == b->ambiguous && a->hint_count == b->hint_count);
	check_same_facts(a, b);
	for (size_t i = 0; i < a->hint_count; i++)
		fuzz_check(a->hint[i].kind == b->hint[i].kind &&
			   a->hint[i].element == b->hint[i].element);
}

static void check_elements(const struct gs1_message *msg)
{
	for (size_t i = 0; i < msg->count; i++) {
		const struct gs1_element *element = &msg->element[i];

		fuzz_check(gs1_ai_named(element->ai, strlen(element->ai)) == element->rule);
		fuzz_check(strlen(gs1_value(msg, element)) == element->len);
		fuzz_check(element->len >= gs1_ai_min(element->rule));
		fuzz_check(element->len <= gs1_ai_max(element->rule));
	}
}

static void check_expiry(const struct scan_code *code)
{
	int year, month, day;

	if (code->expiry == SCAN_NO_DATE)
		return;
	date_civil(code->expiry, &year, &month, &day);
	fuzz_check(month >= 1 && month <= 12 && day >= 1 && day <= date_month_length(year, month));
	fuzz_check(date_days(year, month, day) == code->expiry);
	fuzz_check(code->expiry_day_known || day == date_month_length(year, month));
}

/* What a caller may rely on, whatever was scanned. */
static void check_facts(const struct attempt *a, const struct scan_code *code)
{
	bool keyed = code->kind == SCAN_GTIN || code->kind == SCAN_SSCC;
	bool elements = keyed || code->kind == SCAN_GS1 || code->kind == SCAN_DIGITAL_LINK;
	char text[256];

	fuzz_check(elements == (code->message.count > 0));
	fuzz_check(!keyed || code->message.count == 1);
	fuzz_check(code->gtin[0] == '\0' ||
		   (strlen(code->gtin) == 14 && check_digit_is_right(code->gtin, 14)));
	fuzz_check(code->sscc[0] == '\0' ||
		   (strlen(code->sscc) == 18 && check_digit_is_right(code->sscc, 18)));
	fuzz_check(strlen(code->lot) <= 20 && strlen(code->serial) <= 20);
	fuzz_check((code->kind == SCAN_TRACE_CODE) == (code->trace_code[0] != '\0'));
	fuzz_check(code->quantity >= 0 && code->quantity <= 99999999);
	fuzz_check(code->hint_count <= SCAN_HINTS_MAX);
	fuzz_check(code->ambiguous == false || elements);
	for (size_t i = 0; i < code->hint_count; i++) {
		scan_hint_text(code, &code->hint[i], text, sizeof(text));
		fuzz_check(scan_hint_name(code->hint[i].kind) != NULL && text[0] != '\0');
	}
	for (size_t i = 0; i < code->message.count; i++)
		fuzz_check(code->message.element[i].at < a->len);
	check_expiry(code);
	check_elements(&code->message);
}

static void check_error(const struct attempt *a, int err, size_t at)
{
	fuzz_check(strcmp(scan_error_code(err), "ok") != 0 && scan_error_text(err)[0] != '\0');
	if (err == SCAN_TOO_LONG)
		fuzz_check(a->len > SCAN_INPUT_MAX && at == SCAN_INPUT_MAX);
	else
		fuzz_check(a->len <= SCAN_INPUT_MAX && at <= a->len);
}

/* The elements as a GS1-128 sends them: a separator only where one is needed. */
static size_t as_element_string(const struct gs1_message *msg, char *out)
{
	size_t n = 3;

	memcpy(out, "]C1", 3);
	for (size_t i = 0; i < msg->count; i++) {
		const struct gs1_element *element = &msg->element[i];

		memcpy(out + n, element->ai, element->rule->digits);
		n += element->rule->digits;
		memcpy(out + n, gs1_value(msg, element), element->len);
		n += element->len;
		if ((element->rule->use & GS1_FIXED) == 0 && i + 1 < msg->count)
			out[n++] = GS1_FNC1;
	}
	return n;
}

/* The elements as a person types them. */
static size_t as_brackets(const struct gs1_message *msg, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < msg->count; i++) {
		const struct gs1_element *element = &msg->element[i];

		out[n++] = '[';
		memcpy(out + n, element->ai, element->rule->digits);
		n += element->rule->digits;
		out[n++] = ']';
		memcpy(out + n, gs1_value(msg, element), element->len);
		n += element->len;
	}
	return n;
}

/* Written and read again, in either form, the elements are the same. */
static void check_round_trip(const struct attempt *a, const struct scan_code *code)
{
	struct attempt again = { .options = { .today = a->options.today, .bracketed = true } };
	char text[CANONICAL_MAX];
	struct scan_code other;
	size_t at;

	again.scan = text;
	again.len = as_element_string(&code->message, text);
	fuzz_check(decode(&again, 0x55, &other, &at) == 0 && other.kind == SCAN_GS1);
	check_same_facts(code, &other);
	again.len = as_brackets(&code->message, text);
	fuzz_check(decode(&again, 0xaa, &other, &at) == 0 && other.kind == SCAN_GS1);
	check_same_facts(code, &other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attempt a;
	struct scan_code first, second;
	size_t at, at_again;
	int err;

	set_up(&a, data, size);
	err = decode(&a, 0x00, &first, &at);
	fuzz_check(decode(&a, 0xff, &second, &at_again) == err);
	if (err != 0) {
		fuzz_check(at == at_again);
		check_error(&a, err, at);
		return 0;
	}
	check_same_answer(&first, &second);
	check_facts(&a, &first);
	if (first.message.count > 0)
		check_round_trip(&a, &first);
	return 0;
}
