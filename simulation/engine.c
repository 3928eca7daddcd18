#include "simulation/engine.h"

#include <math.h>
#include <stdlib.h>

#include "replenish/lot_size.h"
#include "replenish/reorder.h"
#include "simulation/memory.h"

/* What has been seen of a product's supply in the whole market. */
struct supply_record {
	double days, out, spells;
	bool is_out;
};

/* What the district has learnt. */
struct learnt {
	struct demand_state *demand;       /* by pair */
	double weekday[SITE_KINDS][7];     /* packs on each weekday, smoothed */
	double *season_packs;              /* [season * WORLD_DAYS + day] */
	double season[SEASONS];            /* factor on the coming fortnight */
	double *product_ratio;             /* variance to mean of a day, pooled over sites */
	struct supply_record *supply;      /* by product */
	struct supply_record market;       /* all products together */
	int *first_pair_of, *next_pair_of; /* the pairs of a product, -1 ends */
	struct share_shelf *shelf;         /* scratch for one product */
	int *shelf_pair;
	struct share_lot *lot;
	struct share_move *move;
};

#define MARKET_DAYS \
	2000 /* weight of the whole market's record beside a product's own, in days seen */
#define MARKET_SPELLS 5
#define LEAD_DAYS 1.09 /* suppliers' answers as measured: 93 % in 1, 5 % in 2, 2 % in 3 days */
#define LEAD_SD .35
#define WEEKDAY_SMOOTHING .05

static const struct world_pair *pair_of(const struct run *run, int pair)
{
	return &run->world->pair[pair];
}

static const struct world_product *product_of(const struct run *run, int pair)
{
	return &run->world->product[pair_of(run, pair)->product];
}

static enum site_kind kind_of(const struct run *run, int pair)
{
	return run->world->kind[pair_of(run, pair)->site];
}

/* ---- learning ---- */

static double weekday_factor(const struct learnt *learnt, enum site_kind kind, int day)
{
	double sum = 0;

	for (int i = 0; i < 7; i++)
		sum += learnt->weekday[kind][i];
	return sum > 0 ? fmax(learnt->weekday[kind][day % 7] * 7 / sum, .05) : 1;
}

static void learn_weekdays(struct run *run, struct learnt *learnt, const int32_t *packs, int day)
{
	double sums[SITE_KINDS] = { 0 };

	for (int pair = 0; pair < run->world->pairs; pair++) {
		sums[kind_of(run, pair)] += packs[pair];
		learnt->season_packs[(int)product_of(run, pair)->season * WORLD_DAYS + day] +=
			packs[pair];
	}
	for (int kind = 0; kind < SITE_KINDS; kind++) {
		double *smooth = &learnt->weekday[kind][day % 7];

		*smooth += (*smooth > 0 ? WEEKDAY_SMOOTHING : 1) * (sums[kind] - *smooth);
	}
}

static double mean_packs(const struct learnt *learnt, int season, int from, int to)
{
	double sum = 0;

	for (int day = from; day < to; day++)
		sum += learnt->season_packs[season * WORLD_DAYS + day];
	return sum / (to - from);
}

/* How the coming fortnight was against the weeks before it, a year ago. */
static void learn_season(struct learnt *learnt, int day)
{
	int then = day - 365;

	for (int season = 0; season < SEASONS; season++) {
		double before = then >= 60 ? mean_packs(learnt, season, then - 45, then) : 0;
		double after = then >= 60 ? mean_packs(learnt, season, then, then + 14) : 0;

		learnt->season[season] = before > 0 ? fmin(fmax(after / before, .6), 1.7) : 1;
	}
}

static void learn_supply(struct run *run, struct learnt *learnt, int day)
{
	for (int product = 0; product < run->world->products; product++) {
		struct supply_record *record = &learnt->supply[product];
		bool out = world_is_out(run->world, product, day, false), before = record->is_out;

		record->days++;
		record->out += out;
		record->spells += out && !before;
		record->is_out = out;
		learnt->market.days++;
		learnt->market.out += out;
		learnt->market.spells += out && !before;
	}
}

