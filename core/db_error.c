/* PostgreSQL appendix A, as far as it can be met here; a shorter row stands for all that begin so. */
#include "core/db_error.h"

#include <stddef.h>
#include <string.h>

#include "core/err.h"

struct row {
	const char *sqlstate; /* all five characters, or how they begin */
	int err;
	bool final;
};

/* The first match counts, so single states stand before their class. */
static const struct row rows[] = {
	{ "08", ERR_DATABASE_DOWN, true }, /* connection exceptions */
	{ "0A000", ERR_BUSY,
	  true }, /* cached plan must not change result type: migrated under us */
	{ "22001", ERR_INVALID_MEMBER, false }, /* too long */
	{ "22003", ERR_INVALID_MEMBER, false }, /* number out of range */
	{ "22007", ERR_INVALID_MEMBER, false }, /* not a time */
	{ "22008", ERR_INVALID_MEMBER, false }, /* time out of range */
	{ "22021", ERR_INVALID_MEMBER, false }, /* not UTF-8 */
	{ "22023", ERR_INVALID_MEMBER, false }, /* not decodable: a made-up cursor */
	{ "22P02", ERR_INVALID_MEMBER, false }, /* not of the type */
	{ "22P05", ERR_INVALID_MEMBER, false }, /* NUL in JSON text */
	{ "23503", ERR_CONFLICT, false },       /* foreign key */
	{ "23505", ERR_DUPLICATE_KEY, false },
	{ "25006", ERR_DATABASE_DOWN, true },  /* read-only: the primary has moved */
	{ "25P03", ERR_DATABASE_DOWN, true },  /* idle in transaction too long */
	{ "26000", ERR_BUSY, true },           /* prepared statement is gone */
	{ "40", ERR_SERIALIZATION, false },    /* serialization failure, deadlock */
	{ "42501", ERR_FORBIDDEN, false },     /* privilege, or a row-level policy */
	{ "53", ERR_BUSY, false },             /* out of disk, memory, connections */
	{ "55P03", ERR_SERIALIZATION, false }, /* lock_timeout */
	{ "57014", ERR_BUSY, false },          /* statement_timeout */
	{ "57P", ERR_DATABASE_DOWN, true },    /* the server stops, starts or crashed */
	{ "58", ERR_DATABASE_DOWN, false },    /* input/output error */
};

static const struct row *find(const char *sqlstate)
{
	if (sqlstate == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncmp(rows[i].sqlstate, sqlstate, strlen(rows[i].sqlstate)) == 0)
			return &rows[i];
	}
	return NULL;
}

int db_error_of(const char *sqlstate)
{
	const struct row *row = find(sqlstate);

	return row != NULL ? row->err : ERR_INTERNAL;
}

bool db_error_is_final(const char *sqlstate)
{
	const struct row *row = find(sqlstate);

	return row != NULL && row->final;
}
