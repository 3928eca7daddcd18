#include "replenish/lot_size.h"

#include <math.h>

double lot_economic(const struct lot_costs *costs)
{
	return sqrt(2 * costs->fixed * costs->demand / costs->holding);
}

double lot_cost(const struct lot_costs *costs, double quantity)
{
	return costs->fixed * costs->demand / quantity + costs->holding * quantity / 2;
}

double lot_backorder_quantity(const struct lot_costs *costs, double stockout)
{
	return lot_economic(costs) * sqrt((costs->holding + stockout) / stockout);
}

double lot_backorder_fraction(const struct lot_costs *costs, double stockout)
{
	return costs->holding / (costs->holding + stockout);
}

double lot_backorder_cost(const struct lot_costs *costs, double stockout, double quantity,
			  double fraction)
{
	double covered = 1 - fraction;

	return costs->fixed * costs->demand / quantity +
	       costs->holding * quantity * covered * covered / 2 +
	       stockout * quantity * fraction * fraction / 2;
}

static struct lot_discount price_region(const struct lot_costs *costs,
					const struct lot_price *prices, size_t count, size_t i)
{
	struct lot_costs at = *costs;
	struct lot_discount best = { .region = i };

	at.holding = costs->holding * prices[i].unit_cost;
	best.quantity = fmax(lot_economic(&at), prices[i].from);
	best.cost = prices[i].unit_cost * costs->demand + lot_cost(&at, best.quantity);
	if (i + 1 < count && best.quantity >= prices[i + 1].from)
		best.cost = INFINITY; /* the next price holds there */
	return best;
}

struct lot_discount lot_all_units_discount(const struct lot_costs *costs,
					   const struct lot_price *prices, size_t count)
{
	struct lot_discount best = price_region(costs, prices, count, 0);

	for (size_t i = 1; i < count; i++) {
		struct lot_discount here = price_region(costs, prices, count, i);

		if (here.cost < best.cost)
			best = here;
	}
	return best;
}

/* What ordering in period `from` for all demand before `to` costs. */
static double run_cost(const double *demand, const double *fixed, const double *holding,
		       size_t from, size_t to)
{
	double cost = fixed[from], keep = 0;

	for (size_t t = from; t < to; t++) {
		cost += demand[t] * keep;
		keep += holding[t];
	}
	return cost;
}

double lot_wagner_whitin(const double *demand, const double *fixed, const double *holding,
			 size_t count, double *ret_quantities)
{
	double cheapest[LOT_PERIODS_MAX + 1];
	size_t next[LOT_PERIODS_MAX];

	cheapest[count] = 0;
	for (size_t t = count; t-- > 0;) {
		cheapest[t] = INFINITY;
		for (size_t to = t + 1; to <= count; to++) {
			double cost = run_cost(demand, fixed, holding, t, to) + cheapest[to];

			if (cost < cheapest[t]) {
				cheapest[t] = cost;
				next[t] = to;
			}
		}
	}
	for (size_t t = 0; t < count; t++)
		ret_quantities[t] = 0;
	for (size_t t = 0; t < count; t = next[t])
		for (size_t i = t; i < next[t]; i++)
			ret_quantities[t] += demand[i];
	return cheapest[0];
}

static double item_ratio(const struct lot_costs *item)
{
	return item->fixed / (item->holding * item->demand);
}

double lot_joint_replenishment(double shared_fixed, const struct lot_costs *items, size_t count,
			       double *ret_cycle_time, int *ret_multiples)
{
	size_t most = 0; /* the item to order most often */
	double fixed = shared_fixed, holding = 0, scale;

	for (size_t i = 1; i < count; i++)
		if (item_ratio(&items[i]) < item_ratio(&items[most]))
			most = i;
	scale = items[most].holding * items[most].demand / (shared_fixed + items[most].fixed);
	for (size_t i = 0; i < count; i++) {
		double multiple = i == most ? 1 : sqrt(item_ratio(&items[i]) * scale);

		ret_multiples[i] = (int)fmax(1, rint(fmin(multiple, 1e6)));
		fixed += items[i].fixed / ret_multiples[i];
		holding += items[i].holding * items[i].demand * ret_multiples[i];
	}
	*ret_cycle_time = sqrt(2 * fixed / holding);
	return sqrt(2 * fixed * holding);
}
