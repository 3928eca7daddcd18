/* What a continuation may read of its reply: accessors over libpq's result. */
#include <assert.h>

#include "core/db_conn.h"

int db_reply_err(const struct db_reply *reply)
{
	return reply->err;
}

const char *db_reply_sqlstate(const struct db_reply *reply)
{
	const char *state = PQresultErrorField(reply->result, PG_DIAG_SQLSTATE);

	return state != NULL ? state : "";
}

const char *db_reply_message(const struct db_reply *reply)
{
	const char *message = PQresultErrorField(reply->result, PG_DIAG_MESSAGE_PRIMARY);

	return message != NULL ? message : "";
}

int db_reply_rows(const struct db_reply *reply)
{
	assert(reply->err == 0);
	return PQntuples(reply->result);
}

int db_reply_columns(const struct db_reply *reply)
{
	assert(reply->err == 0);
	return PQnfields(reply->result);
}

const char *db_reply_name(const struct db_reply *reply, int column)
{
	return PQfname(reply->result, column);
}

unsigned db_reply_type(const struct db_reply *reply, int column)
{
	return PQftype(reply->result, column);
}

const char *db_reply_value(const struct db_reply *reply, int row, int column)
{
	if (PQgetisnull(reply->result, row, column))
		return NULL;
	return PQgetvalue(reply->result, row, column);
}

size_t db_reply_length(const struct db_reply *reply, int row, int column)
{
	return (size_t)PQgetlength(reply->result, row, column);
}

int db_reply_column(const struct db_reply *reply, const char *name)
{
	return PQfnumber(reply->result, name);
}
