/* Streams repeat themselves, do not repeat each other, and have the moments they claim. */
#include <math.h>

#include "simulation/random.h"
#include "test_rows.h"

#define DRAWS 200000

struct moments {
	double mean, variance;
};

static struct moments moments_of(double (*draw)(struct random_stream *, double, double), double a,
				 double b)
{
	struct random_stream stream = random_named(7, "moments");
	double sum = 0, squares = 0;

	for (int i = 0; i < DRAWS; i++) {
		double value = draw(&stream, a, b);

		sum += value;
		squares += value * value;
	}
	return (struct moments){ sum / DRAWS, squares / DRAWS - sum / DRAWS * sum / DRAWS };
}

static double exponential(struct random_stream *stream, double a, double b)
{
	(void)b;
	return random_exponential(stream, a);
}

static double shape_only(struct random_stream *stream, double a, double b)
{
	(void)b;
	return random_gamma(stream, a);
}

static double poisson(struct random_stream *stream, double a, double b)
{
	(void)b;
	return (double)random_poisson(stream, a);
}

static double negative_binomial(struct random_stream *stream, double a, double b)
{
	return (double)random_negative_binomial(stream, a, b);
}

static const struct law {
	struct row row;
	double (*draw)(struct random_stream *, double, double);
	double a, b, mean, variance;
} laws[] = {
	{ ROW("uniform"), random_between, -1, 3, 1, 16.0 / 12 },
	{ ROW("normal"), random_normal, 5, 2, 5, 4 },
	{ ROW("exponential"), exponential, 3, 0, 3, 9 },
	{ ROW("gamma below one"), shape_only, .4, 0, .4, .4 },
	{ ROW("gamma above one"), shape_only, 6, 0, 6, 6 },
	{ ROW("poisson, rare"), poisson, .03, 0, .03, .03 },
	{ ROW("poisson, by products"), poisson, 12, 0, 12, 12 },
	{ ROW("poisson, reduced"), poisson, 250, 0, 250, 250 },
	{ ROW("negative binomial"), negative_binomial, 3, .4, 4.5, 11.25 },
};

static void laws_have_their_moments(void **state)
{
	(void)state;
	foreach(r, laws) {
		struct moments got = moments_of(r->draw, r->a, r->b);

		row_check(r, fabs(got.mean - r->mean) < 5 * sqrt(r->variance / DRAWS), "mean %g",
			  got.mean);
		row_check(r, fabs(got.variance / r->variance - 1) < .05, "variance %g",
			  got.variance);
	}
}

static void streams_are_named(void **state)
{
	struct random_stream one = random_named(1, "demand"), again = random_named(1, "demand");
	struct random_stream other = random_named(1, "supply"), seeded = random_named(2, "demand");
	int same = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		double value = random_uniform(&one);

		assert_true(value == random_uniform(&again));
		same += value == random_uniform(&other) || value == random_uniform(&seeded);
	}
	assert_int_equal(same, 0);
}

static void choices_follow_their_probabilities(void **state)
{
	static const double probability[] = { .2, .5, .3 };
	struct random_stream stream = random_named(3, "choice");
	int count[3] = { 0 };

	(void)state;
	for (int i = 0; i < DRAWS; i++)
		count[random_choice(&stream, probability, 3)]++;
	for (int i = 0; i < 3; i++)
		assert_true(fabs((double)count[i] / DRAWS - probability[i]) < .005);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(laws_have_their_moments),
		cmocka_unit_test(streams_are_named),
		cmocka_unit_test(choices_follow_their_probabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
