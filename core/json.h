/*
 * JSON written into a growing buffer; reading is jansson's (see endpoint.h for declared tables).
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/db.h"

/* A growing text. Zero-initialise; release with text_done() unless handed on. Aborts on exhaustion. */
struct text {
	char *data; /* NUL-terminated once anything was added */
	size_t length;
	size_t room;
};

void text_done(struct text *text);
void text_add(struct text *text, const char *data, size_t length);
void text_puts(struct text *text, const char *string);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with quotes; invalid UTF-8 becomes U+FFFD; NULL becomes null. */
void json_put_string(struct text *text, const char *string);
void json_put_bytes(struct text *text, const char *data, size_t length);
void json_put_int(struct text *text, int64_t value);

/*
 * One value of a reply by its column type: numbers and booleans bare, json and jsonb as they are, numeric
 * as string, timestamptz as RFC 3339 in UTC, everything else as string, NULL as null.
 */
void json_put_value(struct text *text, const struct db_reply *reply, int row, int column);

/* One row as an object of its columns, leaving out the column `skip` (-1: none). */
void json_put_row(struct text *text, const struct db_reply *reply, int row, int skip);

/* All rows as CSV (RFC 4180, UTF-8 with BOM, header line, cells that begin with = + - @ neutralised unless numbers). */
void csv_put_rows(struct text *text, const struct db_reply *reply, int skip);

#endif
