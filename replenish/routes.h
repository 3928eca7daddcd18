/*
 * Routes and jobs of replenishment: thresholds, orders, and the supplier's side.
 */
#ifndef REPLENISH_ROUTES_H
#define REPLENISH_ROUTES_H

#include "core/endpoint.h"
#include "core/jobs.h"

/* For the service's route tables; ends with a row without path. */
extern const struct endpoint replenish_routes[];

/* For the service's job table: copy the rows; ends with a row without name. */
extern const struct job replenish_jobs[];

#endif
