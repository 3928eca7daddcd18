/*
 * The guard hangs on the input buffer: libevent calls it for bytes that were
 * added before it calls evhttp, so a refused request never reaches evhttp. All
 * else waits for a safe moment (`later`, the sweep), because evhttp and the
 * bufferevent are on the stack when the guard speaks.
 */
#include "core/http_conn.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/err.h"
#include "core/http_call.h"
#include "core/http_server.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/metrics.h"
#include "core/tls.h"

#define HANDSHAKE_MS 5000
#define HEAD_MS 5000
#define BODY_MS 15000
#define LINGER_MS 2000 /* to read what a refused client still sends, lest a reset eats the answer */
#define INPUT_SLACK 65536    /* beyond one request; more than a single read brings */
#define NO_PROGRESS_MS 15000 /* a client that takes nothing of its answer for so long is cut */

static void guard_reset(struct http_conn *conn)
{
	const struct http_options *options = &conn->server->options;

	http_guard_init(&conn->guard, options->max_headers, options->max_body);
	conn->body_left = 0;
}

void http_conn_enter(struct http_conn *conn, enum http_phase phase, unsigned limit_ms)
{
	uint64_t now_ms = loop_now_ms();

	conn->phase = phase;
	conn->deadline_ms = limit_ms != 0 ? now_ms + limit_ms : 0;
	conn->unsent = 0;
	conn->progress_ms = now_ms;
}

static void enter_idle(struct http_conn *conn)
{
	guard_reset(conn);
	http_conn_enter(conn, CONN_IDLE, conn->server->options.idle_seconds * 1000);
}

/* --- the guard --- */

/* Read a piece of the request under way. */
static void read_piece(struct http_conn *conn, const char *data, size_t length)
{
	size_t head = http_guard_feed(&conn->guard, data, length);
	size_t rest = length - head;

	if (conn->guard.err != 0)
		return;
	if (conn->phase < CONN_HEAD)
		http_conn_enter(conn, CONN_HEAD, HEAD_MS);
	if (!conn->guard.complete)
		return;
	if (conn->phase == CONN_HEAD) {
		conn->body_left = conn->guard.content_length;
		http_conn_enter(conn, CONN_BODY, BODY_MS);
	}
	/* Bytes beyond the body are the next request's: http_conn_answered() will look at them. */
	conn->body_left -= rest < conn->body_left ? rest : conn->body_left;
}

/* Read the last `length` bytes of the input buffer without taking them from it. */
static void read_tail(struct http_conn *conn, struct evbuffer *input, size_t length)
{
	struct evbuffer_ptr at;
	struct evbuffer_iovec piece;

	evbuffer_ptr_set(input, &at, evbuffer_get_length(input) - length, EVBUFFER_PTR_SET);
	while (length > 0 && evbuffer_peek(input, 1, &at, &piece, 1) > 0 && piece.iov_len > 0) {
		size_t step = piece.iov_len < length ? piece.iov_len : length;

		read_piece(conn, piece.iov_base, step);
		length -= step;
		if (length > 0 && evbuffer_ptr_set(input, &at, step, EVBUFFER_PTR_ADD) != 0)
			break;
	}
}

static void log_refusal(const struct http_conn *conn)
{
	char *address = NULL;
	ev_uint16_t port;

	evhttp_connection_get_peer(conn->evcon, &address, &port);
	metrics_add(METRIC_HTTP_REFUSED, 1);
	log_info("request refused", LOG_TEXT("peer", address), LOG_TEXT("rule", conn->guard.reason),
		 LOG_INT("status", err_status(conn->guard.err)));
}

/* Learn evhttp's object, which did not exist yet when it asked for the bufferevent. */
static bool adopt(struct http_conn *conn);

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
	struct http_conn *conn = arg;

	if (info->n_added == 0 || conn->phase > CONN_BODY || !adopt(conn))
		return;
	read_tail(conn, input, info->n_added);
	if (conn->guard.err == 0)
		return;
	/* Take evhttp off the connection before it reads; its callbacks are needed at the end. */
	bufferevent_getcb(conn->bev, &conn->evhttp_read, &conn->evhttp_write, &conn->evhttp_event,
			  NULL);
	bufferevent_setcb(conn->bev, NULL, NULL, NULL, NULL);
	http_conn_enter(conn, CONN_REFUSED, LINGER_MS);
	event_active(&conn->later, EV_TIMEOUT, 0);
}

