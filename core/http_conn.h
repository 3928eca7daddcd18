/*
 * One connection: the guard in front of evhttp, the absolute deadlines, and
 * the refusal. evhttp keeps its own object; this one lives beside it, from the
 * moment evhttp asks for a bufferevent until its close callback.
 *
 *	HANDSHAKE ─► IDLE ─► HEAD ─► BODY ─► CALL ─► ANSWER ─► IDLE …
 *	               └───────┴── REFUSED      └─► STREAM ─► closed
 */
#ifndef CORE_HTTP_CONN_H
#define CORE_HTTP_CONN_H

#include <event2/event_struct.h>
#include <event2/bufferevent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/http_guard.h"

struct evhttp_connection;
struct evhttp_request;
struct http_call;
struct http_server;

enum http_phase {
	CONN_HANDSHAKE, /* TLS under way */
	CONN_IDLE,      /* nothing of a request has come */
	CONN_HEAD,
	CONN_BODY,    /* the head is whole, the body is not */
	CONN_CALL,    /* a handler has it */
	CONN_ANSWER,  /* the answer is being written */
	CONN_STREAM,  /* an answer in pieces is being written */
	CONN_REFUSED, /* the refusal is written, what still comes is thrown away */
};

struct http_conn {
	TAILQ_ENTRY(http_conn) link;
	struct http_server *server;      /* a reference */
	struct bufferevent *bev;         /* a reference of our own beside evhttp's */
	struct evhttp_connection *evcon; /* NULL until adopted */
	struct http_call *call;          /* not yet answered, or streaming; else NULL */
	int fd;
	enum http_phase phase;
	uint64_t deadline_ms; /* 0: none */
	size_t unsent;        /* of the answer when last looked at */
	uint64_t progress_ms; /* when `unsent` last changed */
	uint64_t body_left;   /* bytes of the body still to come */
	struct event later;   /* adopts the connection, later sends the refusal */
	bool greeted;
	bufferevent_data_cb evhttp_read, evhttp_write; /* evhttp's, while REFUSED */
	bufferevent_event_cb evhttp_event;
	struct http_guard guard;
};

/* A new connection's bufferevent; an evhttp bevcb. `server` is a struct http_server. Never NULL. */
struct bufferevent *http_conn_open(struct event_base *base, void *server);

/* The connection of a request that evhttp hands over. */
struct http_conn *http_conn_of(struct http_server *server, struct evhttp_request *request);

/* Enter a phase, which ends after `limit_ms` at the latest (0: no limit). */
void http_conn_enter(struct http_conn *conn, enum http_phase phase, unsigned limit_ms);

/* The answer has been written: look at what of the next request has come. An on_complete callback of evhttp. */
void http_conn_answered(struct evhttp_request *request, void *conn);

/* End it as evhttp ends a connection that timed out: without a word. Releases `conn`. */
void http_conn_cut(struct http_conn *conn);

/* Look after one connection at `now_ms`: deadlines, clients that do not read, the drain. May release it. */
void http_conn_sweep(struct http_conn *conn, uint64_t now_ms);

#endif
