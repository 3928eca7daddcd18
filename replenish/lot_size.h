/*
 * How much to order at a time when demand is known: economic order quantity
 * (Harris 1913) and its relatives. Formulas and their numbers as in Snyder and
 * Shen, Fundamentals of Supply Chain Theory (2nd ed.), chapter 3. Rates share
 * one unit of time; costs are of one unit of money.
 */
#ifndef REPLENISH_LOT_SIZE_H
#define REPLENISH_LOT_SIZE_H

#include <stdbool.h>
#include <stddef.h>

#define LOT_PERIODS_MAX 1000
#define LOT_ITEMS_MAX 1000

struct lot_costs {
	double fixed;   /* of one order */
	double holding; /* of one unit for one unit of time */
	double demand;  /* units in one unit of time */
};

/* The quantity that balances ordering and holding. */
double lot_economic(const struct lot_costs *costs);

/* What ordering `quantity` each time costs in one unit of time. */
double lot_cost(const struct lot_costs *costs, double quantity);

/* With backorders at `stockout` for one unit and unit of time; stockout fraction is the share of a cycle without stock. */
double lot_backorder_quantity(const struct lot_costs *costs, double stockout);
double lot_backorder_fraction(const struct lot_costs *costs, double stockout);
double lot_backorder_cost(const struct lot_costs *costs, double stockout, double quantity,
			  double fraction);

/* A price for orders from `from` units on. */
struct lot_price {
	double from;
	double unit_cost;
};

struct lot_discount {
	double quantity;
	size_t region; /* index of the price */
	double cost;   /* of goods, orders and holding */
};

/*
 * All-units discount: `prices` by rising `from`, the first from 0; the holding cost is
 * costs->holding times the unit cost.
 */
struct lot_discount lot_all_units_discount(const struct lot_costs *costs,
					   const struct lot_price *prices, size_t count);

/*
 * Wagner and Whitin 1958: the cheapest orders for known demands of `count` <= LOT_PERIODS_MAX periods;
 * costs by period, holding on what is left at a period's end. Of equally cheap plans the one that
 * orders for fewer periods at a time. Returns the cost.
 */
double lot_wagner_whitin(const double *demand, const double *fixed, const double *holding,
			 size_t count, double *ret_quantities);

/*
 * Joint replenishment (Silver 1976): a shared fixed cost, item i is ordered in every multiples[i]-th
 * cycle. `items` has its own fixed cost each; count <= LOT_ITEMS_MAX. Returns the cost in one unit of time.
 */
double lot_joint_replenishment(double shared_fixed, const struct lot_costs *items, size_t count,
			       double *ret_cycle_time, int *ret_multiples);

#endif
