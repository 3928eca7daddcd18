/*
 * The database a command works with: a given server (--database), or the
 * private cluster of --data, which is started when no service runs there.
 * Every conninfo is made here.
 */
#ifndef SERVICE_DATABASE_H
#define SERVICE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>

#include "service/options.h"

struct cluster;

/* Name of the database in a private cluster. */
#define DATABASE_NAME "yaoku"

struct database {
	struct cluster *cluster; /* NULL with --database, or when another process runs it; owned */
	char *conninfo;          /* of the owner; owned */
	bool is_private;
	int cluster_pid; /* of the PostgreSQL that database_open() started; else 0 */
};

/*
 * For `serve`: settle who we are, lock and prepare the cluster; it is not
 * started. Returns 0, ERR_CONFLICT (another process serves this directory),
 * ERR_FORBIDDEN or ERR_INTERNAL, with one line in reterr_text. Release with
 * database_close().
 */
int database_prepare(struct database *ret_database, const struct options *options,
		     char *reterr_text, size_t size);

/*
 * For the other commands: the same, but a running service's cluster is shared,
 * and otherwise started until database_close(); returns when it answers.
 */
int database_open(struct database *ret_database, const struct options *options, char *reterr_text,
		  size_t size);

/* Stop a cluster that database_open() started, and release. */
void database_close(struct database *database);

/*
 * The conninfo for a role: in a private cluster the login of that name, on a
 * given server the given login with `role` set. NULL: the owner, for
 * migrations. `name` is shown in pg_stat_activity. To free(); NULL when
 * --database is no conninfo.
 */
char *database_conninfo(const struct database *database, const char *role, const char *name);

/* The maintenance database of a private cluster, to create ours from. To free(); NULL for a given server. */
char *database_maintenance(const struct database *database);

#endif
