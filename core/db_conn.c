/*
 * One connection's life: connect, prepare everything, own the socket, be lost,
 * connect again (libpq chapter 34.1). What is asked on it: db_pipeline.c.
 *
 * Reading is always armed, also while bytes wait to be sent: two sides that
 * both only write would wait for each other.
 */
#include "core/db_conn.h"

#include <event2/event.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/log.h"
#include "core/metrics.h"
#include "schema/queries.h"
#include "schema/setup.h"

#define CONNECT_MS 2000
#define PREPARE_MS 10000
#define BACKOFF_MIN_MS 50
#define BACKOFF_MAX_MS 2000

/* Failures are logged at the first attempt and then about once a minute. */
#define LOG_EVERY 32

static void arm_timer(struct db_conn *conn, unsigned ms)
{
	struct timeval delay = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	event_add(conn->timer, &delay);
}

static unsigned backoff_ms(unsigned failures)
{
	unsigned shift = failures < 6 ? failures : 6;
	unsigned whole = BACKOFF_MIN_MS << shift;
	uint32_t dice;

	if (whole > BACKOFF_MAX_MS)
		whole = BACKOFF_MAX_MS;
	evutil_secure_rng_get_bytes(&dice, sizeof(dice));
	return whole / 2 + dice % (whole / 2);
}

static void close_socket(struct db_conn *conn)
{
	event_del(conn->socket);
	event_del(conn->readable);
	event_del(conn->writable);
	event_del(conn->timer);
	PQfinish(conn->pg);
	conn->pg = NULL;
	conn->sent = (struct db_fifo){ .head = NULL };
	conn->bytes = 0;
	conn->retiring = false;
	conn->broken = false;
	conn->state = DB_CONN_WAITING;
}

static void note_fault(struct db_conn *conn, const char *why)
{
	struct db *db = conn->db;
	size_t length;

	snprintf(db->fault, sizeof(db->fault), "%s", why);
	length = strlen(db->fault);
	while (length > 0 && db->fault[length - 1] == '\n')
		db->fault[--length] = '\0';
	if (conn->failures % LOG_EVERY == 0)
		log_warning("database connection lost, connecting again",
			    LOG_TEXT("pool", db->options.name), LOG_TEXT("why", db->fault),
			    LOG_INT("unanswered", conn->sent.length),
			    LOG_INT("failures", conn->failures));
}

void db_conn_lost(struct db_conn *conn, const char *why)
{
	struct db_fifo sent = conn->sent;
	struct db_question *question;

	note_fault(conn, why);
	close_socket(conn);
	arm_timer(conn, backoff_ms(conn->failures++));
	while ((question = db_fifo_take(&sent)) != NULL)
		db_finish(conn->db, question, ERR_OUTCOME_UNKNOWN);
}

void db_conn_break_soon(struct db_conn *conn)
{
	conn->broken = true;
	event_active(conn->timer, EV_TIMEOUT, 1);
}

/* --- connecting --- */

static void on_connecting(evutil_socket_t fd, short what, void *arg);

/* libpq may change the descriptor at any step, so the event is made anew each time. */
static void await(struct db_conn *conn, short what)
{
	event_assign(conn->socket, conn->db->base, PQsocket(conn->pg), what, on_connecting, conn);
	event_add(conn->socket, NULL);
}

/* What libpq says of the server. A WARNING can mean that a commit was not replicated (findings 3). */
static void on_notice(void *arg, const PGresult *notice)
{
	struct db_conn *conn = arg;
	const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

	if (severity == NULL || strcmp(severity, "WARNING") != 0)
		return;
	if (conn->state == DB_CONN_READY && conn->sent.head != NULL)
		conn->sent.head->doubtful = true;
	log_warning("database warns", LOG_TEXT("pool", conn->db->options.name),
		    LOG_TEXT("text", text));
}

