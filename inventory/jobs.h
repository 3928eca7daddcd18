/*
 * What inventory does in the background: sealing the ledger.
 */
#ifndef INVENTORY_JOBS_H
#define INVENTORY_JOBS_H

#include "core/jobs.h"

/* For the service's job table; ends with a row without name. */
extern const struct job inventory_jobs[];

#endif
