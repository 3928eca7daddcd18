/*
 * core/db.c against a private PostgreSQL: order, errors that stay in their
 * segment, lost connections, deadlines. Each question of a test counts its
 * answers, so that an answer given twice, or never, is seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <event2/event.h>

#include "core/db.h"
#include "core/db_array.h"
#include "core/db_drop.h"
#include "core/err.h"
#include "core/log.h"
#include "core/loop.h"
#include "private_pg.h"

static struct private_pg pg;
static struct event_base *base;

#define STATEMENT(id, count, sql) \
	static const struct db_statement id = { .name = #id, .text = sql, .parameters = count }

STATEMENT(echo, 1, "SELECT $1::int AS value");
STATEMENT(who, 0,
	  "SELECT current_setting('yaoku.account', true) AS account,"
	  " current_setting('yaoku.pharmacy', true) AS pharmacy");
STATEMENT(divide, 1, "SELECT 1 / $1::int AS value");
STATEMENT(deferred, 1, "INSERT INTO child VALUES ($1::int) RETURNING parent");
STATEMENT(nap, 1, "SELECT pg_sleep($1::float8)");
STATEMENT(kill_nap, 0,
	  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	  " WHERE query LIKE '%pg_sleep($1%' AND state = 'active'"
	  " AND pid <> pg_backend_pid()");
STATEMENT(warn, 0, "SELECT warn() AS value");
STATEMENT(big, 1, "SELECT repeat(left($1::text, 1), 300000) AS value");
STATEMENT(shout, 0, "SELECT pg_notify('test_channel', 'hello')");
STATEMENT(read_only, 0, "SELECT read_only_error()");
STATEMENT(broken, 0, "SELECT FROM nowhere");
STATEMENT(arrays, 9,
	  "SELECT concat_ws(' ', $1::text[], $2::int4[], $3::int8[], $4::uuid[], $5::date[],"
	  " $6::timestamptz[], $7::bytea[], $8::int2[], $9::bool[]) AS value");

static const struct db_statement *const statements[] = {
	&echo, &who, &divide, &deferred,  &nap,    &kill_nap,
	&warn, &big, &shout,  &read_only, &arrays, NULL,
};

struct asked {
	int answers;
	int err;
	int rows;
	char text[256];
	size_t length;
};

static int total_answers;
static bool inside_ask;

static void on_answer(struct db_reply *reply, void *arg)
{
	struct asked *asked = arg;

	assert_false(inside_ask);
	total_answers++;
	asked->answers++;
	asked->err = db_reply_err(reply);
	if (asked->err != 0)
		return;
	asked->rows = db_reply_rows(reply);
	if (asked->rows > 0 && db_reply_value(reply, 0, 0) != NULL) {
		snprintf(asked->text, sizeof(asked->text), "%s", db_reply_value(reply, 0, 0));
		asked->length = db_reply_length(reply, 0, 0);
	}
}

static void ask(struct db *db, const struct db_scope *scope, const struct db_statement *statement,
		const char *value, struct asked *asked)
{
	struct db_arg arg = { .value = value };

	inside_ask = true;
	db_ask(db, scope, statement, &arg, value != NULL ? 1 : 0, on_answer, asked);
	inside_ask = false;
}

/* Run the loop until `count` answers more have come, at most 20 s. */
static void await_answers(int count)
{
	uint64_t limit = loop_now_ms() + 20000;
	int wanted = total_answers + count;

	while (total_answers < wanted && loop_now_ms() < limit)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(total_answers, wanted);
}

static void await_ready(struct db *db, bool ready)
{
	uint64_t limit = loop_now_ms() + 20000;

	while (db_is_ready(db) != ready && loop_now_ms() < limit)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(db_is_ready(db), ready);
}

static struct db *open_pool(struct db_options options)
{
	struct db *db;

	options.conninfo = options.conninfo ? options.conninfo : pg.conninfo;
	options.name = options.name ? options.name : "test";
	options.statements = options.statements ? options.statements : statements;
	db = db_open(base, &options);
	await_ready(db, true);
	return db;
}

