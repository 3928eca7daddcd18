/*
 * HTTP/1.1 on evhttp: limits, deadlines, the framing guard, and one answer per call.
 *
 * evhttp has no limits of its own and normalises some framing before we see it
 * (tests/api/test_framing.py lists what); whatever can change a request's
 * boundaries or meaning is refused with 4xx and the connection closed. Answer
 * even if the client has gone: sending is what frees the request.
 */
#ifndef CORE_HTTP_H
#define CORE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/db.h"

struct event_base;
struct evbuffer;
struct http_call;
struct http_server;
struct text;

enum http_method { HTTP_GET = 1, HTTP_POST = 2, HTTP_PUT = 4, HTTP_DELETE = 8 };

/* Gets each request that passed the guard; must lead to exactly one http_reply*() or http_fail(). */
typedef void http_handler(struct http_call *call, void *arg);

struct http_options {
	int listen_fd;               /* listening, non-blocking, shared by all workers */
	const char *tls_certificate; /* PEM file, or NULL for plain HTTP */
	const char *tls_key;
	size_t max_connections; /* accepting pauses at this number, resumes below 95 % */
	size_t max_connections_per_address; /* 0: no cap */
	size_t max_body;                    /* bytes; 1 MiB */
	size_t max_headers;                 /* bytes; 16 KiB */
	unsigned idle_seconds;              /* keep-alive; 75 */
	http_handler *handler;
	void *arg;
};

/* Start serving on the listening socket. Returns 0 or ERR_*; the caller owns *ret_server. */
int http_server_open(struct event_base *base, const struct http_options *options,
		     struct http_server **ret_server);

/*
 * Begin the graceful stop: accept no more, close idle connections, answer what is under way with
 * `Connection: close`; `drained` runs once when no call is left, or after `limit_ms`.
 */
void http_server_drain(struct http_server *server, unsigned limit_ms, void (*drained)(void *arg),
		       void *arg);

/* Release; only after drained, because evhttp frees pending requests under their owners. Accepts NULL. */
void http_server_free(struct http_server *server);

/* Connections open and calls not yet answered. */
size_t http_server_connections(const struct http_server *server);
size_t http_server_calls(const struct http_server *server);

/* --- one call --- */

/* Zeroed memory that lives until the call is answered. */
void *http_call_alloc(struct http_call *call, size_t size);
struct arena *http_call_arena(struct http_call *call);

enum http_method http_call_method(const struct http_call *call);

/* The decoded path without query, such as "/api/v1/scans". */
const char *http_call_path(const struct http_call *call);

/* A request header's value, or NULL. */
const char *http_call_header(const struct http_call *call, const char *name);

/* A query parameter's decoded value or NULL. Duplicates were refused by the guard. */
const char *http_call_query(const struct http_call *call, const char *name);

/* Walk the query: calls `each` for every parameter; stops at and returns the first non-zero result. */
int http_call_each_query(const struct http_call *call,
			 int (*each)(const char *name, const char *value, void *arg), void *arg);

/* The body; NUL-terminated, *ret_length bytes. */
const char *http_call_body(struct http_call *call, size_t *ret_length);

/* The cookie of this name, or NULL. */
const char *http_call_cookie(struct http_call *call, const char *name);

/* The client's address without port. */
const char *http_call_peer(const struct http_call *call);

/* True when this connection is TLS. */
bool http_call_is_tls(const struct http_call *call);

/* A request id, unique and printable; also in the X-Request-Id header of the answer. */
const char *http_call_id(const struct http_call *call);

/* Who asks, as access/ found out; zero until then. The caller may write into it. */
struct db_scope *http_call_scope(struct http_call *call);

/* Facts that access/ hangs on the call for handlers (struct access_caller), or NULL. */
void http_call_set_caller(struct http_call *call, const void *caller);
const void *http_call_caller(const struct http_call *call);

/* The event base that the call lives on. */
struct event_base *http_call_base(const struct http_call *call);

/* True when the client has closed its side or was lost; waiting calls poll it. */
bool http_call_is_gone(const struct http_call *call);

/*
 * Have `gone` run when the client closes while the call waits (long poll). It must not answer inside;
 * NULL removes it. Only the framing guard's reading is paused, a closed peer is noticed by a timer.
 */
void http_call_on_gone(struct http_call *call, void (*gone)(struct http_call *call, void *arg),
		       void *arg);

/*
 * The cross-origin rule (http_guard.h), for access/ to ask about every request that is known by its
 * cookie. 0, ERR_CROSS_ORIGIN or ERR_UNSUPPORTED_MEDIA.
 */
int http_guard_origin(const struct http_call *call);

/* Add a header to the answer. Call before replying. */
void http_reply_header(struct http_call *call, const char *name, const char *value);

/* Answer with a body of this media type and consume the call. `body` is copied. */
void http_reply(struct http_call *call, int status, const char *media_type, const char *body,
		size_t length);

/* Answer with the buffer's content (moved, not copied) and consume the call. */
void http_reply_buffer(struct http_call *call, int status, const char *media_type,
		       struct evbuffer *body);

/* Answer with the text (moved: it is empty afterwards) and consume the call. */
void http_reply_text(struct http_call *call, int status, const char *media_type, struct text *text);

/* Answer 200 with a NUL-terminated JSON text and consume the call. */
void http_reply_json(struct http_call *call, const char *json);

/* Answer with problem+json (RFC 9457) of this error and consume the call. `detail` may be NULL; never SQL or paths. */
void http_fail(struct http_call *call, int err, const char *detail);

/* The same with a code of its own (a business problem), status given. */
void http_fail_code(struct http_call *call, int status, const char *code, const char *detail);

/*
 * A body that is written in pieces (server-sent events, long CSV). After http_stream_begin() the call
 * belongs to the stream; `more` runs when the last piece has been flushed to the socket and the next is wanted;
 * `gone` when the peer left (the stream is then over and must not be used).
 */
void http_stream_begin(struct http_call *call, int status, const char *media_type,
		       void (*more)(struct http_call *call, void *arg),
		       void (*gone)(struct http_call *call, void *arg), void *arg);
void http_stream_write(struct http_call *call, const char *data, size_t length);
void http_stream_end(struct http_call *call);

#endif