static void connect_now(struct db_conn *conn)
{
	char *conninfo = db_conninfo(&conn->db->options, conn->failures);

	conn->pg = conninfo != NULL ? PQconnectStart(conninfo) : NULL;
	free(conninfo);
	if (conn->pg == NULL || PQstatus(conn->pg) == CONNECTION_BAD) {
		db_conn_lost(conn, conn->pg != NULL ? PQerrorMessage(conn->pg) :
						      "the conninfo cannot be read");
		return;
	}
	PQsetNoticeReceiver(conn->pg, on_notice, conn);
	conn->state = DB_CONN_CONNECTING;
	arm_timer(conn, CONNECT_MS);
	await(conn, EV_WRITE);
}

/* The nth statement to prepare: enter.sql, then the pool's own, each once; NULL after the last. */
static const struct db_statement *to_prepare(const struct db *db, unsigned index)
{
	const struct db_statement *const *next = db->options.statements;

	if (index == 0)
		return &sql_enter;
	for (; next != NULL && *next != NULL; next++) {
		if (*next != &sql_enter && --index == 0)
			return *next;
	}
	return NULL;
}

static bool send_listen(struct db_conn *conn, const char *channel)
{
	char *name = PQescapeIdentifier(conn->pg, channel, strlen(channel));
	char text[128];
	int sent;

	/* A utility statement takes no parameters and gains nothing from being prepared. */
	snprintf(text, sizeof(text), "LISTEN %s", name);
	sent = PQsendQueryParams(conn->pg, text, 0, NULL, NULL, NULL, NULL, 0);
	PQfreemem(name);
	return sent != 0;
}

/* All in one segment: one round trip however many statements there are. */
static bool send_setup(struct db_conn *conn)
{
	const struct db_statement *statement;
	struct db *db = conn->db;

	conn->setup_done = 0;
	if (PQsetnonblocking(conn->pg, 1) != 0 || PQenterPipelineMode(conn->pg) == 0)
		return false;
	if (PQsendQueryParams(conn->pg, setup_session_durability.text, 0, NULL, NULL, NULL, NULL,
			      0) == 0)
		return false;
	for (unsigned i = 0; (statement = to_prepare(db, i)) != NULL; i++) {
		if (PQsendPrepare(conn->pg, statement->name, statement->text, 0, NULL) == 0)
			return false;
	}
	for (size_t i = 0; i < DB_LISTEN_MAX && db->channels[i] != NULL; i++) {
		if (!send_listen(conn, db->channels[i]))
			return false;
	}
	return PQpipelineSync(conn->pg) != 0;
}

bool db_conn_flush(struct db_conn *conn)
{
	int unsent = PQflush(conn->pg);

	if (unsent > 0)
		event_add(conn->writable, NULL);
	return unsent >= 0;
}

static void on_readable(evutil_socket_t fd, short what, void *arg);
static void on_writable(evutil_socket_t fd, short what, void *arg);

static void begin_setup(struct db_conn *conn)
{
	struct event_base *base = conn->db->base;
	int fd = PQsocket(conn->pg);

	conn->state = DB_CONN_PREPARING;
	arm_timer(conn, PREPARE_MS);
	event_assign(conn->readable, base, fd, EV_READ | EV_PERSIST, on_readable, conn);
	event_assign(conn->writable, base, fd, EV_WRITE, on_writable, conn);
	event_add(conn->readable, NULL);
	if (!send_setup(conn) || !db_conn_flush(conn))
		db_conn_lost(conn, PQerrorMessage(conn->pg));
}