/* A product's own record, held against the market's while it is short. */
static double outage_share(const struct learnt *learnt, int product)
{
	const struct supply_record *own = &learnt->supply[product], *market = &learnt->market;

	return (MARKET_DAYS * market->out / fmax(market->days, 1) + own->out) /
	       (MARKET_DAYS + own->days);
}

static double outage_days(const struct learnt *learnt, int product)
{
	const struct supply_record *own = &learnt->supply[product], *market = &learnt->market;

	return (MARKET_SPELLS * market->out / fmax(market->spells, 1) + own->out) /
	       (MARKET_SPELLS + own->spells);
}

static void learn_dispersion(struct run *run, struct learnt *learnt)
{
	for (int product = 0; product < run->world->products; product++) {
		double variance = 0, mean = 0;

		for (int i = learnt->first_pair_of[product]; i >= 0; i = learnt->next_pair_of[i]) {
			variance += learnt->demand[i].variance;
			mean += demand_level(&learnt->demand[i]);
		}
		learnt->product_ratio[product] = mean > 0 ? variance / mean : 1;
	}
}

static void learn(struct run *run, int day)
{
	struct learnt *learnt = run->own;

	for (int pair = 0; pair < run->world->pairs; pair++)
		demand_step(&learnt->demand[pair], run->served[pair],
			    weekday_factor(learnt, kind_of(run, pair), day), run->opening[pair] > 0,
			    run->asked[pair]);
	learn_weekdays(run, learnt, run->served, day);
	learn_season(learnt, day);
	learn_supply(run, learnt, day);
	learn_dispersion(run, learnt);
}

/* ---- beginning with what the history says ---- */

static void link_pairs(struct run *run, struct learnt *learnt)
{
	for (int product = 0; product < run->world->products; product++)
		learnt->first_pair_of[product] = -1;
	for (int pair = run->world->pairs; pair-- > 0;) {
		int *first = &learnt->first_pair_of[pair_of(run, pair)->product];

		learnt->next_pair_of[pair] = *first;
		*first = pair;
	}
}

static void read_history(struct run *run, struct learnt *learnt)
{
	size_t pairs = (size_t)run->world->pairs;
	int32_t *packs = allocate(pairs, sizeof(*packs));

	for (size_t i = 0; i < pairs; i++) {
		double sum = 0, idle = WORLD_HISTORY;

		for (int day = 0; day < WORLD_HISTORY; day++) {
			int demand = run->world->demand[(size_t)day * pairs + i];

			sum += demand;
			idle = demand > 0 ? 0 : idle + 1;
		}
		sum /= WORLD_HISTORY;
		learnt->demand[i] = demand_begin(fmax(sum, .002), fmax(3 * sum, .02), idle);
	}
	for (int day = 0; day < WORLD_HISTORY; day++) {
		for (size_t i = 0; i < pairs; i++)
			packs[i] = run->world->demand[(size_t)day * pairs + i];
		learn_weekdays(run, learnt, packs, day);
	}
	free(packs);
}

/* One block of memory, so that free() releases it whole. */
static void *begin_engine(struct run *run)
{
	size_t pairs = (size_t)run->world->pairs, products = (size_t)run->world->products;
	size_t sites = (size_t)run->world->sites, lots = sites * DISTRICT_LOTS;
	struct {
		struct learnt learnt;
		char memory[];
	} *block = allocate(
		1,
		sizeof(*block) + pairs * (sizeof(struct demand_state) + sizeof(int)) +
			products * (sizeof(double) + sizeof(struct supply_record) + sizeof(int)) +
			SEASONS * WORLD_DAYS * sizeof(double) +
			sites * (sizeof(struct share_shelf) + sizeof(int)) +
			lots * sizeof(struct share_lot) +
			(lots + sites) * sizeof(struct share_move));
	struct learnt *learnt = &block->learnt;

	learnt->demand = (void *)block->memory;
	learnt->season_packs = (void *)(learnt->demand + pairs);
	learnt->product_ratio = learnt->season_packs + SEASONS * WORLD_DAYS;
	learnt->supply = (void *)(learnt->product_ratio + products);
	learnt->shelf = (void *)(learnt->supply + products);
	learnt->lot = (void *)(learnt->shelf + sites);
	learnt->move = (void *)(learnt->lot + lots);
	learnt->first_pair_of = (void *)(learnt->move + lots + sites);
	learnt->next_pair_of = learnt->first_pair_of + products;
	learnt->shelf_pair = learnt->next_pair_of + pairs;
	link_pairs(run, learnt);
	read_history(run, learnt);
	return block;
}

