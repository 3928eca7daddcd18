/*
 * Places and the calls that wait at them.
 *
 * A place is a supplier, a status, a cursor and a page size. It has at most one
 * question under way; a notice meanwhile makes it ask once more, because the
 * question's snapshot may be older than the notice. A place goes when its last
 * call does. Nothing here counts time but one timer for each call that waits.
 *
 * A worker may miss a notice (its listening connection was lost), so each second
 * it asks how long the feeds are, once for all suppliers, and wakes the places
 * whose feed has grown since their last answer.
 */
#include "replenish/feed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "core/endpoint.h"
#include "core/err.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/value.h"
#include "replenish/feed_answer.h"
#include "schema/queries.h"

#define LOOK_MS 1000
#define BUCKETS 64 /* of suppliers; a district has dozens */

/* One call at a place. Lives in the call's arena. */
struct poll_op {
	TAILQ_ENTRY(poll_op) link;
	struct feed *feed;
	struct place *place; /* NULL once it has left */
	struct http_call *call;
	struct loop_timer *deadline; /* NULL: takes what the next answer says */
};

TAILQ_HEAD(poll_list, poll_op);

/* Owned by the feed while it has calls or a question under way. */
struct place {
	TAILQ_ENTRY(place) link; /* in its supplier's bucket */
	struct feed *feed;
	struct db_scope scope; /* of the call that made it; its supplier counts */
	char status[16];       /* "" for any */
	char limit[8];
	int64_t cursor; /* what the calls asked for */
	int64_t from;   /* where to look next: up to here nothing was found */
	int64_t read;   /* the last answer's cursor */
	int64_t head;   /* the feed's length then; -1: the last look failed */
	bool asking;
	bool again; /* a notice came while asking */
	struct poll_list calls;
};

TAILQ_HEAD(place_list, place);

struct feed {
	struct event_base *base;
	struct db *db;
	struct loop_timer *look;
	struct loop_timer *reaper; /* NULL while nobody has left */
	struct place_list buckets[BUCKETS];
	struct poll_list left; /* calls whose client is gone, to be answered into nothing */
	size_t waiting;
	bool looking;
	bool stopping;
};

/* The worker's only one: handlers are given no argument of their own. */
static struct feed *the_feed;

static void place_ask(struct place *place);

/* --- places --- */

static struct place_list *bucket_of(struct feed *feed, const char *supplier)
{
	return &feed->buckets[strtoul(supplier, NULL, 10) % BUCKETS];
}

static struct place *place_find(struct feed *feed, const struct place *wanted)
{
	struct place *place;

	TAILQ_FOREACH(place, bucket_of(feed, wanted->scope.supplier), link)
	{
		if (place->cursor == wanted->cursor && strcmp(place->status, wanted->status) == 0 &&
		    strcmp(place->limit, wanted->limit) == 0 &&
		    strcmp(place->scope.supplier, wanted->scope.supplier) == 0)
			return place;
	}
	return NULL;
}

static struct place *place_make(struct feed *feed, const struct place *wanted)
{
	struct place *place = malloc(sizeof(*place));

	if (place == NULL)
		abort();
	*place = *wanted;
	place->feed = feed;
	place->from = place->read = place->cursor;
	place->head = -1;
	TAILQ_INIT(&place->calls);
	TAILQ_INSERT_TAIL(bucket_of(feed, place->scope.supplier), place, link);
	return place;
}

static void place_release_if_idle(struct place *place)
{
	if (place->asking || !TAILQ_EMPTY(&place->calls))
		return;
	TAILQ_REMOVE(bucket_of(place->feed, place->scope.supplier), place, link);
	free(place);
}

/* --- calls --- */

/* After it the call belongs to nobody: answer it. The place stays, even without calls. */
static void poll_leave(struct poll_op *op)
{
	http_call_on_gone(op->call, NULL, NULL);
	loop_timer_free(op->deadline);
	op->deadline = NULL;
	TAILQ_REMOVE(&op->place->calls, op, link);
	op->place = NULL;
	op->feed->waiting--;
}

static void poll_answer(struct poll_op *op, int64_t cursor, const char *orders)
{
	const struct feed_mark mark = { cursor, op->place->status };
	struct feed *feed = op->feed;

	poll_leave(op);
	feed_answer(op->call, feed->db, &mark, orders);
}

/* The last answer's orders are behind its cursor: only who says it has them is given that one. */
static void poll_answer_nothing(struct poll_op *op)
{
	const struct place *place = op->place;
	const struct feed_mark last = { place->read, place->status };

	poll_answer(op, feed_is_known(op->call, &last) ? place->read : place->from, "[]");
}

static void poll_fail(struct poll_op *op, int err)
{
	poll_leave(op);
	http_fail(op->call, err, NULL);
}

