/*
 * The service's own engine in the simulated district: the same functions learn
 * demand, set levels and propose transfers (replenish/), fed with what the service
 * would see.
 */
#ifndef SIMULATION_ENGINE_H
#define SIMULATION_ENGINE_H

#include "replenish/policy.h"
#include "replenish/sharing.h"
#include "simulation/run.h"

struct engine_settings {
	const struct policy_settings *policy;
	const struct share_settings *sharing; /* NULL: no transfers */
};

extern const struct conduct conduct_engine;

/* Knows all demand, orders by the same cover rule; no policy does better at full service. */
extern const struct conduct conduct_clairvoyant;

#endif
