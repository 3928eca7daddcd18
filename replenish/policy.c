#include "replenish/policy.h"

#include <math.h>

#include "replenish/lot_size.h"
#include "replenish/reorder.h"

const struct policy_settings policy_defaults = {
	.fill_rate = .988,
	.critical_rate = .995,
	.reference_price = 25,
	.price_weight = 1,
	.order_cost = 4,
	.holding_rate = .25,
	.cover_min = 4,
	.cover_max = 28,
	.outage_value = 3000,
	.outage_max = 30,
	.keep_days = 200,
	.presence_price = 100,
};

#define YEAR 365
#define WEIGHT_MIN .05
#define WEIGHT_MAX 20
#define RATIO_MIN 1.05
#define RATIO_MAX 15
#define LIFE_SHARE .5 /* of an offered lot's life that one order may take to be used */

static double clip(double value, double low, double high)
{
	return fmin(fmax(value, low), high);
}

/* Days of the economic order quantity. */
static double economic_cover(const struct policy_settings *settings, const struct policy_item *item)
{
	const struct lot_costs costs = { settings->order_cost,
					 settings->holding_rate * item->price / YEAR,
					 item->demand };

	return clip(lot_economic(&costs) / item->demand, settings->cover_min, settings->cover_max);
}

/* The whole district is short least for its money when what may be short grows with the price. */
static double short_allowed(const struct policy_settings *settings, const struct policy_item *item,
			    double quantity)
{
	double weight = clip(pow(item->price / settings->reference_price, settings->price_weight),
			     WEIGHT_MIN, WEIGHT_MAX);
	double share = (1 - settings->fill_rate) * weight;

	if (item->critical)
		share = fmin(share, 1 - settings->critical_rate);
	return share * quantity;
}

/*
 * Outages cover a share f of the days and end at random after m days in the mean, so stock for B days leaves
 * f exp(-B/m) of demand short. Stock is worth the same everywhere when that, times the value v of a unit not
 * short, equals the price: B = m ln(f v / price). Half an order is on the shelf anyway.
 */
static double outage_buffer(const struct policy_settings *settings, const struct policy_item *item,
			    double cover)
{
	double worth = item->outage_share * settings->outage_value / item->price;
	double days = worth > 1 ? item->outage_days * log(worth) - cover / 2 : 0;

	return clip(days, 0, settings->outage_max);
}

static int64_t shelf_presence(const struct policy_settings *settings,
			      const struct policy_item *item)
{
	if (item->idle >= settings->keep_days)
		return -1;
	return item->price < settings->presence_price ? 1 : 0;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

struct policy_levels policy_levels_of(const struct policy_settings *settings,
				      const struct policy_item *item)
{
	double ratio = clip(item->variance_ratio, RATIO_MIN, RATIO_MAX), left;
	struct policy_levels levels;
	double late = item->demand * item->bridge_sd;
	int64_t most;

	levels.cover = economic_cover(settings, item);
	levels.life_cap = fmax(item->demand * item->usable_life * LIFE_SHARE, 1);
	levels.quantity = round_order(fmin(fmax(item->demand * levels.cover, 1), levels.life_cap),
				      item->multiple, 0, INFINITY);
	levels.short_allowed = short_allowed(settings, item, levels.quantity);
	levels.bridge_demand = item->demand * item->bridge * item->peak;
	levels.fill_point = reorder_short_count(levels.short_allowed, levels.bridge_demand,
						levels.bridge_demand * ratio + late * late, &left);
	levels.outage_buffer = outage_buffer(settings, item, levels.quantity / item->demand);
	levels.outage_point = (int64_t)rint(item->demand * (item->bridge + levels.outage_buffer));
	levels.presence = shelf_presence(settings, item);
	most = larger((int64_t)ceil(levels.life_cap), 1);
	levels.minimum = larger(larger(levels.fill_point, levels.outage_point), levels.presence);
	levels.minimum = levels.presence < 0 ? -1 : levels.minimum > most ? most : levels.minimum;
	levels.maximum = levels.minimum + (int64_t)levels.quantity;
	return levels;
}

int64_t policy_order(const struct policy_levels *levels, const struct policy_item *item,
		     int64_t position)
{
	if (position > levels->minimum)
		return 0;
	return (int64_t)round_order((double)(levels->maximum - position), item->multiple, 0,
				    INFINITY);
}
