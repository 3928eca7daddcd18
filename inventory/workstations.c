#include "inventory/workstations.h"

#include <stdlib.h>

#include "core/log.h"
#include "core/loop.h"
#include "inventory/workstation_table.h"
#include "schema/queries.h"

#define LOOK_MS 1000
#define READ_EVERY 30 /* looks */

/* The worker's memory. */
static struct {
	struct db *db;
	struct workstation_table *table; /* NULL: never read */
	struct loop_timer *look;
	unsigned looks; /* since they were read */
	bool stale;     /* something has changed since they were asked for */
	bool asking;
	uint64_t asked; /* questions so far */
	uint64_t taken; /* the one whose answer is the table */
} memory;

/* One question for the profiles; whoever waits for it. */
struct question {
	uint64_t number;
	void (*done)(void *arg); /* NULL: nobody waits */
	void *arg;
};

/* Columns: pharmacy_id, name, prefix, suffix, separator, fault. */
static void take(const struct db_reply *reply)
{
	size_t rows = (size_t)db_reply_rows(reply);
	struct workstation_table *table = workstation_table_new(rows);

	for (int row = 0; row < (int)rows; row++) {
		struct scan_profile profile;
		const char *name = db_reply_value(reply, row, 1);

		if (!scan_profile_set(db_reply_value(reply, row, 2), db_reply_value(reply, row, 3),
				      db_reply_value(reply, row, 4), db_reply_value(reply, row, 5),
				      &profile))
			log_warning("a workstation's profile cannot be read, ignoring",
				    LOG_TEXT("workstation", name));
		else if (!scan_profile_is_plain(&profile))
			workstation_table_add(
				table, (int32_t)strtol(db_reply_value(reply, row, 0), NULL, 10),
				name, &profile);
	}
	workstation_table_free(memory.table);
	memory.table = table;
}

/* Of two questions under way on two connections the older may be answered last: the younger counts. */
static bool settle(const struct question *question, const struct db_reply *reply)
{
	if (db_reply_err(reply) != 0)
		return false;
	if (question->number > memory.taken) {
		memory.taken = question->number;
		take(reply);
	}
	return true;
}

static void ask(db_done *answered, void (*done)(void *arg), void *arg)
{
	static const struct db_scope district = { .pharmacy = "*", .role = "service" };
	struct question *question = malloc(sizeof(*question));

	if (question == NULL)
		abort();
	*question = (struct question){ ++memory.asked, done, arg };
	db_ask(memory.db, &district, &sql_workstation_profiles, NULL, 0, answered, question);
}

static void on_profiles(struct db_reply *reply, void *arg)
{
	struct question *question = arg;

	memory.asking = false;
	if (settle(question, reply)) {
		memory.looks = 0;
		if (memory.stale)
			workstations_notice();
	} else {
		memory.stale = true;
	}
	free(question);
}

/* One question at a time: its answer may be older than what is noticed meanwhile, so it is asked once more. */
void workstations_notice(void)
{
	memory.stale = memory.asking;
	if (memory.asking)
		return;
	memory.asking = true;
	ask(on_profiles, NULL, NULL);
}

static void look(void *arg)
{
	(void)arg;
	if (!memory.asking && (memory.stale || ++memory.looks >= READ_EVERY))
		workstations_notice();
}

/* --- for the routes --- */

static void on_read(struct db_reply *reply, void *arg)
{
	struct question *question = arg;

	settle(question, reply);
	question->done(question->arg);
	free(question);
}

void workstations_ask(const struct db_scope *scope, const struct db_statement *statement,
		      const struct db_arg *args, size_t count, db_done *done, void *arg)
{
	db_ask(memory.db, scope, statement, args, count, done, arg);
}

void workstations_read(void (*done)(void *arg), void *arg)
{
	ask(on_read, done, arg);
}

/* --- looking up --- */

bool workstations_are_known(void)
{
	return memory.table != NULL;
}

const struct scan_profile *workstations_find(int32_t pharmacy, const char *name)
{
	return memory.table != NULL ? workstation_table_find(memory.table, pharmacy, name) : NULL;
}

/* --- life --- */

void workstations_open(struct event_base *base, struct db *db)
{
	memory.db = db;
	memory.look = loop_every(base, LOOK_MS, look, NULL);
	workstations_notice();
}

void workstations_close(void)
{
	loop_timer_free(memory.look);
	workstation_table_free(memory.table);
	memory.look = NULL;
	memory.table = NULL;
	memory.db = NULL;
}
