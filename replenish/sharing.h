/*
 * Moving packs between pharmacies instead of writing them off or being without:
 * proposals for one product, from plain figures. Near expiry, what a pharmacy
 * will not use in time goes where it will be; in a shortage of the whole market,
 * pharmacies with cover help those without.
 */
#ifndef REPLENISH_SHARING_H
#define REPLENISH_SHARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pharmacy that keeps the product. */
struct share_shelf {
	double demand; /* base units a day */
	int64_t on_hand;
	int64_t on_order; /* and on its way from another pharmacy */
	bool kept;        /* asked for lately */
};

/* A lot on one of the shelves. */
struct share_lot {
	size_t shelf; /* index */
	int64_t quantity;
	double life; /* days it can still be dispensed */
	int64_t id;  /* the caller's */
};

struct share_move {
	size_t lot; /* index of the lot to take from */
	size_t to;  /* index of the shelf */
	int64_t quantity;
};

struct share_settings {
	double near_expiry; /* days of life below which a lot is looked at */
	double use_share;   /* of expected demand that is counted on at home */
	double room_share;  /* of expected demand that a receiver may be filled to */
	double least_life;  /* days; less is not worth a trip */
	double least_value; /* money; less is not worth a trip */
	double cover;       /* days that a giver keeps and a taker gets in a shortage */
};

extern const struct share_settings share_defaults;

/*
 * What will not be used at home. Lots stand by shelf and, on a shelf, by life. At most one move for a
 * lot, into ret_moves (room for `lots`); returns how many.
 */
size_t share_surplus(const struct share_settings *settings, double price,
		     const struct share_shelf *shelves, size_t count, const struct share_lot *lots,
		     size_t lot_count, struct share_move *ret_moves);

/*
 * Nobody sells the product: shelves without any, by demand, get from the one with most to spare, its shortest-lived
 * lots first. Room for lot_count + count moves, as a taker may get parts of several lots. Returns how many.
 */
size_t share_shortage(const struct share_settings *settings, const struct share_shelf *shelves,
		      size_t count, const struct share_lot *lots, size_t lot_count,
		      struct share_move *ret_moves);

#endif
