#include "replenish/feed_answer.h"

#include <inttypes.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/endpoint.h"
#include "schema/queries.h"

#define CSV_TYPE "text/csv; charset=utf-8"

static bool wants_csv(const struct http_call *call)
{
	const char *format = http_call_query(call, "format");
	const char *accept = http_call_header(call, "Accept");

	if (format != NULL && *format != '\0')
		return strcmp(format, "csv") == 0;
	return accept != NULL && strstr(accept, "text/csv") != NULL;
}

/* Revisions never change, so the place read up to and the filter say all; CSV is another form. */
static const char *etag(struct http_call *call, const struct feed_mark *mark)
{
	return arena_printf(http_call_arena(call), "\"%" PRId64 "%s%s%s\"", mark->cursor,
			    *mark->status != '\0' ? "-" : "", mark->status,
			    wants_csv(call) ? "-csv" : "");
}

bool feed_is_known(struct http_call *call, const struct feed_mark *mark)
{
	const char *known = http_call_header(call, "If-None-Match");

	/* The quotes make it safe to look for it inside a list. */
	return known != NULL && strstr(known, etag(call, mark)) != NULL;
}

/* --- CSV: one row for each order line --- */

static void on_csv(struct db_reply *reply, void *arg)
{
	struct http_call *call = arg;
	struct text text = { 0 };

	if (db_reply_err(reply) != 0) {
		endpoint_answer(call, reply, SHAPE_LIST);
		return;
	}
	csv_put_rows(&text, reply, -1);
	http_reply(call, 200, CSV_TYPE, text.data, text.length);
	text_done(&text);
}

static void answer_csv(struct http_call *call, struct db *db, const struct feed_mark *mark,
		       const char *orders)
{
	const struct db_arg args[] = { { .value = orders } };

	http_reply_header(call, "Content-Disposition", "attachment; filename=\"orders.csv\"");
	http_reply_header(call, "X-Next-Cursor",
			  arena_printf(http_call_arena(call), "%" PRId64, mark->cursor));
	db_ask(db, http_call_scope(call), &sql_supplier_orders_csv, args, 1, on_csv, call);
}

/* --- JSON --- */

static void answer_json(struct http_call *call, const struct feed_mark *mark, const char *orders)
{
	struct text text = { 0 };

	text_puts(&text, "{\"orders\":");
	text_puts(&text, orders);
	text_printf(&text, ",\"cursor\":\"%" PRId64 "\"}", mark->cursor);
	http_reply_json(call, text.data);
	text_done(&text);
}

void feed_answer(struct http_call *call, struct db *db, const struct feed_mark *mark,
		 const char *orders)
{
	http_reply_header(call, "ETag", etag(call, mark));
	if (feed_is_known(call, mark))
		http_reply(call, 304, NULL, "", 0);
	else if (wants_csv(call))
		answer_csv(call, db, mark, orders);
	else
		answer_json(call, mark, orders);
}
