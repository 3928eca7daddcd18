/* What a policy reached in a world: sums over the measured year and the figures made of them. */
#ifndef SIMULATION_OUTCOME_H
#define SIMULATION_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#define PRICE_CLASSES 4 /* below 10, 25, 60, and the rest */
#define CRITICAL_CLASS PRICE_CLASSES
#define FILL_CLASSES (PRICE_CLASSES + 1)

struct fill_sum {
	double asked;
	double served;
};

/* Sums over the year; money in yuan, quantities in packs. */
struct tally {
	double stock_days; /* value on the shelf at the end of each day */
	double dispensed_value;
	double bought_value;
	double written_off_value;
	struct fill_sum all;
	struct fill_sum class[FILL_CLASSES];
	struct fill_sum surge; /* the surging group during the surge and a week after */
	int64_t asked_lines, full_lines;
	int64_t active_days,
		empty_days; /* pair-days with recent demand; of these, opening at zero */
	int64_t order_lines, response_days;
	int64_t transfer_lines;
	double transfer_value;
};

/* A policy's figures in one world; ratios are shares, not per cent. */
struct outcome {
	double inventory; /* mean value on the shelf */
	double turnover;  /* dispensed value / inventory, a year */
	double write_off; /* value written off / value bought */
	double fill;      /* packs served / asked */
	double fill_class[FILL_CLASSES];
	double surge_fill;
	double line_fill;
	double stock_out;      /* active pair-days that open at zero */
	double response;       /* days from order to shelf */
	double lines_a_year;   /* order lines per pair */
	double transfer_share; /* value moved / value bought */
	bool conserved;
};

/* The class of a price. */
int outcome_price_class(double price);

/* Figures of a tally over `pairs` pairs. */
struct outcome outcome_of(const struct tally *tally, int pairs, bool conserved);

#endif
