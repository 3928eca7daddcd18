#include "service/database.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/db_sync.h"
#include "core/err.h"
#include "service/cluster.h"
#include "service/privilege.h"

#define START_SECONDS 60

static char *copy(const char *text)
{
	char *made = strdup(text);

	if (made == NULL)
		abort();
	return made;
}

static char *socket_conninfo(const char *socket)
{
	const struct db_sync_setting settings[] = { { "host", socket },
						    { "port", CLUSTER_PORT },
						    { "dbname", DATABASE_NAME },
						    { "user", "postgres" },
						    { NULL, NULL } };

	return db_sync_conninfo("", settings);
}

static int check_conninfo(const struct database *d, char *reterr_text, size_t size)
{
	char *parsed = database_conninfo(d, NULL, "yaoku");

	if (parsed == NULL)
		snprintf(reterr_text, size, "--database takes a PostgreSQL conninfo or URI");
	free(parsed);
	return parsed != NULL ? 0 : ERR_BAD_REQUEST;
}

/* Who we are, and the base of all conninfos of a given server. */
static int begin(struct database *d, const struct options *options, char *reterr_text, size_t size)
{
	int err;

	memset(d, 0, sizeof(*d));
	err = privilege_settle(options->database == NULL ? options->data : NULL, reterr_text, size);
	if (err != 0 || options->database == NULL) {
		d->is_private = true;
		return err;
	}
	d->conninfo = copy(options->database);
	return check_conninfo(d, reterr_text, size);
}

static int own_cluster(struct database *d, char *reterr_text, size_t size)
{
	int err = cluster_prepare(d->cluster, reterr_text, size);

	if (err == 0)
		d->conninfo = socket_conninfo(cluster_socket(d->cluster));
	return err;
}

int database_prepare(struct database *d, const struct options *options, char *reterr_text,
		     size_t size)
{
	pid_t holder = 0;
	int err = begin(d, options, reterr_text, size);

	if (err != 0 || !d->is_private)
		return err;
	d->cluster = cluster_new(options->data);
	err = cluster_lock(d->cluster, &holder);
	if (err != 0) {
		snprintf(reterr_text, size,
			 "%.150s is in use by process %d; stop it or choose another --data",
			 options->data, (int)holder);
		return err;
	}
	return own_cluster(d, reterr_text, size);
}

/* Until the server answers, or PostgreSQL has ended. */
static int await(struct database *d, char *reterr_text, size_t size)
{
	struct db_sync *db = NULL;
	int err = ERR_DATABASE_DOWN;

	for (int tries = 0; err != 0 && tries < START_SECONDS * 10; tries++) {
		if (tries > 0)
			usleep(100000);
		db_sync_close(db);
		err = db_sync_open(d->conninfo, &db);
		if (d->cluster_pid == 0 || waitpid(d->cluster_pid, NULL, WNOHANG) != 0)
			break;
	}
	if (err != 0)
		snprintf(reterr_text, size, "%s", db_sync_error(db));
	db_sync_close(db);
	return err;
}

static int share_or_start(struct database *d, const struct options *options, char *reterr_text,
			  size_t size)
{
	char socket[PATH_MAX];
	pid_t holder;
	int err;

	d->cluster = cluster_new(options->data);
	if (cluster_lock(d->cluster, &holder) == 0) {
		err = own_cluster(d, reterr_text, size);
		if (err == 0)
			d->cluster_pid = cluster_spawn(d->cluster);
		return err;
	}
	err = cluster_running_socket(options->data, socket, sizeof(socket));
	if (err == 0)
		d->conninfo = socket_conninfo(socket);
	else
		snprintf(reterr_text, size, "the service in %.150s is not ready yet",
			 options->data);
	return err;
}

int database_open(struct database *d, const struct options *options, char *reterr_text, size_t size)
{
	int err = begin(d, options, reterr_text, size);

	if (err == 0 && d->is_private)
		err = share_or_start(d, options, reterr_text, size);
	if (err == 0)
		err = await(d, reterr_text, size);
	return err;
}

void database_close(struct database *d)
{
	if (d->cluster_pid > 0 && kill(d->cluster_pid, SIGINT) == 0) {
		while (waitpid(d->cluster_pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	cluster_free(d->cluster);
	free(d->conninfo);
	memset(d, 0, sizeof(*d));
}

char *database_conninfo(const struct database *d, const char *role, const char *name)
{
	char command[128] = "";
	struct db_sync_setting settings[4] = { { "application_name", name } };
	size_t count = 1;

	if (role != NULL && d->is_private)
		settings[count++] = (struct db_sync_setting){ "user", role };
	if (role != NULL) {
		snprintf(command, sizeof(command), "-c search_path=yaoku,pg_temp%s%s",
			 d->is_private ? "" : " -c role=", d->is_private ? "" : role);
		settings[count++] = (struct db_sync_setting){ "options", command };
	}
	return db_sync_conninfo(d->conninfo, settings);
}

char *database_maintenance(const struct database *d)
{
	const struct db_sync_setting settings[] = { { "dbname", "postgres" }, { NULL, NULL } };

	return d->is_private ? db_sync_conninfo(d->conninfo, settings) : NULL;
}
