/*
 * PostgreSQL for an event loop: a pool of connections in pipeline mode.
 *
 * One question is one pipeline segment and so one transaction: the scope's
 * settings, then one prepared statement, then Sync. Its answer is delivered
 * when the Sync has been answered, that is after COMMIT: a row seen before
 * that is no acknowledgement (libpq 34.5.1). A connection that is lost, or a
 * deadline that passes, is a reply with `err` set; nothing is ever cancelled,
 * because a cancelled COMMIT may have happened.
 *
 * All statements of a pool are prepared on every connection before it is used,
 * so a typo in any of them stops the start (db_is_unfit).
 */
#ifndef CORE_DB_H
#define CORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/statement.h"

struct event_base;
struct db;
struct db_reply;

/*
 * Who asks, as the row-level security policies see it. Set for the transaction
 * as yaoku.account, yaoku.pharmacy, yaoku.supplier, yaoku.role and yaoku.request
 * by schema/query/enter.sql. Empty: nobody, no rows.
 */
struct db_scope {
	char account[12];  /* account id */
	char pharmacy[12]; /* pharmacy id; "*" for the whole district; "" for none */
	char supplier[12]; /* supplier id or "" */
	char role[12];     /* clerk, manager, supplier, admin, metrics, service */
	char request[24];  /* request id, for the audit trail */
};

/* One argument of a statement. NULL value: SQL NULL. Copied before db_ask() returns. */
struct db_arg {
	const char *value;
	int length;  /* of a binary value; ignored for text */
	bool binary; /* libpq binary format of exactly the parameter's type */
};

struct db_options {
	const char *conninfo;
	const char *name; /* for the log and metrics: "pool", "posting" */
	int connections;
	int max_in_flight; /* segments on one connection; 64 unless told */
	int max_queued;    /* questions waiting for a connection; more: ERR_BUSY */
	/*
	 * From db_ask() to the answer; 0: 13,000, that is 2 s at most in the queue, statement_timeout
	 * (10 s) and a second. With a longer deadline statement_timeout grows along.
	 */
	unsigned deadline_ms;
	const struct db_statement *const *statements; /* NULL-ended; prepared at connect */
	bool quiet; /* ERR_INTERNAL is logged by the continuations */
	/* Called for each NOTIFY received; NULL when the connection does not listen. */
	void (*on_notify)(const char *channel, const char *payload, void *arg);
	/* Called each time a connection has become ready, also again after a loss. May be NULL. */
	void (*on_ready)(struct db *db, void *arg);
	void *arg;
};

/* The continuation of db_ask(). `reply` lives only during the call and is cleared by the db layer. */
typedef void db_done(struct db_reply *reply, void *arg);

/*
 * Open a pool and start connecting; never blocks. Connections that are lost are
 * made again with jittered back-off (50 ms to 2 s). Release with db_close().
 */
struct db *db_open(struct event_base *base, const struct db_options *options);

/*
 * Close all connections and release. What is outstanding fails: ERR_CANCELLED when never sent, else
 * ERR_OUTCOME_UNKNOWN; drain first (db_outstanding). Not from inside a continuation or on_ready
 * (asserted). Accepts NULL.
 */
void db_close(struct db *db);

/*
 * Have every connection of the pool LISTEN on this channel, now and after each reconnect. Call it
 * right after db_open(), before the loop runs, and only for a pool of one connection: the others'
 * notices would come twice. `channel` is a constant.
 */
void db_listen(struct db *db, const char *channel);

/* Why no connection could be made ready last time, in one line; NULL while all is well. For the log only. */
const char *db_fault(const struct db *db);

/*
 * True when the server refused one of the statements as wrong (SQLSTATE class 42), or has settings for
 * us with which a commit is not safe: this program and the database do not fit, and connecting again
 * will not help. db_fault() names the statement or setting.
 */
bool db_is_unfit(const struct db *db);

/* True while at least one connection is ready. */
bool db_is_ready(const struct db *db);

/* Questions asked and not yet answered; 0 when drained. */
size_t db_outstanding(const struct db *db);

/*
 * Ask one statement with `count` arguments. Promises: the arguments and the
 * scope are copied before it returns; `done` runs exactly once, never inside
 * db_ask() itself; a lost connection or passed deadline is a reply with `err`
 * ERR_OUTCOME_UNKNOWN (sent) or ERR_DATABASE_DOWN (never sent). A question that
 * found no connection with room waits up to 2 s, then ERR_BUSY, or
 * ERR_DATABASE_DOWN when none is ready. `scope` NULL: no settings are sent
 * (only for functions that check for themselves). The statement is one of the
 * pool's; `count` is the number of its parameters (asserted).
 *
 * ERR_INTERNAL, a bug of ours, has been logged with the server's message
 * (unless the pool is quiet).
 */
void db_ask(struct db *db, const struct db_scope *scope, const struct db_statement *statement,
	    const struct db_arg *args, size_t count, db_done *done, void *arg);

/* 0, or ERR_*; SQLSTATE is mapped in one table. The accessors below may be used only when 0. */
int db_reply_err(const struct db_reply *reply);

/* The SQLSTATE of a failed statement, or "". */
const char *db_reply_sqlstate(const struct db_reply *reply);

/* The server's message, for the log only; never sent to a client. */
const char *db_reply_message(const struct db_reply *reply);

int db_reply_rows(const struct db_reply *reply);
int db_reply_columns(const struct db_reply *reply);

/* The column's name, type Oid. */
const char *db_reply_name(const struct db_reply *reply, int column);
unsigned db_reply_type(const struct db_reply *reply, int column);

/* The value in text form, NUL-terminated; NULL for SQL NULL. `db_reply_length` is its length. */
const char *db_reply_value(const struct db_reply *reply, int row, int column);
size_t db_reply_length(const struct db_reply *reply, int row, int column);

/* The index of the column with this name, or -1. */
int db_reply_column(const struct db_reply *reply, const char *name);

#endif
