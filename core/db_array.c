/*
 * The wire form is array_recv()'s in PostgreSQL's arrayfuncs.c: dimensions, null
 * flag, element Oid; then per dimension size and lower bound; then per element
 * length and bytes, all big-endian. What is counted is filled in by db_array_arg().
 */
#include "core/db_array.h"

#include <assert.h>
#include <endian.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* An array without elements has no dimension, and its header ends after the Oid. */
#define EMPTY_HEADER 12
#define HEADER 20

/* PostgreSQL counts from 2000-01-01. */
#define EPOCH_DAYS 10957
#define EPOCH_MICROSECONDS (EPOCH_DAYS * INT64_C(86400000000))

static char *reserve(struct db_array *array, size_t more)
{
	size_t wanted = array->length + more;
	char *place;

	/* db_arg counts in int, as libpq does; a request body is a thousandth of that. */
	if (wanted > INT_MAX)
		abort();
	if (wanted > array->room) {
		size_t room = wanted < 1024 ? 1024 : wanted * 2;
		char *data = realloc(array->data, room);

		if (data == NULL)
			abort();
		array->data = data;
		array->room = room;
	}
	place = array->data + array->length;
	array->length = wanted;
	return place;
}

static void put32(char *place, uint32_t value)
{
	uint32_t wire = htobe32(value);

	memcpy(place, &wire, sizeof(wire));
}

static void add(struct db_array *array, const void *data, size_t length)
{
	char *place;

	if (length > INT_MAX)
		abort();
	place = reserve(array, 4 + length);
	put32(place, (uint32_t)length);
	if (length > 0)
		memcpy(place + 4, data, length);
	array->count++;
}

void db_array_init(struct db_array *array, enum db_array_type type)
{
	*array = (struct db_array){ .type = type };
	reserve(array, HEADER);
}

void db_array_done(struct db_array *array)
{
	free(array->data);
	*array = (struct db_array){ 0 };
}

void db_array_reset(struct db_array *array)
{
	array->length = HEADER;
	array->count = 0;
	array->has_null = false;
}

void db_array_add_bool(struct db_array *array, bool value)
{
	char wire = value ? 1 : 0;

	assert(array->type == DB_ARRAY_BOOL);
	add(array, &wire, sizeof(wire));
}

void db_array_add_int2(struct db_array *array, int16_t value)
{
	uint16_t wire = htobe16((uint16_t)value);

	assert(array->type == DB_ARRAY_INT2);
	add(array, &wire, sizeof(wire));
}

void db_array_add_int4(struct db_array *array, int32_t value)
{
	uint32_t wire = htobe32((uint32_t)value);

	assert(array->type == DB_ARRAY_INT4);
	add(array, &wire, sizeof(wire));
}

void db_array_add_int8(struct db_array *array, int64_t value)
{
	uint64_t wire = htobe64((uint64_t)value);

	assert(array->type == DB_ARRAY_INT8);
	add(array, &wire, sizeof(wire));
}

void db_array_add_text(struct db_array *array, const char *data, size_t length)
{
	assert(array->type == DB_ARRAY_TEXT);
	add(array, data, length);
}

void db_array_add_bytea(struct db_array *array, const void *data, size_t length)
{
	assert(array->type == DB_ARRAY_BYTEA);
	add(array, data, length);
}

void db_array_add_uuid(struct db_array *array, const uint8_t uuid[16])
{
	assert(array->type == DB_ARRAY_UUID);
	add(array, uuid, 16);
}

void db_array_add_date(struct db_array *array, int32_t days)
{
	uint32_t wire = htobe32((uint32_t)(days - EPOCH_DAYS));

	assert(array->type == DB_ARRAY_DATE);
	add(array, &wire, sizeof(wire));
}

void db_array_add_timestamptz(struct db_array *array, int64_t microseconds)
{
	uint64_t wire = htobe64((uint64_t)(microseconds - EPOCH_MICROSECONDS));

	assert(array->type == DB_ARRAY_TIMESTAMPTZ);
	add(array, &wire, sizeof(wire));
}

void db_array_add_null(struct db_array *array)
{
	put32(reserve(array, 4), UINT32_MAX);
	array->count++;
	array->has_null = true;
}

struct db_arg db_array_arg(struct db_array *array)
{
	char *header = array->data;

	put32(header, array->count > 0 ? 1 : 0);
	put32(header + 4, array->has_null ? 1 : 0);
	put32(header + 8, (uint32_t)array->type);
	put32(header + 12, array->count);
	put32(header + 16, 1);
	return (struct db_arg){
		.value = header,
		.length = (int)(array->count > 0 ? array->length : EMPTY_HEADER),
		.binary = true,
	};
}
