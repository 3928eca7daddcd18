/*
 * One call: what the request says, decoded once, in the call's arena.
 */
#include "core/http_call.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <poll.h>
#include <string.h>

#include "core/err.h"
#include "core/http_conn.h"
#include "core/http_guard.h"
#include "core/http_server.h"
#include "core/loop.h"
#include "core/metrics.h"
#include "core/utf8.h"

#define SWEEP_BATCH 256

/* --- decoding; the guard has seen that every escape is whole and none is a control character --- */

static char escaped_byte(const char *digits)
{
	int value = 0;

	for (int i = 0; i < 2; i++)
		value = value * 16 +
			(digits[i] <= '9' ? digits[i] - '0' : (digits[i] | 32) - 'a' + 10);
	return (char)value;
}

/* Decode `length` bytes into the arena; NULL when the result is not UTF-8. */
static const char *decode(struct http_call *call, const char *data, size_t length,
			  bool plus_is_space)
{
	char *out = arena_copy(call->arena, data, length);
	size_t to = 0, characters;

	for (size_t from = 0; from < length; from++) {
		if (data[from] == '%') {
			out[to++] = escaped_byte(data + from + 1);
			from += 2;
		} else {
			out[to++] = plus_is_space && data[from] == '+' ? ' ' : data[from];
		}
	}
	out[to] = '\0';
	return utf8_count(out, to, &characters) ? out : NULL;
}

/* One "name=value" of the query. */
static int decode_parameter(struct http_call *call, const char *data, size_t length)
{
	const char *equals = memchr(data, '=', length);
	size_t name_length = equals != NULL ? (size_t)(equals - data) : length;
	size_t value_at = equals != NULL ? name_length + 1 : length;
	struct http_parameter *parameter = &call->query[call->queries];

	parameter->name = decode(call, data, name_length, true);
	parameter->value = decode(call, data + value_at, length - value_at, true);
	if (parameter->name == NULL || parameter->value == NULL)
		return ERR_BAD_REQUEST;
	if (http_call_query(call, parameter->name) != NULL)
		return ERR_DUPLICATE_MEMBER;
	call->queries++;
	return 0;
}

static int decode_query(struct http_call *call, const char *query)
{
	size_t pieces = 1;

	for (const char *p = query; *p != '\0'; p++)
		pieces += *p == '&';
	call->query = arena_alloc(call->arena, pieces * sizeof(*call->query));
	while (*query != '\0') {
		size_t length = strcspn(query, "&");
		int err = length > 0 ? decode_parameter(call, query, length) : 0;

		if (err != 0)
			return err;
		query += length;
		query += *query == '&';
	}
	return 0;
}

static int decode_target(struct http_call *call)
{
	const char *target = call->request->uri;
	const char *mark = strchr(target, '?');
	size_t length = mark != NULL ? (size_t)(mark - target) : strlen(target);
	int err = mark != NULL ? decode_query(call, mark + 1) : 0;

	call->path = decode(call, target, length, false);
	if (call->path == NULL) {
		call->path = "";
		return ERR_BAD_REQUEST;
	}
	return err;
}

/* --- life --- */

void http_call_start(struct http_server *server, struct http_conn *conn,
		     struct evhttp_request *request)
{
	struct arena *arena = arena_new();
	struct http_call *call = arena_alloc(arena, sizeof(*call));
	int err;

	call->arena = arena;
	call->server = server;
	server->references++;
	server->calls++;
	call->conn = conn;
	conn->call = call;
	call->request = request;
	call->method = conn->guard.method;
	call->start_us = loop_now_us();
	http_server_next_id(server, call->id);
	err = decode_target(call);
	if (err != 0)
		http_fail(call, err, NULL);
	else
		server->options.handler(call, server->options.arg);
}

void http_call_end(struct http_call *call, int status)
{
	struct http_server *server = call->server;

	metrics_add(METRIC_HTTP_REQUESTS, 1);
	if (status >= 500)
		metrics_add(METRIC_HTTP_5XX, 1);
	metrics_observe(METRIC_REQUEST_SECONDS, loop_now_us() - call->start_us);
	http_call_on_gone(call, NULL, NULL);
	if (call->conn != NULL)
		call->conn->call = NULL;
	arena_free(call->arena);
	server->calls--;
	http_server_unref(server);
}

void http_call_lost(struct http_call *call)
{
	call->conn = NULL;
	if (call->stream != NULL)
		http_stream_lost(call);
}

/* --- is the client still there? --- */

