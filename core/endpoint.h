/*
 * The route table's rows, and the two ways most of them are answered.
 *
 * A row says method, path, roles, the request's fields, and either a handler
 * of its own or a statement. With a statement the fields, decoded and checked
 * in their order, are its parameters $1, $2 …, and the answer is made from its
 * rows by `shape`. So a call that PostgreSQL can answer alone needs no C.
 *
 * A list's rows become {"items":[…],"next":CURSOR|null}, or CSV when asked for;
 * a column named `cursor` is not shown but names the place to go on from when
 * the list is full. A command's statement returns one row (problem, detail,
 * body): problem NULL is success.
 */
#ifndef CORE_ENDPOINT_H
#define CORE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/db.h"
#include "core/http.h"

/* Roles a route is open to, as bits. 0: open to everybody. */
enum role {
	ROLE_CLERK = 1,
	ROLE_MANAGER = 2,
	ROLE_SUPPLIER = 4,
	ROLE_ADMIN = 8,
	ROLE_METRICS = 16,
	ROLE_STAFF = ROLE_CLERK | ROLE_MANAGER | ROLE_ADMIN,
	ROLE_ANY = ROLE_STAFF | ROLE_SUPPLIER,
};

enum field_source { FIELD_PATH = 1, FIELD_QUERY, FIELD_BODY };

enum field_type {
	FIELD_TEXT,    /* min and max: length in characters */
	FIELD_INTEGER, /* min and max: value */
	FIELD_DECIMAL, /* JSON string or number; passed as text */
	FIELD_BOOLEAN,
	FIELD_UUID,
	FIELD_DATE,     /* YYYY-MM-DD, a day that exists */
	FIELD_TIME,     /* RFC 3339 */
	FIELD_CHOICE,   /* one of `choices`, separated by spaces */
	FIELD_CODES,    /* JSON array of strings; passed as JSON text */
	FIELD_ITEMS,    /* JSON array of objects, each decoded by `items`; passed as JSON text */
	FIELD_CURSOR,   /* [A-Za-z0-9_-]+ */
	FIELD_LIMIT,    /* 1 to 1,000, 100 unless told; a list's page size */
	FIELD_PHARMACY, /* pharmacy id; checked against, and filled from, the caller's scope */
};

struct field {
	const char *name;
	enum field_source source;
	enum field_type type;
	bool required;
	int64_t min, max; /* both 0: no limit beyond the type's (text: 1,000) */
	const char *choices;
	const struct field *items; /* ended by a row without name */
};

enum shape { SHAPE_LIST = 1, SHAPE_OBJECT, SHAPE_COMMAND };

struct endpoint {
	enum http_method method;
	const char *path; /* "/api/v1/orders/{id}/cancel" */
	unsigned roles;
	http_handler *handler; /* NULL: answered by the statement */
	const struct db_statement *statement;
	enum shape shape;
	bool slow;                  /* the statement is asked where it holds up no other */
	const struct field *fields; /* ended by a row without name; NULL: none */
	const char *summary;        /* one line, for the generated matrix tests and the log */
};

/* Values of the request's fields in the table's order, in text form; NULL when absent. */
struct field_values {
	const char *value[24];
	size_t count;
};

/*
 * Decode path, query and body of the call through the table. Refuses unknown and duplicate members,
 * wrong types and ranges. Returns 0, or ERR_* with *ret_detail naming the member (from the call's arena).
 */
int fields_decode(struct http_call *call, const struct field *fields,
		  struct field_values *ret_values, const char **ret_detail);

/* The path parameter of the matched route by name, or NULL. */
const char *endpoint_path_value(const struct http_call *call, const char *name);

/* The route that matched this call. */
const struct endpoint *endpoint_of(const struct http_call *call);

/*
 * The router: finds the row, has `admit` decide who is asking (it ends in endpoint_proceed() or
 * http_fail()), then runs the handler or the statement. `tables` is a NULL-ended list of tables, each
 * ended by a row without path.
 */
struct endpoint_router {
	const struct endpoint *const *tables;
	void (*admit)(struct http_call *call, const struct endpoint *endpoint, void *arg);
	struct db *db;                /* where statements are asked */
	struct db *slow_db;           /* and those of slow rows; NULL: the same */
	void *arg;                    /* for admit and for handlers */
	struct endpoint_index *index; /* the router's own: NULL at first, made by the first call */
};

/* An http_handler whose arg is a struct endpoint_router. */
void endpoint_route(struct http_call *call, void *router);

/* Release what the router made of its tables. */
void endpoint_router_done(struct endpoint_router *router);

/* Called by admit when the caller may go on. */
void endpoint_proceed(struct http_call *call);

/* Answer a call from a statement's reply by shape; used by handlers that ask for themselves. Consumes the call. */
void endpoint_answer(struct http_call *call, const struct db_reply *reply, enum shape shape);

#endif
