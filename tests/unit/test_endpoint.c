/*
 * Routes and the answers of statements. The HTTP functions are stubs that note
 * what was answered; the replies are made by hand.
 */
#include <event2/buffer.h>
#include <stdio.h>

#include "core/endpoint_index.h"
#include "core/err.h"
#include "core/json.h"
#include "reply_stub.h"
#include "test_rows.h"

/* --- stubs --- */

static struct {
	int status;
	char media_type[64];
	char body[512];
	char headers[256];
	const char *accept;
	char asked[256]; /* name(value, value) of the last statement */
	db_done *done;
	void *done_arg;
} seen;

static void note(int status, const char *media_type, const char *body)
{
	seen.status = status;
	snprintf(seen.media_type, sizeof(seen.media_type), "%s", media_type);
	snprintf(seen.body, sizeof(seen.body), "%s", body);
}

void http_reply_text(struct http_call *call, int status, const char *media_type, struct text *text)
{
	(void)call;
	note(status, media_type, text->data);
	text_done(text);
}

void http_reply_json(struct http_call *call, const char *json)
{
	(void)call;
	note(200, "application/json", json);
}

void http_fail_code(struct http_call *call, int status, const char *code, const char *detail)
{
	char body[512];

	(void)call;
	snprintf(body, sizeof(body), "%s: %s", code, detail);
	note(status, "problem", body);
}

void http_fail(struct http_call *call, int err, const char *detail)
{
	http_fail_code(call, err_status(err), err_code(err), detail != NULL ? detail : "");
}

void http_reply_header(struct http_call *call, const char *name, const char *value)
{
	size_t length = strlen(seen.headers);

	(void)call;
	snprintf(seen.headers + length, sizeof(seen.headers) - length, "%s: %s\n", name, value);
}

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
	(void)call;
	return strcmp(name, "Accept") == 0 ? seen.accept : NULL;
}

const char *http_call_query(const struct http_call *call, const char *name)
{
	for (size_t i = 0; i < call->queries; i++) {
		if (strcmp(call->query[i].name, name) == 0)
			return call->query[i].value;
	}
	return NULL;
}

const char *http_call_body(struct http_call *call, size_t *ret_length)
{
	*ret_length = call->body_length;
	return call->body;
}

struct db_scope *http_call_scope(struct http_call *call)
{
	return &call->scope;
}

const char *http_call_id(const struct http_call *call)
{
	return call->id;
}

void db_ask(struct db *db, const struct db_scope *scope, const struct db_statement *statement,
	    const struct db_arg *args, size_t count, db_done *done, void *arg)
{
	int length = snprintf(seen.asked, sizeof(seen.asked), "%s(", statement->name);

	(void)db;
	(void)scope;
	for (size_t i = 0; i < count; i++)
		length += snprintf(seen.asked + length, sizeof(seen.asked) - (size_t)length, "%s%s",
				   i > 0 ? "," : "",
				   args[i].value != NULL ? args[i].value : "NULL");
	snprintf(seen.asked + length, sizeof(seen.asked) - (size_t)length, ")");
	seen.done = done;
	seen.done_arg = arg;
}

/* --- tables --- */

static void handler(struct http_call *call, void *arg)
{
	note(200, "handler", arg);
	if (endpoint_path_value(call, "id") != NULL)
		note(200, "handler", endpoint_path_value(call, "id"));
}

static const struct db_statement sql_orders = { .name = "orders" };
static const struct db_statement sql_order = { .name = "order" };
static const struct db_statement sql_cancel = { .name = "cancel" };

static const struct field order_fields[] = {
	{ .name = "id", .source = FIELD_PATH, .type = FIELD_INTEGER, .required = true },
	{ .name = NULL },
};
static const struct field list_fields[] = {
	{ .name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT },
	{ .name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR },
	{ .name = NULL },
};

static const struct endpoint first[] = {
	{ HTTP_GET, "/healthz", .handler = handler },
	{ HTTP_GET, "/api/v1/orders", .statement = &sql_orders, .shape = SHAPE_LIST,
	  .fields = list_fields },
	{ HTTP_POST, "/api/v1/orders", .handler = handler },
	{ HTTP_GET, "/api/v1/orders/{id}", .statement = &sql_order, .shape = SHAPE_OBJECT,
	  .fields = order_fields },
	{ .path = NULL },
};
static const struct endpoint second[] = {
	{ HTTP_POST, "/api/v1/orders/{id}/cancel", .statement = &sql_cancel, .shape = SHAPE_COMMAND,
	  .fields = order_fields },
	{ HTTP_PUT, "/api/v1/imports/{id}/parts/{n}", .handler = handler },
	{ HTTP_GET, "/api/v1/orders/open", .handler = handler },
	{ .path = NULL },
};
static const struct endpoint *const tables[] = { first, second, NULL };

