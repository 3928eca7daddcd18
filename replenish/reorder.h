/*
 * The engine's own arithmetic: reorder points by service level, rounding to what
 * can be ordered, and stock that has an age. Units are base units, times days.
 */
#ifndef REPLENISH_REORDER_H
#define REPLENISH_REORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- reorder points ---- */

/* Standard deviation of the demand over an uncertain lead time: sqrt(L sd^2 + d^2 sL^2). */
double bridge_deviation(double demand, double demand_sd, double lead_time, double lead_time_sd);

/* The stock at which normal demand leaves n(s) = (1 - fill_rate) * quantity short per cycle. */
double reorder_fill_normal(double fill_rate, double quantity, double mean, double sd);

/*
 * The same for whole packs, by the negative binomial (Poisson where the variance is not above the mean): the
 * smallest s >= 0 with n(s) <= (1 - fill_rate) * quantity. n(s) into *ret_short.
 */
int64_t reorder_fill_count(double fill_rate, double quantity, double mean, double variance,
			   double *ret_short);

/* The same with the units themselves that may be short per cycle, > 0. */
int64_t reorder_short_count(double short_allowed, double mean, double variance, double *ret_short);

/* ---- what can be ordered ---- */

/*
 * `need` rounded up to `multiple`, at least `least`; when that is above `cap`, down to the multiple below it, but
 * at least one multiple. 0 for no need. multiple >= 1.
 */
double round_order(double need, double multiple, double least, double cap);

/* ---- stock with an age ---- */

enum issuing { ISSUE_FEFO, ISSUE_FIFO, ISSUE_LIFO };

/* A lot on the shelf or on its way. */
struct aged_lot {
	double received; /* by the issuing rules; also the day of arrival of one that is on its way, else 0 */
	double expiry; /* last usable day, 1 = today */
	double quantity;
};

/*
 * Take `quantity` by the rule: FEFO by expiry, then receipt; FIFO by receipt; LIFO by latest
 * receipt. Sorts `lots` into that order and puts what is taken of each into ret_taken. Returns what is short.
 */
double issue_lots(struct aged_lot *lots, size_t count, double quantity, enum issuing rule,
		  double *ret_taken);

/*
 * What will be past its last day unused at the end of days 1 .. days when `demand` a day is
 * issued by the rule (FIFO: oldest expiry first, as lots' receipts are not known; LIFO: youngest first). Changes `lots`.
 */
double expected_outdating(struct aged_lot *lots, size_t count, double demand, int days,
			  enum issuing rule);

#endif
