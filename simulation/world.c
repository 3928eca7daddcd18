#include "simulation/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/memory.h"
#include "simulation/random.h"

#define GENERICS_SHARE 0.6 /* generics per product */
#define DEMAND_MAX 30000

static double clip(double value, double low, double high)
{
	return fmin(fmax(value, low), high);
}

/* ---- products ---- */

static int choose_multiple(struct random_stream *stream, double price)
{
	static const int cheap[] = { 1, 5, 10 }, dear[] = { 1, 2, 5 };
	static const double cheap_share[] = { .35, .35, .30 }, dear_share[] = { .70, .20, .10 };

	if (price < 15)
		return cheap[random_choice(stream, cheap_share, 3)];
	return dear[random_choice(stream, dear_share, 3)];
}

static void draw_lots(struct random_stream *stream, struct world_product *product)
{
	for (int lot = 0; lot < WORLD_LOTS; lot++) {
		double left = random_between(stream, .45, .90) * product->shelf_life;

		if (random_uniform(stream) < .06)
			left = random_between(stream, 150, 270);
		product->expiry[lot] = (int32_t)(lot * WORLD_LOT_DAYS + left);
	}
}

static void draw_product(struct random_stream *stream, struct world_product *product, int rank,
			 int generics)
{
	static const int lives[] = { 365, 547, 730, 1095 };
	static const double life_share[] = { .05, .10, .55, .30 };
	static const double season_share[SEASONS] = { .62, .18, .10, .10 };

	product->generic = random_index(stream, generics);
	product->popularity = pow(rank, -.95) * exp(random_normal(stream, 0, .3));
	product->price = clip(exp(random_normal(stream, log(22), .9)), 1, 600);
	product->multiple = choose_multiple(stream, product->price);
	product->shelf_life = lives[random_choice(stream, life_share, 4)];
	product->season = (enum season)random_choice(stream, season_share, SEASONS);
	product->line_end = random_between(stream, .40, .75);
	draw_lots(stream, product);
}

static void draw_products(struct world *world)
{
	struct random_stream stream = random_named(world->seed, "products");
	int *rank = allocate((size_t)world->products, sizeof(*rank));

	for (int i = 0; i < world->products; i++) {
		int other = random_index(&stream, i + 1);

		rank[i] = rank[other];
		rank[other] = i + 1;
	}
	for (int i = 0; i < world->products; i++)
		draw_product(&stream, &world->product[i], rank[i],
			     (int)(world->products * GENERICS_SHARE));
	free(rank);
	stream = random_named(world->seed, "critical");
	for (int i = 0; i < world->products; i++)
		world->product[i].critical = random_uniform(&stream) < .10;
}

/* ---- supply ---- */

/* Outages as spells of `mean` days that cover `share` of all days, by product. */
static void draw_outages(struct world *world, const char *name, double share, double mean,
			 bool *out)
{
	struct random_stream stream = random_named(world->seed, name);
	double ends = 1 / mean, begins = ends * share / (1 - share);
	size_t products = (size_t)world->products;

	for (size_t i = 0; i < products; i++)
		out[i] = random_uniform(&stream) < share;
	for (size_t at = 0; at < WORLD_OUTAGE_DAYS * products; at++) {
		bool before = at < products ? out[at] : out[at - products];
		double u = random_uniform(&stream);

		out[at] = before ? u >= ends : u < begins;
	}
}

static void draw_supply(struct world *world)
{
	double times = world->stress == STRESS_OUTAGE ? 3 : 1;
	size_t cells = WORLD_OUTAGE_DAYS * (size_t)world->products;

	world->usual_out = allocate(cells, sizeof(bool));
	world->market_out = allocate(cells, sizeof(bool));
	draw_outages(world, "out1", .05 * times, 12, world->usual_out);
	draw_outages(world, "outall", .012 * times, 15, world->market_out);
	for (size_t i = 0; i < cells; i++)
		world->usual_out[i] |= world->market_out[i];
}

/* ---- sites and what they keep ---- */

static const struct kind_parameters {
	int of_131;     /* sites of the kind in the full district */
	double lines;   /* prescription lines a day */
	int assortment; /* products kept */
	double weekend; /* demand on Saturday and Sunday against other days */
} kinds[SITE_KINDS] = {
	[SITE_COMMUNITY] = { 29, 400, 320, .55 },
	[SITE_HOSPITAL] = { 2, 2000, 800, .45 },
	[SITE_RETAIL] = { 100, 80, 260, 1.12 },
};

