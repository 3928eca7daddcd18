/*
 * Reading a model's inputs from JSON: each call names one member, and the first
 * that is missing or out of range is kept for the error, so a model reads all
 * it needs and looks once whether that went well.
 */
#ifndef REPLENISH_CALC_INPUTS_H
#define REPLENISH_CALC_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replenish/shortage_cost.h"

struct json_t;

#define CALC_SERIES_MAX 100000

struct calc_inputs {
	const struct json_t *object;
	const char *wrong; /* name of the first bad member, NULL: none */
	const char *why;   /* static sentence */
	void *memory;      /* series, released by calc_done() */
};

/* A list of numbers, owned by the inputs. */
struct calc_series {
	const double *value;
	size_t count;
};

void calc_done(struct calc_inputs *in);

/* The member is there and not null. */
bool calc_has(const struct calc_inputs *in, const char *name);

/* A finite number in [low, high]. 1 when it is not, so that arithmetic goes on. */
double calc_range(struct calc_inputs *in, const char *name, double low, double high);

/* A finite number; one >= 0; one > 0. */
double calc_number(struct calc_inputs *in, const char *name);
double calc_amount(struct calc_inputs *in, const char *name);
double calc_positive(struct calc_inputs *in, const char *name);

/* A share: 0 < share < 1. */
double calc_share(struct calc_inputs *in, const char *name);

/* A number in [low, high], `absent` when it is not there. */
double calc_range_or(struct calc_inputs *in, const char *name, double absent, double low,
		     double high);

/* A whole number in [low, high]. */
int64_t calc_whole(struct calc_inputs *in, const char *name, int64_t low, int64_t high);

/* A text, "" when it is not there or something else. */
const char *calc_text(const struct calc_inputs *in, const char *name);

/* A list of 1 .. max finite numbers >= low. */
struct calc_series calc_series_of(struct calc_inputs *in, const char *name, size_t max, double low);

/* The same, or one number for each of `count`. */
struct calc_series calc_series_or_number(struct calc_inputs *in, const char *name, size_t count,
					 double low);

/*
 * A list of at most `max` rows of `width` finite numbers; the rows one after another. Rows may be none.
 * *ret_rows is their number.
 */
const double *calc_rows(struct calc_inputs *in, const char *name, size_t max, size_t width,
			size_t *ret_rows);

/*
 * A probability for each demand, {"3": 0.25, …}, at most `max` of them, summing to 1; by rising demand into
 * ret_mass. Returns how many, at least one.
 */
size_t calc_masses(struct calc_inputs *in, const char *name, size_t max,
		   struct demand_mass *ret_mass);

/* Room for `count` numbers until calc_done(), zero; at least one. */
void *calc_memory(struct calc_inputs *in, size_t count);

/* The member is a number. */
bool calc_is_number(const struct calc_inputs *in, const char *name);

/* Say that member `name` is wrong; the first one stays. */
void calc_refuse(struct calc_inputs *in, const char *name, const char *why);

#endif
