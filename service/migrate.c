#include "service/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/db_sync.h"
#include "core/err.h"
#include "core/log.h"
#include "schema/scripts.h"
#include "schema/setup.h"
#include "service/database.h"

/* What a different text under a known name means. */
enum on_change { REFUSE_CHANGE, APPLY_CHANGE, IGNORE_CHANGE };

static const struct kind {
	const char *name;
	const struct schema_script *scripts;
	enum on_change on_change;
} kinds[] = {
	{ "migration", schema_migrations, REFUSE_CHANGE },
	{ "function", schema_functions, APPLY_CHANGE },
	{ "demo", schema_demo, IGNORE_CHANGE },
};

enum { KIND_MIGRATION, KIND_FUNCTION, KIND_DEMO };

struct migration {
	struct db_sync *db;
	struct db_sync_rows *applied;
	char *error;
	size_t error_size;
};

static int fail(struct migration *m, int err, const char *what)
{
	snprintf(m->error, m->error_size, "%s: %s", what, db_sync_error(m->db));
	return err;
}

/* The checksum under which a script was applied, or NULL. */
static const char *applied_sha256(const struct migration *m, const char *kind, const char *name)
{
	for (int row = 0; row < db_sync_count(m->applied); row++) {
		if (strcmp(db_sync_value(m->applied, row, 0), kind) == 0 &&
		    strcmp(db_sync_value(m->applied, row, 1), name) == 0)
			return db_sync_value(m->applied, row, 2);
	}
	return NULL;
}

static int apply(struct migration *m, const char *kind, const struct schema_script *script)
{
	const char *record[] = { kind, script->name, script->sha256 };
	int err;

	log_info("applying schema script", LOG_TEXT("kind", kind),
		 LOG_TEXT("script", script->name));
	err = db_sync_script(m->db, "BEGIN; SET LOCAL search_path = yaoku, pg_temp");
	if (err == 0)
		err = db_sync_script(m->db, script->text);
	/* A script may have taken on a role that cannot write the record. */
	if (err == 0)
		err = db_sync_script(m->db, "RESET ROLE; RESET search_path");
	if (err == 0)
		err = db_sync_ask(m->db, &setup_record, record, NULL);
	if (err == 0)
		err = db_sync_script(m->db, "COMMIT");
	return err == 0 ? 0 : fail(m, err, script->name);
}

static int apply_kind(struct migration *m, const struct kind *kind)
{
	int err = 0;

	for (const struct schema_script *s = kind->scripts; s->name != NULL && err == 0; s++) {
		const char *before = applied_sha256(m, kind->name, s->name);

		if (before != NULL && strcmp(before, s->sha256) == 0)
			continue;
		if (before != NULL && kind->on_change == IGNORE_CHANGE)
			continue;
		if (before != NULL && kind->on_change == REFUSE_CHANGE) {
			snprintf(
				m->error, m->error_size,
				"migration %s was edited after it was applied here; add a new one instead",
				s->name);
			return ERR_CONFLICT;
		}
		err = apply(m, kind->name, s);
	}
	return err;
}

static bool is_known(const char *name)
{
	for (const struct schema_script *s = schema_migrations; s->name != NULL; s++) {
		if (strcmp(s->name, name) == 0)
			return true;
	}
	return false;
}

/* A migration that this program does not know was applied by a newer one. */
static int check_not_newer(struct migration *m)
{
	for (int row = 0; row < db_sync_count(m->applied); row++) {
		const char *name = db_sync_value(m->applied, row, 1);

		if (strcmp(db_sync_value(m->applied, row, 0), "migration") != 0 || is_known(name))
			continue;
		snprintf(m->error, m->error_size,
			 "the database has migration %s, of a newer yaoku; update this program",
			 name);
		return ERR_CONFLICT;
	}
	return 0;
}

