/*
 * One policy in one world, day by day: deliveries come in, what has locked is
 * written off, demand is served, then the policy orders. A policy sees its own
 * stock, what it dispensed, and what suppliers publish; only the clairvoyant
 * looks at the world's demand.
 */
#ifndef SIMULATION_RUN_H
#define SIMULATION_RUN_H

#include "replenish/demand.h"
#include "replenish/policy.h"
#include "simulation/district.h"
#include "simulation/outcome.h"
#include "simulation/random.h"
#include "simulation/world.h"

struct run;

/* How a policy behaves, apart from what it orders. */
struct conduct {
	const char *name;
	bool next_day;       /* suppliers answer in a day, mostly; else in 2 to 5 */
	double newest_first; /* share of issues that take the newest lot */
	bool any_supplier;   /* looks at suppliers' open stock and asks one that has it */
	bool exact_delivery; /* always the next day, outages waived */
	void *(*begin)(struct run *run);         /* the policy's own state, released by free() */
	void (*learn)(struct run *run, int day); /* after the day's demand, NULL: nothing */
	void (*order)(struct run *run, int day);
	const void *settings; /* the policy's own */
};

struct run {
	const struct world *world;
	const struct conduct *conduct;
	struct district *district;
	struct random_stream response; /* of suppliers, and the buyer's judgement */
	struct random_stream issue;
	struct random_stream substitution;
	int32_t *served;  /* packs dispensed today, by pair */
	bool *asked;      /* somebody asked today, by pair; a refused scan tells the service */
	int32_t *opening; /* on hand when the day opened, by pair */
	int32_t *recent;  /* days with demand in the last 180, by pair */
	void *own;        /* the policy's */
	struct tally tally;
};

/* Run `conduct` through `world`; `progress` is called after each day, may be NULL. */
struct outcome run_policy(const struct world *world, const struct conduct *conduct,
			  void (*progress)(int day, void *arg), void *arg);

/* Order packs for `pair` on `day`; 0 is no order. They come when the supplier has them. */
void run_order(struct run *run, int pair, int day, int64_t quantity);

/* Send packs to another site, where they arrive tomorrow. */
void run_transfer(struct run *run, int pair, int lot, int quantity, int to, int day);

/* Days until a site of this kind may order again, and whether it may on `day`. */
int run_order_gap(enum site_kind kind, int day);
bool run_is_order_day(enum site_kind kind, int day);

#endif
