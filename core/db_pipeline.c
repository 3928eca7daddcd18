/*
 * Questions and answers on a connection in pipeline mode (libpq chapter 34.5):
 * send a segment, take its results in the order that the chapter promises.
 *
 * PQgetResult() is never called while PQisBusy(), because it would block.
 */
#include <assert.h>
#include <event2/event.h>
#include <string.h>

#include "core/db_conn.h"
#include "core/db_drop.h"
#include "core/db_error.h"
#include "core/err.h"
#include "schema/queries.h"

#define BYTES_MAX ((size_t)1 << 20)
#define ARGUMENTS_MAX 64

static enum db_step first_step(const struct db_question *question)
{
	return question != NULL && question->scoped ? DB_STEP_ENTER : DB_STEP_ROWS;
}

/* Keep the statement's rows, or the first error of the segment. */
static void keep(struct db_question *question, PGresult *result, enum db_step step)
{
	ExecStatusType status = PQresultStatus(result);
	bool fine = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;

	assert(status != PGRES_PIPELINE_SYNC);
	if (question->result != NULL || status == PGRES_PIPELINE_ABORTED ||
	    (fine && step == DB_STEP_ENTER))
		PQclear(result);
	else
		question->result = result;
}

static int judge(const struct db_question *question)
{
	ExecStatusType status = PQresultStatus(question->result);

	if (question->doubtful)
		return ERR_OUTCOME_UNKNOWN;
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return 0;
	return db_error_of(PQresultErrorField(question->result, PG_DIAG_SQLSTATE));
}

/* The Sync of the FIFO's head is here: its transaction is over, one way or the other. */
static void answer_head(struct db_conn *conn)
{
	struct db_question *question = db_fifo_take(&conn->sent);
	int err = judge(question);

	conn->bytes -= question->bytes;
	conn->step = first_step(conn->sent.head);
	if (db_error_is_final(PQresultErrorField(question->result, PG_DIAG_SQLSTATE)))
		conn->retiring = true;
	if (db_drop_is_due(conn->db->options.name, DB_DROP_SYNC)) {
		err = ERR_OUTCOME_UNKNOWN;
		db_conn_break_soon(conn);
	}
	db_finish(conn->db, question, err);
	if (conn->retiring && conn->sent.length == 0)
		db_conn_lost(conn, "the server can no longer be used on this connection");
}

static void take_answer(struct db_conn *conn, PGresult *result)
{
	struct db_question *head = conn->sent.head;

	switch (conn->step) {
	case DB_STEP_ROWS:
		if (db_drop_is_due(conn->db->options.name, DB_DROP_ROWS))
			db_conn_break_soon(conn);
		/* fall through */
	case DB_STEP_ENTER:
		assert(result != NULL);
		keep(head, result, conn->step);
		conn->step++;
		break;
	case DB_STEP_ENTER_END:
	case DB_STEP_ROWS_END:
		assert(result == NULL);
		conn->step++;
		break;
	case DB_STEP_SYNC:
		if (result == NULL) /* ends an error of the commit itself */
			break;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			answer_head(conn);
			break;
		}
		/* The commit failed, for example a deferred constraint: the rows were never true. */
		assert(PQresultStatus(result) == PGRES_FATAL_ERROR);
		PQclear(head->result);
		head->result = result;
		break;
	}
}

static bool expects(const struct db_conn *conn)
{
	return conn->state == DB_CONN_PREPARING ||
	       (conn->state == DB_CONN_READY && conn->sent.length > 0 && !conn->broken);
}

void db_conn_drain(struct db_conn *conn)
{
	while (expects(conn) && PQisBusy(conn->pg) == 0) {
		PGresult *result = PQgetResult(conn->pg);

		/* Some states give the same error for ever: never go on reading a dead connection. */
		if (PQstatus(conn->pg) == CONNECTION_BAD) {
			PQclear(result);
			db_conn_lost(conn, PQerrorMessage(conn->pg));
		} else if (conn->state == DB_CONN_PREPARING) {
			db_conn_take_setup(conn, result);
		} else {
			take_answer(conn, result);
		}
	}
}

/* --- questions --- */

bool db_conn_has_room(const struct db_conn *conn)
{
	return conn->state == DB_CONN_READY && !conn->retiring && !conn->broken &&
	       conn->sent.length < (size_t)conn->db->options.max_in_flight &&
	       conn->bytes < BYTES_MAX;
}

static bool send_enter(struct db_conn *conn, const struct db_scope *scope)
{
	const char *values[] = { scope->account, scope->pharmacy, scope->supplier, scope->role,
				 scope->request };

	return PQsendQueryPrepared(conn->pg, sql_enter.name, 5, values, NULL, NULL, 0) != 0;
}

/* Returns false when libpq refused; else adds the arguments' size to *bytes. */
static bool send_statement(struct db_conn *conn, const struct db_statement *statement,
			   const struct db_arg *args, size_t count, size_t *bytes)
{
	const char *values[ARGUMENTS_MAX];
	int lengths[ARGUMENTS_MAX], formats[ARGUMENTS_MAX];

	assert(count <= ARGUMENTS_MAX);
	for (size_t i = 0; i < count; i++) {
		values[i] = args[i].value;
		lengths[i] = args[i].length;
		formats[i] = args[i].binary ? 1 : 0;
		if (args[i].value != NULL)
			*bytes += args[i].binary ? (size_t)args[i].length : strlen(args[i].value);
	}
	return PQsendQueryPrepared(conn->pg, statement->name, (int)count, values, lengths, formats,
				   0) != 0;
}

bool db_conn_send(struct db_conn *conn, struct db_question *question, const struct db_scope *scope,
		  const struct db_arg *args, size_t count)
{
	const char *pool = conn->db->options.name;

	question->bytes = 0;
	if (db_drop_is_due(pool, DB_DROP_SEND) || (scope != NULL && !send_enter(conn, scope)) ||
	    !send_statement(conn, question->statement, args, count, &question->bytes)) {
		db_conn_break_soon(conn);
		return false;
	}
	if (conn->sent.length == 0)
		conn->step = first_step(question);
	db_fifo_put(&conn->sent, question);
	conn->bytes += question->bytes;
	/* From here the server may commit, whatever happens to us. */
	if (PQpipelineSync(conn->pg) == 0 || !db_conn_flush(conn) ||
	    db_drop_is_due(pool, DB_DROP_SENT))
		db_conn_break_soon(conn);
	return true;
}
