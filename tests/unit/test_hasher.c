/* access/hasher.c: answers on the loop, each once; a full queue refuses; closing cancels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <event2/event.h>

#include "access/hasher.h"
#include "access/password.h"
#include "core/err.h"
#include "core/loop.h"

struct seen {
	int answers;
	int err;
	bool right;
	char encoded[PASSWORD_ENCODED_SIZE];
};

static void on_done(int err, bool right, const char *encoded, void *arg)
{
	struct seen *seen = arg;

	seen->answers++;
	seen->err = err;
	seen->right = right;
	snprintf(seen->encoded, sizeof(seen->encoded), "%s", encoded != NULL ? encoded : "");
}

static void await(struct event_base *base, const struct seen *seen)
{
	while (seen->answers == 0)
		event_base_loop(base, EVLOOP_ONCE);
}

static void test_hash_then_check(void **state)
{
	struct event_base *base = loop_new();
	struct hasher *hasher = hasher_open(base);
	struct seen made = { 0 }, right = { 0 }, wrong = { 0 }, unknown = { 0 };

	(void)state;
	assert_int_equal(hasher_hash(hasher, "correct horse", on_done, &made), 0);
	assert_int_equal(made.answers, 0);
	await(base, &made);
	assert_true(password_is(made.encoded, "correct horse", 13));
	assert_int_equal(hasher_check(hasher, made.encoded, "correct horse", on_done, &right), 0);
	assert_int_equal(hasher_check(hasher, made.encoded, "wrong", on_done, &wrong), 0);
	assert_int_equal(hasher_check(hasher, NULL, "correct horse", on_done, &unknown), 0);
	await(base, &unknown);
	assert_true(right.right);
	assert_false(wrong.right);
	assert_false(unknown.right);
	assert_int_equal(right.answers + wrong.answers + unknown.answers, 3);
	hasher_close(hasher);
	event_base_free(base);
}

static void test_full_queue_refuses_and_close_cancels(void **state)
{
	struct event_base *base = loop_new();
	struct hasher *hasher = hasher_open(base);
	struct seen seen[40] = { 0 };
	int taken = 0;

	(void)state;
	while (taken < 40 && hasher_hash(hasher, "some password", on_done, &seen[taken]) == 0)
		taken++;
	assert_in_range(taken, 32, 39);
	assert_true(hasher_is_full(hasher));
	assert_int_equal(hasher_hash(hasher, "x", on_done, &seen[39]), ERR_BUSY);
	hasher_close(hasher);
	for (int i = 0; i < taken; i++)
		assert_int_equal(seen[i].answers, 1);
	assert_int_equal(seen[taken - 1].err, ERR_CANCELLED);
	assert_int_equal(seen[39].answers, 0);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_then_check),
		cmocka_unit_test(test_full_queue_refuses_and_close_cancels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
