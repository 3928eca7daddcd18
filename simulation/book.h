/* The paper ledger's view: what was issued in each of the last three months. */
#ifndef SIMULATION_BOOK_H
#define SIMULATION_BOOK_H

#include "simulation/run.h"

#define BOOK_MONTHS 3
#define BOOK_MONTH_DAYS 30

struct book_row {
	float issued[BOOK_MONTHS]; /* packs, newest last */
	float empty[BOOK_MONTHS];  /* days that opened at zero */
	float issued_now, empty_now;
};

/* Buying by the book, by hand: domain baseline "manual" and, with next-day supply and FEFO, "best-manual". */
struct manual_settings {
	int review[SITE_KINDS]; /* days between reviews */
	double safety_months;
	double judgement; /* sd of the logarithm of the clerk's estimate */
	double enough;    /* orders below this share of the maximum */
};

extern const struct conduct conduct_manual;
extern const struct conduct conduct_best_manual;

/* The electronic minimum and maximum by months of stock, reviewed weekly: "minmax". */
struct minmax_settings {
	double minimum_months;
	double maximum_months;
};

extern const struct conduct conduct_minmax;

#endif
