/*
 * One call as the parts of core/ see it: everybody else uses http.h.
 */
#ifndef CORE_HTTP_CALL_H
#define CORE_HTTP_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/db.h"
#include "core/http.h"

struct evhttp_request;
struct http_conn;
struct http_stream;

struct http_parameter {
	const char *name;
	const char *value;
};

/* Lives in its own arena from the request's arrival to its answer. */
struct http_call {
	TAILQ_ENTRY(http_call) waiting; /* in the server's list while `gone` is set */
	struct http_server *server;     /* a reference */
	struct http_conn *conn;         /* NULL once the connection is lost */
	struct evhttp_request *request; /* ours until the answer is handed to evhttp */
	struct arena *arena;
	enum http_method method;
	const char *path; /* decoded, without query */
	struct http_parameter *query;
	size_t queries;
	const char *body; /* NULL until asked for */
	size_t body_length;
	char id[24];
	uint64_t start_us;
	struct db_scope scope;
	const void *caller;
	void *route;                /* what endpoint.c found */
	struct http_stream *stream; /* NULL unless streaming */
	void (*gone)(struct http_call *call, void *arg);
	void *gone_arg;
};

/* Make a call of a request that passed the guard, and hand it to the handler. */
void http_call_start(struct http_server *server, struct http_conn *conn,
		     struct evhttp_request *request);

/* The connection has been lost: the call goes on, its answer goes nowhere. */
void http_call_lost(struct http_call *call);

/* Run the `gone` of every waiting call whose client has closed. */
void http_call_sweep(struct http_server *server);

/* Release the call after its request was handed back to evhttp. */
void http_call_end(struct http_call *call, int status);

/* --- http_reply.c --- */

/* Prepare status-independent headers of an answer; the media type may be NULL. */
void http_reply_headers(struct http_call *call, int status, const char *media_type);

/* The reason phrase of a status. */
const char *http_reason(int status);

/*
 * A whole answer, head and problem+json, for a request that evhttp never sees. The connection is
 * closed after it. Returned text is malloc'ed.
 */
char *http_refusal(struct http_server *server, int err, bool tls, size_t *ret_length);

/* --- http_stream.c --- */

/* The connection of a streaming call has been lost: runs its `gone` and ends the call. */
void http_stream_lost(struct http_call *call);

/* True when more is queued for the client than it may have us keep. */
bool http_stream_is_over(const struct http_call *call);

#endif
