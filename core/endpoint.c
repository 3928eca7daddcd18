/*
 * Router and the answers of statements.
 *
 *	endpoint_route ─► admit ─► endpoint_proceed ─► handler
 *	   └─► 404, 405     └─► 401, 403     └─► statement ─► endpoint_answer
 */
#include "core/endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "core/endpoint_index.h"
#include "core/err.h"
#include "core/fields.h"
#include "core/json.h"
#include "core/log.h"

#define JSON_TYPE "application/json"
#define CSV_TYPE "text/csv; charset=utf-8"

/* Hung on the call. */
struct route {
	const struct endpoint_router *router;
	struct endpoint_match match;
};

/* --- routing --- */

static void refuse_method(struct http_call *call, unsigned methods)
{
	const char *allow = arena_printf(http_call_arena(call), "%s%s%s%s",
					 (methods & HTTP_GET) != 0 ? ", GET" : "",
					 (methods & HTTP_POST) != 0 ? ", POST" : "",
					 (methods & HTTP_PUT) != 0 ? ", PUT" : "",
					 (methods & HTTP_DELETE) != 0 ? ", DELETE" : "");

	http_reply_header(call, "Allow", allow + strlen(", "));
	http_fail(call, ERR_METHOD_NOT_ALLOWED, NULL);
}

void endpoint_route(struct http_call *call, void *arg)
{
	struct endpoint_router *router = arg;
	struct route *route = http_call_alloc(call, sizeof(*route));

	if (router->index == NULL)
		router->index = endpoint_index_new(router->tables);
	endpoint_index_find(router->index, http_call_method(call), http_call_path(call),
			    http_call_arena(call), &route->match);
	route->router = router;
	call->route = route;
	if (route->match.methods == 0)
		http_fail(call, ERR_NOT_FOUND, NULL);
	else if (route->match.endpoint == NULL)
		refuse_method(call, route->match.methods);
	else
		router->admit(call, route->match.endpoint, router->arg);
}

void endpoint_router_done(struct endpoint_router *router)
{
	endpoint_index_free(router->index);
	router->index = NULL;
}

const struct endpoint *endpoint_of(const struct http_call *call)
{
	const struct route *route = call->route;

	return route->match.endpoint;
}

const char *endpoint_path_value(const struct http_call *call, const char *name)
{
	const struct route *route = call->route;

	for (size_t i = 0; i < route->match.count; i++) {
		if (strcmp(route->match.parameters[i].name, name) == 0)
			return route->match.parameters[i].value;
	}
	return NULL;
}

int fields_decode(struct http_call *call, const struct field *fields,
		  struct field_values *ret_values, const char **ret_detail)
{
	const struct route *route = call->route;
	struct fields_request request = {
		.arena = http_call_arena(call),
		.path = route->match.parameters,
		.paths = route->match.count,
		.query = call->query,
		.queries = call->queries,
		.is_list = route->match.endpoint->shape == SHAPE_LIST,
		.pharmacy = http_call_scope(call)->pharmacy,
	};

	request.body = http_call_body(call, &request.body_length);
	return fields_read(&request, fields, ret_values, ret_detail);
}

/* --- lists --- */

static bool wants_csv(const struct http_call *call)
{
	const char *format = http_call_query(call, "format");
	const char *accept = http_call_header(call, "Accept");

	if (format != NULL)
		return strcmp(format, "csv") == 0;
	return accept != NULL && strstr(accept, "text/csv") != NULL;
}

/* The page size that was asked for; fields_decode() has checked it. */
static int limit_of(const struct http_call *call)
{
	const char *limit = http_call_query(call, "limit");

	return limit != NULL && *limit != '\0' ? (int)strtol(limit, NULL, 10) : 100;
}

/* Where to go on when the page is full, or NULL. */
static const char *next_of(const struct http_call *call, const struct db_reply *reply, int cursor)
{
	int rows = db_reply_rows(reply);

	if (cursor < 0 || rows == 0 || rows < limit_of(call))
		return NULL;
	return db_reply_value(reply, rows - 1, cursor);
}

static void answer_json_list(struct http_call *call, const struct db_reply *reply, int cursor)
{
	struct text text = { 0 };

	text_puts(&text, "{\"items\":[");
	for (int row = 0; row < db_reply_rows(reply); row++) {
		if (row > 0)
			text_puts(&text, ",");
		json_put_row(&text, reply, row, cursor);
	}
	text_puts(&text, "],\"next\":");
	json_put_string(&text, next_of(call, reply, cursor));
	text_puts(&text, "}");
	http_reply_text(call, 200, JSON_TYPE, &text);
}