/* evhttp does not read while a handler works, so the kernel is asked; that takes no pipelined byte. */
static bool has_closed(const struct pollfd *entry)
{
	return entry->fd < 0 || (entry->revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static struct pollfd poll_entry(const struct http_call *call)
{
	return (struct pollfd){
		.fd = call->conn != NULL ? call->conn->fd : -1,
		.events = POLLRDHUP,
	};
}

bool http_call_is_gone(const struct http_call *call)
{
	struct pollfd entry = poll_entry(call);

	return entry.fd < 0 || (poll(&entry, 1, 0) > 0 && has_closed(&entry));
}

void http_call_on_gone(struct http_call *call, void (*gone)(struct http_call *call, void *arg),
		       void *arg)
{
	if (call->gone == NULL && gone != NULL)
		TAILQ_INSERT_TAIL(&call->server->waiting, call, waiting);
	else if (call->gone != NULL && gone == NULL)
		TAILQ_REMOVE(&call->server->waiting, call, waiting);
	call->gone = gone;
	call->gone_arg = arg;
}

static void run_gone(struct http_call *call)
{
	void (*gone)(struct http_call *, void *) = call->gone;
	void *arg = call->gone_arg;

	if (gone == NULL)
		return;
	http_call_on_gone(call, NULL, NULL);
	gone(call, arg);
}

/* Look at up to SWEEP_BATCH calls from `call` on; returns the next one or NULL. */
static struct http_call *sweep_batch(struct http_call *call)
{
	struct pollfd entries[SWEEP_BATCH];
	struct http_call *calls[SWEEP_BATCH];
	nfds_t count = 0;

	for (; call != NULL && count < SWEEP_BATCH; call = TAILQ_NEXT(call, waiting)) {
		entries[count] = poll_entry(call);
		calls[count++] = call;
	}
	if (poll(entries, count, 0) < 0)
		return call;
	for (nfds_t i = 0; i < count; i++) {
		if (has_closed(&entries[i]))
			run_gone(calls[i]);
	}
	return call;
}

void http_call_sweep(struct http_server *server)
{
	struct http_call *call = TAILQ_FIRST(&server->waiting);

	while (call != NULL)
		call = sweep_batch(call);
}

/* --- what the request says --- */

void *http_call_alloc(struct http_call *call, size_t size)
{
	return arena_alloc(call->arena, size);
}

struct arena *http_call_arena(struct http_call *call)
{
	return call->arena;
}

enum http_method http_call_method(const struct http_call *call)
{
	return call->method;
}

const char *http_call_path(const struct http_call *call)
{
	return call->path;
}

const char *http_call_header(const struct http_call *call, const char *name)
{
	return evhttp_find_header(call->request->input_headers, name);
}

const char *http_call_query(const struct http_call *call, const char *name)
{
	for (size_t i = 0; i < call->queries; i++) {
		if (strcmp(call->query[i].name, name) == 0)
			return call->query[i].value;
	}
	return NULL;
}

int http_call_each_query(const struct http_call *call,
			 int (*each)(const char *name, const char *value, void *arg), void *arg)
{
	int result = 0;

	for (size_t i = 0; i < call->queries && result == 0; i++)
		result = each(call->query[i].name, call->query[i].value, arg);
	return result;
}

const char *http_call_body(struct http_call *call, size_t *ret_length)
{
	struct evbuffer *buffer = call->request->input_buffer;

	if (call->body == NULL) {
		call->body_length = evbuffer_get_length(buffer);
		evbuffer_add(buffer, "", 1);
		call->body = (const char *)evbuffer_pullup(buffer, -1);
	}
	*ret_length = call->body_length;
	return call->body;
}

const char *http_call_cookie(struct http_call *call, const char *name)
{
	const char *at = http_call_header(call, "Cookie");
	size_t name_length = strlen(name);
	const char *found = NULL;

	while (at != NULL && *at != '\0') {
		size_t length = strcspn(at, ";");

		if (length > name_length && memcmp(at, name, name_length) == 0 &&
		    at[name_length] == '=') {
			if (found != NULL)
				return NULL; /* which of two is meant, nobody can say */
			found = arena_copy(call->arena, at + name_length + 1,
					   length - name_length - 1);
		}
		at += length;
		at += strspn(at, "; ");
	}
	return found;
}

const char *http_call_peer(const struct http_call *call)
{
	return call->request->remote_host;
}

bool http_call_is_tls(const struct http_call *call)
{
	return call->server->tls != NULL;
}

const char *http_call_id(const struct http_call *call)
{
	return call->id;
}

struct db_scope *http_call_scope(struct http_call *call)
{
	return &call->scope;
}

void http_call_set_caller(struct http_call *call, const void *caller)
{
	call->caller = caller;
}

const void *http_call_caller(const struct http_call *call)
{
	return call->caller;
}

struct event_base *http_call_base(const struct http_call *call)
{
	return call->server->base;
}

int http_guard_origin(const struct http_call *call)
{
	struct http_origin origin = {
		.method = call->method,
		.tls = http_call_is_tls(call),
		.has_body = call->conn != NULL && call->conn->guard.content_length > 0,
		.host = http_call_header(call, "Host"),
		.origin = http_call_header(call, "Origin"),
		.fetch_site = http_call_header(call, "Sec-Fetch-Site"),
		.content_type = http_call_header(call, "Content-Type"),
	};

	return http_origin_check(&origin);
}
