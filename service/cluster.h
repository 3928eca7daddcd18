/*
 * The private PostgreSQL cluster of a data directory: made on first use with
 * checksums, reached by a Unix socket only, by the operating-system user only.
 *
 *	DIR/lock            held by the process that may start the cluster
 *	DIR/pg/             the cluster; its settings are written at every start
 *	DIR/postgresql.conf settings of the operator, read last; optional
 *	DIR/postgresql.log  what PostgreSQL says
 *	DIR/socket          the socket's directory, or a link to one with a short name
 *
 * PostgreSQL runs as a child. It is told to stop (fast) when its parent dies,
 * and whoever holds the lock next waits for it to be gone.
 */
#ifndef SERVICE_CLUSTER_H
#define SERVICE_CLUSTER_H

#include <stddef.h>
#include <sys/types.h>

struct cluster;

/* Port in the socket's name. */
#define CLUSTER_PORT "5432"

/* The cluster of directory `data`, nothing touched yet. Release with cluster_free(). */
struct cluster *cluster_new(const char *data);

/* Release; does not stop PostgreSQL. Accepts NULL. */
void cluster_free(struct cluster *cluster);

/*
 * Take the lock until this process ends. Returns 0, or ERR_CONFLICT and
 * *reterr_holder, the process that has it.
 */
int cluster_lock(struct cluster *cluster, pid_t *reterr_holder);

/*
 * With the lock held: find the programs, make the cluster if there is none,
 * write its settings, and end a PostgreSQL that a killed parent left behind.
 * Blocks for seconds the first time. Returns 0, ERR_NOT_FOUND (PostgreSQL 15 or
 * later is not installed) or ERR_INTERNAL, with one line in reterr_text.
 */
int cluster_prepare(struct cluster *cluster, char *reterr_text, size_t size);

/*
 * Start PostgreSQL as a child; it is not ready yet. The caller reaps it.
 * Returns its process, or -1 with errno set.
 */
pid_t cluster_spawn(struct cluster *cluster);

/* The directory of the socket, for `host=` of a conninfo. */
const char *cluster_socket(const struct cluster *cluster);

/*
 * The directory of the socket of the PostgreSQL that runs in `data`, started by
 * another process. Returns 0 or ERR_NOT_FOUND.
 */
int cluster_running_socket(const char *data, char *ret_socket, size_t size);

/* The last complaint PostgreSQL wrote to its log before it ended; "" when there is none. */
void cluster_last_words(const struct cluster *cluster, char *ret_line, size_t size);

#endif
