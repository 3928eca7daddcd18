#include "simulation/run.h"

#include <stdlib.h>
#include <string.h>

#include "simulation/memory.h"

#define ACTIVE_DAYS 180 /* an item asked for within so many days is active */
#define FIRST_COVER 45  /* days of stock at the start, washed out by the warm-up */
#define SUBSTITUTION .40
#define SURGE_WATCHED (SURGE_DAYS + 7)

static bool is_measured(int day)
{
	return day >= WORLD_START;
}

static int demand_of(const struct run *run, int pair, int day)
{
	return run->world->demand[(size_t)day * (size_t)run->world->pairs + (size_t)pair];
}

static const struct world_product *product_of(const struct run *run, int pair)
{
	return &run->world->product[run->world->pair[pair].product];
}

/* ---- ordering and moving ---- */

bool run_is_order_day(enum site_kind kind, int day)
{
	int weekday = day % 7;

	if (kind == SITE_RETAIL)
		return weekday == 0 || weekday == 2 || weekday == 4;
	return weekday < 6;
}

int run_order_gap(enum site_kind kind, int day)
{
	int gap = 1;

	while (!run_is_order_day(kind, day + gap))
		gap++;
	return gap;
}

/* Days from order to shelf when the supplier has it. */
static int response_days(struct run *run)
{
	static const double quick[] = { .93, .05, .02 }, slow[] = { .25, .50, .15, .10 };

	if (run->conduct->exact_delivery)
		return 1;
	return run->conduct->next_day ? 1 + random_choice(&run->response, quick, 3) :
					2 + random_choice(&run->response, slow, 4);
}

/* Days until a supplier has the product. */
static int outage_days(const struct run *run, int product, int day)
{
	int days = 0;

	while (!run->conduct->exact_delivery && days < 30 &&
	       world_is_out(run->world, product, day + days, !run->conduct->any_supplier))
		days++;
	return days;
}

void run_order(struct run *run, int pair, int day, int64_t quantity)
{
	int product = run->world->pair[pair].product, days;

	if (quantity <= 0)
		return;
	days = response_days(run) + outage_days(run, product, day);
	district_expect(run->district, pair, day + days, world_lot_on(day + days), (int)quantity);
	if (!is_measured(day))
		return;
	run->tally.order_lines++;
	run->tally.response_days += days;
	run->tally.bought_value += (double)quantity * product_of(run, pair)->price;
}

void run_transfer(struct run *run, int pair, int lot, int quantity, int to, int day)
{
	district_send(run->district, pair, lot, quantity, to, day + 1);
	if (!is_measured(day))
		return;
	run->tally.transfer_lines++;
	run->tally.transfer_value += quantity * product_of(run, pair)->price;
}

/* ---- a day ---- */

static void write_off(struct run *run, int day)
{
	for (int pair = 0; pair < run->world->pairs; pair++) {
		int packs = district_write_off(run->district, pair, day);
		double value = packs * product_of(run, pair)->price;

		if (!is_measured(day))
			continue;
		run->tally.written_off_value += value;
	}
}

static void open_day(struct run *run, int day)
{
	for (int pair = 0; pair < run->world->pairs; pair++) {
		run->opening[pair] = run->district->shelf[pair].on_hand;
		run->served[pair] = 0;
		run->asked[pair] = demand_of(run, pair, day) > 0;
		if (is_measured(day) && run->recent[pair] > 0) {
			run->tally.active_days++;
			run->tally.empty_days += run->opening[pair] == 0;
		}
		run->recent[pair] += demand_of(run, pair, day) > 0;
		if (day >= ACTIVE_DAYS)
			run->recent[pair] -= demand_of(run, pair, day - ACTIVE_DAYS) > 0;
	}
}

static void add_fill(struct fill_sum *sum, int wanted, int served)
{
	sum->asked += wanted;
	sum->served += served;
}

static void tally_line(struct run *run, int pair, int day, int wanted, int served)
{
	const struct world_product *product = product_of(run, pair);
	struct tally *tally = &run->tally;

	add_fill(&tally->all, wanted, served);
	add_fill(&tally->class[outcome_price_class(product->price)], wanted, served);
	if (product->critical)
		add_fill(&tally->class[CRITICAL_CLASS], wanted, served);
	if (product->season == SEASON_WINTER && day >= SURGE_FIRST &&
	    day < SURGE_FIRST + SURGE_WATCHED)
		add_fill(&tally->surge, wanted, served);
	tally->dispensed_value += served * product->price;
	tally->asked_lines++;
	tally->full_lines += served >= wanted;
}