static void test_ten_thousand_in_order(void **state)
{
	static struct asked asked[10000];
	struct db *db = open_pool((struct db_options){ .max_queued = 10000 });

	(void)state;
	for (int i = 0; i < 10000; i++) {
		char value[16];

		snprintf(value, sizeof(value), "%d", i);
		ask(db, NULL, &echo, value, &asked[i]);
	}
	assert_int_equal(db_outstanding(db), 10000);
	for (int i = 0; i < 10000; i++) {
		char value[16];

		snprintf(value, sizeof(value), "%d", i);
		while (asked[i].answers == 0) {
			assert_int_equal(i < 9999 ? asked[i + 1].answers : 0, 0);
			event_base_loop(base, EVLOOP_ONCE);
		}
		assert_int_equal(asked[i].answers, 1);
		assert_int_equal(asked[i].err, 0);
		assert_string_equal(asked[i].text, value);
	}
	assert_int_equal(db_outstanding(db), 0);
	db_close(db);
}

static void test_scope_holds_for_its_segment_only(void **state)
{
	struct db_scope one = { .account = "1", .pharmacy = "7" };
	struct db_scope two = { .account = "2", .pharmacy = "*" };
	struct asked asked[4] = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });

	(void)state;
	ask(db, &one, &who, NULL, &asked[0]);
	ask(db, NULL, &who, NULL, &asked[1]);
	ask(db, &two, &who, NULL, &asked[2]);
	ask(db, NULL, &who, NULL, &asked[3]);
	await_answers(4);
	assert_string_equal(asked[0].text, "1");
	assert_string_equal(asked[1].text, "");
	assert_string_equal(asked[2].text, "2");
	assert_string_equal(asked[3].text, "");
	db_close(db);
}

static void test_error_stays_in_its_segment(void **state)
{
	struct db_scope scope = { .account = "1" };
	struct asked asked[4] = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });

	(void)state;
	ask(db, &scope, &divide, "1", &asked[0]);
	ask(db, &scope, &divide, "0", &asked[1]);
	ask(db, NULL, &echo, "not a number", &asked[2]);
	ask(db, &scope, &divide, "1", &asked[3]);
	await_answers(4);
	assert_int_equal(asked[0].err, 0);
	assert_int_equal(asked[1].err, ERR_INTERNAL);
	assert_int_equal(asked[2].err, ERR_INVALID_MEMBER);
	assert_int_equal(asked[3].err, 0);
	assert_true(db_is_ready(db));
	db_close(db);
}

static void test_failed_commit_is_an_error_although_rows_came(void **state)
{
	struct asked asked[3] = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });

	(void)state;
	ask(db, NULL, &deferred, "1", &asked[0]);
	ask(db, NULL, &deferred, "2", &asked[1]);
	ask(db, NULL, &deferred, "1", &asked[2]);
	await_answers(3);
	assert_int_equal(asked[0].err, 0);
	assert_int_equal(asked[1].err, ERR_CONFLICT);
	assert_int_equal(asked[2].err, 0);
	db_close(db);
}

static void test_killed_backend_is_unknown_once(void **state)
{
	struct asked asked[4] = { 0 };
	struct db *db = open_pool((struct db_options){ .name = "victim" });
	struct db *other = open_pool((struct db_options){ .name = "killer" });

	(void)state;
	ask(db, NULL, &nap, "15", &asked[0]);
	ask(db, NULL, &echo, "1", &asked[1]);
	do {
		asked[2] = (struct asked){ 0 };
		ask(other, NULL, &kill_nap, NULL, &asked[2]);
		while (asked[2].answers == 0)
			event_base_loop(base, EVLOOP_ONCE);
	} while (asked[2].rows == 0);
	while (asked[1].answers == 0)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(asked[0].err, ERR_OUTCOME_UNKNOWN);
	assert_int_equal(asked[1].err, ERR_OUTCOME_UNKNOWN);
	ask(db, NULL, &echo, "2", &asked[3]);
	await_answers(1);
	assert_int_equal(asked[3].err, 0);
	assert_int_equal(asked[0].answers, 1);
	assert_int_equal(asked[1].answers, 1);
	db_close(db);
	db_close(other);
}

