/*
 * Policies compared over seeds. Every seed is a world of its own that all policies
 * meet, so differences are taken within a seed and their mean has a confidence
 * interval by Student's t.
 */
#ifndef SIMULATION_COMPARISON_H
#define SIMULATION_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

#include "simulation/outcome.h"

/* A mean over seeds and its 95 % confidence interval; without a second seed the bounds are NaN. */
struct estimate {
	double mean;
	double low;
	double high;
	double sd;
};

struct estimate estimate_of(const double *value, size_t count);

/* The figures that a policy is judged by. */
enum figure {
	FIGURE_INVENTORY, /* relative to the baseline, -0.75 is 75 % less; so the next two */
	FIGURE_TURNOVER,
	FIGURE_WRITE_OFF,
	FIGURE_CLOSENESS, /* share of the way from the baseline's inventory to the clairvoyant's */
	FIGURE_FILL,      /* shares */
	FIGURE_FILL_GAIN, /* above the baseline */
	FIGURE_STOCK_OUT,
	FIGURE_RESPONSE,  /* days */
	FIGURE_LINES,     /* order lines per pair and year */
	FIGURE_TRANSFERS, /* share of purchases */
	FIGURES,
};

struct figure_text {
	const char *name; /* in JSON */
	const char *head; /* in the table */
	double scale;     /* shown value = figure * scale */
	int decimals;
	bool is_change; /* shown with its sign */
};

extern const struct figure_text figure_texts[FIGURES];

/* A figure of `outcome`; `clairvoyant` may be NULL, closeness is NaN then. */
double figure_of(enum figure figure, const struct outcome *outcome, const struct outcome *baseline,
		 const struct outcome *clairvoyant);

#endif