static void count_sites(struct world *world, int sites)
{
	world->kind = allocate((size_t)sites + SITE_KINDS, sizeof(*world->kind));
	for (int kind = 0; kind < SITE_KINDS; kind++) {
		int count = (int)fmax(1, rint(kinds[kind].of_131 * sites / 131.0));

		for (int i = 0; i < count; i++)
			world->kind[world->sites++] = (enum site_kind)kind;
		world->pairs += count * kinds[kind].assortment;
	}
}

/* A product's weight at a site and its place in the draw without replacement (Efraimidis and Spirakis 2006). */
struct weighed {
	int product;
	double weight;
	double key;
};

static int by_key(const void *a, const void *b)
{
	const struct weighed *one = a, *other = b;

	return (one->key < other->key) - (one->key > other->key);
}

/* The `assortment` products of a site, drawn by weight^0.6. */
static void stock_site(struct world *world, struct random_stream *stream, int site,
		       struct world_pair *pair, struct weighed *all)
{
	const struct kind_parameters *kind = &kinds[world->kind[site]];
	double lines = kind->lines * exp(random_normal(stream, 0, .35)), sum = 0;

	for (int i = 0; i < world->products; i++) {
		double weight = world->product[i].popularity * exp(random_normal(stream, 0, .7));

		all[i] = (struct weighed){ i, weight,
					   log1p(-random_uniform(stream)) / pow(weight, .6) };
	}
	qsort(all, (size_t)world->products, sizeof(*all), by_key);
	for (int i = 0; i < kind->assortment; i++)
		sum += all[i].weight;
	for (int i = 0; i < kind->assortment; i++)
		pair[i] = (struct world_pair){ site, all[i].product, -1,
					       lines * all[i].weight / sum };
}

/* Products of one generic at one site stand in for each other, each for the one before. */
static void find_substitutes(struct world *world, int first, int count, int *last)
{
	int generics = (int)(world->products * GENERICS_SHARE);

	for (int g = 0; g < generics; g++)
		last[g] = -1;
	for (int i = first; i < first + count; i++) {
		int *before = &last[world->product[world->pair[i].product].generic];

		if (*before >= 0) {
			world->pair[*before].substitute = i;
			world->pair[i].substitute = *before;
		}
		*before = i;
	}
}

static void draw_sites(struct world *world)
{
	struct random_stream stream = random_named(world->seed, "sites");
	struct weighed *all = allocate((size_t)world->products, sizeof(*all));
	int *last = allocate((size_t)world->products, sizeof(*last));
	int first = 0;

	world->pair = allocate((size_t)world->pairs, sizeof(*world->pair));
	for (int site = 0; site < world->sites; site++) {
		int count = kinds[world->kind[site]].assortment;

		stock_site(world, &stream, site, world->pair + first, all);
		find_substitutes(world, first, count, last);
		first += count;
	}
	free(all);
	free(last);
}

/* ---- demand ---- */

static double season_factor(const struct world *world, enum season season, int day)
{
	static const struct {
		double amplitude, peak, cycles;
	} seasons[SEASONS] = {
		[SEASON_NONE] = { 0, 0, 1 },
		[SEASON_WINTER] = { .55, 15, 1 },
		[SEASON_SUMMER] = { .40, 200, 1 },
		[SEASON_TURN] = { .35, 105, 2 },
	};
	double factor = 1 +
			seasons[season].amplitude * cos(2 * M_PI * (day - seasons[season].peak) /
							365 * seasons[season].cycles);

	if (world->stress == STRESS_SURGE && season == SEASON_WINTER && day >= SURGE_FIRST &&
	    day < SURGE_FIRST + SURGE_DAYS)
		factor *= 2.5;
	return factor;
}

static void set_weekdays(struct world *world)
{
	for (int kind = 0; kind < SITE_KINDS; kind++)
		for (int day = 0; day < 7; day++)
			world->weekday[kind][day] = (day < 5 ? 1 : kinds[kind].weekend) * 7 /
						    (5 + 2 * kinds[kind].weekend);
}

/* A pair's level changes when a prescriber or a formulary does; some uses end. */
struct shifting {
	double level;
	int32_t next; /* day of the next shift */
};