static int check_durability(struct migration *m)
{
	struct db_sync_rows *rows = NULL;
	int err = db_sync_ask(m->db, &setup_durability, NULL, &rows);

	if (err != 0)
		return fail(m, err, "settings");
	if (db_sync_count(rows) > 0) {
		snprintf(m->error, m->error_size,
			 "PostgreSQL runs with %s = %s, so scans could be lost; set it to on",
			 db_sync_value(rows, 0, 0), db_sync_value(rows, 0, 1));
		err = ERR_CONFLICT;
	}
	db_sync_rows_free(rows);
	return err;
}

static int load_demo(struct migration *m, const struct migrate_request *request)
{
	const char *date[] = { request->demo_date };
	int err;

	if (!request->demo)
		return 0;
	err = db_sync_ask(m->db, &setup_demo_date, date, NULL);
	return err == 0 ? apply_kind(m, &kinds[KIND_DEMO]) : fail(m, err, "demo");
}

/* --demo is refused together with such an address, but the demo may be there from an earlier run. */
static int check_not_demo(struct migration *m)
{
	struct db_sync_rows *rows = NULL;
	int err = db_sync_ask(m->db, &setup_demo_loaded, NULL, &rows);

	if (err != 0)
		return fail(m, err, "district");
	if (db_sync_count(rows) > 0) {
		snprintf(
			m->error, m->error_size,
			"the data are the demo district, whose logins everybody knows; they are served on loopback only");
		err = ERR_CONFLICT;
	}
	db_sync_rows_free(rows);
	return err;
}

/* Lock ─► what is there ─► migrations ─► functions ─► logins ─► demo */
static int bring_up(struct migration *m, const struct migrate_request *request)
{
	int err = check_durability(m);

	if (err != 0)
		return err;
	err = db_sync_ask(m->db, &setup_lock, NULL, NULL);
	if (err == 0)
		err = db_sync_script(m->db, setup_journal.text);
	if (err == 0)
		err = db_sync_ask(m->db, &setup_applied, NULL, &m->applied);
	if (err != 0)
		return fail(m, err, "record of migrations");
	err = check_not_newer(m);
	if (err == 0)
		err = apply_kind(m, &kinds[KIND_MIGRATION]);
	if (err == 0)
		err = apply_kind(m, &kinds[KIND_FUNCTION]);
	if (err == 0 && request->database->is_private &&
	    db_sync_script(m->db, setup_logins.text) != 0)
		err = fail(m, ERR_CONFLICT, "logins");
	if (err == 0)
		err = load_demo(m, request);
	return err == 0 && request->beyond_loopback ? check_not_demo(m) : err;
}

static int connect_patiently(const char *conninfo, unsigned seconds, struct db_sync **ret_db)
{
	int err = db_sync_open(conninfo, ret_db);

	for (unsigned tries = seconds * 10; err != 0 && tries > 0; tries--) {
		db_sync_close(*ret_db);
		usleep(100000);
		err = db_sync_open(conninfo, ret_db);
	}
	return err;
}

/* Two starters may both find it missing; then one of them is refused and finds it there. */
static int create_database(const char *maintenance, const struct migrate_request *request)
{
	const char *name[] = { DATABASE_NAME };
	struct db_sync_rows *rows = NULL;
	struct db_sync *db;
	int err = connect_patiently(maintenance, request->wait_seconds, &db);

	if (err == 0)
		err = db_sync_ask(db, &setup_database_there, name, &rows);
	if (err == 0 && db_sync_count(rows) == 0)
		err = db_sync_script(db, setup_database_create.text);
	db_sync_rows_free(rows);
	db_sync_close(db);
	return err;
}

int migrate_run(const struct migrate_request *request, char *reterr_text, size_t size)
{
	struct migration m = { .error = reterr_text, .error_size = size };
	char *maintenance = database_maintenance(request->database);
	char *conninfo = database_conninfo(request->database, NULL, "yaoku migrations");
	int err;

	if (maintenance != NULL)
		(void)create_database(maintenance, request);
	err = connect_patiently(conninfo, request->wait_seconds, &m.db);
	err = err != 0 ? fail(&m, err, "database") : bring_up(&m, request);
	db_sync_rows_free(m.applied);
	db_sync_close(m.db);
	free(maintenance);
	free(conninfo);
	return err;
}
