#include "core/field_types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "core/value.h"

#define TEXT_MAX 1000
#define CURSOR_MAX 200
#define LIMIT_MAX 1000
#define COUNT_MAX 1000
#define CODE_MAX 8192
#define DECIMAL_WHOLE 15 /* digits before and after the point */
#define DECIMAL_FRACTION 6

static bool in_range(const struct field *field, int64_t value)
{
	return (field->min == 0 && field->max == 0) || (value >= field->min && value <= field->max);
}

/* --- text --- */

/* Tabs and line ends may stand in a text; other control characters are a scanner's or a forger's. */
static bool has_control(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return true;
	}
	return false;
}

static bool is_text(const struct field *field, const char *text, size_t length)
{
	size_t characters;

	if (!utf8_count(text, length, &characters) || has_control(text, length))
		return false;
	if (field->min == 0 && field->max == 0)
		return characters <= TEXT_MAX;
	return in_range(field, (int64_t)characters);
}

static bool is_choice(const char *choices, const char *text)
{
	size_t length = strlen(text);

	while (*choices != '\0') {
		size_t word = strcspn(choices, " ");

		if (word == length && memcmp(choices, text, length) == 0)
			return true;
		choices += word;
		choices += strspn(choices, " ");
	}
	return false;
}

static bool is_cursor(const char *text)
{
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789_-");

	return length > 0 && length <= CURSOR_MAX && text[length] == '\0';
}

/* In lower case, so that equal ids are equal texts. */
static const char *uuid_of(struct arena *arena, const char *text)
{
	uint8_t bytes[16];
	char *uuid;

	if (!value_uuid(text, bytes))
		return NULL;
	uuid = arena_copy(arena, text, strlen(text));
	for (char *p = uuid; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p + 32);
	}
	return uuid;
}

/* --- numbers --- */

static const char *integer_of(struct arena *arena, const struct field *field, int64_t value)
{
	return in_range(field, value) ? arena_printf(arena, "%" PRId64, value) : NULL;
}

static const char *limit_of(struct arena *arena, int64_t value)
{
	return value >= 1 && value <= LIMIT_MAX ? arena_printf(arena, "%" PRId64, value) : NULL;
}

static const char *pharmacy_of(struct arena *arena, int64_t value)
{
	return value >= 1 && value <= INT32_MAX ? arena_printf(arena, "%" PRId64, value) : NULL;
}

static const char *number_of(struct arena *arena, const struct field *field, int64_t value)
{
	if (field->type == FIELD_LIMIT)
		return limit_of(arena, value);
	if (field->type == FIELD_PHARMACY)
		return pharmacy_of(arena, value);
	return integer_of(arena, field, value);
}

static bool is_decimal(const struct field *field, const char *text)
{
	const char *whole = text + (*text == '-');
	size_t digits = strspn(whole, "0123456789");
	const char *rest = whole + digits;
	size_t fraction = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
	const char *end = *rest == '.' ? rest + 1 + fraction : rest;
	double value = strtod(text, NULL);

	if (digits == 0 || digits > DECIMAL_WHOLE || *end != '\0' || fraction > DECIMAL_FRACTION ||
	    (*rest == '.' && fraction == 0))
		return false;
	return (field->min == 0 && field->max == 0) ||
	       (value >= (double)field->min && value <= (double)field->max);
}

/* The shortest decimal that reads back as the same number: 0.1 for 0.1. */
static const char *decimal_of_real(struct arena *arena, double value)
{
	char text[32];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return arena_copy(arena, text, strlen(text));
}

/* --- all types --- */

const char *field_from_text(struct arena *arena, const struct field *field, const char *text)
{
	int64_t number;
	int32_t days;

	switch (field->type) {
	case FIELD_TEXT:
		return is_text(field, text, strlen(text)) ? text : NULL;
	case FIELD_INTEGER:
	case FIELD_LIMIT:
	case FIELD_PHARMACY:
		return value_integer(text, &number) ? number_of(arena, field, number) : NULL;
	case FIELD_DECIMAL:
		return is_decimal(field, text) ? text : NULL;
	case FIELD_BOOLEAN:
		return is_choice("true false", text) ? text : NULL;
	case FIELD_UUID:
		return uuid_of(arena, text);
	case FIELD_DATE:
		return value_date(text, &days) ? text : NULL;
	case FIELD_TIME:
		return value_time(text, &number) ? text : NULL;
	case FIELD_CHOICE:
		return is_choice(field->choices, text) ? text : NULL;
	case FIELD_CURSOR:
		return is_cursor(text) ? text : NULL;
	case FIELD_CODES:
	case FIELD_ITEMS:
		return NULL; /* only in a body */
	}
	return NULL;
}

bool field_count_fits(const struct field *field, size_t count)
{
	if (field->min == 0 && field->max == 0)
		return count <= COUNT_MAX;
	return in_range(field, (int64_t)count);
}

const char *field_dump(struct arena *arena, const json_t *value)
{
	size_t length = json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
	char *text = arena_alloc(arena, length + 1);

	json_dumpb(value, text, length, JSON_COMPACT | JSON_ENCODE_ANY);
	return text;
}

static const char *codes_of(struct arena *arena, const struct field *field, const json_t *value)
{
	if (!json_is_array(value) || !field_count_fits(field, json_array_size(value)))
		return NULL;
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *code = json_array_get(value, i);

		if (!json_is_string(code) || json_string_length(code) > CODE_MAX)
			return NULL;
	}
	return field_dump(arena, value);
}

static const char *decimal_of(struct arena *arena, const struct field *field, const json_t *value)
{
	const char *text = json_is_string(value)  ? json_string_value(value) :
			   json_is_integer(value) ? field_dump(arena, value) :
			   json_is_real(value)    ? decimal_of_real(arena, json_real_value(value)) :
						    "";

	return is_decimal(field, text) ? arena_copy(arena, text, strlen(text)) : NULL;
}

const char *field_from_json(struct arena *arena, const struct field *field, const json_t *value)
{
	const char *text;

	switch (field->type) {
	case FIELD_INTEGER:
	case FIELD_LIMIT:
	case FIELD_PHARMACY:
		/* 1.0 is a real to jansson: exact integers only. */
		return json_is_integer(value) ? number_of(arena, field, json_integer_value(value)) :
						NULL;
	case FIELD_BOOLEAN:
		if (!json_is_boolean(value))
			return NULL;
		return json_is_true(value) ? "true" : "false";
	case FIELD_DECIMAL:
		return decimal_of(arena, field, value);
	case FIELD_CODES:
		return codes_of(arena, field, value);
	default:
		if (!json_is_string(value))
			return NULL;
		/* Copied before it is looked at: the document does not live as long as the value. */
		text = arena_copy(arena, json_string_value(value), json_string_length(value));
		return field_from_text(arena, field, text);
	}
}