/* Nothing new in all that time; unless nobody could look. */
static void on_deadline(void *arg)
{
	struct poll_op *op = arg;
	struct place *place = op->place;

	if (place->head >= 0)
		poll_answer_nothing(op);
	else
		poll_fail(op, ERR_DATABASE_DOWN);
	place_release_if_idle(place);
}

/* Not from inside `gone`, where no call may be answered. */
static void reap(void *arg)
{
	struct feed *feed = arg;
	struct poll_op *op;

	loop_timer_free(feed->reaper);
	feed->reaper = NULL;
	while ((op = TAILQ_FIRST(&feed->left)) != NULL) {
		TAILQ_REMOVE(&feed->left, op, link);
		http_fail(op->call, ERR_CANCELLED, NULL);
	}
}

static void on_gone(struct http_call *call, void *arg)
{
	struct poll_op *op = arg;
	struct place *place = op->place;

	(void)call;
	poll_leave(op);
	TAILQ_INSERT_TAIL(&op->feed->left, op, link);
	if (op->feed->reaper == NULL)
		op->feed->reaper = loop_after(op->feed->base, 0, reap, op->feed);
	place_release_if_idle(place);
}

/* --- a place asks --- */

/* What a page says: the reply's values, alive during the continuation. */
struct page {
	const char *orders;
	int64_t cursor;
	int64_t head;
};

static bool page_read(const struct db_reply *reply, struct page *ret_page)
{
	if (db_reply_err(reply) != 0 || db_reply_rows(reply) != 1)
		return false;
	ret_page->orders = db_reply_value(reply, 0, 0);
	return value_integer(db_reply_value(reply, 0, 1), &ret_page->cursor) &&
	       value_integer(db_reply_value(reply, 0, 2), &ret_page->head);
}

/*
 * Who is content with this answer gets it. Who can wait and has it already (no orders, or the
 * same as If-None-Match says) goes on waiting.
 */
static void place_answer(struct place *place, const struct page *page)
{
	const struct feed_mark mark = { page->cursor, place->status };
	bool nothing = strcmp(page->orders, "[]") == 0;
	struct poll_op *op, *next;

	place->read = page->cursor;
	place->head = page->head;
	if (nothing)
		place->from = page->cursor;
	for (op = TAILQ_FIRST(&place->calls); op != NULL; op = next) {
		next = TAILQ_NEXT(op, link);
		if (op->deadline == NULL || place->feed->stopping ||
		    !(nothing || feed_is_known(op->call, &mark)))
			poll_answer(op, page->cursor, page->orders);
	}
}

/* Through a failure that passes whoever waits goes on waiting; the others are told. */
static void place_fail(struct place *place, int err)
{
	struct poll_op *op, *next;

	place->head = -1;
	for (op = TAILQ_FIRST(&place->calls); op != NULL; op = next) {
		next = TAILQ_NEXT(op, link);
		if (op->deadline != NULL && !place->feed->stopping && err != ERR_CURSOR_AHEAD)
			continue;
		poll_fail(op, err);
	}
}

static void on_page(struct db_reply *reply, void *arg)
{
	struct place *place = arg;
	struct page page;
	int err = db_reply_err(reply);
	bool more;

	place->asking = false;
	if (err == 0 && !page_read(reply, &page))
		err = ERR_INTERNAL;
	if (err == 0 && page.head < place->from)
		err = ERR_CURSOR_AHEAD;
	/* A filter may leave out all that one question looks at. */
	more = err == 0 && strcmp(page.orders, "[]") == 0 && page.cursor < page.head;
	if (err != 0)
		place_fail(place, err);
	else if (more)
		place->from = page.cursor;
	else
		place_answer(place, &page);
	if ((more || place->again) && !TAILQ_EMPTY(&place->calls))
		place_ask(place);
	else
		place_release_if_idle(place);
}

static void place_ask(struct place *place)
{
	char from[24];
	const struct db_arg args[] = {
		{ .value = *place->status != '\0' ? place->status : NULL },
		{ .value = from },
		{ .value = place->limit },
	};

	if (place->asking) {
		place->again = true;
		return;
	}
	place->asking = true;
	place->again = false;
	snprintf(from, sizeof(from), "%" PRId64, place->from);
	db_ask(place->feed->db, &place->scope, &sql_supplier_orders, args, 3, on_page, place);
}

/* --- waking --- */

void feed_notify(struct feed *feed, const char *payload)
{
	struct place *place;

	TAILQ_FOREACH(place, bucket_of(feed, payload), link)
	{
		if (strcmp(place->scope.supplier, payload) == 0)
			place_ask(place);
	}
}

