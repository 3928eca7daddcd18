/*
 * Text that grows by doubling, JSON strings, and replies as JSON or CSV.
 *
 * PostgreSQL is asked for text results with DateStyle ISO and TimeZone UTC
 * (core/db.c sets both), so a timestamptz arrives as "2026-01-31 10:00:00.5+00".
 */
#include "core/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/utf8.h"

/* Type Oids of pg_type.dat; fixed for all time, as the wire protocol relies on them. */
enum oid {
	OID_BOOL = 16,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_JSON = 114,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_TIMESTAMPTZ = 1184,
	OID_JSONB = 3802,
};

void text_done(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

/* Make room for `more` bytes and the final NUL. */
static void reserve(struct text *text, size_t more)
{
	size_t room = text->room != 0 ? text->room : 256;
	char *data;

	assert(more < SIZE_MAX / 4 && text->length < SIZE_MAX / 4);
	if (text->length + more < text->room)
		return;
	while (room <= text->length + more)
		room *= 2;
	data = realloc(text->data, room);
	if (data == NULL) {
		log_error("out of memory, worker ends", LOG_INT("bytes", room));
		abort();
	}
	text->data = data;
	text->room = room;
}

void text_add(struct text *text, const char *data, size_t length)
{
	reserve(text, length);
	if (length != 0)
		memcpy(text->data + text->length, data, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_puts(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(length >= 0);
	reserve(text, (size_t)length);
	va_start(args, format);
	vsnprintf(text->data + text->length, (size_t)length + 1, format, args);
	va_end(args);
	text->length += (size_t)length;
}

/* --- JSON --- */

/* The letter after the backslash for control characters that have one, else 0. */
static char short_escape(unsigned char c)
{
	switch (c) {
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '"':
	case '\\':
		return (char)c;
	default:
		return 0;
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Put the one character at `data` that is not plain; returns its length in bytes. */
static size_t put_special(struct text *text, const char *data, size_t left)
{
	unsigned char c = (unsigned char)*data;
	size_t length = utf8_sequence(data, left);

	if (short_escape(c) != 0) {
		text_add(text, (char[]){ '\\', short_escape(c) }, 2);
	} else if (c < 0x20 || c == 0x7f) {
		text_printf(text, "\\u%04x", c);
	} else if (length == 0) {
		text_puts(text, "\xef\xbf\xbd");
		return 1;
	} else {
		text_add(text, data, length);
	}
	return length;
}

void json_put_bytes(struct text *text, const char *data, size_t length)
{
	size_t at = 0;

	text_add(text, "\"", 1);
	while (at < length) {
		size_t end = at;

		while (end < length && is_plain((unsigned char)data[end]))
			end++;
		text_add(text, data + at, end - at);
		at = end;
		if (at < length)
			at += put_special(text, data + at, length - at);
	}
	text_add(text, "\"", 1);
}

void json_put_string(struct text *text, const char *string)
{
	if (string == NULL)
		text_puts(text, "null");
	else
		json_put_bytes(text, string, strlen(string));
}

void json_put_int(struct text *text, int64_t value)
{
	text_printf(text, "%" PRId64, value);
}

/* --- replies --- */

/* "2026-01-31 10:00:00.5+00" as "2026-01-31T10:00:00.5Z"; anything else ("infinity") as it is. */
static void put_time(struct text *text, const char *value, size_t length)
{
	if (length < sizeof("2026-01-31 10:00:00+00") - 1 || value[10] != ' ' ||
	    strcmp(value + length - 3, "+00") != 0) {
		text_add(text, value, length);
		return;
	}
	text_add(text, value, 10);
	text_add(text, "T", 1);
	text_add(text, value + 11, length - 11 - 3);
	text_add(text, "Z", 1);
}

/* False for NaN and Infinity, which JSON cannot write bare. */
static bool is_finite_number(const char *value)
{
	char last = value[0] != '\0' ? value[strlen(value) - 1] : '\0';

	return last >= '0' && last <= '9';
}

void json_put_value(struct text *text, const struct db_reply *reply, int row, int column)
{
	const char *value = db_reply_value(reply, row, column);
	size_t length = db_reply_length(reply, row, column);

	if (value == NULL) {
		text_puts(text, "null");
		return;
	}
	switch (db_reply_type(reply, column)) {
	case OID_BOOL:
		text_puts(text, value[0] == 't' ? "true" : "false");
		break;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_JSON:
	case OID_JSONB:
		text_add(text, value, length);
		break;
	case OID_FLOAT4:
	case OID_FLOAT8:
		text_puts(text, is_finite_number(value) ? value : "null");
		break;
	case OID_TIMESTAMPTZ:
		text_add(text, "\"", 1);
		put_time(text, value, length);
		text_add(text, "\"", 1);
		break;
	default:
		json_put_bytes(text, value, length);
	}
}

void json_put_row(struct text *text, const struct db_reply *reply, int row, int skip)
{
	char before = '{';

	for (int column = 0; column < db_reply_columns(reply); column++) {
		if (column == skip)
			continue;
		text_add(text, &before, 1);
		json_put_string(text, db_reply_name(reply, column));
		text_add(text, ":", 1);
		json_put_value(text, reply, row, column);
		before = ',';
	}
	text_puts(text, before == '{' ? "{}" : "}");
}

/* --- CSV --- */

/* A sign, digits, at most one point: what a spreadsheet computes harmlessly. */
static bool is_plain_number(const char *value, size_t length)
{
	size_t digits = 0, points = 0;

	for (size_t i = 0; i < length; i++) {
		if (value[i] >= '0' && value[i] <= '9')
			digits++;
		else if (value[i] == '.')
			points++;
		else if (i != 0 || (value[i] != '+' && value[i] != '-'))
			return false;
	}
	return digits > 0 && points <= 1;
}

/* A cell that a spreadsheet would run as a formula (OWASP, CSV injection). */
static bool is_formula(const char *value, size_t length)
{
	return length > 0 && memchr("=+-@\t\r", value[0], 6) != NULL &&
	       !is_plain_number(value, length);
}

static void csv_put_cell(struct text *text, const char *value, size_t length)
{
	bool formula = is_formula(value, length);
	bool quoted = formula;

	for (size_t i = 0; i < length && !quoted; i++)
		quoted = memchr(",\"\r\n", value[i], 4) != NULL;
	if (!quoted) {
		text_add(text, value, length);
		return;
	}
	text_puts(text, formula ? "\"'" : "\"");
	for (size_t i = 0; i < length; i++) {
		if (value[i] == '"')
			text_add(text, "\"", 1);
		text_add(text, value + i, 1);
	}
	text_add(text, "\"", 1);
}

static void csv_put_value(struct text *text, const struct db_reply *reply, int row, int column)
{
	const char *value = db_reply_value(reply, row, column);
	size_t length = db_reply_length(reply, row, column);

	if (value == NULL)
		return;
	switch (db_reply_type(reply, column)) {
	case OID_BOOL:
		text_puts(text, value[0] == 't' ? "true" : "false");
		break;
	case OID_TIMESTAMPTZ:
		put_time(text, value, length);
		break;
	default:
		csv_put_cell(text, value, length);
	}
}

static void csv_put_line(struct text *text, const struct db_reply *reply, int row, int skip)
{
	const char *before = "";

	for (int column = 0; column < db_reply_columns(reply); column++) {
		const char *name = db_reply_name(reply, column);

		if (column == skip)
			continue;
		text_puts(text, before);
		if (row < 0)
			csv_put_cell(text, name, strlen(name));
		else
			csv_put_value(text, reply, row, column);
		before = ",";
	}
	text_puts(text, "\r\n");
}

void csv_put_rows(struct text *text, const struct db_reply *reply, int skip)
{
	text_puts(text, "\xef\xbb\xbf");
	for (int row = -1; row < db_reply_rows(reply); row++)
		csv_put_line(text, reply, row, skip);
}
