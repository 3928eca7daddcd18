/*
 * PostgreSQL, one question after another, blocking: for the start (migrations)
 * and for commands. The event loop never calls it; see core/db.h.
 *
 * A connection keeps the text of its last error. Functions return 0,
 * ERR_DATABASE_DOWN when the connection is not there or was lost, ERR_CONFLICT
 * when the server refused the statement.
 */
#ifndef CORE_DB_SYNC_H
#define CORE_DB_SYNC_H

#include "core/statement.h"

struct db_sync;
struct db_sync_rows;

/* One libpq keyword and the value that replaces what the conninfo says. */
struct db_sync_setting {
	const char *keyword;
	const char *value;
};

/*
 * Connect. *ret_db is set also when it fails, so that db_sync_error() can be
 * asked; release it with db_sync_close() in every case.
 */
int db_sync_open(const char *conninfo, struct db_sync **ret_db);

/* Close and release. An open transaction is rolled back. Accepts NULL. */
void db_sync_close(struct db_sync *db);

/* The last error in one line, without a newline. Never NULL; valid until the next call. */
const char *db_sync_error(const struct db_sync *db);

/* Run a text of any number of statements that takes no parameters. Rows are dropped. */
int db_sync_script(struct db_sync *db, const char *text);

/*
 * Ask one statement; `args` are as many texts as it has parameters (NULL: SQL
 * NULL). Release *ret_rows with db_sync_rows_free(); `ret_rows` may be NULL
 * when nobody wants them.
 */
int db_sync_ask(struct db_sync *db, const struct db_statement *statement, const char *const *args,
		struct db_sync_rows **ret_rows);

/* How many rows there are. */
int db_sync_count(const struct db_sync_rows *rows);

/* The value as text; NULL for SQL NULL. Lives as long as the rows. */
const char *db_sync_value(const struct db_sync_rows *rows, int row, int column);

/* Release. Accepts NULL. */
void db_sync_rows_free(struct db_sync_rows *rows);

/*
 * Rewrite a conninfo (keywords or URI) with some keywords replaced; `options`
 * is added to instead, because both may set parameters. `settings` ends with a
 * NULL keyword. Returns a conninfo to free(), or NULL when `conninfo` cannot be
 * parsed.
 */
char *db_sync_conninfo(const char *conninfo, const struct db_sync_setting *settings);

#endif
