/*
 * The stock of a simulated district by lot: deliveries come in, packs go out, lots
 * lock before they expire. Nothing else changes stock, so at any time what came in
 * equals what went out and what is there, lot by lot.
 */
#ifndef SIMULATION_DISTRICT_H
#define SIMULATION_DISTRICT_H

#include <stdbool.h>
#include <stdint.h>

#include "simulation/world.h"

#define DISTRICT_LOCK_DAYS \
	30               /* before expiry a pack is not dispensed any more: a course of treatment */
#define DISTRICT_LOTS 40 /* of one pair at a time; a product has one lot a month */

struct district_lot {
	int32_t lot;
	int32_t quantity; /* > 0 */
};

struct district_shelf {
	int32_t on_hand;
	int32_t on_order;
	int32_t lots;
	struct district_lot lot[DISTRICT_LOTS];
};

struct delivery {
	int32_t pair;
	int32_t quantity;
	int32_t lot;
	int32_t next; /* of the same day, -1: none */
	bool moved;   /* sent by another site, not bought */
};

struct district {
	const struct world *world;
	struct district_shelf *shelf; /* by pair */
	struct delivery *delivery;
	int deliveries, room;
	int32_t *due;      /* first delivery of each day, -1: none */
	int64_t *received; /* into the district, [product * WORLD_LOTS + lot] */
	int64_t *issued;   /* dispensed */
	int64_t *written_off;
};

enum pick { PICK_OLDEST, PICK_NEWEST };

struct district *district_new(const struct world *world);
void district_free(struct district *district);

/* Bought packs of `lot` will come to `pair` on `day`; they are on order until then. Later than the world lasts: never. */
void district_expect(struct district *district, int pair, int day, int lot, int quantity);

/* Packs bought come in now. */
void district_receive(struct district *district, int pair, int lot, int quantity);

/* All that is due on `day` comes in, bought or sent by another site. */
void district_take_in(struct district *district, int day);

/* Dispense up to `wanted` packs, by earliest or latest expiry; returns how many there were. */
int district_issue(struct district *district, int pair, int wanted, enum pick pick);

/* Take `quantity` packs of a lot off `pair` and send them to `to`, where they arrive on `day`. */
void district_send(struct district *district, int pair, int lot, int quantity, int to, int day);

/* Write off what has locked by `day`; returns packs. */
int district_write_off(struct district *district, int pair, int day);

/* Days from `day` until a lot locks. */
int district_life(const struct district *district, int pair, int lot, int day);

/* For every product and lot: received = issued + written off + on hand + under way. */
bool district_is_conserved(const struct district *district);

#endif
