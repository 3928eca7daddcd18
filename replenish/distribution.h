/*
 * The distributions of demand that policies are computed from: cumulative
 * probability, quantile, and expected shortage n(x) = E[max(D - x, 0)]. Pure
 * functions; NaN where an argument is out of its range.
 */
#ifndef REPLENISH_DISTRIBUTION_H
#define REPLENISH_DISTRIBUTION_H

#include <stdint.h>

/* Demand that comes in whole packs. Make it with one of the count_of_ functions. */
struct count_law {
	double mean;
	double size;    /* of the negative binomial, r > 0; 0: Poisson */
	double success; /* of the negative binomial, p in (0, 1) */
};

/* ---- the normal distribution ---- */

/* Density of the standard normal at `z`. */
double normal_density(double z);

/* The `z` below which a share `p`, 0 < p < 1, of the standard normal lies; to double precision. */
double normal_quantile(double p);

/* n(x) of a normal demand with standard deviation `sd` > 0. */
double normal_loss(double x, double mean, double sd);

/* E[max(D - x, 0)^2] / 2 of a normal demand: the integral of n from x to infinity. */
double normal_second_loss(double x, double mean, double sd);

/* ---- the gamma distribution ---- */

/* P(D <= x) for shape and scale > 0, by series or continued fraction (DLMF 8.11.4, 8.9.2). */
double gamma_cumulative(double x, double shape, double scale);

/* n(x) of a gamma demand. */
double gamma_loss(double x, double shape, double scale);

/* ---- whole packs ---- */

struct count_law count_of_poisson(double mean);

/* Failures before the `size`-th success of probability `success`: mean r(1-p)/p. */
struct count_law count_of_negative_binomial(double size, double success);

/*
 * By mean m and variance v: negative binomial with r = m^2/(v-m), p = m/v where
 * v > m, else Poisson, for which the variance is the mean.
 */
struct count_law count_of_moments(double mean, double variance);

/* P(D = k); 0 for k < 0. */
double count_mass(const struct count_law *law, int64_t k);

/*
 * Walking up the counts: at `k`, what is short on average and how likely more is asked. Begins far enough below the
 * mean that practically no mass lies before; there n(k) = mean - k.
 */
struct count_walk {
	int64_t k;
	double mass;  /* P(D = k) */
	double above; /* P(D >= k) */
	double loss;  /* n(k) */
};

struct count_walk count_walk_begin(const struct count_law *law);
void count_walk_next(struct count_walk *walk, const struct count_law *law);

/* n(x); x need not be whole or positive. */
double count_loss(const struct count_law *law, double x);

/* The smallest k with P(D <= k) >= p, 0 < p < 1. */
int64_t count_quantile(const struct count_law *law, double p);

#endif
