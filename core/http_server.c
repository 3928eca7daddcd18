/*
 * Accepting, the cap, the sweep, the drain.
 *
 * Each turn of the loop accepts one connection at most (http_conn_open() stops
 * the listener, the greeting starts it again): workers share the socket, and
 * one that took all that wait would leave its neighbours idle.
 *
 * Deadlines are looked at by one timer for all connections: at a few thousand
 * connections a walk four times a second costs less than moving a timer on
 * every request.
 */
#include "core/http_server.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/listener.h>
#include <event2/buffer.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/http_call.h"
#include "core/http_conn.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/metrics.h"
#include "core/tls.h"

#define SWEEP_MS 250
#define PAUSE_MS 100
#define ALL_METHODS 0xffff

/* --- accepting --- */

static bool is_full(const struct http_server *server)
{
	return server->connections >= server->options.max_connections;
}

void http_server_accept(struct http_server *server)
{
	if (server->http == NULL || server->draining || server->pause != NULL || is_full(server))
		return;
	evconnlistener_enable(server->listener);
}

void http_server_count(struct http_server *server, int by)
{
	size_t resume = server->options.max_connections * 95 / 100;

	metrics_add(METRIC_HTTP_CONNECTIONS, by);
	if (by > 0) {
		server->connections++;
		if (is_full(server))
			log_warning("connection cap reached, accepting pauses",
				    LOG_INT("connections", server->connections));
		evconnlistener_disable(server->listener);
		return;
	}
	server->connections--;
	if (server->connections <= resume)
		http_server_accept(server);
}

static void on_pause_over(void *arg)
{
	struct http_server *server = arg;

	loop_timer_free(server->pause);
	server->pause = NULL;
	http_server_accept(server);
}

/* Out of descriptors or memory: the socket stays readable, so trying at once again would spin. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct http_server *server = arg;

	log_warning("cannot accept, pausing", LOG_ERRNO(errno));
	evconnlistener_disable(listener);
	if (server->pause == NULL)
		server->pause = loop_after(server->base, PAUSE_MS, on_pause_over, server);
}

/* --- requests --- */

/* evhttp_handle_request() has checked nothing that the guard has not; a difference is our bug. */
static bool is_as_guarded(const struct http_conn *conn, const struct evhttp_request *request)
{
	return conn != NULL && conn->guard.complete && conn->guard.err == 0 &&
	       request->evcon == conn->evcon && request->uri != NULL &&
	       evbuffer_get_length(request->input_buffer) == conn->guard.content_length;
}

static void on_request(struct evhttp_request *request, void *arg)
{
	struct http_server *server = arg;
	struct http_conn *conn = http_conn_of(server, request);

	if (!is_as_guarded(conn, request)) {
		log_error("guard and evhttp disagree, connection closed");
		evhttp_add_header(request->output_headers, "Connection", "close");
		evhttp_send_reply(request, err_status(ERR_BAD_FRAMING), NULL, NULL);
		return;
	}
	evhttp_request_set_on_complete_cb(request, http_conn_answered, conn);
	http_conn_enter(conn, CONN_CALL, 0);
	http_call_start(server, conn, request);
}

/* --- the sweep --- */

/* Nothing is under way any more, or there was time enough. */
static bool is_drained(const struct http_server *server, uint64_t now_ms)
{
	return (server->connections == 0 && server->calls == 0) || now_ms >= server->drain_until_ms;
}

static void on_sweep(void *arg)
{
	struct http_server *server = arg;
	uint64_t now_ms = loop_now_ms();
	struct http_conn *conn, *next;

	for (conn = TAILQ_FIRST(&server->conns); conn != NULL; conn = next) {
		next = TAILQ_NEXT(conn, link);
		http_conn_sweep(conn, now_ms);
	}
	http_call_sweep(server);
	if (server->drained != NULL && is_drained(server, now_ms)) {
		void (*drained)(void *) = server->drained;

		server->drained = NULL;
		drained(server->drained_arg); /* last: it may free the server */
	}
}

/* --- life --- */

