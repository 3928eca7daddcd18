#include "simulation/district.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/memory.h"

struct district *district_new(const struct world *world)
{
	struct district *district = allocate(1, sizeof(*district));
	size_t lots = (size_t)world->products * WORLD_LOTS;

	district->world = world;
	district->shelf = allocate((size_t)world->pairs, sizeof(*district->shelf));
	district->due = allocate(WORLD_DAYS, sizeof(*district->due));
	for (int day = 0; day < WORLD_DAYS; day++)
		district->due[day] = -1;
	district->received = allocate(lots, sizeof(*district->received));
	district->issued = allocate(lots, sizeof(*district->issued));
	district->written_off = allocate(lots, sizeof(*district->written_off));
	return district;
}

void district_free(struct district *district)
{
	if (district == NULL)
		return;
	free(district->shelf);
	free(district->delivery);
	free(district->due);
	free(district->received);
	free(district->issued);
	free(district->written_off);
	free(district);
}

static int product_of(const struct district *district, int pair)
{
	return district->world->pair[pair].product;
}

static size_t cell(const struct district *district, int pair, int lot)
{
	return (size_t)product_of(district, pair) * WORLD_LOTS + (size_t)lot;
}

static void expect(struct district *district, int day, struct delivery delivery)
{
	if (district->deliveries == district->room) {
		district->room = district->room * 2 + 1024;
		district->delivery = realloc(district->delivery,
					     (size_t)district->room * sizeof(*district->delivery));
		if (district->delivery == NULL)
			abort();
	}
	delivery.next = -1;
	if (day < WORLD_DAYS) {
		delivery.next = district->due[day];
		district->due[day] = district->deliveries;
	}
	district->shelf[delivery.pair].on_order += delivery.quantity;
	district->delivery[district->deliveries++] = delivery;
}

void district_expect(struct district *district, int pair, int day, int lot, int quantity)
{
	expect(district, day, (struct delivery){ pair, quantity, lot, -1, false });
}

static void put_on_shelf(struct district *district, int pair, int lot, int quantity)
{
	struct district_shelf *shelf = &district->shelf[pair];
	int i = 0;

	while (i < shelf->lots && shelf->lot[i].lot != lot)
		i++;
	if (i == shelf->lots) {
		assert(shelf->lots < DISTRICT_LOTS);
		shelf->lot[shelf->lots++] = (struct district_lot){ lot, 0 };
	}
	shelf->lot[i].quantity += quantity;
	shelf->on_hand += quantity;
}

static void take_off_shelf(struct district_shelf *shelf, int i, int quantity)
{
	shelf->lot[i].quantity -= quantity;
	shelf->on_hand -= quantity;
	if (shelf->lot[i].quantity == 0)
		shelf->lot[i] = shelf->lot[--shelf->lots];
}

void district_receive(struct district *district, int pair, int lot, int quantity)
{
	district->received[cell(district, pair, lot)] += quantity;
	put_on_shelf(district, pair, lot, quantity);
}

void district_take_in(struct district *district, int day)
{
	for (int i = district->due[day]; i >= 0; i = district->delivery[i].next) {
		struct delivery *delivery = &district->delivery[i];

		district->shelf[delivery->pair].on_order -= delivery->quantity;
		if (delivery->moved)
			put_on_shelf(district, delivery->pair, delivery->lot, delivery->quantity);
		else
			district_receive(district, delivery->pair, delivery->lot,
					 delivery->quantity);
		delivery->quantity = 0;
	}
}

static int32_t expiry(const struct district *district, int pair, int i)
{
	return world_expiry(district->world, product_of(district, pair),
			    district->shelf[pair].lot[i].lot);
}

static int next_to_pick(const struct district *district, int pair, enum pick pick)
{
	int best = 0;

	for (int i = 1; i < district->shelf[pair].lots; i++) {
		bool earlier = expiry(district, pair, i) < expiry(district, pair, best);
		bool later = expiry(district, pair, i) > expiry(district, pair, best);

		if (pick == PICK_OLDEST ? earlier : later)
			best = i;
	}
	return best;
}

int district_issue(struct district *district, int pair, int wanted, enum pick pick)
{
	struct district_shelf *shelf = &district->shelf[pair];
	int left = wanted;

	while (left > 0 && shelf->lots > 0) {
		int i = next_to_pick(district, pair, pick);
		int taken = shelf->lot[i].quantity < left ? shelf->lot[i].quantity : left;

		district->issued[cell(district, pair, shelf->lot[i].lot)] += taken;
		take_off_shelf(shelf, i, taken);
		left -= taken;
	}
	return wanted - left;
}

void district_send(struct district *district, int pair, int lot, int quantity, int to, int day)
{
	struct district_shelf *shelf = &district->shelf[pair];
	int i = 0;

	while (i < shelf->lots && shelf->lot[i].lot != lot)
		i++;
	assert(i < shelf->lots && shelf->lot[i].quantity >= quantity);
	take_off_shelf(shelf, i, quantity);
	expect(district, day, (struct delivery){ to, quantity, lot, -1, true });
}

int district_life(const struct district *district, int pair, int lot, int day)
{
	return world_expiry(district->world, product_of(district, pair), lot) - DISTRICT_LOCK_DAYS -
	       day;
}

int district_write_off(struct district *district, int pair, int day)
{
	struct district_shelf *shelf = &district->shelf[pair];
	int packs = 0;

	for (int i = shelf->lots; i-- > 0;) {
		int quantity = shelf->lot[i].quantity;

		if (district_life(district, pair, shelf->lot[i].lot, day) > 0)
			continue;
		district->written_off[cell(district, pair, shelf->lot[i].lot)] += quantity;
		take_off_shelf(shelf, i, quantity);
		packs += quantity;
	}
	return packs;
}

bool district_is_conserved(const struct district *district)
{
	size_t lots = (size_t)district->world->products * WORLD_LOTS;
	int64_t *there = allocate(lots, sizeof(*there));
	bool conserved = true;

	for (int pair = 0; pair < district->world->pairs; pair++) {
		const struct district_shelf *shelf = &district->shelf[pair];
		int64_t sum = 0;

		for (int i = 0; i < shelf->lots; i++) {
			there[cell(district, pair, shelf->lot[i].lot)] += shelf->lot[i].quantity;
			sum += shelf->lot[i].quantity;
		}
		conserved &= sum == shelf->on_hand && shelf->on_order >= 0;
	}
	for (int i = 0; i < district->deliveries; i++)
		if (district->delivery[i].moved)
			there[cell(district, district->delivery[i].pair,
				   district->delivery[i].lot)] += district->delivery[i].quantity;
	for (size_t i = 0; i < lots; i++)
		conserved &= district->received[i] ==
			     district->issued[i] + district->written_off[i] + there[i];
	free(there);
	return conserved;
}
