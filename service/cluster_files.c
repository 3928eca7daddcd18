/*
 * Settings that the promises of the service rest on come last in the file and
 * after the operator's own, so that nothing overrides them.
 */
#include "service/cluster_files.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/err.h"
#include "service/cluster.h"

static const struct setting {
	const char *name;
	const char *value;
} comfort[] = {
	{ "max_connections", "100" },
	{ "work_mem", "16MB" },
	{ "maintenance_work_mem", "128MB" },
	{ "max_wal_size", "4GB" },
	{ "min_wal_size", "256MB" },
	{ "checkpoint_timeout", "15min" },
	{ "random_page_cost", "1.1" },
	{ "jit", "off" },
	{ "log_min_messages", "warning" },
	{ "log_connections", "on" },
	{ "log_checkpoints", "off" },
	{ "log_line_prefix", "'%m [%p] %u '" },
	{ "lc_messages", "'C'" },
}, promised[] = {
	{ "fsync", "on" },
	{ "full_page_writes", "on" },
	{ "synchronous_commit", "on" },
	{ "listen_addresses", "''" },
	{ "port", CLUSTER_PORT },
	{ "unix_socket_permissions", "0700" },
	{ "password_encryption", "'scram-sha-256'" },
	{ "timezone", "'UTC'" },
	{ "log_timezone", "'UTC'" },
};

/* Database users that the operating-system user of the service may be. */
static const char *const logins[] = { "postgres", "yaoku_app", "yaoku_auditor" };

static FILE *open_file(const char *pg, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", pg, name);
	return fopen(path, "we");
}

static int finish(FILE *out)
{
	int bad = ferror(out);

	return fclose(out) != 0 || bad ? ERR_INTERNAL : 0;
}

/* An eighth of the memory, at most what a district needs. */
static long shared_buffers_mib(void)
{
	long mib = sysconf(_SC_PHYS_PAGES) * (sysconf(_SC_PAGESIZE) / 1024) / 1024 / 8;

	return mib < 32 ? 32 : mib > 256 ? 256 : mib;
}

static void put_settings(FILE *out, const struct setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s = %s\n", settings[i].name, settings[i].value);
}

static int write_settings(const char *pg, const char *socket, const char *wal_compression)
{
	FILE *out = open_file(pg, "postgresql.conf");

	if (out == NULL)
		return ERR_INTERNAL;
	fputs("# Written by yaoku at every start. Your own settings: ../postgresql.conf\n", out);
	fprintf(out, "shared_buffers = %ldMB\nwal_compression = %s\n", shared_buffers_mib(),
		wal_compression);
	put_settings(out, comfort, sizeof(comfort) / sizeof(comfort[0]));
	fputs("include_if_exists = '../postgresql.conf'\n", out);
	fprintf(out, "unix_socket_directories = '%s'\n", socket);
	put_settings(out, promised, sizeof(promised) / sizeof(promised[0]));
	return finish(out);
}

static int write_hba(const char *pg)
{
	FILE *out = open_file(pg, "pg_hba.conf");

	if (out == NULL)
		return ERR_INTERNAL;
	fputs("# Written by yaoku at every start.\n"
	      "local all all peer map=yaoku\n"
	      "local replication all peer map=yaoku\n", /* pg_basebackup */
	      out);
	return finish(out);
}

/* Root is let in too: it can become the service's user anyway. */
static int write_ident(const char *pg)
{
	const struct passwd *user = getpwuid(geteuid());
	FILE *out = open_file(pg, "pg_ident.conf");

	if (out == NULL)
		return ERR_INTERNAL;
	fputs("# Written by yaoku at every start.\n", out);
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		if (user != NULL)
			fprintf(out, "yaoku \"%s\" %s\n", user->pw_name, logins[i]);
		fprintf(out, "yaoku root %s\n", logins[i]);
	}
	return finish(out);
}

int cluster_files_write(const char *pg, const char *socket, const char *wal_compression)
{
	int err = write_settings(pg, socket, wal_compression);

	if (err == 0)
		err = write_hba(pg);
	if (err == 0)
		err = write_ident(pg);
	return err;
}