/* ---- ordering ---- */

static double highest_weekday(const struct learnt *learnt, enum site_kind kind, int day)
{
	double highest = 1;

	for (int i = 1; i <= 3; i++)
		highest = fmax(highest, weekday_factor(learnt, kind, day + i));
	return highest;
}

static struct policy_item item_of(const struct run *run, int pair, int day)
{
	const struct learnt *learnt = run->own;
	const struct world_product *product = product_of(run, pair);
	int number = pair_of(run, pair)->product;
	enum site_kind kind = kind_of(run, pair);
	double level = demand_level(&learnt->demand[pair]);

	return (struct policy_item){
		.demand = level * learnt->season[product->season],
		.variance_ratio =
			(learnt->demand[pair].variance / level + learnt->product_ratio[number]) / 2,
		.price = product->price,
		.multiple = product->multiple,
		.bridge = run_order_gap(kind, day) + LEAD_DAYS,
		.bridge_sd = LEAD_SD,
		.peak = highest_weekday(learnt, kind, day),
		.usable_life = world_expiry(run->world, number, world_lot_on(day)) -
			       DISTRICT_LOCK_DAYS - day,
		.idle = learnt->demand[pair].idle,
		.outage_share = outage_share(learnt, number),
		.outage_days = outage_days(learnt, number),
		.critical = product->critical,
	};
}

/* Stock and what is on order, less what will lock unused before the next order is there. */
static int64_t position_of(const struct run *run, int pair, int day, const struct policy_item *item)
{
	const struct district_shelf *shelf = &run->district->shelf[pair];
	struct aged_lot lots[DISTRICT_LOTS];
	int days = (int)ceil(item->bridge);
	bool ends_soon = false;

	for (int i = 0; i < shelf->lots; i++) {
		int life = district_life(run->district, pair, shelf->lot[i].lot, day);

		lots[i] = (struct aged_lot){ 0, life, shelf->lot[i].quantity };
		ends_soon |= life <= days;
	}
	return shelf->on_hand + shelf->on_order -
	       (ends_soon ? (int64_t)expected_outdating(lots, (size_t)shelf->lots, item->demand,
							days, ISSUE_FEFO) :
			    0);
}

static void order_by_levels(struct run *run, int pair, int day)
{
	const struct engine_settings *settings = run->conduct->settings;
	struct policy_item item = item_of(run, pair, day);
	struct policy_levels levels = policy_levels_of(settings->policy, &item);

	run_order(run, pair, day, policy_order(&levels, &item, position_of(run, pair, day, &item)));
}

/* ---- sharing ---- */

static int by_life(const void *a, const void *b)
{
	const struct share_lot *one = a, *other = b;

	return (one->life > other->life) - (one->life < other->life);
}

/* The shelves and lots of a product, lots by shelf and life; returns how many lots. */
static size_t gather(struct run *run, struct learnt *learnt, int product, int day,
		     size_t *ret_shelves)
{
	const struct engine_settings *settings = run->conduct->settings;
	size_t shelves = 0, lots = 0;

	for (int i = learnt->first_pair_of[product]; i >= 0; i = learnt->next_pair_of[i]) {
		const struct district_shelf *shelf = &run->district->shelf[i];
		size_t first = lots;

		learnt->shelf_pair[shelves] = i;
		learnt->shelf[shelves] = (struct share_shelf){
			demand_level(&learnt->demand[i]), shelf->on_hand, shelf->on_order,
			learnt->demand[i].idle < settings->policy->keep_days
		};
		for (int k = 0; k < shelf->lots; k++)
			learnt->lot[lots++] = (struct share_lot){
				shelves, shelf->lot[k].quantity,
				district_life(run->district, i, shelf->lot[k].lot, day),
				shelf->lot[k].lot
			};
		qsort(learnt->lot + first, lots - first, sizeof(*learnt->lot), by_life);
		shelves++;
	}
	*ret_shelves = shelves;
	return lots;
}

