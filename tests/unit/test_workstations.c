/* inventory/workstations.c: which of several answers about the profiles counts. */
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/loop.h"
#include "inventory/workstations.h"
#include "reply_stub.h"

/* The questions under way, in the order asked. */
static struct {
	db_done *done;
	void *arg;
} asked[8];
static size_t count;

void db_ask(struct db *db, const struct db_scope *scope, const struct db_statement *statement,
	    const struct db_arg *args, size_t arg_count, db_done *done, void *arg)
{
	(void)db;
	(void)scope;
	(void)statement;
	(void)args;
	(void)arg_count;
	asked[count].done = done;
	asked[count++].arg = arg;
}

/* Answer a question: one workstation whose scanner sends this prefix, or an error. */
static void answer(size_t question, const char *prefix)
{
	struct db_reply reply = { .err = prefix == NULL,
				  .rows = 1,
				  .columns = 6,
				  .value = { { "1", "W", prefix, "", "", "none" } } };

	asked[question].done(&reply, asked[question].arg);
}

static const char *prefix_now(void)
{
	return workstations_find(1, "W")->prefix;
}

static void told(void *arg)
{
	++*(int *)arg;
}

static void answers(void **state)
{
	struct event_base *base = loop_new();
	int times = 0;

	(void)state;
	workstations_open(base, NULL);
	assert_false(workstations_are_known());
	answer(0, "A");
	assert_string_equal(prefix_now(), "A");

	/* Questions go over several connections: an older one may be answered later. */
	workstations_read(told, &times);
	workstations_notice();
	answer(2, "C");
	answer(1, "B");
	assert_string_equal(prefix_now(), "C");
	assert_int_equal(times, 1);

	/* What is noticed meanwhile may be missing in the answer. */
	workstations_notice();
	workstations_notice();
	assert_int_equal(count, 4);
	answer(3, "D");
	assert_int_equal(count, 5);
	answer(4, NULL);
	assert_string_equal(prefix_now(), "D");
	workstations_notice();
	answer(5, "E");
	assert_string_equal(prefix_now(), "E");
	workstations_close();
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
