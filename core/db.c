/*
 * The pool: which connection gets a question, what waits, what waited too long.
 *
 * A question goes at once to the connection with the fewest unanswered ones;
 * its arguments are copied only when it has to wait. The order of asking is
 * kept among those that wait, not between connections.
 */
#include "core/db.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "core/db_conn.h"
#include "core/err.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/metrics.h"

#define DEADLINE_MS 13000
#define WAIT_MS 2000
#define IN_FLIGHT 64
#define QUEUED 4096
#define CLOCK_MS 100

void db_fifo_put(struct db_fifo *fifo, struct db_question *question)
{
	question->next = NULL;
	if (fifo->tail != NULL)
		fifo->tail->next = question;
	else
		fifo->head = question;
	fifo->tail = question;
	fifo->length++;
}

static void fifo_put_first(struct db_fifo *fifo, struct db_question *question)
{
	question->next = fifo->head;
	fifo->head = question;
	if (fifo->tail == NULL)
		fifo->tail = question;
	fifo->length++;
}

struct db_question *db_fifo_take(struct db_fifo *fifo)
{
	struct db_question *question = fifo->head;

	if (question == NULL)
		return NULL;
	fifo->head = question->next;
	if (fifo->head == NULL)
		fifo->tail = NULL;
	fifo->length--;
	return question;
}

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		abort();
	return memory;
}

/* --- answers --- */

/* A failure is counted; one that is our own bug is logged here, because handlers see only `err`. */
static void note_error(const struct db *db, const struct db_question *question,
		       const struct db_reply *reply)
{
	metrics_add(METRIC_DB_ERRORS, 1);
	if (reply->err == ERR_OUTCOME_UNKNOWN)
		metrics_add(METRIC_DB_UNKNOWN, 1);
	if (reply->err == ERR_INTERNAL && !db->options.quiet)
		log_error("statement failed", LOG_TEXT("pool", db->options.name),
			  LOG_TEXT("statement", question->statement->name),
			  LOG_TEXT("sqlstate", db_reply_sqlstate(reply)),
			  LOG_TEXT("message", db_reply_message(reply)));
}

void db_finish(struct db *db, struct db_question *question, int err)
{
	struct db_reply reply = { .err = err, .result = question->result };

	db->outstanding--;
	if (err != 0)
		note_error(db, question, &reply);
	db->inside++;
	question->done(&reply, question->arg);
	db->inside--;
	PQclear(question->result);
	free(question->copy);
	free(question);
}

/* --- waiting --- */

static struct db_copy *copy_arguments(const struct db_scope *scope, const struct db_arg *args,
				      size_t count)
{
	size_t size = sizeof(struct db_copy) + count * sizeof(struct db_arg);
	size_t *lengths = allocate((count + 1) * sizeof(*lengths));
	struct db_copy *copy;
	char *bytes;

	for (size_t i = 0; i < count; i++) {
		if (args[i].value == NULL)
			continue;
		lengths[i] = args[i].binary ? (size_t)args[i].length : strlen(args[i].value) + 1;
		size += lengths[i];
	}
	copy = allocate(size);
	copy->count = count;
	if (scope != NULL)
		copy->scope = *scope;
	bytes = (char *)&copy->args[count];
	for (size_t i = 0; i < count; i++) {
		copy->args[i] = args[i];
		if (args[i].value == NULL)
			continue;
		copy->args[i].value = memcpy(bytes, args[i].value, lengths[i]);
		bytes += lengths[i];
	}
	free(lengths);
	return copy;
}

static struct db_conn *choose(struct db *db)
{
	struct db_conn *best = NULL;

	for (int i = 0; i < db->options.connections; i++) {
		struct db_conn *conn = &db->conns[i];

		if (db_conn_has_room(conn) &&
		    (best == NULL || conn->sent.length < best->sent.length))
			best = conn;
	}
	return best;
}

void db_pump(struct db *db)
{
	struct db_conn *conn;

	while (db->waiting.head != NULL && (conn = choose(db)) != NULL) {
		struct db_question *question = db->waiting.head;
		struct db_copy *copy = question->copy;

		db_fifo_take(&db->waiting);
		if (!db_conn_send(conn, question, question->scoped ? &copy->scope : NULL,
				  copy->args, copy->count)) {
			fifo_put_first(&db->waiting, question);
			continue;
		}
		question->copy = NULL;
		free(copy);
	}
}

static void refuse(struct db *db, struct db_question *question, int err)
{
	question->err = err;
	db_fifo_put(&db->refused, question);
	event_active(db->soon, EV_TIMEOUT, 1);
}

static void on_soon(evutil_socket_t fd, short what, void *arg)
{
	struct db *db = arg;
	struct db_fifo refused = db->refused;
	struct db_question *question;

	(void)fd;
	(void)what;
	db->refused = (struct db_fifo){ .head = NULL };
	while ((question = db_fifo_take(&refused)) != NULL)
		db_finish(db, question, question->err);
}

/* --- deadlines --- */

