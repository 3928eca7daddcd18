/*
 * A PostgreSQL of the test's own: in a temporary directory, on a Unix socket
 * only, without fsync, gone when the test ends. PostgreSQL refuses to run as
 * root, so root becomes the user postgres for it. YAOKU_PG_BIN names another
 * directory of binaries.
 */
#ifndef TESTS_PRIVATE_PG_H
#define TESTS_PRIVATE_PG_H

#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct private_pg {
	char directory[64];
	char conninfo[160];
	pid_t pid;
};

/* Run a PostgreSQL program with its output dropped. Returns the child's process id. */
static pid_t private_pg_spawn(const char *program, const char **arguments)
{
	const char *bin = getenv("YAOKU_PG_BIN");
	char path[256];
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (geteuid() == 0) {
		struct passwd *user = getpwnam("postgres");

		if (user == NULL || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
			_exit(1);
	}
	snprintf(path, sizeof(path), "%s/%s", bin ? bin : "/usr/lib/postgresql/15/bin", program);
	if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
		_exit(1);
	arguments[0] = path; /* the whole path: initdb looks for postgres beside itself */
	execv(path, (char *const *)(uintptr_t)arguments);
	_exit(1);
}

/* Start it. Exits with a message when there is no PostgreSQL. */
static void private_pg_start(struct private_pg *pg)
{
	struct passwd *user = getpwnam("postgres");
	char data[80];
	int status;

	snprintf(pg->directory, sizeof(pg->directory), "/tmp/yaoku-test-XXXXXX");
	if (mkdtemp(pg->directory) == NULL)
		exit(1);
	if (geteuid() == 0 && (user == NULL || chown(pg->directory, user->pw_uid, user->pw_gid)))
		exit(1);
	snprintf(data, sizeof(data), "%s/data", pg->directory);
	waitpid(private_pg_spawn("initdb",
				 (const char *[]){ "initdb", "-D", data, "-N", "-A", "trust", "-U",
						   "yaoku", "-E", "UTF8", "--locale=C", NULL }),
		&status, 0);
	if (status != 0) {
		fprintf(stderr, "initdb failed\n");
		exit(1);
	}
	snprintf(pg->conninfo, sizeof(pg->conninfo), "host=%s user=yaoku dbname=postgres",
		 pg->directory);
	pg->pid = private_pg_spawn("postgres",
				   (const char *[]){ "postgres", "-D", data, "-k", pg->directory,
						     "-h", "", "-F", NULL });
	while (PQping(pg->conninfo) != PQPING_OK) {
		if (waitpid(pg->pid, &status, WNOHANG) != 0) {
			fprintf(stderr, "postgres did not start\n");
			exit(1);
		}
		usleep(20000);
	}
}

/* Stop it at once and remove its directory. */
static void private_pg_stop(struct private_pg *pg)
{
	int status;

	kill(pg->pid, SIGQUIT);
	waitpid(pg->pid, &status, 0);
	if (fork() == 0)
		execlp("rm", "rm", "-rf", pg->directory, (char *)NULL);
	wait(&status);
}

/* Run statements on a connection of its own, before or beside the test. */
static void private_pg_run(const struct private_pg *pg, const char *sql)
{
	PGconn *conn = PQconnectdb(pg->conninfo);
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s", PQerrorMessage(conn));
		exit(1);
	}
	PQclear(result);
	PQfinish(conn);
}

#endif
