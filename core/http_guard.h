/*
 * The framing guard: a strict parser for the head of an HTTP/1 request.
 *
 * It reads the raw bytes before evhttp does, because evhttp repairs what can
 * change a request's boundaries or meaning: bare LF, folded lines, NUL, a second
 * Content-Length. What passes here has one reading only (RFC 9112, with every
 * MAY that is a risk refused): GET, POST, PUT or DELETE of an origin-form target,
 * HTTP/1.0 or 1.1, exactly one Host, at most one Content-Length, no
 * Transfer-Encoding, and no header twice unless it is a list.
 *
 * Pure: no sockets, no memory of its own, safe for any bytes.
 */
#ifndef CORE_HTTP_GUARD_H
#define CORE_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/http.h"

#define HTTP_GUARD_TARGET_MAX 8192
#define HTTP_GUARD_HEADERS_MAX 64

/* One request's head while it arrives. Plain value; start with http_guard_init(). */
struct http_guard {
	/* Results, valid once `complete`. */
	enum http_method method;
	uint64_t content_length; /* 0 when there is none */

	bool started;       /* a first byte was seen */
	bool complete;      /* the empty line was seen */
	int err;            /* 0 or why the request is refused; sticky */
	const char *reason; /* for the log: which rule; a constant */

	/* The parser's own. */
	size_t max_head, max_body;
	size_t length; /* bytes of the head so far */
	size_t line_length;
	uint8_t state;
	uint8_t escape;  /* hex digits of a percent escape still to come */
	uint8_t escaped; /* the escape's value so far */
	bool in_query;
	bool has_host, has_length, has_expect;
	uint8_t header; /* the header whose value is being read */
	uint8_t headers;
	uint8_t word_length;
	char word[128]; /* method, version, header name, or a value that matters */
	uint32_t seen[HTTP_GUARD_HEADERS_MAX]; /* hashes of the header names so far */
};

/* Expect a new request. `max_head` and `max_body` in bytes. */
void http_guard_init(struct http_guard *guard, size_t max_head, size_t max_body);

/*
 * Read `length` bytes. Returns how many of them belong to the head: all, unless
 * it became complete (what follows is the body) or was refused.
 */
size_t http_guard_feed(struct http_guard *guard, const char *data, size_t length);

/* What a request says about where it comes from. Absent headers are NULL. */
struct http_origin {
	enum http_method method;
	bool tls;
	bool has_body;
	const char *host;
	const char *origin;     /* Origin */
	const char *fetch_site; /* Sec-Fetch-Site */
	const char *content_type;
};

/*
 * The cross-origin rule for a request that carries a cookie (ASVS 3.5): whatever
 * is not a GET comes from our own pages, and a body is JSON or CSV, which a
 * foreign form cannot send unasked. 0, ERR_CROSS_ORIGIN or ERR_UNSUPPORTED_MEDIA.
 */
int http_origin_check(const struct http_origin *request);

#endif
