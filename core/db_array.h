/*
 * One-dimensional PostgreSQL arrays in libpq's binary format, built element by
 * element and given to a statement as one argument. A group of a thousand scans
 * is so one question with a dozen arguments, and nothing is quoted or parsed.
 *
 *	struct db_array ids = { 0 };
 *
 *	db_array_init(&ids, DB_ARRAY_UUID);
 *	db_array_add_uuid(&ids, id);
 *	args[0] = db_array_arg(&ids);
 *
 * The statement should name the type ($1::uuid[]): a binary value is not converted.
 */
#ifndef CORE_DB_ARRAY_H
#define CORE_DB_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/db.h"

/* The element's type; the value is its Oid, which PostgreSQL never changes (pg_type.dat). */
enum db_array_type {
	DB_ARRAY_BOOL = 16,
	DB_ARRAY_BYTEA = 17,
	DB_ARRAY_INT8 = 20,
	DB_ARRAY_INT2 = 21,
	DB_ARRAY_INT4 = 23,
	DB_ARRAY_TEXT = 25,
	DB_ARRAY_DATE = 1082,
	DB_ARRAY_TIMESTAMPTZ = 1184,
	DB_ARRAY_UUID = 2950,
};

/* Embedded by its owner; the fields are db_array.c's business. */
struct db_array {
	char *data; /* header, then the elements; owned */
	size_t length;
	size_t room;
	uint32_t count;
	bool has_null;
	enum db_array_type type;
};

/* Make an empty array of this type. Release with db_array_done(). */
void db_array_init(struct db_array *array, enum db_array_type type);

/* Release the memory; the array must be initialised again before use. Accepts a zeroed struct. */
void db_array_done(struct db_array *array);

/* Make it empty again and keep the memory for the next group. */
void db_array_reset(struct db_array *array);

/*
 * Add one element. The function's type must be the array's (asserted); bytes
 * are copied; exhaustion aborts the worker. Text must be valid UTF-8 without
 * NUL, else the whole statement fails.
 */
void db_array_add_bool(struct db_array *array, bool value);
void db_array_add_int2(struct db_array *array, int16_t value);
void db_array_add_int4(struct db_array *array, int32_t value);
void db_array_add_int8(struct db_array *array, int64_t value);
void db_array_add_text(struct db_array *array, const char *data, size_t length);
void db_array_add_bytea(struct db_array *array, const void *data, size_t length);

/* Add a UUID given as its sixteen bytes. */
void db_array_add_uuid(struct db_array *array, const uint8_t uuid[16]);

/* Add a day counted from 1970-01-01. */
void db_array_add_date(struct db_array *array, int32_t days);

/* Add a moment in microseconds since 1970-01-01 UTC. */
void db_array_add_timestamptz(struct db_array *array, int64_t microseconds);

/* Add SQL NULL, whatever the type. */
void db_array_add_null(struct db_array *array);

/* The array as an argument; it points into the array, so use it before the next add or reset. */
struct db_arg db_array_arg(struct db_array *array);

#endif
