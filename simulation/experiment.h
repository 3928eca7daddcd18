/*
 * A simulation as it is asked for: worlds by seed, policies to try in each. Seeds
 * are run side by side, one process each, as many as there are processors.
 */
#ifndef SIMULATION_EXPERIMENT_H
#define SIMULATION_EXPERIMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "simulation/engine.h"
#include "simulation/outcome.h"
#include "simulation/run.h"

#define EXPERIMENT_SEEDS 100
#define EXPERIMENT_POLICIES 8

struct experiment {
	uint64_t seed[EXPERIMENT_SEEDS];
	int seeds;
	int pharmacies;
	int products;
	enum stress stress;
	struct conduct policy[EXPERIMENT_POLICIES];
	int policies;
	struct policy_settings settings; /* of the engine */
};

/* What came out: by seed and policy. */
struct results {
	struct outcome outcome[EXPERIMENT_SEEDS][EXPERIMENT_POLICIES];
	uint64_t fingerprint[EXPERIMENT_SEEDS];
	int sites, pairs; /* of the first world */
	double seconds;
};

/*
 * Run it. `said` is told the share that is done, from 0 to 1, in the calling process; NULL: nobody. Returns 0, or -1
 * with errno when a process could not be started or died.
 */
int experiment_run(const struct experiment *experiment, void (*said)(double share, void *arg),
		   void *arg, struct results *ret_results);

#endif