static void test_deadline_closes_and_reconnects(void **state)
{
	struct asked asked[2] = { 0 };
	struct db *db = open_pool((struct db_options){ .deadline_ms = 300 });
	uint64_t begin = loop_now_ms();

	(void)state;
	ask(db, NULL, &nap, "5", &asked[0]);
	await_answers(1);
	assert_int_equal(asked[0].err, ERR_OUTCOME_UNKNOWN);
	assert_in_range(loop_now_ms() - begin, 300, 600);
	await_ready(db, true);
	ask(db, NULL, &echo, "1", &asked[1]);
	await_answers(1);
	assert_int_equal(asked[1].err, 0);
	db_close(db);
}

static void test_warning_makes_the_outcome_unknown(void **state)
{
	struct asked asked[2] = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });

	(void)state;
	ask(db, NULL, &warn, NULL, &asked[0]);
	ask(db, NULL, &echo, "1", &asked[1]);
	await_answers(2);
	assert_int_equal(asked[0].err, ERR_OUTCOME_UNKNOWN);
	assert_int_equal(asked[1].err, 0);
	db_close(db);
}

static void test_read_only_server_retires_the_connection(void **state)
{
	struct asked asked[3] = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });

	(void)state;
	ask(db, NULL, &read_only, NULL, &asked[0]);
	ask(db, NULL, &echo, "1", &asked[1]);
	await_answers(2);
	assert_int_equal(asked[0].err, ERR_DATABASE_DOWN);
	assert_int_equal(asked[1].err, 0);
	assert_false(db_is_ready(db));
	ask(db, NULL, &echo, "1", &asked[2]);
	await_answers(1);
	assert_int_equal(asked[2].err, 0);
	db_close(db);
}

static void test_full_queue_refuses_and_waiting_ends(void **state)
{
	struct asked asked[4] = { 0 };
	uint64_t begin = loop_now_ms();
	struct db *db = open_pool((struct db_options){ .max_in_flight = 1, .max_queued = 2 });

	(void)state;
	ask(db, NULL, &nap, "3", &asked[0]);
	ask(db, NULL, &echo, "1", &asked[1]);
	ask(db, NULL, &echo, "2", &asked[2]);
	ask(db, NULL, &echo, "3", &asked[3]);
	await_answers(1);
	assert_int_equal(asked[3].err, ERR_BUSY);
	await_answers(2);
	assert_int_equal(asked[1].err, ERR_BUSY);
	assert_int_equal(asked[2].err, ERR_BUSY);
	assert_in_range(loop_now_ms() - begin, 2000, 2600);
	await_answers(1);
	assert_int_equal(asked[0].err, 0);
	db_close(db);
}

static void test_no_database_is_down_not_unknown(void **state)
{
	struct db_options options = { .conninfo = "host=/nonexistent",
				      .name = "none",
				      .statements = statements,
				      .deadline_ms = 500 };
	struct asked asked = { 0 };
	struct db *db = db_open(base, &options);

	(void)state;
	ask(db, NULL, &echo, "1", &asked);
	await_answers(1);
	assert_int_equal(asked.err, ERR_DATABASE_DOWN);
	assert_non_null(db_fault(db));
	db_close(db);
}

static void test_dead_first_host_is_passed_over(void **state)
{
	struct asked asked = { 0 };
	char conninfo[256];
	struct db *db;

	(void)state;
	/* Addresses of TEST-NET-1 answer nothing (RFC 5737). */
	snprintf(conninfo, sizeof(conninfo), "host=192.0.2.1,%s user=yaoku dbname=postgres",
		 pg.directory);
	db = open_pool((struct db_options){ .conninfo = conninfo });
	ask(db, NULL, &echo, "1", &asked);
	await_answers(1);
	assert_int_equal(asked.err, 0);
	db_close(db);
}

