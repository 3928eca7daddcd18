/* JSON by hand: every value here is short ASCII, but for escapes. */
#include "scanner/gs1_date.h"
#include "scanner/parse_answer.h"
#include "scanner/trace_code.h"

static void put_string(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

/* A member behind others, unless its value is empty. */
static void put_member(FILE *out, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	fprintf(out, ",\"%s\":", name);
	put_string(out, value);
}

static void put_pair(FILE *out, const char *name, const char *value)
{
	putc('[', out);
	put_string(out, name);
	putc(',', out);
	put_string(out, value);
	putc(']', out);
}

/* A trace code has no application identifiers; its parts get names of our own. */
static void put_elements(FILE *out, const struct scan_code *code)
{
	char drug[TRACE_CODE_DRUG_DIGITS + 1];

	if (code->kind == SCAN_OTHER)
		return;
	fputs(",\"elements\":[", out);
	for (size_t i = 0; i < code->message.count; i++) {
		if (i > 0)
			putc(',', out);
		put_pair(out, code->message.element[i].ai,
			 gs1_value(&code->message, &code->message.element[i]));
	}
	if (code->kind == SCAN_TRACE_CODE) {
		trace_code_drug(code->trace_code, drug);
		put_pair(out, "cn-trace", code->trace_code);
		putc(',', out);
		put_pair(out, "cn-drug-id", drug);
	}
	putc(']', out);
}

static void put_expiry(FILE *out, const struct scan_code *code)
{
	char text[11];

	if (code->expiry == SCAN_NO_DATE)
		return;
	date_text(code->expiry, text);
	put_member(out, "expiry", text);
	put_member(out, "expiry_precision", code->expiry_day_known ? "day" : "month");
}

static void put_hints(FILE *out, const struct scan_code *code)
{
	char text[256];

	fputs(",\"hints\":[", out);
	for (size_t i = 0; i < code->hint_count; i++) {
		const struct scan_hint *hint = &code->hint[i];

		fprintf(out, "%s{\"code\":\"%s\"", i > 0 ? "," : "", scan_hint_name(hint->kind));
		if (hint->kind == SCAN_HINT_COMPANION)
			put_member(out, "ai", code->message.element[hint->element].ai);
		scan_hint_text(code, hint, text, sizeof(text));
		put_member(out, "detail", text);
		putc('}', out);
	}
	putc(']', out);
}

void parse_answer(FILE *out, const struct scan_code *code)
{
	fprintf(out, "{\"ok\":true,\"kind\":\"%s\"", scan_kind_name(code->kind));
	put_member(out, "symbology", code->symbology);
	put_member(out, "gtin", code->gtin);
	put_member(out, "sscc", code->sscc);
	put_elements(out, code);
	put_member(out, "lot", code->lot);
	put_expiry(out, code);
	put_member(out, "serial", code->serial);
	if (code->quantity > 0)
		fprintf(out, ",\"quantity\":%d", code->quantity);
	put_member(out, "trace_code", code->trace_code);
	fprintf(out, ",\"ambiguous\":%s", code->ambiguous ? "true" : "false");
	put_hints(out, code);
	fputs("}\n", out);
}

void parse_answer_error(FILE *out, int err, size_t at)
{
	fprintf(out, "{\"ok\":false,\"error\":{\"code\":\"%s\"", scan_error_code(err));
	fprintf(out, ",\"at\":%zu", at);
	put_member(out, "detail", scan_error_text(err));
	fputs("}}\n", out);
}