/* --- the refusal --- */

static void on_linger_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(bev);

	(void)arg;
	evbuffer_drain(input, evbuffer_get_length(input));
}

static void on_linger_written(struct bufferevent *bev, void *arg)
{
	struct http_conn *conn = arg;

	if (conn->server->tls != NULL)
		tls_send_last(bev, NULL, 0);
	shutdown(conn->fd, SHUT_WR);
}

static void on_linger_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	http_conn_cut(arg);
}

static void send_refusal(struct http_conn *conn)
{
	size_t length;
	char *answer = http_refusal(conn->server, conn->guard.err, conn->server->tls != NULL,
				    &length);

	log_refusal(conn);
	on_linger_read(conn->bev, conn);
	bufferevent_setcb(conn->bev, on_linger_read, on_linger_written, on_linger_event, conn);
	bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
	bufferevent_write(conn->bev, answer, length);
	free(answer);
}

/*
 * A pipelined request is refused between two requests, where evhttp can be
 * told to close but not to write: the answer goes to the socket directly. The
 * one before it has been written whole, so there is room.
 */
static void send_refusal_now(struct http_conn *conn)
{
	size_t length;
	char *answer = http_refusal(conn->server, conn->guard.err, conn->server->tls != NULL,
				    &length);

	log_refusal(conn);
	if (conn->server->tls != NULL)
		tls_send_last(conn->bev, answer, (int)length);
	else if (send(conn->fd, answer, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("refusal not sent, ignoring", LOG_INT("fd", conn->fd));
	free(answer);
}

void http_conn_answered(struct evhttp_request *request, void *arg)
{
	struct http_conn *conn = arg;
	struct evbuffer *input = bufferevent_get_input(conn->bev);

	enter_idle(conn);
	read_tail(conn, input, evbuffer_get_length(input));
	if (conn->guard.err != 0)
		send_refusal_now(conn);
	if (conn->guard.err != 0 || conn->server->draining) {
		/* evhttp decides after this callback, by these headers, whether to close. */
		evhttp_remove_header(evhttp_request_get_output_headers(request), "Connection");
		evhttp_add_header(evhttp_request_get_output_headers(request), "Connection",
				  "close");
	}
}

/* --- life --- */

static void release(struct http_conn *conn)
{
	struct http_server *server = conn->server;

	TAILQ_REMOVE(&server->conns, conn, link);
	if (conn->fd >= 0 && (size_t)conn->fd < server->fds && server->by_fd[conn->fd] == conn)
		server->by_fd[conn->fd] = NULL;
	event_del(&conn->later);
	evbuffer_remove_cb(bufferevent_get_input(conn->bev), on_input, conn);
	bufferevent_decref(conn->bev);
	if (conn->call != NULL)
		http_call_lost(conn->call);
	http_server_count(server, -1);
	free(conn);
	http_server_unref(server);
}

/* evhttp closes the connection, for whichever reason. */
static void on_close(struct evhttp_connection *evcon, void *arg)
{
	(void)evcon;
	release(arg);
}

static void remember_fd(struct http_conn *conn)
{
	struct http_server *server = conn->server;
	size_t index = (size_t)conn->fd;

	if (index >= server->fds) {
		size_t fds = index * 2 + 64;
		struct http_conn **by_fd = realloc(server->by_fd, fds * sizeof(*by_fd));

		if (by_fd == NULL)
			abort();
		memset(by_fd + server->fds, 0, (fds - server->fds) * sizeof(*by_fd));
		server->by_fd = by_fd;
		server->fds = fds;
	}
	server->by_fd[index] = conn;
}

static bool adopt(struct http_conn *conn)
{
	const struct http_options *options = &conn->server->options;
	void *evcon = NULL;

	if (conn->evcon != NULL)
		return true;
	bufferevent_getcb(conn->bev, NULL, NULL, NULL, &evcon);
	if (evcon == NULL)
		return false;
	conn->evcon = evcon;
	conn->fd = bufferevent_getfd(conn->bev);
	remember_fd(conn);
	evhttp_connection_set_closecb(conn->evcon, on_close, conn);
	/* evhttp reads on while it writes an answer; one whole request is as much as may wait. */
	bufferevent_setwatermark(conn->bev, EV_READ, 0,
				 options->max_headers + options->max_body + INPUT_SLACK);
	return true;
}

static size_t connections_from(const struct http_server *server, const char *address)
{
	struct http_conn *conn;
	size_t count = 0;

	TAILQ_FOREACH(conn, &server->conns, link)
	{
		char *other = NULL;
		ev_uint16_t port;

		if (conn->evcon == NULL)
			continue;
		evhttp_connection_get_peer(conn->evcon, &other, &port);
		count += strcmp(other, address) == 0;
	}
	return count;
}

/* First look at a new connection. */
static void greet(struct http_conn *conn)
{
	size_t cap = conn->server->options.max_connections_per_address;
	char *address = NULL;
	ev_uint16_t port;
	int on = 1;

	conn->greeted = true;
	http_server_accept(conn->server);
	if (!adopt(conn)) {
		release(conn); /* evhttp could not set it up and has dropped it */
		return;
	}
	setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	evhttp_connection_get_peer(conn->evcon, &address, &port);
	if (cap != 0 && connections_from(conn->server, address) > cap) {
		log_info("too many connections from one address", LOG_TEXT("peer", address));
		http_conn_cut(conn);
	}
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *conn = arg;
	bool refused = conn->phase == CONN_REFUSED;

	(void)fd;
	(void)what;
	if (refused)
		send_refusal(conn);
	if (!conn->greeted)
		greet(conn);
}

struct bufferevent *http_conn_open(struct event_base *base, void *arg)
{
	struct http_server *server = arg;
	struct http_conn *conn = calloc(1, sizeof(*conn));

	if (conn == NULL)
		abort();
	conn->bev = server->tls != NULL ? tls_bufferevent(server->tls, base) :
					  bufferevent_socket_new(base, -1, 0);
	if (conn->bev == NULL)
		abort();
	bufferevent_incref(conn->bev);
	conn->server = server;
	server->references++;
	conn->fd = -1;
	TAILQ_INSERT_TAIL(&server->conns, conn, link);
	evbuffer_add_cb(bufferevent_get_input(conn->bev), on_input, conn);
	evtimer_assign(&conn->later, base, on_later, conn);
	event_active(&conn->later, EV_TIMEOUT, 0);
	http_server_count(server, 1);
	enter_idle(conn);
	if (server->tls != NULL)
		http_conn_enter(conn, CONN_HANDSHAKE, HANDSHAKE_MS);
	return conn->bev;
}

struct http_conn *http_conn_of(struct http_server *server, struct evhttp_request *request)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(request);
	size_t fd = (size_t)bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));

	return fd < server->fds ? server->by_fd[fd] : NULL;
}