/* The suppliers' feeds are this long: wake who has read less. */
static void wake_shorter(struct feed *feed, const char *supplier, int64_t head)
{
	struct place *place;

	TAILQ_FOREACH(place, bucket_of(feed, supplier), link)
	{
		if (strcmp(place->scope.supplier, supplier) == 0 && place->head < head &&
		    !place->asking)
			place_ask(place);
	}
}

static void on_heads(struct db_reply *reply, void *arg)
{
	struct feed *feed = arg;
	int64_t head;

	feed->looking = false;
	if (db_reply_err(reply) != 0)
		return; /* the db layer has said so; the next look is a second away */
	for (int row = 0; row < db_reply_rows(reply); row++) {
		if (value_integer(db_reply_value(reply, row, 1), &head))
			wake_shorter(feed, db_reply_value(reply, row, 0), head);
	}
}

static void look(void *arg)
{
	struct feed *feed = arg;

	if (feed->looking || feed->waiting == 0)
		return;
	feed->looking = true;
	db_ask(feed->db, NULL, &sql_feed_heads, NULL, 0, on_heads, feed);
}

/* --- the route --- */

/* The fields of the route's table, in its order. */
enum { POLL_STATUS, POLL_CURSOR, POLL_WAIT, POLL_LIMIT };

static int place_wanted(struct http_call *call, const struct field_values *values,
			struct place *ret_place, const char **ret_detail)
{
	const char *cursor = values->value[POLL_CURSOR];
	const char *status = values->value[POLL_STATUS];

	ret_place->scope = *http_call_scope(call);
	if (cursor != NULL &&
	    (!value_integer(cursor, &ret_place->cursor) || ret_place->cursor < 0)) {
		*ret_detail = "cursor";
		return ERR_INVALID_MEMBER;
	}
	snprintf(ret_place->status, sizeof(ret_place->status), "%s", status != NULL ? status : "");
	snprintf(ret_place->limit, sizeof(ret_place->limit), "%s", values->value[POLL_LIMIT]);
	return 0;
}

static void poll_join(struct feed *feed, struct http_call *call, const struct place *wanted,
		      unsigned wait_ms)
{
	struct poll_op *op = http_call_alloc(call, sizeof(*op));
	struct place *place = place_find(feed, wanted);

	if (place == NULL)
		place = place_make(feed, wanted);
	op->feed = feed;
	op->call = call;
	op->place = place;
	TAILQ_INSERT_TAIL(&place->calls, op, link);
	feed->waiting++;
	if (wait_ms > 0 && !feed->stopping) {
		op->deadline = loop_after(feed->base, wait_ms, on_deadline, op);
		http_call_on_gone(call, on_gone, op);
	}
	if (!place->asking)
		place_ask(place);
}

void feed_poll(struct http_call *call, void *arg)
{
	struct field_values values = { 0 };
	struct place wanted = { 0 };
	const char *detail = NULL;
	int64_t wait = 0;
	int err = fields_decode(call, endpoint_of(call)->fields, &values, &detail);

	(void)arg;
	if (err == 0)
		err = place_wanted(call, &values, &wanted, &detail);
	if (err != 0) {
		http_fail(call, err, detail);
		return;
	}
	if (values.value[POLL_WAIT] != NULL)
		(void)value_integer(values.value[POLL_WAIT], &wait); /* checked by the table */
	poll_join(the_feed, call, &wanted, (unsigned)wait * 1000);
}

/* --- life --- */

struct feed *feed_open(struct event_base *base, struct db *db)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL)
		abort();
	assert(the_feed == NULL);
	feed->base = base;
	feed->db = db;
	for (size_t i = 0; i < BUCKETS; i++)
		TAILQ_INIT(&feed->buckets[i]);
	TAILQ_INIT(&feed->left);
	feed->look = loop_every(base, LOOK_MS, look, feed);
	the_feed = feed;
	return feed;
}

/* Calls at a place that asks get the answer under way; the others, that nothing is new. */
static void place_stop(struct place *place)
{
	struct poll_op *op;

	if (place->asking)
		return;
	while ((op = TAILQ_FIRST(&place->calls)) != NULL)
		poll_answer_nothing(op);
	place_release_if_idle(place);
}

void feed_stop(struct feed *feed)
{
	struct place *place, *next;

	feed->stopping = true;
	for (size_t i = 0; i < BUCKETS; i++) {
		for (place = TAILQ_FIRST(&feed->buckets[i]); place != NULL; place = next) {
			next = TAILQ_NEXT(place, link);
			place_stop(place);
		}
	}
}

void feed_close(struct feed *feed)
{
	if (feed == NULL)
		return;
	assert(feed->waiting == 0);
	reap(feed);
	loop_timer_free(feed->look);
	the_feed = NULL;
	free(feed);
}

size_t feed_waiting(const struct feed *feed)
{
	return feed->waiting;
}
