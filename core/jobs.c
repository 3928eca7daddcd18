/*
 * A tick a second asks for the lease on a connection that does nothing else, so
 * the answer renews our knowledge of it: a connection that was lost answers with
 * an error, and the new one has no lock. With the lease come two connections for
 * the jobs, so that a long one does not hold up those that run each second; and
 * one timer a job asks its statement unless its last one is still under way.
 */
#include "core/jobs.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "core/db.h"
#include "core/err.h"
#include "core/log.h"
#include "core/loop.h"
#include "schema/queries.h"

#define LEASE_MS 1000
#define RUNNERS 2

/* A job may work through a night's rows; its statement_timeout grows along. */
#define DEADLINE_MS 60000

struct running {
	struct jobs *jobs;
	const struct job *job;
	struct loop_timer *timer;
	bool under_way;
	bool failed; /* the last time; logged once until it works again */
};

struct jobs {
	struct event_base *base;
	char *conninfo;
	struct db *lease;                       /* one connection, which holds the lock */
	struct db *runners;                     /* NULL without the lease */
	const struct db_statement **statements; /* of the runners */
	struct loop_timer *tick;
	bool asking; /* for the lease */
	size_t count;
	struct running running[];
};

static const struct db_scope service = { .pharmacy = "*", .role = "service", .request = "job" };

static void on_job_done(struct db_reply *reply, void *arg)
{
	struct running *running = arg;
	int err = db_reply_err(reply);

	running->under_way = false;
	if (err == ERR_CANCELLED || running->jobs->runners == NULL)
		return;
	if (err != 0 && !running->failed)
		log_warning("job failed, trying on", LOG_TEXT("job", running->job->name),
			    LOG_TEXT("error", err_code(err)),
			    LOG_TEXT("message", db_reply_message(reply)));
	else if (err == 0 && running->failed)
		log_info("job works again", LOG_TEXT("job", running->job->name));
	running->failed = err != 0;
}

static void run_job(void *arg)
{
	struct running *running = arg;

	if (running->jobs->runners == NULL || running->under_way)
		return;
	running->under_way = true;
	db_ask(running->jobs->runners, &service, running->job->statement, NULL, 0, on_job_done,
	       running);
}

static void begin_running(struct jobs *jobs)
{
	struct db_options options = {
		.conninfo = jobs->conninfo,
		.name = "jobs",
		.connections = RUNNERS,
		.deadline_ms = DEADLINE_MS,
		.statements = jobs->statements,
		.quiet = true,
	};

	log_info("this worker runs the jobs");
	jobs->runners = db_open(jobs->base, &options);
}

static void end_running(struct jobs *jobs)
{
	struct db *runners = jobs->runners;

	log_info("this worker lost the lease of the jobs");
	jobs->runners = NULL; /* first: what is under way then fails without a word */
	db_close(runners);
}

static void set_lease(struct jobs *jobs, bool held)
{
	if (held && jobs->runners == NULL)
		begin_running(jobs);
	else if (!held && jobs->runners != NULL)
		end_running(jobs);
}

static void on_lease(struct db_reply *reply, void *arg)
{
	struct jobs *jobs = arg;

	jobs->asking = false;
	set_lease(jobs, db_reply_err(reply) == 0 && db_reply_value(reply, 0, 0)[0] == 't');
}

static void ask_lease(void *arg)
{
	struct jobs *jobs = arg;

	if (!db_is_ready(jobs->lease))
		set_lease(jobs, false);
	if (jobs->asking)
		return;
	jobs->asking = true;
	db_ask(jobs->lease, NULL, &sql_job_lease, NULL, 0, on_lease, jobs);
}

static size_t count_jobs(const struct job *table)
{
	size_t count = 0;

	while (table[count].name != NULL)
		count++;
	return count;
}

static struct db *open_lease(struct event_base *base, const char *conninfo)
{
	static const struct db_statement *const statements[] = { &sql_job_lease, NULL };
	struct db_options options = {
		.conninfo = conninfo,
		.name = "lease",
		.connections = 1,
		.statements = statements,
	};

	return db_open(base, &options);
}

static void add_job(struct jobs *jobs, size_t index, const struct job *job)
{
	struct running *running = &jobs->running[index];

	running->jobs = jobs;
	running->job = job;
	running->timer = loop_every(jobs->base, job->period_ms, run_job, running);
	jobs->statements[index] = job->statement;
}

struct jobs *jobs_open(struct event_base *base, const char *conninfo, const struct job *table)
{
	size_t count = count_jobs(table);
	struct jobs *jobs = calloc(1, sizeof(*jobs) + count * sizeof(jobs->running[0]));

	if (jobs == NULL)
		abort();
	jobs->base = base;
	jobs->conninfo = strdup(conninfo);
	jobs->statements = calloc(count + 1, sizeof(jobs->statements[0]));
	if (jobs->conninfo == NULL || jobs->statements == NULL)
		abort();
	jobs->count = count;
	for (size_t i = 0; i < count; i++)
		add_job(jobs, i, &table[i]);
	jobs->lease = open_lease(base, conninfo);
	jobs->tick = loop_every(base, LEASE_MS, ask_lease, jobs);
	return jobs;
}

void jobs_close(struct jobs *jobs)
{
	if (jobs == NULL)
		return;
	set_lease(jobs, false);
	loop_timer_free(jobs->tick);
	for (size_t i = 0; i < jobs->count; i++)
		loop_timer_free(jobs->running[i].timer);
	db_close(jobs->lease);
	free(jobs->statements);
	free(jobs->conninfo);
	free(jobs);
}

bool jobs_has_lease(const struct jobs *jobs)
{
	return jobs->runners != NULL;
}