static void make_id_prefix(struct http_server *server)
{
	unsigned char random[6] = { 0 };

	if (RAND_bytes(random, sizeof(random)) != 1)
		abort();
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(server->id_prefix + 2 * i, 3, "%02x", random[i]);
	server->id_prefix[12] = '-';
}

/* Digits by hand: snprintf would cost more than all else a small request needs of us. */
void http_server_next_id(struct http_server *server, char id[24])
{
	uint64_t number = server->next_id++ & 0xffffffffff;
	int shift = 36;
	char *end = id + 13;

	memcpy(id, server->id_prefix, 13);
	while (shift > 0 && number >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*end++ = "0123456789abcdef"[number >> shift & 0xf];
	*end = '\0';
}

static int listen_on(struct http_server *server)
{
	/* Backlog 0: it listens already; the descriptor stays the caller's. */
	server->listener = evconnlistener_new(server->base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0,
					      server->options.listen_fd);
	if (server->listener == NULL)
		return ERR_NO_MEMORY;
	evconnlistener_set_error_cb(server->listener, on_accept_error);
	if (evhttp_bind_listener(server->http, server->listener) == NULL) {
		evconnlistener_free(server->listener);
		return ERR_NO_MEMORY;
	}
	return 0;
}

static int start_evhttp(struct http_server *server)
{
	const struct http_options *options = &server->options;

	server->http = evhttp_new(server->base);
	if (server->http == NULL)
		return ERR_NO_MEMORY;
	/* The guard's limits are reached first; these are the second wall. */
	evhttp_set_max_headers_size(server->http, (ev_ssize_t)options->max_headers + 1);
	evhttp_set_max_body_size(server->http, (ev_ssize_t)options->max_body);
	evhttp_set_allowed_methods(server->http, ALL_METHODS);
	evhttp_set_flags(server->http, EVHTTP_SERVER_LINGERING_CLOSE);
	evhttp_set_default_content_type(server->http, NULL);
	evhttp_set_bevcb(server->http, http_conn_open, server);
	evhttp_set_gencb(server->http, on_request, server);
	return listen_on(server);
}

int http_server_open(struct event_base *base, const struct http_options *options,
		     struct http_server **ret_server)
{
	struct http_server *server = calloc(1, sizeof(*server));
	int err = 0;

	if (server == NULL)
		return ERR_NO_MEMORY;
	server->references = 1;
	server->base = base;
	server->options = *options;
	TAILQ_INIT(&server->conns);
	TAILQ_INIT(&server->waiting);
	make_id_prefix(server);
	if (options->tls_certificate != NULL)
		err = tls_open(options->tls_certificate, options->tls_key, &server->tls);
	if (err == 0)
		err = start_evhttp(server);
	if (err != 0) {
		http_server_free(server);
		return err;
	}
	server->sweep = loop_every(base, SWEEP_MS, on_sweep, server);
	*ret_server = server;
	return 0;
}

void http_server_drain(struct http_server *server, unsigned limit_ms, void (*drained)(void *arg),
		       void *arg)
{
	server->draining = true;
	server->drain_until_ms = loop_now_ms() + limit_ms;
	server->drained = drained;
	server->drained_arg = arg;
	evconnlistener_disable(server->listener);
}

void http_server_unref(struct http_server *server)
{
	if (--server->references > 0)
		return;
	tls_free(server->tls);
	free(server->by_fd);
	free(server);
}

void http_server_free(struct http_server *server)
{
	struct http_conn *conn;

	if (server == NULL)
		return;
	server->draining = true;
	/* Cut by us, so that evhttp leaves requests under way to their handlers instead of freeing them. */
	while ((conn = TAILQ_FIRST(&server->conns)) != NULL)
		http_conn_cut(conn);
	loop_timer_free(server->sweep);
	loop_timer_free(server->pause);
	if (server->http != NULL)
		evhttp_free(server->http);
	server->http = NULL;
	http_server_unref(server);
}

size_t http_server_connections(const struct http_server *server)
{
	return server->connections;
}

size_t http_server_calls(const struct http_server *server)
{
	return server->calls;
}