static void arm_clock(struct db *db)
{
	unsigned ms = db->options.deadline_ms / 10 < CLOCK_MS ? db->options.deadline_ms / 10 + 1 :
								CLOCK_MS;
	struct timeval period = { .tv_usec = ms * 1000 };

	event_add(db->clock, &period);
}

/* Questions are sent in the order of asking, so the first of a FIFO is the oldest. */
static bool is_late(const struct db_fifo *fifo, uint64_t now, unsigned limit_ms)
{
	return fifo->head != NULL && now - fifo->head->asked_ms > limit_ms;
}

static void on_clock(evutil_socket_t fd, short what, void *arg)
{
	struct db *db = arg;
	uint64_t now = loop_now_ms();
	unsigned deadline = db->options.deadline_ms;

	(void)fd;
	(void)what;
	for (int i = 0; i < db->options.connections; i++) {
		if (is_late(&db->conns[i].sent, now, deadline))
			db_conn_lost(&db->conns[i], "no answer before the deadline");
	}
	while (is_late(&db->waiting, now, deadline < WAIT_MS ? deadline : WAIT_MS))
		db_finish(db, db_fifo_take(&db->waiting),
			  db_is_ready(db) ? ERR_BUSY : ERR_DATABASE_DOWN);
	if (db->outstanding > 0)
		arm_clock(db);
}

/* --- the interface --- */

void db_ask(struct db *db, const struct db_scope *scope, const struct db_statement *statement,
	    const struct db_arg *args, size_t count, db_done *done, void *arg)
{
	struct db_question *question = allocate(sizeof(*question));
	struct db_conn *conn;

	assert(count == (size_t)statement->parameters);
	question->statement = statement;
	question->done = done;
	question->arg = arg;
	question->asked_ms = loop_now_ms();
	question->scoped = scope != NULL;
	metrics_add(METRIC_DB_QUESTIONS, 1);
	if (db->outstanding++ == 0)
		arm_clock(db);
	if (db->closing) {
		refuse(db, question, ERR_CANCELLED);
		return;
	}
	conn = db->waiting.length == 0 ? choose(db) : NULL;
	if (conn != NULL && db_conn_send(conn, question, scope, args, count))
		return;
	if (db->waiting.length >= (size_t)db->options.max_queued) {
		refuse(db, question, ERR_BUSY);
		return;
	}
	question->copy = copy_arguments(scope, args, count);
	db_fifo_put(&db->waiting, question);
}

static void set_options(struct db *db, const struct db_options *options)
{
	struct db_options *own = &db->options;

	*own = *options;
	own->conninfo = strdup(options->conninfo);
	own->name = strdup(options->name);
	if (own->conninfo == NULL || own->name == NULL)
		abort();
	if (own->connections <= 0)
		own->connections = 1;
	if (own->max_in_flight <= 0)
		own->max_in_flight = IN_FLIGHT;
	if (own->max_queued <= 0)
		own->max_queued = QUEUED;
	if (own->deadline_ms == 0)
		own->deadline_ms = DEADLINE_MS;
}

struct db *db_open(struct event_base *base, const struct db_options *options)
{
	struct db *db = allocate(sizeof(*db));

	set_options(db, options);
	db->base = base;
	db->soon = event_new(base, -1, 0, on_soon, db);
	db->clock = event_new(base, -1, 0, on_clock, db);
	if (db->soon == NULL || db->clock == NULL)
		abort();
	db->conns = allocate((size_t)db->options.connections * sizeof(*db->conns));
	for (int i = 0; i < db->options.connections; i++)
		db_conn_init(&db->conns[i], db);
	return db;
}

void db_close(struct db *db)
{
	struct db_question *question;

	if (db == NULL)
		return;
	assert(db->inside == 0);
	db->closing = true;
	for (int i = 0; i < db->options.connections; i++)
		db_conn_done(&db->conns[i]);
	while ((question = db_fifo_take(&db->waiting)) != NULL)
		db_finish(db, question, ERR_CANCELLED);
	while ((question = db_fifo_take(&db->refused)) != NULL)
		db_finish(db, question, question->err);
	event_free(db->soon);
	event_free(db->clock);
	free(db->conns);
	free((char *)db->options.conninfo);
	free((char *)db->options.name);
	free(db);
}

void db_listen(struct db *db, const char *channel)
{
	size_t i = 0;

	assert(!db_is_ready(db));
	while (i < DB_LISTEN_MAX && db->channels[i] != NULL)
		i++;
	assert(i < DB_LISTEN_MAX);
	db->channels[i] = channel;
}

const char *db_fault(const struct db *db)
{
	return db->fault[0] != '\0' ? db->fault : NULL;
}

bool db_is_unfit(const struct db *db)
{
	return db->unfit;
}

bool db_is_ready(const struct db *db)
{
	for (int i = 0; i < db->options.connections; i++) {
		if (db->conns[i].state == DB_CONN_READY)
			return true;
	}
	return false;
}

size_t db_outstanding(const struct db *db)
{
	return db->outstanding;
}
