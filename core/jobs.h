/*
 * Background jobs that run in exactly one worker of all.
 *
 * The workers compete for a lease, a session advisory lock on a connection of
 * their own; who holds it runs each job in its period, never twice at a time.
 * The lease ends with the connection, so a worker that dies or is cut off
 * loses it, and another one has it within about a second. Two holders can
 * overlap for the statement that is under way then: a job must bear that.
 */
#ifndef CORE_JOBS_H
#define CORE_JOBS_H

#include <stdbool.h>

#include "core/statement.h"

struct event_base;
struct jobs;

/* One row of the table of jobs. Runs as role "service" for the whole district. */
struct job {
	const char *name;                     /* for the log */
	const struct db_statement *statement; /* takes no parameters; its rows are ignored */
	unsigned period_ms; /* from one start to the next, later if it takes longer */
};

/*
 * Connect and begin to compete. `table` ends with a row without name and must outlive the jobs.
 * Release with jobs_close().
 */
struct jobs *jobs_open(struct event_base *base, const char *conninfo, const struct job *table);

/* Give the lease up and release; a statement under way ends with the connection. Accepts NULL. */
void jobs_close(struct jobs *jobs);

/* True while this worker holds the lease. */
bool jobs_has_lease(const struct jobs *jobs);

#endif
