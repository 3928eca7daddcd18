#include "service/routes.h"

#include <assert.h>
#include <stddef.h>

#include "access/access.h"
#include "inventory/code_routes.h"
#include "inventory/jobs.h"
#include "inventory/label_routes.h"
#include "inventory/lists.h"
#include "inventory/scan_routes.h"
#include "inventory/workstations.h"
#include "replenish/routes.h"
#include "schema/queries.h"

#define JOBS_MAX 32

const struct endpoint *const service_tables[] = {
	access_routes,   scan_routes,        code_routes,      label_routes,
	inventory_lists, workstation_routes, replenish_routes, NULL,
};

static const struct job own_jobs[] = {
	{ "access sweep", &sql_access_sweep, 600000 },
	{ .name = NULL },
};

const struct job *service_jobs(void)
{
	static const struct job *const tables[] = { own_jobs, inventory_jobs, replenish_jobs,
						    NULL };
	static struct job all[JOBS_MAX + 1];
	size_t count = 0;

	for (const struct job *const *table = tables; *table != NULL; table++) {
		for (const struct job *job = *table; job->name != NULL; job++) {
			assert(count < JOBS_MAX);
			all[count++] = *job;
		}
	}
	all[count] = (struct job){ .name = NULL };
	return all;
}
