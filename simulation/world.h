/*
 * The district that policies are tried on: sites, products, lots, outages of
 * supply and demand, drawn once from a seed. Every policy of a seed meets the same
 * world. The parameters and where they come from: docs/simulation.md.
 */
#ifndef SIMULATION_WORLD_H
#define SIMULATION_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_HISTORY 90  /* days of demand before the first order */
#define WORLD_WARM_UP 730 /* days until figures are taken */
#define WORLD_YEAR 365    /* days measured */
#define WORLD_DAYS (WORLD_HISTORY + WORLD_WARM_UP + WORLD_YEAR)
#define WORLD_START (WORLD_HISTORY + WORLD_WARM_UP) /* first day measured */
#define WORLD_LOT_DAYS 30                           /* one lot of a product in so many days */
#define WORLD_LOTS (WORLD_DAYS / WORLD_LOT_DAYS + 3)

enum site_kind { SITE_COMMUNITY, SITE_HOSPITAL, SITE_RETAIL, SITE_KINDS };
enum season { SEASON_NONE, SEASON_WINTER, SEASON_SUMMER, SEASON_TURN, SEASONS };
enum stress { STRESS_NONE, STRESS_SURGE, STRESS_OUTAGE };

#define SURGE_FIRST (WORLD_START + 275) /* the epidemic's first day, at the winter's peak */
#define SURGE_DAYS 30

struct world_product {
	int generic;
	double price;   /* of a pack */
	int multiple;   /* packs can be ordered by */
	int shelf_life; /* days */
	enum season season;
	double popularity;
	bool critical;   /* emergency, sole source or short of supply: by chance, one in ten */
	double line_end; /* a line ends after a pack with this probability */
	int32_t expiry[WORLD_LOTS]; /* day of expiry of each lot */
};

/* A product that a site keeps. */
struct world_pair {
	int site;
	int product;
	int substitute; /* pair of the same generic at the site, -1: none */
	double rate;    /* lines a day, before weekday, season and shifts */
};

struct world {
	uint64_t seed;
	enum stress stress;
	int sites, products, pairs;
	enum site_kind *kind; /* by site */
	struct world_product *product;
	struct world_pair *pair;       /* those of a site stand together */
	uint16_t *demand;              /* packs asked, [day * pairs + pair] */
	bool *usual_out;               /* the usual supplier has none, [day * products + product] */
	bool *market_out;              /* nobody has any */
	double weekday[SITE_KINDS][7]; /* factor on demand */
};

#define WORLD_OUTAGE_DAYS (WORLD_DAYS + 40) /* outages are known a little longer than demand */

/*
 * Draw a district with the kinds in the proportion 29 : 2 : 100 of 131 sites. `sites` 3 .. 1000,
 * `products` 720 and more for real; aborts when memory is exhausted. Release with world_free().
 */
struct world *world_new(uint64_t seed, int sites, int products, enum stress stress);
void world_free(struct world *world);

/* A fingerprint of everything drawn (FNV-1a, 64 bits), to name a world in reports. */
uint64_t world_fingerprint(const struct world *world);

/* No pack of `product` can be bought on `day`, from the usual supplier only or from anybody. */
bool world_is_out(const struct world *world, int product, int day, bool usual_only);

/* The lot, and its day of expiry, in which a delivery of `day` comes. */
int world_lot_on(int day);
int32_t world_expiry(const struct world *world, int product, int lot);

#endif
