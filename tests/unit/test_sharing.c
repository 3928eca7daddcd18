/* Transfers proposed for one product. */
#include "replenish/sharing.h"
#include "test_rows.h"

#define SHELVES 3
#define LOTS 4

static const struct sharing {
	struct row row;
	struct share_shelf shelf[SHELVES];
	struct share_lot lot[LOTS]; /* quantity 0 ends */
	double price;
	bool shortage;
	size_t moves;
	struct share_move first;
} rows[] = {
	{ ROW("what home will not use goes where there is most room"),
	  { { .1, 20, 0, true }, { 1, 0, 0, true }, { 2, 0, 0, true } },
	  { { 0, 20, 100, 7 } },
	  10,
	  false,
	  1,
	  { 0, 2, 11 } },
	{ ROW("what home will use stays"),
	  { { 1, 20, 0, true }, { 2, 0, 0, true } },
	  { { 0, 20, 100, 7 } },
	  10,
	  false,
	  0,
	  { 0 } },
	{ ROW("a long life is no hurry"),
	  { { .1, 20, 0, true }, { 2, 0, 0, true } },
	  { { 0, 20, 240, 7 } },
	  10,
	  false,
	  0,
	  { 0 } },
	{ ROW("too late for a trip"),
	  { { .1, 20, 0, true }, { 2, 0, 0, true } },
	  { { 0, 20, 10, 7 } },
	  10,
	  false,
	  0,
	  { 0 } },
	{ ROW("not worth a trip"),
	  { { .1, 20, 0, true }, { 2, 0, 0, true } },
	  { { 0, 20, 100, 7 } },
	  .5,
	  false,
	  0,
	  { 0 } },
	{ ROW("what is on its way fills the receiver's room"),
	  { { .1, 20, 0, true }, { 2, 0, 200, true } },
	  { { 0, 20, 100, 7 } },
	  10,
	  false,
	  0,
	  { 0 } },
	{ ROW("earlier lots are used first at home"),
	  { { .2, 20, 0, true }, { 0, 0, 0, true }, { 5, 0, 0, true } },
	  { { 0, 10, 50, 7 }, { 0, 10, 100, 8 } },
	  10,
	  false,
	  2,
	  { 0, 2, 1 } },
	{ ROW("no more is sent than there is room for"),
	  { { .01, 500, 0, true }, { 1, 10, 0, true } },
	  { { 0, 500, 60, 7 } },
	  10,
	  false,
	  1,
	  { 0, 1, 20 } },
	{ ROW("in a shortage who has cover gives a week"),
	  { { 1, 0, 0, true }, { 1, 30, 0, true } },
	  { { 1, 30, 300, 7 } },
	  10,
	  true,
	  1,
	  { 0, 0, 7 } },
	{ ROW("the giver keeps a week"),
	  { { 1, 0, 0, true }, { 1, 9, 0, true } },
	  { { 1, 9, 300, 7 } },
	  10,
	  true,
	  1,
	  { 0, 0, 2 } },
	{ ROW("nobody gives the last week"),
	  { { 1, 0, 0, true }, { 1, 7, 0, true } },
	  { { 1, 7, 300, 7 } },
	  10,
	  true,
	  0,
	  { 0 } },
	{ ROW("who has packs coming needs none"),
	  { { 1, 0, 5, true }, { 1, 30, 0, true } },
	  { { 1, 30, 300, 7 } },
	  10,
	  true,
	  0,
	  { 0 } },
	{ ROW("who no longer keeps it needs none"),
	  { { 1, 0, 0, false }, { 1, 30, 0, true } },
	  { { 1, 30, 300, 7 } },
	  10,
	  true,
	  0,
	  { 0 } },
	{ ROW("a gift may come from two lots, the shortest-lived first"),
	  { { 1, 0, 0, true }, { 1, 30, 0, true } },
	  { { 1, 3, 30, 7 }, { 1, 27, 300, 8 } },
	  10,
	  true,
	  2,
	  { 0, 0, 3 } },
};

static void packs_are_shared(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct share_move move[LOTS + SHELVES] = { 0 };
		size_t lots = 0, moves;

		while (lots < LOTS && r->lot[lots].quantity > 0)
			lots++;
		if (r->shortage)
			moves = share_shortage(&share_defaults, r->shelf, SHELVES, r->lot, lots,
					       move);
		else
			moves = share_surplus(&share_defaults, r->price, r->shelf, SHELVES, r->lot,
					      lots, move);
		row_check(r, moves == r->moves, "%zu moves", moves);
		row_check(r,
			  move[0].lot == r->first.lot && move[0].to == r->first.to &&
				  move[0].quantity == r->first.quantity,
			  "%ld of lot %zu to %zu", (long)move[0].quantity, move[0].lot, move[0].to);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(packs_are_shared) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
