/*
 * The parent of everything: PostgreSQL (unless given), one process that
 * migrates, then the workers. It sleeps until a signal or a time comes.
 *
 *	migrating ─► serving ─► stopping ─► done
 *
 * A worker that dies is back within a second, one that dies again and again at
 * growing intervals; PostgreSQL that ends is started again. SIGTERM and SIGINT
 * stop: no new connections, workers drain, PostgreSQL last. SIGHUP reads the
 * options again and replaces the workers one by one.
 */
#ifndef SERVICE_SUPERVISOR_H
#define SERVICE_SUPERVISOR_H

#include <stdbool.h>

struct database;
struct options;

struct supervisor_options {
	struct options *options;         /* changed by a reload */
	const struct database *database; /* prepared, not started */
	int listen_fd;                   /* bound, not listening */
	bool (*reload)(void *arg);       /* read the options again; false: keep all as it is */
	void *arg;
};

/* Run to the end. Returns the exit code of the command: 0 stopped, 1 refused, 3 unreachable. */
int supervisor_run(const struct supervisor_options *options);

#endif
