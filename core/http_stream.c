/*
 * Answers in pieces. evhttp tells when a piece has been written; only then is
 * the next asked for, so a slow client holds one piece, not the whole answer.
 * Those who write unasked (events) are bounded by QUEUED_MAX.
 *
 * The connection ends with the stream: what a client might pipeline behind an
 * answer of unknown length is not worth serving.
 */
#include "core/http_call.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <stdlib.h>

#include "core/http_conn.h"
#include "core/http_server.h"

#define QUEUED_MAX (256 * 1024)

struct http_stream {
	void (*more)(struct http_call *call, void *arg);
	void (*gone)(struct http_call *call, void *arg);
	void *arg;
	int status;
	struct event *wanted; /* runs `more` from the loop, never inside a call of ours */
};

static void on_wanted(evutil_socket_t fd, short what, void *arg)
{
	struct http_call *call = arg;

	(void)fd;
	(void)what;
	if (call->conn == NULL)
		http_stream_lost(call); /* before the stream began */
	else
		call->stream->more(call, call->stream->arg);
}

/* evhttp calls this whenever its output is empty. */
static void on_flushed(struct evhttp_connection *evcon, void *arg)
{
	struct http_call *call = arg;

	(void)evcon;
	event_active(call->stream->wanted, EV_TIMEOUT, 0);
}

static void stream_end(struct http_call *call)
{
	struct evhttp_request *request = call->request;

	event_free(call->stream->wanted);
	http_call_end(call, call->stream->status);
	/* Without a connection this only frees the request. */
	evhttp_send_reply_end(request);
}

void http_stream_begin(struct http_call *call, int status, const char *media_type,
		       void (*more)(struct http_call *call, void *arg),
		       void (*gone)(struct http_call *call, void *arg), void *arg)
{
	struct http_stream *stream = http_call_alloc(call, sizeof(*stream));

	stream->more = more;
	stream->gone = gone;
	stream->arg = arg;
	stream->status = status;
	stream->wanted = event_new(call->server->base, -1, 0, on_wanted, call);
	if (stream->wanted == NULL)
		abort();
	call->stream = stream;
	event_active(stream->wanted, EV_TIMEOUT, 0);
	if (call->conn == NULL)
		return;
	http_reply_header(call, "Connection", "close");
	http_reply_headers(call, status, media_type);
	http_conn_enter(call->conn, CONN_STREAM, 0);
	evhttp_send_reply_start(call->request, status, http_reason(status));
}

void http_stream_write(struct http_call *call, const char *data, size_t length)
{
	struct evbuffer *piece;

	if (call->conn == NULL || length == 0)
		return;
	piece = evbuffer_new();
	if (piece == NULL || evbuffer_add(piece, data, length) != 0)
		abort();
	evhttp_send_reply_chunk_with_cb(call->request, piece, on_flushed, call);
	evbuffer_free(piece);
}

void http_stream_end(struct http_call *call)
{
	if (call->conn != NULL)
		http_conn_enter(call->conn, CONN_ANSWER, 0);
	stream_end(call);
}

void http_stream_lost(struct http_call *call)
{
	call->stream->gone(call, call->stream->arg);
	stream_end(call);
}

bool http_stream_is_over(const struct http_call *call)
{
	return evbuffer_get_length(bufferevent_get_output(call->conn->bev)) > QUEUED_MAX;
}