/* What is not there is lost, or taken over by the same generic on the shelf. */
static int substitute(struct run *run, int pair, int wanted)
{
	int other = run->world->pair[pair].substitute, taken = 0;

	if (random_uniform(&run->substitution) < SUBSTITUTION && wanted > 0 && other >= 0) {
		taken = district_issue(run->district, other, wanted, PICK_OLDEST);
		run->served[other] += taken;
	}
	return taken;
}

static void serve(struct run *run, int day)
{
	int32_t *unmet = allocate((size_t)run->world->pairs, sizeof(*unmet));

	for (int pair = 0; pair < run->world->pairs; pair++) {
		int wanted = demand_of(run, pair, day), got;
		bool newest = random_uniform(&run->issue) < run->conduct->newest_first;

		if (wanted == 0)
			continue;
		got = district_issue(run->district, pair, wanted,
				     newest ? PICK_NEWEST : PICK_OLDEST);
		run->served[pair] += got;
		unmet[pair] = wanted - got;
	}
	for (int pair = 0; pair < run->world->pairs; pair++) {
		int wanted = demand_of(run, pair, day);
		int taken = substitute(run, pair, unmet[pair]);

		if (wanted > 0 && is_measured(day))
			tally_line(run, pair, day, wanted, wanted - unmet[pair] + taken);
	}
	free(unmet);
}

static void close_day(struct run *run, int day)
{
	double value = 0;

	for (int pair = 0; pair < run->world->pairs; pair++)
		value += run->district->shelf[pair].on_hand * product_of(run, pair)->price;
	if (!is_measured(day))
		return;
	run->tally.stock_days += value;
}

/* ---- the whole ---- */

static void stock_up(struct run *run)
{
	int lot = world_lot_on(WORLD_HISTORY);

	for (int pair = 0; pair < run->world->pairs; pair++) {
		int multiple = product_of(run, pair)->multiple, packs = 0;
		double wanted;

		for (int day = 0; day < WORLD_HISTORY; day++)
			packs += demand_of(run, pair, day);
		wanted = packs * (double)FIRST_COVER / WORLD_HISTORY + 1;
		district_receive(run->district, pair, lot,
				 ((int)(wanted / multiple) + 1) * multiple);
	}
}

static void begin(struct run *run)
{
	size_t pairs = (size_t)run->world->pairs;
	uint64_t seed = run->world->seed;

	run->district = district_new(run->world);
	run->response = random_named(seed, run->conduct->next_day ? "policy-fast" : "policy-slow");
	run->issue = random_named(seed, "issue");
	run->substitution = random_named(seed, "subst");
	run->served = allocate(pairs, sizeof(*run->served));
	run->asked = allocate(pairs, sizeof(*run->asked));
	run->opening = allocate(pairs, sizeof(*run->opening));
	run->recent = allocate(pairs, sizeof(*run->recent));
	for (int day = 0; day < WORLD_HISTORY; day++)
		for (int pair = 0; pair < run->world->pairs; pair++)
			run->recent[pair] += demand_of(run, pair, day) > 0;
	stock_up(run);
	run->own = run->conduct->begin != NULL ? run->conduct->begin(run) : NULL;
}

static void done(struct run *run)
{
	district_free(run->district);
	free(run->served);
	free(run->asked);
	free(run->opening);
	free(run->recent);
	free(run->own);
}

struct outcome run_policy(const struct world *world, const struct conduct *conduct,
			  void (*progress)(int day, void *arg), void *arg)
{
	struct run run = { .world = world, .conduct = conduct };
	struct outcome outcome;

	begin(&run);
	for (int day = WORLD_HISTORY; day < WORLD_DAYS; day++) {
		district_take_in(run.district, day);
		write_off(&run, day);
		open_day(&run, day);
		serve(&run, day);
		close_day(&run, day);
		if (conduct->learn != NULL)
			conduct->learn(&run, day);
		conduct->order(&run, day);
		if (progress != NULL)
			progress(day, arg);
	}
	outcome = outcome_of(&run.tally, world->pairs, district_is_conserved(run.district));
	done(&run);
	return outcome;
}