static void answer_csv_list(struct http_call *call, const struct db_reply *reply, int cursor)
{
	const char *word = strrchr(http_call_path(call), '/') + 1;
	const char *next = next_of(call, reply, cursor);
	struct text text = { 0 };

	/* The last word may be a parameter, which a client chose. */
	if (word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")])
		word = "list";
	http_reply_header(
		call, "Content-Disposition",
		arena_printf(http_call_arena(call), "attachment; filename=\"%s.csv\"", word));
	if (next != NULL)
		http_reply_header(call, "X-Next-Cursor", next);
	csv_put_rows(&text, reply, cursor);
	http_reply_text(call, 200, CSV_TYPE, &text);
}

static void answer_list(struct http_call *call, const struct db_reply *reply)
{
	int cursor = db_reply_column(reply, "cursor");

	if (wants_csv(call))
		answer_csv_list(call, reply, cursor);
	else
		answer_json_list(call, reply, cursor);
}

/* --- objects and commands --- */

static void answer_object(struct http_call *call, const struct db_reply *reply)
{
	struct text text = { 0 };

	if (db_reply_rows(reply) == 0) {
		http_fail(call, ERR_NOT_FOUND, NULL);
		return;
	}
	json_put_row(&text, reply, 0, -1);
	http_reply_text(call, 200, JSON_TYPE, &text);
}

/* The first row's value in this column; NULL when either is not there. */
static const char *first_value(const struct db_reply *reply, const char *name)
{
	int column = db_reply_column(reply, name);

	return column >= 0 ? db_reply_value(reply, 0, column) : NULL;
}

static void answer_command(struct http_call *call, const struct db_reply *reply)
{
	const char *problem, *detail, *body;

	if (db_reply_rows(reply) == 0) {
		http_fail(call, ERR_NOT_FOUND, NULL);
		return;
	}
	problem = first_value(reply, "problem");
	detail = first_value(reply, "detail");
	body = first_value(reply, "body");
	if (problem == NULL) {
		http_reply_json(call, body != NULL ? body : "{}");
		return;
	}
	if (detail == NULL)
		detail = err_text(err_of_code(problem));
	http_fail_code(call, err_status(err_of_code(problem)), problem, detail);
}

void endpoint_answer(struct http_call *call, const struct db_reply *reply, enum shape shape)
{
	int err = db_reply_err(reply);

	if (err != 0) {
		log_warning("statement failed", LOG_REQUEST(http_call_id(call)),
			    LOG_TEXT("code", err_code(err)),
			    LOG_TEXT("state", db_reply_sqlstate(reply)),
			    LOG_TEXT("error", db_reply_message(reply)));
		http_fail(call, err, NULL);
		return;
	}
	switch (shape) {
	case SHAPE_LIST:
		answer_list(call, reply);
		break;
	case SHAPE_OBJECT:
		answer_object(call, reply);
		break;
	case SHAPE_COMMAND:
		answer_command(call, reply);
		break;
	}
}

/* --- statements --- */

static void on_reply(struct db_reply *reply, void *arg)
{
	struct http_call *call = arg;

	endpoint_answer(call, reply, endpoint_of(call)->shape);
}

static void ask(struct http_call *call, struct db *db, const struct endpoint *endpoint)
{
	struct field_values values = { 0 };
	struct db_arg args[sizeof(values.value) / sizeof(values.value[0])] = { 0 };
	const char *detail = NULL;
	int err = fields_decode(call, endpoint->fields, &values, &detail);

	if (err != 0) {
		http_fail(call, err, detail);
		return;
	}
	for (size_t i = 0; i < values.count; i++)
		args[i].value = values.value[i];
	db_ask(db, http_call_scope(call), endpoint->statement, args, values.count, on_reply, call);
}

static struct db *db_of(const struct endpoint_router *router, const struct endpoint *endpoint)
{
	return endpoint->slow && router->slow_db != NULL ? router->slow_db : router->db;
}

void endpoint_proceed(struct http_call *call)
{
	const struct route *route = call->route;
	const struct endpoint *endpoint = route->match.endpoint;

	if (endpoint->handler != NULL)
		endpoint->handler(call, route->router->arg);
	else
		ask(call, db_of(route->router, endpoint), endpoint);
}