static void on_connecting(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *conn = arg;

	(void)fd;
	(void)what;
	switch (PQconnectPoll(conn->pg)) {
	case PGRES_POLLING_READING:
		await(conn, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
		await(conn, EV_WRITE);
		break;
	case PGRES_POLLING_OK:
		begin_setup(conn);
		break;
	default:
		db_conn_lost(conn, PQerrorMessage(conn->pg));
	}
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *conn = arg;

	(void)fd;
	(void)what;
	if (conn->state == DB_CONN_WAITING)
		connect_now(conn);
	else if (conn->state == DB_CONN_CONNECTING)
		db_conn_lost(conn, "no connection within 2 s");
	else if (conn->state == DB_CONN_PREPARING)
		db_conn_lost(conn, "statements not prepared within 10 s");
	else
		db_conn_lost(conn, "libpq could not send");
}

/* --- answers --- */

static void become_ready(struct db_conn *conn)
{
	struct db *db = conn->db;

	event_del(conn->timer);
	conn->state = DB_CONN_READY;
	if (conn->failures > 0)
		log_info("database connection is back", LOG_TEXT("pool", db->options.name));
	conn->failures = 0;
	db->fault[0] = '\0';
	db->unfit = false;
	metrics_add(METRIC_DB_CONNECTS, 1);
	if (db->options.on_ready != NULL) {
		db->inside++;
		db->options.on_ready(db, db->options.arg);
		db->inside--;
	}
	db_pump(db);
}

/* What is acknowledged here would not be safe: tell, and let nobody ask. */
static void refuse_setting(struct db_conn *conn, PGresult *result)
{
	char why[200];

	snprintf(why, sizeof(why), "scans could be lost with %s = %s, set it to on",
		 PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1));
	conn->db->unfit = true;
	PQclear(result);
	db_conn_lost(conn, why);
}

/* Of session_durability.sql and per statement a result and NULL, at the end the Sync. */
void db_conn_take_setup(struct db_conn *conn, PGresult *result)
{
	const struct db_statement *statement;
	ExecStatusType status;
	char why[200];

	if (result == NULL) {
		conn->setup_done++;
		return;
	}
	status = PQresultStatus(result);
	if (status == PGRES_TUPLES_OK && PQntuples(result) > 0) {
		refuse_setting(conn, result);
		return;
	}
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
		PQclear(result);
		return;
	}
	if (status == PGRES_PIPELINE_SYNC) {
		PQclear(result);
		become_ready(conn);
		return;
	}
	statement = conn->setup_done > 0 ? to_prepare(conn->db, conn->setup_done - 1) :
					   &setup_session_durability;
	snprintf(why, sizeof(why), "cannot prepare %s: %s", statement ? statement->name : "LISTEN",
		 PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	conn->db->unfit = strncmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42", 2) == 0;
	PQclear(result);
	db_conn_lost(conn, why);
}

static void deliver_notifications(struct db_conn *conn)
{
	struct db *db = conn->db;
	PGnotify *note;

	while (conn->state == DB_CONN_READY && (note = PQnotifies(conn->pg)) != NULL) {
		if (db->options.on_notify != NULL) {
			db->inside++;
			db->options.on_notify(note->relname, note->extra, db->options.arg);
			db->inside--;
		}
		PQfreemem(note);
	}
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *conn = arg;
	struct db *db = conn->db;

	(void)fd;
	(void)what;
	if (PQconsumeInput(conn->pg) == 0 || !db_conn_flush(conn)) {
		db_conn_lost(conn, PQerrorMessage(conn->pg));
		return;
	}
	db_conn_drain(conn);
	deliver_notifications(conn);
	db_pump(db);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *conn = arg;

	(void)fd;
	(void)what;
	if (!db_conn_flush(conn))
		db_conn_lost(conn, PQerrorMessage(conn->pg));
}

/* --- beginning and end --- */

void db_conn_init(struct db_conn *conn, struct db *db)
{
	conn->db = db;
	conn->socket = event_new(db->base, -1, 0, on_connecting, conn);
	conn->readable = event_new(db->base, -1, 0, on_readable, conn);
	conn->writable = event_new(db->base, -1, 0, on_writable, conn);
	conn->timer = event_new(db->base, -1, 0, on_timer, conn);
	if (!conn->socket || !conn->readable || !conn->writable || !conn->timer)
		abort();
	event_active(conn->timer, EV_TIMEOUT, 1);
}

void db_conn_done(struct db_conn *conn)
{
	struct db_fifo sent = conn->sent;
	struct db_question *question;

	close_socket(conn);
	event_free(conn->socket);
	event_free(conn->readable);
	event_free(conn->writable);
	event_free(conn->timer);
	while ((question = db_fifo_take(&sent)) != NULL)
		db_finish(conn->db, question, ERR_OUTCOME_UNKNOWN);
}