static void test_typo_is_named(void **state)
{
	static const struct db_statement *const bad[] = { &echo, &broken, &who, NULL };
	struct db_options options = { .conninfo = pg.conninfo, .name = "typo", .statements = bad };
	struct db *db = db_open(base, &options);

	(void)state;
	while (db_fault(db) == NULL)
		event_base_loop(base, EVLOOP_ONCE);
	assert_non_null(strstr(db_fault(db), "broken"));
	assert_true(db_is_unfit(db));
	assert_false(db_is_ready(db));
	db_close(db);
}

static void test_big_both_ways(void **state)
{
	enum { COUNT = 40, LENGTH = 900000 };
	static char value[LENGTH + 1];
	struct asked asked[COUNT] = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });

	(void)state;
	memset(value, 'x', LENGTH);
	for (int i = 0; i < COUNT; i++)
		ask(db, NULL, &big, value, &asked[i]);
	await_answers(COUNT);
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(asked[i].err, 0);
		assert_int_equal(asked[i].length, 300000);
	}
	db_close(db);
}

static void test_arrays_are_read_as_meant(void **state)
{
	static const uint8_t id[16] = { 0x01, 0x23, [15] = 0xff };
	struct db_array a[9];
	struct db_arg args[9];
	struct asked asked = { 0 };
	struct db *db = open_pool((struct db_options){ 0 });
	static const enum db_array_type types[9] = {
		DB_ARRAY_TEXT,        DB_ARRAY_INT4,  DB_ARRAY_INT8, DB_ARRAY_UUID, DB_ARRAY_DATE,
		DB_ARRAY_TIMESTAMPTZ, DB_ARRAY_BYTEA, DB_ARRAY_INT2, DB_ARRAY_BOOL,
	};

	(void)state;
	for (int i = 0; i < 9; i++)
		db_array_init(&a[i], types[i]);
	db_array_add_text(&a[0], "药", 3);
	db_array_add_null(&a[0]);
	db_array_add_text(&a[0], "", 0);
	db_array_add_int4(&a[1], -5);
	db_array_add_int8(&a[2], INT64_C(1) << 40);
	db_array_add_uuid(&a[3], id);
	db_array_add_date(&a[4], 20779);
	db_array_add_timestamptz(&a[5], INT64_C(1795305600000001));
	db_array_add_bytea(&a[6], "\0\1", 2);
	db_array_add_int2(&a[7], 7);
	for (int i = 0; i < 9; i++)
		args[i] = db_array_arg(&a[i]);
	db_ask(db, NULL, &arrays, args, 9, on_answer, &asked);
	for (int i = 0; i < 9; i++)
		db_array_done(&a[i]);
	await_answers(1);
	assert_int_equal(asked.err, 0);
	assert_string_equal(asked.text,
			    "{药,NULL,\"\"} {-5} {1099511627776}"
			    " {01230000-0000-0000-0000-0000000000ff} {2026-11-22}"
			    " {\"2026-11-22 00:00:00.000001+00\"} {\"\\\\x0001\"} {7} {}");
	db_close(db);
}

