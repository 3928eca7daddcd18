#include "replenish/distribution.h"

#include <math.h>

double normal_density(double z)
{
	return exp(-z * z / 2) / sqrt(2 * M_PI);
}

/* P(Z > z) without cancellation. */
static double normal_tail(double z)
{
	return erfc(z / M_SQRT2) / 2;
}

/* Abramowitz and Stegun 26.2.23 (error below 4.5e-4), then Newton steps of third order (Halley). */
double normal_quantile(double p)
{
	double tail = p < 0.5 ? p : 1 - p;
	double t = sqrt(-2 * log(tail));
	double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
			       (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));

	if (!(p > 0 && p < 1))
		return NAN;
	for (int i = 0; i < 3; i++) {
		double step = (normal_tail(z) - tail) / normal_density(z);

		z += step / (1 - z * step / 2);
	}
	return p < 0.5 ? -z : z;
}

double normal_loss(double x, double mean, double sd)
{
	double z = (x - mean) / sd;

	return sd * (normal_density(z) - z * normal_tail(z));
}

double normal_second_loss(double x, double mean, double sd)
{
	double z = (x - mean) / sd;

	return sd * sd / 2 * ((z * z + 1) * normal_tail(z) - z * normal_density(z));
}

#define TERMS_MAX 100000

static double log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

static double gamma_series(double x, double shape)
{
	double term = 1 / shape, sum = term;

	for (int n = 1; n < TERMS_MAX && term > sum * 1e-17; n++) {
		term *= x / (shape + n);
		sum += term;
	}
	return sum * exp(shape * log(x) - x - log_gamma(shape));
}

/* The upper tail's continued fraction, by Lentz's method. */
static double gamma_fraction(double x, double shape)
{
	const double tiny = 1e-300;
	double b = x + 1 - shape, c = 1 / tiny, d = 1 / b, h = d;

	for (int n = 1; n < TERMS_MAX; n++) {
		double a = -n * (n - shape), factor;

		b += 2;
		d = a * d + b;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = b + a / c;
		c = fabs(c) < tiny ? tiny : c;
		factor = c * d;
		h *= factor;
		if (fabs(factor - 1) < 1e-16)
			break;
	}
	return h * exp(shape * log(x) - x - log_gamma(shape));
}

double gamma_cumulative(double x, double shape, double scale)
{
	double t = x / scale;

	if (t <= 0)
		return 0;
	return t < shape + 1 ? gamma_series(t, shape) : 1 - gamma_fraction(t, shape);
}

double gamma_loss(double x, double shape, double scale)
{
	double mean = shape * scale;

	if (x <= 0)
		return mean - x;
	return mean * (1 - gamma_cumulative(x, shape + 1, scale)) -
	       x * (1 - gamma_cumulative(x, shape, scale));
}

struct count_law count_of_poisson(double mean)
{
	return (struct count_law){ .mean = mean };
}

struct count_law count_of_negative_binomial(double size, double success)
{
	return (struct count_law){ size * (1 - success) / success, size, success };
}

struct count_law count_of_moments(double mean, double variance)
{
	if (variance <= mean)
		return count_of_poisson(mean);
	return count_of_negative_binomial(mean * mean / (variance - mean), mean / variance);
}

double count_mass(const struct count_law *law, int64_t k)
{
	double n = (double)k;

	if (k < 0)
		return 0;
	if (law->mean == 0)
		return k == 0;
	if (law->size == 0)
		return exp(n * log(law->mean) - law->mean - log_gamma(n + 1));
	return exp(log_gamma(n + law->size) - log_gamma(law->size) - log_gamma(n + 1) +
		   law->size * log(law->success) + n * log1p(-law->success));
}

#define REACH 12 /* standard deviations below the mean that hold practically no mass */

static double variance(const struct count_law *law)
{
	return law->size > 0 ? law->mean / law->success : law->mean;
}

struct count_walk count_walk_begin(const struct count_law *law)
{
	int64_t k = (int64_t)fmax(floor(law->mean - REACH * sqrt(variance(law))), 0);

	return (struct count_walk){ k, count_mass(law, k), 1, law->mean - (double)k };
}

/* n(k + 1) = n(k) - P(D > k); the masses of both laws follow one another by a factor. */
void count_walk_next(struct count_walk *walk, const struct count_law *law)
{
	double n = (double)walk->k;

	walk->above = fmax(walk->above - walk->mass, 0);
	walk->loss = fmax(walk->loss - walk->above, 0);
	walk->mass *= law->size == 0 ? law->mean / (n + 1) :
				       (n + law->size) / (n + 1) * (1 - law->success);
	walk->k++;
}

/* Linear between whole numbers. */
double count_loss(const struct count_law *law, double x)
{
	struct count_walk walk = count_walk_begin(law);

	if (x <= (double)walk.k)
		return law->mean - x;
	while ((double)walk.k < floor(x) && walk.loss > 0)
		count_walk_next(&walk, law);
	return fmax(walk.loss - (x - floor(x)) * (walk.above - walk.mass), 0);
}

/* The sum may end a rounding error below p: then no mass is left. */
int64_t count_quantile(const struct count_law *law, double p)
{
	struct count_walk walk = count_walk_begin(law);
	double below = walk.mass;

	while (below < p && ((double)walk.k < law->mean || walk.mass > 1e-18)) {
		count_walk_next(&walk, law);
		below += walk.mass;
	}
	return walk.k;
}
