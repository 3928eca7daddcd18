/* What the folders bring to a worker: their routes and their jobs. */
#ifndef SERVICE_ROUTES_H
#define SERVICE_ROUTES_H

#include "core/endpoint.h"
#include "core/jobs.h"

/* Every table of routes below /api; NULL-ended. */
extern const struct endpoint *const service_tables[];

/* Every job, ended by a row without name; lives as long as the process. */
const struct job *service_jobs(void);

#endif
