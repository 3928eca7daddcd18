/*
 * One connection of a pool, and what the files of the pool share: db.c,
 * db_conn.c, db_pipeline.c, db_reply.c, db_conninfo.c. No other includes this.
 *
 * A connection goes WAITING (for its back-off) ─► CONNECTING ─► PREPARING ─►
 * READY, and from each of them back to WAITING when it is lost. The questions
 * that were sent on it stand in a FIFO; the server answers in that order.
 */
#ifndef CORE_DB_CONN_H
#define CORE_DB_CONN_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/db.h"

struct event;

struct db_reply {
	int err;
	const PGresult *result; /* NULL when nothing came */
};

/* The arguments of a question that waits for a connection; one block with their bytes. */
struct db_copy {
	struct db_scope scope;
	size_t count;
	struct db_arg args[];
};

/* One question from db_ask() to its continuation. Owned by the FIFO that it stands in. */
struct db_question {
	struct db_question *next;
	const struct db_statement *statement;
	db_done *done;
	void *arg;
	uint64_t asked_ms;
	size_t bytes;         /* of its arguments */
	bool scoped;          /* enter.sql goes before it */
	bool doubtful;        /* a WARNING came in its segment: the commit is not certain */
	struct db_copy *copy; /* while it waits; NULL once sent */
	PGresult *result;     /* of its statement; the error if any of the segment failed */
	int err;              /* of a question that is refused */
};

struct db_fifo {
	struct db_question *head;
	struct db_question *tail;
	size_t length;
};

enum db_conn_state { DB_CONN_WAITING, DB_CONN_CONNECTING, DB_CONN_PREPARING, DB_CONN_READY };

/* Which result of the FIFO's head comes next (libpq 34.5.1.2). */
enum db_step {
	DB_STEP_ENTER,     /* of enter.sql */
	DB_STEP_ENTER_END, /* the NULL after it */
	DB_STEP_ROWS,      /* of the statement */
	DB_STEP_ROWS_END,  /* the NULL after it */
	DB_STEP_SYNC,      /* the segment's end: the transaction is over */
};

struct db_conn {
	struct db *db;
	PGconn *pg; /* NULL while WAITING */
	enum db_conn_state state;
	struct event *socket;   /* while CONNECTING, one event at a time */
	struct event *readable; /* afterwards, always */
	struct event *writable; /* afterwards, while libpq has unsent bytes */
	struct event *timer;    /* the back-off's end, or the limit of CONNECTING and PREPARING */
	struct db_fifo sent;
	enum db_step step;   /* of sent.head */
	size_t bytes;        /* of arguments of all in `sent` */
	unsigned failures;   /* attempts since it was last ready */
	unsigned setup_done; /* statements of PREPARING that were answered */
	bool retiring;       /* gets no more questions; closed when `sent` is empty */
	bool broken;         /* failed inside db_ask(); the timer closes it */
};

#define DB_LISTEN_MAX 4

struct db {
	struct event_base *base;
	struct db_options options; /* conninfo and name are copies */
	struct db_conn *conns;     /* options.connections of them */
	struct db_fifo waiting;    /* no connection had room */
	struct db_fifo refused;    /* answered with `err` as soon as the loop runs */
	struct event *soon;        /* answers `refused` */
	struct event *clock;       /* looks for deadlines while anything is outstanding */
	size_t outstanding;
	bool closing; /* new questions are refused */
	int inside;   /* depth of callbacks, where db_close() is forbidden */
	const char *channels[DB_LISTEN_MAX];
	bool unfit;      /* because a statement is wrong */
	char fault[256]; /* why the last attempt to connect failed; "" */
};

/* FIFO of questions: append, and take the first or NULL. */
void db_fifo_put(struct db_fifo *fifo, struct db_question *question);
struct db_question *db_fifo_take(struct db_fifo *fifo);

/* --- db_conn.c --- */

/* Make a connection of this pool and begin to connect. Release with db_conn_done(). */
void db_conn_init(struct db_conn *conn, struct db *db);

/* Close and release; what was sent fails with ERR_OUTCOME_UNKNOWN. */
void db_conn_done(struct db_conn *conn);

/* Close, fail what was sent, and connect again after the back-off. Runs continuations. */
void db_conn_lost(struct db_conn *conn, const char *why);

/* Lose it as soon as the loop runs: for places like db_ask(), where no continuation may run. */
void db_conn_break_soon(struct db_conn *conn);

/* Send what libpq holds, now and whenever the socket takes more. False when the connection is dead. */
bool db_conn_flush(struct db_conn *conn);

/* Take one result of the segment that prepares everything; with the last the connection is ready. */
void db_conn_take_setup(struct db_conn *conn, PGresult *result);

/* --- db_pipeline.c --- */

/* True when one more question may be sent. */
bool db_conn_has_room(const struct db_conn *conn);

/*
 * Send a question's whole segment and take the question into the FIFO. Returns
 * false when libpq refused before the Sync: then nothing will be executed, the
 * question stays the caller's, and the connection closes itself soon.
 */
bool db_conn_send(struct db_conn *conn, struct db_question *question, const struct db_scope *scope,
		  const struct db_arg *args, size_t count);

/* Take every result that is here. Runs continuations; they cannot release the connection. */
void db_conn_drain(struct db_conn *conn);

/* --- db.c --- */

/* Run the continuation of a question that is in no FIFO any more, and release it. */
void db_finish(struct db *db, struct db_question *question, int err);

/* A connection has room again, or is ready: send what waits. */
void db_pump(struct db *db);

/* --- db_conninfo.c --- */

/*
 * The conninfo of the nth attempt: limits and names of ours added, and the host
 * list turned so that each attempt begins with another host. Returns text to
 * free(), or NULL when the pool's conninfo cannot be parsed.
 */
char *db_conninfo(const struct db_options *options, unsigned attempt);

#endif