void http_conn_cut(struct http_conn *conn)
{
	if (!adopt(conn)) {
		release(conn);
		return;
	}
	if (conn->phase == CONN_REFUSED)
		bufferevent_setcb(conn->bev, conn->evhttp_read, conn->evhttp_write,
				  conn->evhttp_event, conn->evcon);
	/* Ends in on_close(). A request that a handler has is left to that handler. */
	bufferevent_trigger_event(conn->bev, BEV_EVENT_TIMEOUT | BEV_EVENT_READING, 0);
}

/* True when the client has taken nothing of what waits for it for too long. */
static bool is_stuck(struct http_conn *conn, uint64_t now_ms)
{
	size_t unsent = evbuffer_get_length(bufferevent_get_output(conn->bev));

	if (unsent != conn->unsent || unsent == 0) {
		conn->unsent = unsent;
		conn->progress_ms = now_ms;
	}
	return now_ms - conn->progress_ms >= NO_PROGRESS_MS;
}

void http_conn_sweep(struct http_conn *conn, uint64_t now_ms)
{
	bool cut = conn->deadline_ms != 0 && now_ms >= conn->deadline_ms;

	switch (conn->phase) {
	case CONN_HANDSHAKE:
		if (tls_is_established(conn->bev))
			enter_idle(conn);
		break;
	case CONN_IDLE:
		cut = cut || conn->server->draining;
		break;
	case CONN_ANSWER:
		cut = cut || is_stuck(conn, now_ms);
		break;
	case CONN_STREAM:
		cut = is_stuck(conn, now_ms) || http_stream_is_over(conn->call);
		break;
	case CONN_HEAD:
	case CONN_BODY:
	case CONN_CALL:
	case CONN_REFUSED:
		break;
	}
	if (cut)
		http_conn_cut(conn);
}
