/*
 * What a pharmacy is asked for, learnt day by day from what it dispensed: one
 * small state for each pharmacy and product, one step for each day, no look back.
 *
 * Two simple exponential smoothings, one quick and one slow: fast movers follow
 * changes of level, slow movers keep a long memory. Both stand still on days that
 * began without stock, whose demand nobody saw. An item without demand decays
 * and stays listed (`idle` says for how long).
 */
#ifndef REPLENISH_DEMAND_H
#define REPLENISH_DEMAND_H

#include <stdbool.h>

struct demand_state {
	double quick; /* base units a day, without weekday effect */
	double slow;
	double variance; /* of a day's demand */
	double idle;     /* days since the last demand */
};

/* A state for an item whose mean and variance of a day's demand are known or assumed. */
struct demand_state demand_begin(double mean, double variance, double idle);

/*
 * One day: `dispensed` units went out, `weekday` is the day's factor on demand, `in_stock` whether the day
 * began with stock, `was_asked` whether anybody asked, in vain or not.
 */
void demand_step(struct demand_state *state, double dispensed, double weekday, bool in_stock,
		 bool was_asked);

/* Expected demand of a day, > 0, before weekday and season. */
double demand_level(const struct demand_state *state);

#endif
