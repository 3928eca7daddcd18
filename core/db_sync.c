/* Blocking libpq; see the header. Notices of the server are dropped to the debug log. */
#include "core/db_sync.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/log.h"

#define ERROR_LENGTH 512

struct db_sync {
	PGconn *pg;
	char error[ERROR_LENGTH];
};

struct db_sync_rows {
	PGresult *pg;
};

static void notice(void *arg, const char *message)
{
	(void)arg;
	log_debug("database notice", LOG_TEXT("notice", message));
}

/* Keep a message of libpq, its lines joined to one. */
static void keep_error(struct db_sync *db, const char *message)
{
	size_t length;

	snprintf(db->error, sizeof(db->error), "%s", message);
	length = strlen(db->error);
	while (length > 0 && db->error[length - 1] == '\n')
		db->error[--length] = '\0';
	for (char *newline; (newline = strchr(db->error, '\n')) != NULL;)
		*newline = ' ';
}

int db_sync_open(const char *conninfo, struct db_sync **ret_db)
{
	struct db_sync *db = calloc(1, sizeof(*db));

	if (db == NULL)
		abort();
	*ret_db = db;
	db->pg = PQconnectdb(conninfo);
	if (PQstatus(db->pg) != CONNECTION_OK) {
		keep_error(db, PQerrorMessage(db->pg));
		return ERR_DATABASE_DOWN;
	}
	PQsetNoticeProcessor(db->pg, notice, NULL);
	return 0;
}

void db_sync_close(struct db_sync *db)
{
	if (db == NULL)
		return;
	PQfinish(db->pg);
	free(db);
}

const char *db_sync_error(const struct db_sync *db)
{
	return db->error;
}

/* 0, or keep what went wrong. Takes nothing over: the caller clears `result`. */
static int judge(struct db_sync *db, const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
		return 0;
	keep_error(db, PQerrorMessage(db->pg));
	return PQstatus(db->pg) == CONNECTION_OK ? ERR_CONFLICT : ERR_DATABASE_DOWN;
}

int db_sync_script(struct db_sync *db, const char *text)
{
	PGresult *result = PQexec(db->pg, text);
	int err = judge(db, result);

	PQclear(result);
	return err;
}

int db_sync_ask(struct db_sync *db, const struct db_statement *statement, const char *const *args,
		struct db_sync_rows **ret_rows)
{
	PGresult *result = PQexecParams(db->pg, statement->text, statement->parameters, NULL, args,
					NULL, NULL, 0);
	int err = judge(db, result);

	if (err != 0 || ret_rows == NULL) {
		PQclear(result);
		return err;
	}
	*ret_rows = malloc(sizeof(**ret_rows));
	if (*ret_rows == NULL)
		abort();
	(*ret_rows)->pg = result;
	return 0;
}

int db_sync_count(const struct db_sync_rows *rows)
{
	return PQntuples(rows->pg);
}

const char *db_sync_value(const struct db_sync_rows *rows, int row, int column)
{
	return PQgetisnull(rows->pg, row, column) ? NULL : PQgetvalue(rows->pg, row, column);
}

void db_sync_rows_free(struct db_sync_rows *rows)
{
	if (rows == NULL)
		return;
	PQclear(rows->pg);
	free(rows);
}

/* keyword='value', quoted as libpq reads it (34.1.1.1). */
static void put_setting(FILE *out, const char *keyword, const char *value, const char *more)
{
	const char *parts[] = { value, more };

	fprintf(out, "%s='", keyword);
	for (size_t i = 0; i < 2; i++) {
		if (parts[i] == NULL)
			continue;
		if (i == 1 && value != NULL)
			fputc(' ', out);
		for (const char *p = parts[i]; *p != '\0'; p++) {
			if (*p == '\'' || *p == '\\')
				fputc('\\', out);
			fputc(*p, out);
		}
	}
	fputs("' ", out);
}

static const char *replaced(const struct db_sync_setting *settings, const char *keyword)
{
	for (; settings->keyword != NULL; settings++) {
		if (strcmp(settings->keyword, keyword) == 0)
			return settings->value;
	}
	return NULL;
}

char *db_sync_conninfo(const char *conninfo, const struct db_sync_setting *settings)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	char *text = NULL;
	size_t length;
	FILE *out;

	if (options == NULL)
		return NULL;
	out = open_memstream(&text, &length);
	if (out == NULL)
		abort();
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		const char *ours = replaced(settings, o->keyword);

		if (ours != NULL && strcmp(o->keyword, "options") == 0)
			put_setting(out, o->keyword, o->val, ours);
		else if (ours != NULL || o->val != NULL)
			put_setting(out, o->keyword, ours != NULL ? ours : o->val, NULL);
	}
	fclose(out);
	PQconninfoFree(options);
	return text;
}
