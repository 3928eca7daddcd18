#ifndef SIMULATION_SIMULATE_COMMAND_H
#define SIMULATION_SIMULATE_COMMAND_H

/*
 * yaoku simulate [--seed N|N-M] [--pharmacies N] [--policy NAME] [--stress surge|outage] [--json]
 *                [--fill-rate PERCENT] [--order-cost YUAN] [--cover-max DAYS] [--outage-value YUAN] [--no-transfers]
 *
 * Runs the district simulation and prints its outcome; progress goes to standard error when that is a
 * terminal, or as lines `progress SHARE` with --progress. Returns the exit code: 1 when stock was not conserved.
 */
int simulate_command(int argc, char **argv);

#endif