static void admit(struct http_call *call, const struct endpoint *endpoint, void *arg)
{
	(void)arg;
	assert_ptr_equal(endpoint_of(call), endpoint);
	endpoint_proceed(call);
}

static struct endpoint_router router = { .tables = tables, .admit = admit, .arg = "plain" };

/* Route one call whose arena and query live until the caller frees the arena. */
static struct http_call *route(enum http_method method, const char *path,
			       struct http_parameter *query)
{
	struct arena *arena = arena_new();
	struct http_call *call = arena_alloc(arena, sizeof(*call));

	memset(&seen, 0, sizeof(seen));
	call->arena = arena;
	call->method = method;
	call->path = path;
	call->query = query;
	call->queries = query != NULL && query->name != NULL;
	endpoint_route(call, &router);
	return call;
}

/* --- routing --- */

struct route_row {
	struct row row;
	enum http_method method;
	const char *path;
	int status;
	const char *want; /* body, statement or Allow */
};

static const struct route_row routes[] = {
	{ ROW("plain path"), HTTP_GET, "/healthz", 200, "plain" },
	{ ROW("two methods, first"), HTTP_GET, "/api/v1/orders", 0, "orders(100,NULL)" },
	{ ROW("two methods, second"), HTTP_POST, "/api/v1/orders", 200, "plain" },
	{ ROW("parameter"), HTTP_GET, "/api/v1/orders/12", 0, "order(12)" },
	{ ROW("parameter inside"), HTTP_POST, "/api/v1/orders/12/cancel", 0, "cancel(12)" },
	{ ROW("two parameters"), HTTP_PUT, "/api/v1/imports/a b/parts/2", 200, "a b" },
	{ ROW("plain before parameter"), HTTP_GET, "/api/v1/orders/open", 200, "plain" },
	{ ROW("parameter of wrong type"), HTTP_GET, "/api/v1/orders/x", 400, "invalid_member: id" },
	{ ROW("empty parameter"), HTTP_GET, "/api/v1/orders/", 404, "not_found: " },
	{ ROW("empty parameter inside"), HTTP_POST, "/api/v1/orders//cancel", 404, "not_found: " },
	{ ROW("word too many"), HTTP_GET, "/api/v1/orders/12/x", 404, "not_found: " },
	{ ROW("prefix"), HTTP_GET, "/api/v1/order", 404, "not_found: " },
	{ ROW("slash at the end"), HTTP_GET, "/healthz/", 404, "not_found: " },
	{ ROW("other case"), HTTP_GET, "/Healthz", 404, "not_found: " },
	{ ROW("root"), HTTP_GET, "/", 404, "not_found: " },
	{ ROW("very deep"), HTTP_GET, "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9", 404,
	  "not_found: " },
	{ ROW("method, plain"), HTTP_PUT, "/api/v1/orders", 405, "Allow: GET, POST\n" },
	{ ROW("method, parameter"), HTTP_DELETE, "/api/v1/orders/12", 405, "Allow: GET\n" },
};

static void test_routes(void **state)
{
	(void)state;
	foreach(r, routes) {
		struct http_call *call = route(r->method, r->path, NULL);
		const char *got = seen.status == 0   ? seen.asked :
				  seen.status == 405 ? seen.headers :
						       seen.body;

		row_check(r, seen.status == r->status, "%d", seen.status);
		row_check(r, strcmp(got, r->want) == 0, "%s", got);
		arena_free(call->arena);
	}
}

/* --- answers --- */

struct answer_row {
	struct row row;
	enum http_method method;
	const char *path;
	const char *accept;
	struct http_parameter query;
	struct db_reply reply;
	int status;
	const char *body;
	const char *headers;
};

#define GET_LIST HTTP_GET, "/api/v1/orders"
#define GET_OBJECT HTTP_GET, "/api/v1/orders/1"
#define COMMAND HTTP_POST, "/api/v1/orders/1/cancel"

#define LIST(count, ...)                                                 \
	{                                                                \
		.rows = count, .columns = 2, .name = { "id", "cursor" }, \
		.type = { OID_INT4, OID_TEXT }, .value = {               \
			__VA_ARGS__                                      \
		}                                                        \
	}
