#include "replenish/sharing.h"

#include <math.h>
#include <stdlib.h>

const struct share_settings share_defaults = {
	.near_expiry = 240,
	.use_share = .85,
	.room_share = .60,
	.least_life = 10,
	.least_value = 10,
	.cover = 7,
};

static int64_t *zeroes(size_t count)
{
	int64_t *memory = calloc(count + 1, sizeof(*memory));

	if (memory == NULL)
		abort();
	return memory;
}

/* ---- near expiry ---- */

/* Of a lot, given what stands before it on its shelf, what demand at home will not reach in time. */
static int64_t surplus(const struct share_settings *settings, const struct share_shelf *shelf,
		       const struct share_lot *lot, int64_t before)
{
	double use = shelf->demand * fmax(lot->life, 0) * settings->use_share;
	double left = floor((double)(before + lot->quantity) - use);

	if (lot->life >= settings->near_expiry || lot->life <= settings->least_life)
		return 0;
	return (int64_t)fmin(fmax(left, 0), (double)lot->quantity);
}

static int64_t room(const struct share_settings *settings, const struct share_shelf *shelf,
		    double life, int64_t promised)
{
	double use = shelf->demand * fmax(life - settings->least_life, 0) * settings->room_share;

	return (int64_t)floor(use) - shelf->on_hand - shelf->on_order - promised;
}

size_t share_surplus(const struct share_settings *settings, double price,
		     const struct share_shelf *shelves, size_t count, const struct share_lot *lots,
		     size_t lot_count, struct share_move *ret_moves)
{
	int64_t *promised = zeroes(count), before = 0;
	size_t moves = 0;

	for (size_t i = 0; i < lot_count; i++) {
		const struct share_lot *lot = &lots[i];
		int64_t over, most = 0;
		size_t to = 0;

		before = i > 0 && lots[i - 1].shelf == lot->shelf ? before + lots[i - 1].quantity :
								    0;
		over = surplus(settings, &shelves[lot->shelf], lot, before);
		if ((double)over * price < settings->least_value)
			continue;
		for (size_t j = 0; j < count; j++) {
			int64_t free = room(settings, &shelves[j], lot->life, promised[j]);

			if (j != lot->shelf && free > most) {
				most = free;
				to = j;
			}
		}
		if (most <= 0)
			continue;
		over = over < most ? over : most;
		promised[to] += over;
		ret_moves[moves++] = (struct share_move){ i, to, over };
	}
	free(promised);
	return moves;
}

/* ---- shortage ---- */

/* The shelf that needs most of those that need and have not been helped; count: none. */
static size_t neediest(const struct share_shelf *shelves, size_t count, const int64_t *helped)
{
	size_t best = count;

	for (size_t i = 0; i < count; i++)
		if (shelves[i].kept && shelves[i].on_hand + shelves[i].on_order == 0 &&
		    helped[i] == 0 && (best == count || shelves[i].demand > shelves[best].demand))
			best = i;
	return best;
}

static int64_t to_spare(const struct share_settings *settings, const struct share_shelf *shelf,
			int64_t given)
{
	return (int64_t)floor((double)(shelf->on_hand - given) -
			      fmax(shelf->demand * settings->cover, 1));
}

/* Take `quantity` off the giver's lots in their order. */
static size_t give(const struct share_lot *lots, size_t lot_count, int64_t *taken, size_t from,
		   size_t to, int64_t quantity, struct share_move *ret_moves)
{
	size_t moves = 0;

	for (size_t i = 0; i < lot_count && quantity > 0; i++) {
		int64_t there = lots[i].shelf == from ? lots[i].quantity - taken[i] : 0;
		int64_t part = there < quantity ? there : quantity;

		if (part <= 0)
			continue;
		taken[i] += part;
		quantity -= part;
		ret_moves[moves++] = (struct share_move){ i, to, part };
	}
	return moves;
}

static size_t richest(const struct share_settings *settings, const struct share_shelf *shelves,
		      size_t count, const int64_t *given)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (to_spare(settings, &shelves[i], given[i]) >
		    to_spare(settings, &shelves[best], given[best]))
			best = i;
	return best;
}

size_t share_shortage(const struct share_settings *settings, const struct share_shelf *shelves,
		      size_t count, const struct share_lot *lots, size_t lot_count,
		      struct share_move *ret_moves)
{
	int64_t *given = zeroes(count), *helped = zeroes(count), *taken = zeroes(lot_count);
	size_t moves = 0, to;

	while ((to = neediest(shelves, count, helped)) < count) {
		size_t from = richest(settings, shelves, count, given);
		int64_t spare = to_spare(settings, &shelves[from], given[from]);
		int64_t wanted = (int64_t)fmax(1, ceil(shelves[to].demand * settings->cover));
		int64_t quantity = wanted < spare ? wanted : spare;

		if (spare < 1)
			break;
		given[from] += quantity;
		helped[to] = quantity;
		moves += give(lots, lot_count, taken, from, to, quantity, ret_moves + moves);
	}
	free(given);
	free(helped);
	free(taken);
	return moves;
}