#define SHIFTS_A_YEAR .40

static void shift(struct random_stream *stream, struct shifting *pair, int day)
{
	bool ends = random_uniform(stream) < .22;
	double level = clip(exp(random_normal(stream, 0, .6)), .1, 4);

	pair->level = ends ? .02 : level;
	pair->next = day + 30 + (int32_t)random_exponential(stream, 365 / SHIFTS_A_YEAR);
}

/* Packs asked of a pair on a day: lines, and what they ask for beyond one pack each. */
static uint16_t day_demand(const struct world_product *product, struct random_stream *stream,
			   double lines_expected)
{
	int64_t packs = random_poisson(stream, lines_expected);

	if (packs > 0)
		packs += random_negative_binomial(stream, (double)packs, product->line_end);
	return (uint16_t)(packs < DEMAND_MAX ? packs : DEMAND_MAX);
}

static void draw_day(struct world *world, struct random_stream *stream, struct shifting *shifting,
		     int day)
{
	uint16_t *demand = world->demand + (size_t)day * (size_t)world->pairs;
	double season[SEASONS];

	for (int s = 0; s < SEASONS; s++)
		season[s] = season_factor(world, (enum season)s, day);
	for (int i = 0; i < world->pairs; i++) {
		const struct world_pair *pair = &world->pair[i];
		const struct world_product *product = &world->product[pair->product];
		double weekday = world->weekday[world->kind[pair->site]][day % 7];

		if (shifting[i].next <= day)
			shift(stream, &shifting[i], day);
		demand[i] = day_demand(product, stream,
				       pair->rate * shifting[i].level * weekday *
					       season[product->season]);
	}
}

static void draw_demand(struct world *world)
{
	struct random_stream stream = random_named(world->seed, "demand");
	size_t pairs = (size_t)world->pairs;
	struct shifting *shifting = allocate(pairs, sizeof(*shifting));

	world->demand = allocate(WORLD_DAYS * pairs, sizeof(*world->demand));
	for (size_t i = 0; i < pairs; i++)
		shifting[i] = (struct shifting){ 1, (int32_t)random_exponential(
							    &stream, 365 / SHIFTS_A_YEAR) };
	for (int day = 0; day < WORLD_DAYS; day++)
		draw_day(world, &stream, shifting, day);
	free(shifting);
}

/* ---- the whole ---- */

struct world *world_new(uint64_t seed, int sites, int products, enum stress stress)
{
	struct world *world = allocate(1, sizeof(*world));

	world->seed = seed;
	world->stress = stress;
	world->products = products;
	world->product = allocate((size_t)products, sizeof(*world->product));
	draw_products(world);
	draw_supply(world);
	count_sites(world, sites);
	draw_sites(world);
	set_weekdays(world);
	draw_demand(world);
	return world;
}

void world_free(struct world *world)
{
	if (world == NULL)
		return;
	free(world->kind);
	free(world->product);
	free(world->pair);
	free(world->demand);
	free(world->usual_out);
	free(world->market_out);
	free(world);
}

static uint64_t fold(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash;
}

uint64_t world_fingerprint(const struct world *world)
{
	size_t pairs = (size_t)world->pairs;
	size_t cells = WORLD_OUTAGE_DAYS * (size_t)world->products;
	uint64_t hash = 0xcbf29ce484222325;

	hash = fold(hash, world->demand, WORLD_DAYS * pairs * sizeof(*world->demand));
	hash = fold(hash, world->usual_out, cells * sizeof(bool));
	hash = fold(hash, world->market_out, cells * sizeof(bool));
	for (int i = 0; i < world->products; i++)
		hash = fold(hash, world->product[i].expiry, sizeof(world->product[i].expiry));
	return hash;
}

bool world_is_out(const struct world *world, int product, int day, bool usual_only)
{
	int last = WORLD_OUTAGE_DAYS - 1;
	size_t at = (size_t)(day < last ? day : last) * (size_t)world->products + (size_t)product;

	return usual_only ? world->usual_out[at] : world->market_out[at];
}

int world_lot_on(int day)
{
	return (day < WORLD_DAYS ? day : WORLD_DAYS - 1) / WORLD_LOT_DAYS;
}

int32_t world_expiry(const struct world *world, int product, int lot)
{
	return world->product[product].expiry[lot];
}
