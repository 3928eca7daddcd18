/* What the elements of a message say about pack and unit. */
#include <string.h>

#include "scanner/gs1_date.h"
#include "scanner/gs1_rules.h"
#include "scanner/gtin.h"
#include "scanner/scan_input.h"

void scan_add_hint(struct scan_code *code, enum scan_hint_kind kind, size_t element)
{
	if (code->hint_count < SCAN_HINTS_MAX)
		code->hint[code->hint_count++] = (struct scan_hint){ kind, (uint8_t)element };
}

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
#define AI2(a, b) ((a)*256 + (b))

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
	case AI2('3', '7'):
		if (code->quantity == 0)
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
	const char *minute = gs1_find(&code->message, "7003");

	for (size_t i = 0; i < 4 && code->gtin[0] == '\0'; i++) {
		const char *item = gs1_find(&code->message, trade_items[i]);

		if (item != NULL) {
			memcpy(code->gtin, item, GTIN_DIGITS);
			code->gtin[GTIN_DIGITS] = '\0';
		}
	}
	if (minute != NULL && code->expiry == SCAN_NO_DATE)
		code->expiry = gs1_date_days(minute, today, &code->expiry_day_known);
}

void scan_fill_in(struct scan_code *code, int32_t today)
{
	const struct gs1_message *msg = &code->message;

	for (size_t i = 0; i < msg->count; i++) {
		take_element(code, &msg->element[i], today);
		if (gs1_lacks_companion(msg, &msg->element[i]))
			scan_add_hint(code, SCAN_HINT_COMPANION, i);
	}
	if (code->gtin[0] == '\0' || code->expiry == SCAN_NO_DATE)
		take_substitutes(code, today);
	code->ambiguous = code->kind == SCAN_GS1 && gs1_is_ambiguous(msg);
	if (code->ambiguous)
		scan_add_hint(code, SCAN_HINT_AMBIGUOUS, msg->count - 1U);
}
