/* workstation/backoff.c: doubling, jitter, Retry-After. */
#include "workstation/backoff.h"

#include "test_rows.h"

static const struct {
	struct row row;
	unsigned failures; /* before this one */
	uint32_t draw;
	unsigned asked_s, expected;
} rows[] = {
	{ ROW("first, least"), 0, 0, 0, 100 },
	{ ROW("first, most"), 0, 100, 0, 200 },
	{ ROW("the draw is taken modulo"), 0, 101, 0, 100 },
	{ ROW("second, most"), 1, 200, 0, 400 },
	{ ROW("fifth, least"), 4, 0, 0, 1600 },
	{ ROW("eighth, most"), 7, 12800, 0, 25600 },
	{ ROW("ninth ends at 30 s"), 8, 15000, 0, 30000 },
	{ ROW("hundredth, least"), 99, 0, 0, 15000 },
	{ ROW("hundredth, greatest draw"), 99, UINT32_MAX, 0, 15000 + UINT32_MAX % 15001 },
	{ ROW("Retry-After is a lower bound"), 0, 0, 7, 7000 },
	{ ROW("a shorter Retry-After changes nothing"), 99, 15000, 7, 30000 },
	{ ROW("Retry-After of a day ends at 5 minutes"), 0, 0, 86400, 300000 },
	{ ROW("Retry-After beyond all numbers"), 0, 0, UINT32_MAX, 300000 },
};

static void test_waits(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct backoff backoff = { 0 };
		unsigned wait;

		for (unsigned i = 0; i < r->failures; i++)
			backoff_next(&backoff, 0, 0);
		wait = backoff_next(&backoff, r->draw, r->asked_s);
		row_check(r, wait == r->expected, "%u ms", wait);
		backoff_reset(&backoff);
		row_check(r, backoff_next(&backoff, 0, 0) == 100, "not reset");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
