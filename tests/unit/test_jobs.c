/* core/jobs.c against a private PostgreSQL: one holder of two, and a new one when it is cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <event2/event.h>

#include "core/jobs.h"
#include "core/loop.h"
#include "private_pg.h"

static struct private_pg pg;

static const struct db_statement count_up = {
	.name = "count_up",
	.text = "UPDATE counted SET times = times + 1, role = current_setting('yaoku.role')",
};
static const struct db_statement fail = { .name = "fail", .text = "SELECT 1 / 0" };
static const struct db_statement slow = { .name = "slow", .text = "SELECT pg_sleep(3)" };

static const struct job table[] = {
	{ "slow", &slow, 100 },
	{ "count", &count_up, 100 },
	{ "fail", &fail, 100 },
	{ .name = NULL },
};

static void run_for(struct event_base *base, unsigned ms)
{
	uint64_t limit = loop_now_ms() + ms;

	while (loop_now_ms() < limit)
		event_base_loop(base, EVLOOP_ONCE);
}

static int counted(void)
{
	PGconn *conn = PQconnectdb(pg.conninfo);
	PGresult *result = PQexec(conn, "SELECT times FROM yaoku.counted WHERE role = 'service'");
	int times = PQntuples(result) == 1 ? (int)strtol(PQgetvalue(result, 0, 0), NULL, 10) : 0;

	PQclear(result);
	PQfinish(conn);
	return times;
}

static void test_one_holder_and_a_new_one(void **state)
{
	struct event_base *base = loop_new();
	struct jobs *a = jobs_open(base, pg.conninfo, table);
	struct jobs *b = jobs_open(base, pg.conninfo, table);
	struct jobs *first, *second;
	int before;

	(void)state;
	run_for(base, 2500);
	assert_int_equal(jobs_has_lease(a) + jobs_has_lease(b), 1);
	before = counted();
	assert_in_range(before, 3, 25);
	first = jobs_has_lease(a) ? a : b;
	second = jobs_has_lease(a) ? b : a;

	private_pg_run(&pg, "SELECT pg_terminate_backend(pid) FROM pg_locks"
			    " WHERE locktype = 'advisory' AND classid = 7958");
	run_for(base, 2500);
	assert_int_equal(jobs_has_lease(a) + jobs_has_lease(b), 1);
	assert_true(counted() > before);

	jobs_close(first);
	run_for(base, 2000);
	assert_true(jobs_has_lease(second));
	jobs_close(second);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_one_holder_and_a_new_one) };
	int failed;

	private_pg_start(&pg);
	private_pg_run(&pg,
		       "CREATE SCHEMA yaoku; CREATE TABLE yaoku.counted (times int, role text);"
		       "INSERT INTO yaoku.counted VALUES (0, '')");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	private_pg_stop(&pg);
	return failed;
}
