/* The outcome table of an experiment, for people and as JSON. */
#ifndef SIMULATION_SIMULATE_REPORT_H
#define SIMULATION_SIMULATE_REPORT_H

#include <stdio.h>

#include "simulation/experiment.h"

/* Figures relative to the first policy, closeness to the one named clairvoyant if there is one. */
void simulate_print(FILE *out, const struct experiment *experiment, const struct results *results);

/* One JSON object with all that the table says, and every seed's own figures. */
void simulate_print_json(FILE *out, const struct experiment *experiment,
			 const struct results *results);

#endif
