#include "replenish/reorder.h"

#include <math.h>
#include <stdlib.h>

#include "replenish/distribution.h"

double bridge_deviation(double demand, double demand_sd, double lead_time, double lead_time_sd)
{
	return sqrt(lead_time * demand_sd * demand_sd +
		    demand * demand * lead_time_sd * lead_time_sd);
}

/* n falls from above the target to below it between the brackets. */
double reorder_fill_normal(double fill_rate, double quantity, double mean, double sd)
{
	double target = (1 - fill_rate) * quantity;
	double low = mean - target - sd, high = mean + 40 * sd;

	for (int i = 0; i < 200; i++) {
		double s = (low + high) / 2;

		if (normal_loss(s, mean, sd) > target)
			low = s;
		else
			high = s;
	}
	return (low + high) / 2;
}

int64_t reorder_short_count(double short_allowed, double mean, double variance, double *ret_short)
{
	struct count_law law = count_of_moments(mean, variance);
	struct count_walk walk = count_walk_begin(&law);

	if (walk.loss <= short_allowed) { /* below the walk one unit more is one unit less short */
		double s = fmax(ceil(mean - short_allowed), 0);

		*ret_short = mean - s;
		return (int64_t)s;
	}
	while (walk.loss > short_allowed && walk.above > 1e-15)
		count_walk_next(&walk, &law);
	*ret_short = walk.loss;
	return walk.k;
}

int64_t reorder_fill_count(double fill_rate, double quantity, double mean, double variance,
			   double *ret_short)
{
	return reorder_short_count((1 - fill_rate) * quantity, mean, variance, ret_short);
}

double round_order(double need, double multiple, double least, double cap)
{
	double quantity = ceil(fmax(need, least) / multiple) * multiple;

	if (!(need > 0))
		return 0;
	return quantity > cap ? fmax(multiple, floor(cap / multiple) * multiple) : quantity;
}

static int compare(double a, double b)
{
	return (a > b) - (a < b);
}

static int by_expiry(const void *a, const void *b)
{
	const struct aged_lot *one = a, *other = b;
	int order = compare(one->expiry, other->expiry);

	return order != 0 ? order : compare(one->received, other->received);
}

static int by_receipt(const void *a, const void *b)
{
	const struct aged_lot *one = a, *other = b;
	int order = compare(one->received, other->received);

	return order != 0 ? order : compare(one->expiry, other->expiry);
}

static int by_latest_receipt(const void *a, const void *b)
{
	return -by_receipt(a, b);
}

static int by_latest_expiry(const void *a, const void *b)
{
	return -by_expiry(a, b);
}

double issue_lots(struct aged_lot *lots, size_t count, double quantity, enum issuing rule,
		  double *ret_taken)
{
	static int (*const orders[])(const void *, const void *) = {
		[ISSUE_FEFO] = by_expiry,
		[ISSUE_FIFO] = by_receipt,
		[ISSUE_LIFO] = by_latest_receipt,
	};

	qsort(lots, count, sizeof(*lots), orders[rule]);
	for (size_t i = 0; i < count; i++) {
		ret_taken[i] = fmin(lots[i].quantity, quantity);
		quantity -= ret_taken[i];
	}
	return quantity;
}

/* One day's demand out of what is there on that day; what then passes its last day is returned. */
static double live_a_day(struct aged_lot *lots, size_t count, double demand, int day)
{
	double outdated = 0;

	for (size_t i = 0; i < count; i++) {
		double taken = lots[i].received <= day ? fmin(lots[i].quantity, demand) : 0;

		lots[i].quantity -= taken;
		demand -= taken;
	}
	for (size_t i = 0; i < count; i++) {
		if (lots[i].expiry <= day) {
			outdated += lots[i].quantity;
			lots[i].quantity = 0;
		}
	}
	return outdated;
}

double expected_outdating(struct aged_lot *lots, size_t count, double demand, int days,
			  enum issuing rule)
{
	double outdated = 0;

	qsort(lots, count, sizeof(*lots), rule == ISSUE_LIFO ? by_latest_expiry : by_expiry);
	for (int day = 1; day <= days; day++)
		outdated += live_a_day(lots, count, demand, day);
	return outdated;
}
