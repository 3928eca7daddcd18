/* Demand learnt a day at a time. */
#include <math.h>

#include "replenish/demand.h"
#include "test_rows.h"

static struct demand_state after(struct demand_state state, int days, double dispensed,
				 double weekday, bool in_stock, bool was_asked)
{
	for (int i = 0; i < days; i++)
		demand_step(&state, dispensed, weekday, in_stock, was_asked);
	return state;
}

static const struct course {
	struct row row;
	double begin;
	int days;
	double dispensed, weekday;
	bool in_stock, was_asked;
	double level, idle; /* afterwards; level within 2 % */
} courses[] = {
	{ ROW("steady demand stays"), 4, 500, 4, 1, true, true, 4, 0 },
	{ ROW("a busy weekday is not more demand"), 4, 500, 8, 2, true, true, 4, 0 },
	{ ROW("a fast mover follows a change of level"), 4, 200, 8, 1, true, true, 8, 0 },
	{ ROW("days without stock teach nothing"), 4, 60, 0, 1, false, true, 4, 0 },
	{ ROW("asked for in vain is not idle"), 4, 1, 0, 1, false, true, 4, 0 },
	{ ROW("a dead item decays to almost nothing and counts its idle days"), 4, 2000, 0, 1, true,
	  false, 1e-4, 2000 },
	{ ROW("nobody asks, nothing there: idle all the same"), 4, 30, 0, 1, false, false, 4, 30 },
};

static void demand_is_learnt(void **state)
{
	(void)state;
	foreach(r, courses) {
		struct demand_state learnt = after(demand_begin(r->begin, r->begin, 0), r->days,
						   r->dispensed, r->weekday, r->in_stock,
						   r->was_asked);
		double level = demand_level(&learnt);

		row_check(r, fabs(level - r->level) <= .02 * r->level, "level %g", level);
		row_check(r, learnt.idle == r->idle, "idle %g", learnt.idle);
		row_check(r, learnt.variance >= 0, "variance %g", learnt.variance);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(demand_is_learnt) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
