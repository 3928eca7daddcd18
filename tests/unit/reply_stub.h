/*
 * A db_reply made by hand: the accessors of db.h over a table of strings, so
 * that what is made of replies is tested without a database.
 */
#ifndef TESTS_UNIT_REPLY_STUB_H
#define TESTS_UNIT_REPLY_STUB_H

#include <stddef.h>
#include <string.h>

#include "core/db.h"

#define STUB_COLUMNS 8

struct db_reply {
	int err;
	int rows, columns;
	const char *name[STUB_COLUMNS];
	unsigned type[STUB_COLUMNS];
	const char *value[4][STUB_COLUMNS];
};

enum {
	OID_BOOL = 16,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_JSON = 114,
	OID_FLOAT8 = 701,
	OID_TIMESTAMPTZ = 1184,
	OID_NUMERIC = 1700,
	OID_JSONB = 3802
};

int db_reply_err(const struct db_reply *reply)
{
	return reply->err;
}

const char *db_reply_sqlstate(const struct db_reply *reply)
{
	return reply->err != 0 ? "XX000" : "";
}

const char *db_reply_message(const struct db_reply *reply)
{
	return reply->err != 0 ? "secret of the server" : "";
}

int db_reply_rows(const struct db_reply *reply)
{
	return reply->rows;
}

int db_reply_columns(const struct db_reply *reply)
{
	return reply->columns;
}

const char *db_reply_name(const struct db_reply *reply, int column)
{
	return reply->name[column];
}

unsigned db_reply_type(const struct db_reply *reply, int column)
{
	return reply->type[column];
}

const char *db_reply_value(const struct db_reply *reply, int row, int column)
{
	return reply->value[row][column];
}

size_t db_reply_length(const struct db_reply *reply, int row, int column)
{
	const char *value = reply->value[row][column];

	return value != NULL ? strlen(value) : 0;
}

int db_reply_column(const struct db_reply *reply, const char *name)
{
	for (int i = 0; i < reply->columns; i++) {
		if (strcmp(reply->name[i], name) == 0)
			return i;
	}
	return -1;
}

#endif
