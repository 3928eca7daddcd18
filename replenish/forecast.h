/*
 * Forecasts of demand per period from a series: exponential smoothing and its
 * relatives for intermittent demand. The same steps serve the engine, which
 * keeps the state and feeds it one period at a time.
 *
 * Conventions, on which published figures differ: sizes and intervals start at
 * the first demand and its 1-based place (Croston), unless a start is given;
 * SBA multiplies by 1 - beta/2 and SBJ by 1 - beta/(2 - beta), beta being the
 * smoothing of the intervals; TSB updates the probability in every period.
 */
#ifndef REPLENISH_FORECAST_H
#define REPLENISH_FORECAST_H

#include <stdbool.h>
#include <stddef.h>

/* ---- simple exponential smoothing ---- */

/* One step: the level after a period with demand `value`. */
double ses_step(double level, double value, double alpha);

/* ---- Croston 1972 and its corrections ---- */

enum croston_kind {
	CROSTON_PLAIN,
	CROSTON_SBA, /* Syntetos and Boylan 2005 */
	CROSTON_SBJ, /* Shale, Boylan and Johnston 2006 */
};

struct croston {
	double alpha; /* smooths sizes */
	double beta;  /* smooths intervals */
	double size;
	double interval; /* 0: no demand yet */
	double since;    /* periods since the last demand */
};

/* One period; `first_interval` > 0 is taken for the first demand's interval, else its place. */
void croston_step(struct croston *state, double value, double first_interval);

/* Demand per period as of now; NaN before the first demand. */
double croston_forecast(const struct croston *state, enum croston_kind kind);

/* The mean of the intervals between the demands of a series, the first from the start. */
double mean_interval(const double *series, size_t count);

/* ---- Teunter, Syntetos and Babai 2011 ---- */

struct tsb {
	double alpha; /* smooths sizes */
	double beta;  /* smooths the probability */
	double size;
	double probability;
};

void tsb_step(struct tsb *state, double value);
double tsb_forecast(const struct tsb *state);

/* ---- classes (Syntetos, Boylan and Croston 2005) ---- */

#define INTERMITTENT_ADI 1.32
#define ERRATIC_CV2 0.49

struct demand_class {
	double adi;       /* periods per period with demand */
	double cv2;       /* squared coefficient of variation of the sizes, population variance */
	const char *name; /* smooth, erratic, intermittent, lumpy */
};

/* NaN and NULL when there is no demand. */
struct demand_class demand_class_of(const double *series, size_t count);

#endif
