/* workstation/uuid7.c: greater ids later, whatever the clock does. */
#include "workstation/uuid7.h"

#include "test_rows.h"

/*
 * What the clock shows for each id in turn, -1 ends; and the milliseconds that the last id is
 * of at least.
 */
static const struct {
	struct row row;
	int64_t clock[8];
} rows[] = {
	{ ROW("goes on"), { 1000, 1001, 1002, -1 } },
	{ ROW("stands still"), { 1000, 1000, 1000, 1000, -1 } },
	{ ROW("is set back an hour"), { 1700003600000, 1700000000000, 1700000000001, -1 } },
	{ ROW("is set back before 1970"), { 1000, -5000, -4999, -1 } },
	{ ROW("jumps ahead and back"), { 1000, 4102444800000, 1001, 1002, -1 } },
	{ ROW("is beyond what an id can hold"), { 1000, INT64_MAX, 1001, -1 } },
};

static void test_order(void **state)
{
	(void)state;
	foreach(r, rows) {
		uint8_t id[16], before[16] = { 0 };
		struct uuid7 last = { 0 };

		for (int i = 0; r->clock[i] != -1; i++) {
			uuid7_next(&last, r->clock[i], id);
			row_check(r, memcmp(before, id, 16) < 0, "id %d is not greater", i);
			memcpy(before, id, 16);
		}
	}
}

static void test_many_in_one_millisecond(void **state)
{
	uint8_t id[16], before[16] = { 0 };
	struct uuid7 last = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uuid7_next(&last, 1000, id);
		assert_true(memcmp(before, id, 16) < 0);
		memcpy(before, id, 16);
	}
	assert_in_range(last.ms, 1004, 1010);
}

static void test_form(void **state)
{
	struct uuid7 last = { 0 };
	char text[UUID_TEXT_SIZE];
	uint8_t id[16];

	(void)state;
	uuid7_next(&last, 0x0123456789ab, id);
	uuid7_text(id, text);
	assert_memory_equal(text, "01234567-89ab-7", 15);
	assert_int_equal(id[8] & 0xc0, 0x80);
	assert_int_equal(strlen(text), 36);
}

static void test_resume(void **state)
{
	struct uuid7 last = { 0 }, anew = { 0 };
	uint8_t old[16], id[16];

	(void)state;
	uuid7_next(&last, 5000, old);
	uuid7_resume(&anew, old);
	uuid7_next(&anew, 1000, id);
	assert_true(memcmp(old, id, 16) < 0);
	uuid7_resume(&anew, old);
	uuid7_next(&anew, 1000, old);
	assert_true(memcmp(id, old, 16) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_many_in_one_millisecond),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_resume),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