static void carry_out(struct run *run, const struct learnt *learnt, size_t moves, int day)
{
	for (size_t i = 0; i < moves; i++) {
		const struct share_move *move = &learnt->move[i];
		const struct share_lot *lot = &learnt->lot[move->lot];

		run_transfer(run, learnt->shelf_pair[lot->shelf], (int)lot->id, (int)move->quantity,
			     learnt->shelf_pair[move->to], day);
	}
}

static void share(struct run *run, int day)
{
	const struct share_settings *settings =
		((const struct engine_settings *)run->conduct->settings)->sharing;
	struct learnt *learnt = run->own;

	for (int product = 0; product < run->world->products; product++) {
		bool shortage = (day % 7 == 1 || day % 7 == 4) && learnt->supply[product].is_out;
		size_t shelves, lots, moves = 0;

		if (!shortage && day % 7 != 3)
			continue;
		lots = gather(run, learnt, product, day, &shelves);
		if (shortage)
			moves = share_shortage(settings, learnt->shelf, shelves, learnt->lot, lots,
					       learnt->move);
		else
			moves = share_surplus(settings, run->world->product[product].price,
					      learnt->shelf, shelves, learnt->lot, lots,
					      learnt->move);
		carry_out(run, learnt, moves, day);
	}
}

static void order_by_engine(struct run *run, int day)
{
	const struct engine_settings *settings = run->conduct->settings;

	for (int pair = 0; pair < run->world->pairs; pair++)
		if (run_is_order_day(kind_of(run, pair), day) &&
		    !world_is_out(run->world, pair_of(run, pair)->product, day, false))
			order_by_levels(run, pair, day);
	if (settings->sharing != NULL)
		share(run, day);
}

const struct conduct conduct_engine = {
	.name = "engine",
	.next_day = true,
	.any_supplier = true,
	.begin = begin_engine,
	.learn = learn,
	.order = order_by_engine,
	.settings = &(const struct engine_settings){ &policy_defaults, &share_defaults },
};

/* ---- the clairvoyant ---- */

static int64_t demand_between(const struct world *world, int pair, int from, int to)
{
	int64_t sum = 0;

	for (int day = from; day < to && day < WORLD_DAYS; day++)
		sum += world->demand[(size_t)day * (size_t)world->pairs + (size_t)pair];
	return sum;
}

static void order_clairvoyant(struct run *run, int day)
{
	const struct policy_settings *settings = &policy_defaults;
	const struct learnt *learnt = run->own;

	for (int pair = 0; pair < run->world->pairs; pair++) {
		const struct district_shelf *shelf = &run->district->shelf[pair];
		const struct world_product *product = product_of(run, pair);
		int gap = run_order_gap(kind_of(run, pair), day), cover;
		double level = demand_level(&learnt->demand[pair]);
		const struct lot_costs costs = { settings->order_cost,
						 settings->holding_rate * product->price / 365,
						 level };
		int64_t kept = level > 1.0 / 365, need;

		if (!run_is_order_day(kind_of(run, pair), day) ||
		    shelf->on_hand + shelf->on_order >=
			    demand_between(run->world, pair, day + 1, day + 1 + gap) + kept)
			continue;
		cover = (int)fmin(fmax(lot_economic(&costs) / level, settings->cover_min),
				  settings->cover_max);
		need = demand_between(run->world, pair, day + 1,
				      day + 1 + (cover > gap ? cover : gap)) +
		       kept - shelf->on_hand - shelf->on_order;
		run_order(run, pair, day,
			  (int64_t)round_order((double)need, product->multiple, 0, INFINITY));
	}
}

const struct conduct conduct_clairvoyant = {
	.name = "clairvoyant",
	.next_day = true,
	.any_supplier = true,
	.exact_delivery = true,
	.begin = begin_engine,
	.learn = learn,
	.order = order_clairvoyant,
};
