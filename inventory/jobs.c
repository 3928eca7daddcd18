#include "inventory/jobs.h"

#include "schema/queries.h"

const struct job inventory_jobs[] = {
	{ .name = "seal", .statement = &sql_seal_movements, .period_ms = 2000 },
	{ 0 },
};
