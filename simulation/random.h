/*
 * Random numbers by named streams: one stream for each purpose, so that a new
 * purpose never disturbs the others. The generator is xoshiro256** (Blackman and
 * Vigna 2018), seeded by SplitMix64 from seed and name.
 */
#ifndef SIMULATION_RANDOM_H
#define SIMULATION_RANDOM_H

#include <stdint.h>

struct random_stream {
	uint64_t state[4];
	double spare; /* a second normal deviate, NaN: none */
};

/* The stream of this name; the same seed and name give the same numbers on every machine. */
struct random_stream random_named(uint64_t seed, const char *name);

/* Uniform in [0, 1), with 53 bits. */
double random_uniform(struct random_stream *stream);

/* Uniform in [low, high). */
double random_between(struct random_stream *stream, double low, double high);

/* One of 0 .. count - 1. */
int random_index(struct random_stream *stream, int count);

/* One of 0 .. count - 1 with these probabilities, which sum to 1. */
int random_choice(struct random_stream *stream, const double *probability, int count);

/* Normal by the polar method (Marsaglia and Bray 1964). */
double random_normal(struct random_stream *stream, double mean, double sd);

/* Exponential by inversion. */
double random_exponential(struct random_stream *stream, double mean);

/* Gamma of scale 1 (Marsaglia and Tsang 2000), shape > 0. */
double random_gamma(struct random_stream *stream, double shape);

/* Poisson: products of uniforms for means up to 30, else gamma reduction (Ahrens and Dieter 1974). */
int64_t random_poisson(struct random_stream *stream, double mean);

/* Failures before the `size`-th success of probability `success`: a gamma mixture of Poissons. */
int64_t random_negative_binomial(struct random_stream *stream, double size, double success);

#endif
