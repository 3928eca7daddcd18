/*
 * The policy: from what is known of an item to its published minimum and maximum,
 * with every number on the way, so that a person can be told why.
 *
 * The minimum is the reorder point by fill rate (negative binomial), where cheap
 * packs may be short less often than dear ones and critical ones hardly ever,
 * raised by a buffer against outages of supply and by shelf presence. The maximum
 * lies one economic order above it. Units are base units, times days.
 */
#ifndef REPLENISH_POLICY_H
#define REPLENISH_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct policy_settings {
	double fill_rate;       /* share of demand served from stock, at the reference price */
	double critical_rate;   /* floor of the fill rate for critical items */
	double reference_price; /* of a base unit */
	double price_weight;    /* exponent of price / reference on what may be short */
	double order_cost;      /* of one order line, money */
	double holding_rate;    /* share of its value that a year on the shelf costs */
	double cover_min;       /* days that one order lasts, at least and at most */
	double cover_max;
	double outage_value;   /* money that a unit not short is worth, see outage_buffer() */
	double outage_max;     /* most days of such a buffer */
	double keep_days;      /* an item asked for within so many days stays on the shelf */
	double presence_price; /* below it the last pack is already the reorder point */
};

/* The district's own, as found by simulation (docs/simulation.md). */
extern const struct policy_settings policy_defaults;

struct policy_item {
	double demand;         /* expected, a day, season in */
	double variance_ratio; /* of a day's demand to its mean */
	double price;          /* of a base unit */
	double multiple;       /* can be ordered by, >= 1 */
	double bridge;      /* mean days from this order until the next one could be on the shelf */
	double bridge_sd;   /* standard deviation of that */
	double peak;        /* highest weekday factor on the way, >= 1 */
	double usable_life; /* days the offered lot can be dispensed */
	double idle;        /* days since the last demand */
	double outage_share; /* of days on which nobody could supply the product */
	double outage_days;  /* mean length of such an outage */
	bool critical;       /* emergency, sole source or on the shortage list */
};

struct policy_levels {
	double cover;         /* days that one order lasts */
	double quantity;      /* of one order, a multiple */
	double life_cap;      /* more would not be used in time */
	double short_allowed; /* units per order cycle that may be short */
	double bridge_demand; /* expected until the next order is on the shelf */
	int64_t fill_point;   /* reorder point by fill rate */
	double outage_buffer; /* days */
	int64_t outage_point; /* by the buffer */
	int64_t presence;     /* by shelf presence; -1: no longer kept */
	int64_t minimum;      /* published; -1: no longer kept */
	int64_t maximum;
};

struct policy_levels policy_levels_of(const struct policy_settings *settings,
				      const struct policy_item *item);

/* What to order at `position`: 0 above the minimum, else up to the maximum, rounded up to the multiple. */
int64_t policy_order(const struct policy_levels *levels, const struct policy_item *item,
		     int64_t position);

#endif
