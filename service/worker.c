/*
 * One worker: event loop, connections to PostgreSQL, HTTP.
 *
 * The graceful stop, in this order: accept no more and answer what was begun
 * (http_server_drain), let the database answer what nobody waits for any more,
 * then release from the roof down: HTTP before those who hold its calls, the
 * database last.
 */
#include "service/worker.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "core/db.h"
#include "core/db_drop.h"
#include "core/err.h"
#include "core/http.h"
#include "core/jobs.h"
#include "core/log.h"
#include "core/loop.h"
#include "inventory/scan_intake.h"
#include "inventory/workstations.h"
#include "replenish/feed.h"
#include "schema/queries.h"
#include "service/options.h"
#include "service/pages.h"
#include "service/routes.h"
#include "service/status.h"

#define EXIT_USELESS 2
#define EXIT_AGAIN 3

#define FEED_CHANNEL "yaoku_feed"

#define SLOW_CONNECTIONS 2

/* Kept of --drain for the database to answer and for us to end before the parent kills. */
#define RESERVE_MS 1500
#define SETTLE_MS 50
#define SETTLE_TIMES 20

struct worker {
	const struct worker_options *options;
	struct event_base *base;
	struct event *stop;
	struct db *db;     /* answers most calls */
	struct db *slow;   /* answers those that take long, one at a time on a connection */
	struct db *listen; /* one connection, for notices only */
	struct access *access;
	struct feed *feed;
	struct jobs *jobs;
	struct http_server *http;
	struct endpoint_router api;
	struct status status;
	struct loop_timer *check;  /* at the start: are our statements fit? */
	struct loop_timer *settle; /* at the end: has the database answered? */
	int settled;
	int exit_code;
};

static void answer(struct http_call *call, void *arg)
{
	struct worker *worker = arg;
	const char *path = http_call_path(call);

	if (strncmp(path, "/api/", strlen("/api/")) == 0)
		endpoint_route(call, &worker->api);
	else if (status_has(path))
		status_answer(call, &worker->status);
	else
		pages_answer(call);
}

/* --- notices --- */

static void on_notify(const char *channel, const char *payload, void *arg)
{
	struct worker *worker = arg;

	if (strcmp(channel, ACCESS_CHANNEL) == 0)
		access_notice(worker->access, payload);
	else if (strcmp(channel, FEED_CHANNEL) == 0)
		feed_notify(worker->feed, payload);
	else if (strcmp(channel, WORKSTATIONS_CHANNEL) == 0)
		workstations_notice();
}

/* What was said while nobody listened is lost: act as if everything had changed. */
static void on_listening(struct db *db, void *arg)
{
	struct worker *worker = arg;

	(void)db;
	access_forget(worker->access);
	workstations_notice();
}

/* --- stop --- */

static void finish(void *arg)
{
	struct worker *worker = arg;

	if (db_outstanding(worker->db) + db_outstanding(worker->slow) > 0 &&
	    worker->settled++ < SETTLE_TIMES)
		return;
	event_base_loopbreak(worker->base);
}

static void on_drained(void *arg)
{
	struct worker *worker = arg;

	worker->settle = loop_every(worker->base, SETTLE_MS, finish, worker);
}

static void stop(struct worker *worker)
{
	long drain_ms = worker->options->options->drain * 1000;

	log_info("worker drains", LOG_INT("calls", http_server_calls(worker->http)));
	feed_stop(worker->feed);
	http_server_drain(worker->http,
			  drain_ms > RESERVE_MS ? (unsigned)(drain_ms - RESERVE_MS) : 0, on_drained,
			  worker);
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;

	(void)fd;
	(void)what;
	event_del(worker->stop);
	stop(worker);
}

/* A statement that the server refuses as wrong stays wrong: say so and end, instead of trying for ever. */
static void check(void *arg)
{
	struct worker *worker = arg;

	if (db_is_unfit(worker->db)) {
		log_error("the database does not fit this program",
			  LOG_TEXT("why", db_fault(worker->db)));
		worker->exit_code = EXIT_USELESS;
		event_base_loopbreak(worker->base);
		return;
	}
	if (db_is_ready(worker->db)) {
		loop_timer_free(worker->check);
		worker->check = NULL;
	}
}

/* --- start --- */

