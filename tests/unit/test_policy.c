/* The policy's properties, one item changed at a time, and its edges. */
#include <math.h>

#include "replenish/policy.h"
#include "test_rows.h"

static const struct policy_item usual = {
	.demand = 2,
	.variance_ratio = 2,
	.price = 20,
	.multiple = 1,
	.bridge = 2.1,
	.bridge_sd = .35,
	.peak = 1.1,
	.usable_life = 500,
	.idle = 0,
	.outage_share = .012,
	.outage_days = 15,
};

static struct policy_levels levels_of(const struct policy_item *item)
{
	return policy_levels_of(&policy_defaults, item);
}

/* ---- what raises the minimum, and what lowers it ---- */

static const struct change {
	struct row row;
	size_t offset;
	double factor;
	int minimum, quantity; /* -1: not higher, 1: not lower, 0: either */
} changes[] = {
	{ ROW("more demand"), offsetof(struct policy_item, demand), 3, 1, 1 },
	{ ROW("more variable demand"), offsetof(struct policy_item, variance_ratio), 3, 1, 0 },
	{ ROW("a longer way"), offsetof(struct policy_item, bridge), 3, 1, 0 },
	{ ROW("a less certain way"), offsetof(struct policy_item, bridge_sd), 6, 1, 0 },
	{ ROW("a dearer pack"), offsetof(struct policy_item, price), 10, -1, -1 },
	{ ROW("more outages"), offsetof(struct policy_item, outage_share), 4, 1, 0 },
	{ ROW("longer outages"), offsetof(struct policy_item, outage_days), 3, 1, 0 },
	{ ROW("short-lived lots"), offsetof(struct policy_item, usable_life), .02, 0, -1 },
};

static void policy_is_monotone(void **state)
{
	(void)state;
	foreach(r, changes) {
		struct policy_item item = usual;
		struct policy_levels before = levels_of(&item), after;

		*(double *)((char *)&item + r->offset) *= r->factor;
		after = levels_of(&item);
		row_check(r, (double)(after.minimum - before.minimum) * r->minimum >= 0,
			  "minimum %ld, before %ld", (long)after.minimum, (long)before.minimum);
		row_check(r, (after.quantity - before.quantity) * r->quantity >= 0,
			  "quantity %g, before %g", after.quantity, before.quantity);
		row_check(r, after.maximum == after.minimum + (int64_t)after.quantity,
			  "the maximum is not one order above the minimum");
	}
}

/* ---- edges ---- */

static const struct edge {
	struct row row;
	struct policy_item item;
	int64_t minimum, maximum;
} edges[] = {
	{ ROW("nobody asked for it for long: not kept, and ordered for nobody"),
	  { .demand = 1e-4,
	    .variance_ratio = 1,
	    .price = 20,
	    .multiple = 1,
	    .bridge = 2,
	    .peak = 1,
	    .usable_life = 500,
	    .idle = 200 },
	  -1,
	  0 },
	{ ROW("asked for once: one pack stays on the shelf"),
	  { .demand = 1e-4,
	    .variance_ratio = 1,
	    .price = 20,
	    .multiple = 1,
	    .bridge = 2,
	    .peak = 1,
	    .usable_life = 500,
	    .idle = 199 },
	  1,
	  2 },
	{ ROW("a dear one is ordered when the shelf is empty"),
	  { .demand = 1e-4,
	    .variance_ratio = 1,
	    .price = 400,
	    .multiple = 1,
	    .bridge = 2,
	    .peak = 1,
	    .usable_life = 500,
	    .idle = 199 },
	  0,
	  1 },
	{ ROW("what is offered has locked already: one multiple, no more"),
	  { .demand = 50,
	    .variance_ratio = 2,
	    .price = 20,
	    .multiple = 10,
	    .bridge = 2,
	    .peak = 1,
	    .usable_life = -5 },
	  1,
	  11 },
	{ ROW("no way to bridge: supply is at once"),
	  { .demand = 1,
	    .variance_ratio = 1,
	    .price = 400,
	    .multiple = 1,
	    .bridge = 0,
	    .peak = 1,
	    .usable_life = 500 },
	  0,
	  6 },
};

static void policy_has_defined_edges(void **state)
{
	(void)state;
	foreach(r, edges) {
		struct policy_levels levels = levels_of(&r->item);

		row_check(r, levels.minimum == r->minimum && levels.maximum == r->maximum,
			  "%ld to %ld", (long)levels.minimum, (long)levels.maximum);
	}
}

static void critical_items_are_short_less_often(void **state)
{
	struct policy_item item = usual;
	double usually;

	(void)state;
	item.price = 300;
	usually = levels_of(&item).short_allowed / levels_of(&item).quantity;
	item.critical = true;
	assert_true(levels_of(&item).short_allowed / levels_of(&item).quantity < usually);
	assert_true(levels_of(&item).short_allowed / levels_of(&item).quantity <=
		    1 - policy_defaults.critical_rate + 1e-12);
}

/* ---- orders ---- */

static void orders_reach_the_maximum_by_whole_multiples(void **state)
{
	(void)state;
	for (int multiple = 1; multiple <= 12; multiple++) {
		struct policy_item item = usual;
		struct policy_levels levels;

		item.multiple = multiple;
		levels = levels_of(&item);
		for (int64_t position = -5; position <= levels.maximum + 5; position++) {
			int64_t quantity = policy_order(&levels, &item, position);

			assert_int_equal(quantity % multiple, 0);
			assert_int_equal(quantity > 0, position <= levels.minimum);
			if (quantity > 0) {
				assert_true(position + quantity >= levels.maximum);
				assert_true(position + quantity < levels.maximum + multiple);
				assert_int_equal(policy_order(&levels, &item, position + quantity),
						 0);
			}
		}
	}
}

static void policy_scales_with_the_pack(void **state)
{
	struct policy_item item = usual;
	struct policy_levels one, ten;

	(void)state;
	item.demand = 400;
	one = levels_of(&item);
	item.demand *= 10; /* the same medicine counted in tenths of a pack */
	item.price /= 10;
	item.multiple *= 10;
	item.variance_ratio *= 10;
	ten = levels_of(&item);
	assert_true(fabs(ten.cover - one.cover) < 1e-9);
	assert_true(fabs(ten.quantity / one.quantity - 10) < .1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_is_monotone),
		cmocka_unit_test(policy_has_defined_edges),
		cmocka_unit_test(critical_items_are_short_less_often),
		cmocka_unit_test(orders_reach_the_maximum_by_whole_multiples),
		cmocka_unit_test(policy_scales_with_the_pack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
