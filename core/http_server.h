/*
 * The server as its own parts see it: what http_server.c keeps for the
 * connections and the calls. Nobody outside core/http*.c includes this.
 */
#ifndef CORE_HTTP_SERVER_H
#define CORE_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/http.h"

struct evconnlistener;
struct evhttp;
struct http_conn;
struct loop_timer;
struct tls;

/*
 * One worker's server. Referred to by its owner, each connection and each call
 * not yet answered; released with the last of them, so that a late answer from
 * the database finds it even after http_server_free().
 */
struct http_server {
	size_t references;
	struct event_base *base;
	struct http_options options;
	struct evhttp *http;             /* NULL once freed */
	struct evconnlistener *listener; /* owned by `http` */
	struct tls *tls;                 /* NULL: plain */
	struct loop_timer *sweep;        /* looks after deadlines and gone clients */
	struct loop_timer *pause;        /* accepting rests until it fires; NULL otherwise */
	TAILQ_HEAD(http_conns, http_conn) conns;
	TAILQ_HEAD(http_calls, http_call) waiting; /* calls with a `gone` to run */
	struct http_conn **by_fd;                  /* connection of a descriptor, `fds` entries */
	size_t fds;
	size_t connections, calls;
	bool draining;
	uint64_t drain_until_ms;
	void (*drained)(void *arg);
	void *drained_arg;
	char id_prefix[14]; /* of request ids: 12 random hex digits and '-' */
	uint64_t next_id;
};

/* Give up one reference; the last one releases the server. */
void http_server_unref(struct http_server *server);

/* A connection was made or has gone: count it, and accept again when there is room. */
void http_server_count(struct http_server *server, int by);

/* Go on accepting unless the cap, a pause or the drain forbids it. */
void http_server_accept(struct http_server *server);

/* Write the next request id, at most 23 characters and NUL. */
void http_server_next_id(struct http_server *server, char id[24]);

#endif