static void test_drop_at_every_point(void **state)
{
	static const struct {
		enum db_drop_point point;
		int err;
	} cases[] = {
		{ DB_DROP_SEND, 0 }, /* never sent, so it is asked again */
		{ DB_DROP_SENT, ERR_OUTCOME_UNKNOWN },
		{ DB_DROP_ROWS, ERR_OUTCOME_UNKNOWN },
		{ DB_DROP_SYNC, ERR_OUTCOME_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct asked asked[3] = { 0 };
		struct db *db = open_pool((struct db_options){ .name = "drop" });

		db_drop_at("drop", cases[i].point, 2);
		ask(db, NULL, &echo, "1", &asked[0]);
		await_answers(1);
		ask(db, NULL, &echo, "2", &asked[1]);
		await_answers(1);
		ask(db, NULL, &echo, "3", &asked[2]);
		await_answers(1);
		assert_int_equal(asked[0].err, 0);
		assert_int_equal(asked[1].err, cases[i].err);
		assert_int_equal(asked[2].err, 0);
		db_close(db);
	}
	assert_true(db_drop_parse("posting:sync:3"));
	assert_false(db_drop_parse("posting:sink:3"));
	assert_false(db_drop_parse("posting"));
	db_drop_at("", DB_DROP_NEVER, 0);
}

static int notified;

static void on_notify(const char *channel, const char *payload, void *arg)
{
	(void)arg;
	assert_string_equal(channel, "test_channel");
	assert_string_equal(payload, "hello");
	notified++;
}

static int readied;

static void on_ready(struct db *db, void *arg)
{
	(void)db;
	(void)arg;
	readied++;
}

static void test_notifications_come(void **state)
{
	struct db_options options = { .conninfo = pg.conninfo,
				      .name = "listen",
				      .statements = statements,
				      .on_notify = on_notify,
				      .on_ready = on_ready };
	struct asked asked = { 0 };
	struct db *other = open_pool((struct db_options){ 0 });
	struct db *db = db_open(base, &options);

	(void)state;
	db_listen(db, "test_channel");
	await_ready(db, true);
	assert_int_equal(readied, 1);
	ask(other, NULL, &shout, NULL, &asked);
	while (notified == 0)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(notified, 1);
	db_close(db);
	db_close(other);
}

static void test_close_fails_what_is_outstanding(void **state)
{
	struct asked asked[2] = { 0 };
	struct db *db = open_pool((struct db_options){ .max_in_flight = 1 });

	(void)state;
	ask(db, NULL, &nap, "1", &asked[0]);
	ask(db, NULL, &echo, "1", &asked[1]);
	db_close(db);
	assert_int_equal(asked[0].err, ERR_OUTCOME_UNKNOWN);
	assert_int_equal(asked[1].err, ERR_CANCELLED);
	assert_int_equal(asked[0].answers + asked[1].answers, 2);
}

static int start(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_ERROR);
	base = loop_new();
	private_pg_start(&pg);
	private_pg_run(
		&pg,
		"CREATE SCHEMA yaoku; SET search_path = yaoku;"
		"CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1);"
		"CREATE TABLE child (parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
		"CREATE FUNCTION warn() RETURNS int LANGUAGE plpgsql AS"
		" 'BEGIN RAISE WARNING ''beware''; RETURN 1; END';"
		"CREATE FUNCTION read_only_error() RETURNS int LANGUAGE plpgsql AS"
		" 'BEGIN RAISE SQLSTATE ''25006''; END'");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	private_pg_stop(&pg);
	event_base_free(base);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ten_thousand_in_order),
		cmocka_unit_test(test_scope_holds_for_its_segment_only),
		cmocka_unit_test(test_error_stays_in_its_segment),
		cmocka_unit_test(test_failed_commit_is_an_error_although_rows_came),
		cmocka_unit_test(test_killed_backend_is_unknown_once),
		cmocka_unit_test(test_deadline_closes_and_reconnects),
		cmocka_unit_test(test_warning_makes_the_outcome_unknown),
		cmocka_unit_test(test_read_only_server_retires_the_connection),
		cmocka_unit_test(test_full_queue_refuses_and_waiting_ends),
		cmocka_unit_test(test_no_database_is_down_not_unknown),
		cmocka_unit_test(test_dead_first_host_is_passed_over),
		cmocka_unit_test(test_typo_is_named),
		cmocka_unit_test(test_big_both_ways),
		cmocka_unit_test(test_arrays_are_read_as_meant),
		cmocka_unit_test(test_drop_at_every_point),
		cmocka_unit_test(test_notifications_come),
		cmocka_unit_test(test_close_fails_what_is_outstanding),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
