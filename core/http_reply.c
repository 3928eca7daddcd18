/*
 * Answers: the headers that every one carries, problem+json, and the hand-over
 * to evhttp, which consumes the call.
 */
#include "core/http_call.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/http_conn.h"
#include "core/http_server.h"
#include "core/json.h"

/* For a client to take its whole answer; one that takes nothing is cut much earlier. */
#define ANSWER_MS 120000

#define PROBLEM_TYPE "application/problem+json"

struct header {
	const char *name;
	const char *value;
};

/*
 * On every answer, whatever it is (ASVS 3.4). 'wasm-unsafe-eval' lets a page compile
 * WebAssembly, the camera's decoder, and nothing else: JavaScript from text stays refused.
 */
static const struct header always[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Content-Security-Policy",
	  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
	  "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
	  "form-action 'self'; object-src 'none'" },
};

#define ALWAYS (sizeof(always) / sizeof(always[0]))

static const struct header hsts = { "Strict-Transport-Security",
				    "max-age=31536000; includeSubDomains" };

const char *http_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

/* --- headers --- */

void http_reply_header(struct http_call *call, const char *name, const char *value)
{
	evhttp_add_header(call->request->output_headers, name, value);
}

static bool has_header(const struct http_call *call, const char *name)
{
	return evhttp_find_header(call->request->output_headers, name) != NULL;
}

static void header_unless_set(struct http_call *call, const char *name, const char *value)
{
	if (!has_header(call, name))
		http_reply_header(call, name, value);
}

static bool is_api(const struct http_call *call)
{
	return strncmp(call->path, "/api/", 5) == 0;
}

void http_reply_headers(struct http_call *call, int status, const char *media_type)
{
	for (size_t i = 0; i < ALWAYS; i++)
		http_reply_header(call, always[i].name, always[i].value);
	if (http_call_is_tls(call))
		http_reply_header(call, hsts.name, hsts.value);
	http_reply_header(call, "X-Request-Id", call->id);
	if (media_type != NULL)
		http_reply_header(call, "Content-Type", media_type);
	if (is_api(call))
		header_unless_set(call, "Cache-Control", "no-store");
	if (status == 401)
		header_unless_set(call, "WWW-Authenticate", "Bearer realm=\"yaoku\"");
	if (status == 503)
		header_unless_set(call, "Retry-After", "1");
	if (call->server->draining)
		header_unless_set(call, "Connection", "close");
}

/* --- answers --- */

void http_reply_buffer(struct http_call *call, int status, const char *media_type,
		       struct evbuffer *body)
{
	struct evhttp_request *request = call->request;
	struct http_conn *conn = call->conn;
	bool bodiless = status == 204 || status == 304;

	if (conn != NULL) {
		http_reply_headers(call, status, bodiless ? NULL : media_type);
		http_conn_enter(conn, CONN_ANSWER, ANSWER_MS);
	}
	http_call_end(call, status);
	/* Without a connection this only frees the request. */
	evhttp_send_reply(request, status, http_reason(status), bodiless ? NULL : body);
}

static struct evbuffer *buffer_new(void)
{
	struct evbuffer *buffer = evbuffer_new();

	if (buffer == NULL)
		abort();
	return buffer;
}

void http_reply(struct http_call *call, int status, const char *media_type, const char *body,
		size_t length)
{
	struct evbuffer *buffer = buffer_new();

	if (evbuffer_add(buffer, body, length) != 0)
		abort();
	http_reply_buffer(call, status, media_type, buffer);
	evbuffer_free(buffer);
}

static void free_text(const void *data, size_t length, void *arg)
{
	(void)length;
	(void)arg;
	free((void *)(uintptr_t)data);
}

void http_reply_text(struct http_call *call, int status, const char *media_type, struct text *text)
{
	struct evbuffer *buffer = buffer_new();

	if (text->length > 0 &&
	    evbuffer_add_reference(buffer, text->data, text->length, free_text, NULL) != 0)
		abort();
	*text = (struct text){ 0 };
	http_reply_buffer(call, status, media_type, buffer);
	evbuffer_free(buffer);
}

void http_reply_json(struct http_call *call, const char *json)
{
	http_reply(call, 200, "application/json", json, strlen(json));
}

/* --- problems --- */

static void put_problem(struct text *text, int status, const char *code, const char *detail,
			const char *id)
{
	text_puts(text, "{\"type\":\"about:blank\",\"title\":");
	json_put_string(text, http_reason(status));
	text_printf(text, ",\"status\":%d,\"code\":", status);
	json_put_string(text, code);
	text_puts(text, ",\"detail\":");
	json_put_string(text, detail);
	text_puts(text, ",\"request_id\":");
	json_put_string(text, id);
	text_puts(text, "}");
}

void http_fail_code(struct http_call *call, int status, const char *code, const char *detail)
{
	struct text text = { 0 };

	put_problem(&text, status, code, detail, call->id);
	http_reply_text(call, status, PROBLEM_TYPE, &text);
}

void http_fail(struct http_call *call, int err, const char *detail)
{
	if (detail == NULL)
		detail = err_text(err);
	else
		detail = arena_printf(call->arena, "%s: %s", err_text(err), detail);
	http_fail_code(call, err_status(err), err_code(err), detail);
}

char *http_refusal(struct http_server *server, int err, bool tls, size_t *ret_length)
{
	struct text body = { 0 }, text = { 0 };
	int status = err_status(err);
	char id[24];

	http_server_next_id(server, id);
	put_problem(&body, status, err_code(err), err_text(err), id);
	text_printf(&text, "HTTP/1.1 %d %s\r\n", status, http_reason(status));
	for (size_t i = 0; i < ALWAYS; i++)
		text_printf(&text, "%s: %s\r\n", always[i].name, always[i].value);
	if (tls)
		text_printf(&text, "%s: %s\r\n", hsts.name, hsts.value);
	if (err == ERR_METHOD_NOT_ALLOWED)
		text_puts(&text, "Allow: GET, POST, PUT, DELETE\r\n");
	text_printf(&text,
		    "X-Request-Id: %s\r\nCache-Control: no-store\r\nConnection: close\r\n"
		    "Content-Type: " PROBLEM_TYPE "\r\nContent-Length: %zu\r\n\r\n%s",
		    id, body.length, body.data);
	text_done(&body);
	*ret_length = text.length;
	return text.data;
}
