/*
 * One worker process: an event loop that serves HTTP on the inherited socket
 * with PostgreSQL connections of its own. Nothing is shared with other workers
 * but the socket and the database.
 */
#ifndef SERVICE_WORKER_H
#define SERVICE_WORKER_H

struct options;

struct worker_options {
	int listen_fd;        /* bound, listening, non-blocking; shared by all workers */
	int index;            /* from 1; the same again after a restart */
	int count;            /* of workers */
	const char *conninfo; /* as yaoku_app; settings that every connection needs are in it */
	const char *tls_cert; /* PEM files; both NULL: plain HTTP */
	const char *tls_key;
	const struct options *options;
};

/*
 * Serve until SIGTERM, then stop accepting, answer what was begun, and return.
 * The parent kills a worker that takes longer than --drain. Returns the exit
 * code of the process: 0 when drained, 2 when it cannot work with these options
 * and a restart would not help, 3 when it failed and should be started again.
 */
int worker_run(const struct worker_options *options);

#endif