/* The parent handles what the terminal sends to all; only SIGTERM is for us. */
static void take_signals(struct worker *worker)
{
	sigset_t none;

	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	worker->stop = evsignal_new(worker->base, SIGTERM, on_stop, worker);
	if (worker->stop == NULL || event_add(worker->stop, NULL) != 0)
		abort();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void open_database(struct worker *worker)
{
	struct db_options pool = {
		.conninfo = worker->options->conninfo,
		.name = "pool",
		.connections = (int)worker->options->options->connections,
		.statements = sql_all,
	};
	struct db_options slow = {
		.conninfo = worker->options->conninfo,
		.name = "slow",
		.connections = SLOW_CONNECTIONS,
		.max_in_flight = 1,
		.statements = sql_all,
	};
	struct db_options listen = {
		.conninfo = worker->options->conninfo,
		.name = "listen",
		.connections = 1,
		.on_notify = on_notify,
		.on_ready = on_listening,
		.arg = worker,
	};

	worker->db = db_open(worker->base, &pool);
	worker->slow = db_open(worker->base, &slow);
	worker->listen = db_open(worker->base, &listen);
	db_listen(worker->listen, ACCESS_CHANNEL);
	db_listen(worker->listen, FEED_CHANNEL);
	db_listen(worker->listen, WORKSTATIONS_CHANNEL);
}

static void open_folders(struct worker *worker)
{
	const struct options *options = worker->options->options;

	worker->access = access_open(worker->base, worker->db);
	worker->feed = feed_open(worker->base, worker->db);
	workstations_open(worker->base, worker->db);
	scan_intake_open(worker->base, worker->options->conninfo);
	worker->jobs = jobs_open(worker->base, worker->options->conninfo, service_jobs());
	worker->api = (struct endpoint_router){
		.tables = service_tables,
		.admit = access_admit,
		.db = worker->db,
		.slow_db = worker->slow,
		.arg = worker->access,
	};
	worker->status = (struct status){
		.db = worker->db,
		.access = worker->access,
		.demo = options->demo,
		.open_metrics = options->open_metrics,
	};
}

static int open_http(struct worker *worker)
{
	size_t clients = (size_t)worker->options->options->max_clients;
	struct http_options http = {
		.listen_fd = worker->options->listen_fd,
		.tls_certificate = worker->options->tls_cert,
		.tls_key = worker->options->tls_key,
		.max_connections = clients,
		/* On loopback everybody has one address; elsewhere no one may take all places. */
		.max_connections_per_address = options_is_loopback(worker->options->options) ?
						       0 :
						       clients / 4,
		.max_body = (size_t)1 << 20,
		.max_headers = (size_t)16 << 10,
		.idle_seconds = 75,
		.handler = answer,
		.arg = worker,
	};

	return http_server_open(worker->base, &http, &worker->http);
}

static void close_all(struct worker *worker)
{
	/* evhttp frees pending calls under their owners; what is left then ends with the process. */
	if (http_server_calls(worker->http) > 0) {
		log_warning("calls left unanswered",
			    LOG_INT("calls", http_server_calls(worker->http)));
		return;
	}
	loop_timer_free(worker->check);
	loop_timer_free(worker->settle);
	http_server_free(worker->http);
	endpoint_router_done(&worker->api);
	jobs_close(worker->jobs);
	access_close(worker->access);
	scan_intake_close();
	db_close(worker->listen);
	db_close(worker->slow);
	db_close(worker->db);
	feed_close(worker->feed);
	workstations_close();
	event_free(worker->stop);
	event_base_free(worker->base);
}

int worker_run(const struct worker_options *options)
{
	struct worker worker = { .options = options, .base = loop_new() };
	const char *drop = getenv("YAOKU_DB_DROP");
	int err;

	if (drop != NULL && !db_drop_parse(drop))
		log_warning("YAOKU_DB_DROP is not POOL:POINT:N, ignoring");
	take_signals(&worker);
	open_database(&worker);
	open_folders(&worker);
	err = open_http(&worker);
	if (err != 0) {
		log_error("HTTP cannot be served", LOG_TEXT("error", err_text(err)));
		return EXIT_USELESS;
	}
	worker.check = loop_every(worker.base, 1000, check, &worker);
	log_info("worker started");
	if (event_base_dispatch(worker.base) != 0)
		worker.exit_code = EXIT_AGAIN;
	close_all(&worker);
	return worker.exit_code;
}
