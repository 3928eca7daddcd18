#include "simulation/random.h"

#include <math.h>

static uint64_t rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

static uint64_t next(struct random_stream *stream)
{
	uint64_t *s = stream->state, result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

static uint64_t split_mix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

struct random_stream random_named(uint64_t seed, const char *name)
{
	struct random_stream stream = { .spare = NAN };
	uint64_t mixed = seed;

	for (; *name != '\0'; name++)
		mixed = split_mix(&mixed) ^ (unsigned char)*name;
	for (int i = 0; i < 4; i++)
		stream.state[i] = split_mix(&mixed);
	return stream;
}

double random_uniform(struct random_stream *stream)
{
	return (double)(next(stream) >> 11) * 0x1p-53;
}

double random_between(struct random_stream *stream, double low, double high)
{
	return low + (high - low) * random_uniform(stream);
}

int random_index(struct random_stream *stream, int count)
{
	return (int)(random_uniform(stream) * count);
}

int random_choice(struct random_stream *stream, const double *probability, int count)
{
	double u = random_uniform(stream);
	int i = 0;

	while (i + 1 < count && u >= probability[i])
		u -= probability[i++];
	return i;
}

double random_normal(struct random_stream *stream, double mean, double sd)
{
	double u, v, s = stream->spare;

	if (!isnan(s)) {
		stream->spare = NAN;
		return mean + sd * s;
	}
	do {
		u = random_between(stream, -1, 1);
		v = random_between(stream, -1, 1);
		s = u * u + v * v;
	} while (s >= 1 || s == 0);
	s = sqrt(-2 * log(s) / s);
	stream->spare = v * s;
	return mean + sd * u * s;
}

double random_exponential(struct random_stream *stream, double mean)
{
	return -mean * log1p(-random_uniform(stream));
}

double random_gamma(struct random_stream *stream, double shape)
{
	double d, c, x, v, u;

	if (shape < 1)
		return random_gamma(stream, shape + 1) * pow(1 - random_uniform(stream), 1 / shape);
	d = shape - 1.0 / 3;
	c = 1 / sqrt(9 * d);
	do {
		x = random_normal(stream, 0, 1);
		v = 1 + c * x;
		v = v * v * v;
		u = 1 - random_uniform(stream);
	} while (v <= 0 || log(u) >= x * x / 2 + d - d * v + d * log(v));
	return d * v;
}

/* Of n arrivals spread over a time, those in its first part: binomial, by counting. */
static int64_t thinned(struct random_stream *stream, int64_t n, double share)
{
	int64_t hits = 0;

	for (int64_t i = 0; i < n; i++)
		hits += random_uniform(stream) < share;
	return hits;
}

int64_t random_poisson(struct random_stream *stream, double mean)
{
	double limit, product = 1;
	int64_t count = 0;

	if (mean > 30) {
		int64_t arrivals = (int64_t)(mean * 7 / 8);
		double at = random_gamma(stream, (double)arrivals);

		if (at > mean)
			return thinned(stream, arrivals - 1, mean / at);
		return arrivals + random_poisson(stream, mean - at);
	}
	limit = exp(-mean);
	while ((product *= 1 - random_uniform(stream)) > limit)
		count++;
	return count;
}

int64_t random_negative_binomial(struct random_stream *stream, double size, double success)
{
	return random_poisson(stream, random_gamma(stream, size) * (1 - success) / success);
}