#define RESULT(...)                                                               \
	{                                                                         \
		.rows = 1, .columns = 3, .name = { "problem", "detail", "body" }, \
		.type = { OID_TEXT, OID_TEXT, OID_JSON }, .value = {              \
			{ __VA_ARGS__ }                                           \
		}                                                                 \
	}

static const struct answer_row answers[] = {
	{ ROW("empty list"),
	  GET_LIST,
	  NULL,
	  { 0 },
	  LIST(0, { NULL }),
	  200,
	  "{\"items\":[],\"next\":null}",
	  "" },
	{ ROW("short list"),
	  GET_LIST,
	  NULL,
	  { 0 },
	  LIST(2, { "1", "a" }, { "2", "b" }),
	  200,
	  "{\"items\":[{\"id\":1},{\"id\":2}],\"next\":null}",
	  "" },
	{ ROW("full list"),
	  GET_LIST,
	  NULL,
	  { "limit", "2" },
	  LIST(2, { "1", "a" }, { "2", "b" }),
	  200,
	  "{\"items\":[{\"id\":1},{\"id\":2}],\"next\":\"b\"}",
	  "" },
	{ ROW("CSV by format"),
	  GET_LIST,
	  NULL,
	  { "format", "csv" },
	  LIST(1, { "1", "a" }),
	  200,
	  "\xef\xbb\xbfid\r\n1\r\n",
	  "Content-Disposition: attachment; filename=\"orders.csv\"\n" },
	{ ROW("CSV by Accept, full"),
	  GET_LIST,
	  "text/csv",
	  { "limit", "1" },
	  LIST(1, { "1", "a" }),
	  200,
	  "\xef\xbb\xbfid\r\n1\r\n",
	  "Content-Disposition: attachment; filename=\"orders.csv\"\n"
	  "X-Next-Cursor: a\n" },
	{ ROW("format before Accept"),
	  GET_LIST,
	  "text/csv",
	  { "format", "json" },
	  LIST(0, { NULL }),
	  200,
	  "{\"items\":[],\"next\":null}",
	  "" },
	{ ROW("object"),
	  GET_OBJECT,
	  NULL,
	  { 0 },
	  LIST(1, { "1", "a" }),
	  200,
	  "{\"id\":1,\"cursor\":\"a\"}",
	  "" },
	{ ROW("no object"), GET_OBJECT, NULL, { 0 }, LIST(0, { NULL }), 404, "not_found: ", "" },
	{ ROW("done"),
	  COMMAND,
	  NULL,
	  { 0 },
	  RESULT(NULL, NULL, "{\"a\":1}"),
	  200,
	  "{\"a\":1}",
	  "" },
	{ ROW("done, nothing to say"),
	  COMMAND,
	  NULL,
	  { 0 },
	  RESULT(NULL, NULL, NULL),
	  200,
	  "{}",
	  "" },
	{ ROW("business problem"),
	  COMMAND,
	  NULL,
	  { 0 },
	  RESULT("not_open", "it is shipped", NULL),
	  409,
	  "not_open: it is shipped",
	  "" },
	{ ROW("problem of our list"),
	  COMMAND,
	  NULL,
	  { 0 },
	  RESULT("wrong_pharmacy", "no", NULL),
	  403,
	  "wrong_pharmacy: no",
	  "" },
	{ ROW("problem without detail"),
	  COMMAND,
	  NULL,
	  { 0 },
	  RESULT("not_found", NULL, NULL),
	  404,
	  "not_found: There is nothing under this address",
	  "" },
	{ ROW("failed, nothing leaks"),
	  COMMAND,
	  NULL,
	  { 0 },
	  { .err = ERR_INTERNAL },
	  500,
	  "internal: ",
	  "" },
	{ ROW("database lost"),
	  GET_LIST,
	  NULL,
	  { 0 },
	  { .err = ERR_OUTCOME_UNKNOWN },
	  503,
	  "outcome_unknown: ",
	  "" },
};

static void test_answers(void **state)
{
	(void)state;
	foreach(r, answers) {
		struct http_parameter query = r->query;
		struct db_reply reply = r->reply;
		struct http_call *call = route(r->method, r->path, &query);

		row_check(r, seen.done != NULL, "not asked: %s", seen.body);
		seen.accept = r->accept;
		seen.done(&reply, seen.done_arg);
		row_check(r, seen.status == r->status, "%d", seen.status);
		row_check(r, strcmp(seen.body, r->body) == 0, "%s", seen.body);
		row_check(r, strcmp(seen.headers, r->headers) == 0, "%s", seen.headers);
		arena_free(call->arena);
	}
}

static int done(void **state)
{
	(void)state;
	endpoint_router_done(&router);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
