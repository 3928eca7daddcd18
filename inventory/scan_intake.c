#include "inventory/scan_intake.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "core/db.h"
#include "core/err.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/metrics.h"
#include "inventory/scan_columns.h"
#include "inventory/workstations.h"
#include "schema/queries.h"

/* A group takes no further call when it holds this many scans; a call is never split, so its order holds. */
#define GROUP_FULL 512

/* Groups under way at a time: while one waits for the disk, the next are decided. */
#define GROUPS_UNDER_WAY 3

/* A group that met another transaction's lock or scan is posted again whole so often, then in halves. */
#define GROUP_TRIES 3

/* Scans waiting in the worker; beyond, calls are answered ERR_BUSY. */
#define WAITING_MAX 20000

/* One scan of a call. */
struct scan_job {
	struct scan_job *next; /* in the queue */
	struct scan_call *owner;
	struct scan_reading reading;
	struct scan_row row;
	const char *answer; /* JSON, in the call's arena; NULL until posted */
	size_t answer_length;
};

/* One call: answered when its last scan is. In the call's arena. */
struct scan_call {
	struct http_call *http;
	struct scan_job *jobs;
	size_t count, unanswered;
	bool single;   /* one object, not an array */
	bool conflict; /* a scan's id was used with other content */
	int err;       /* the first failure of a group that held one of its scans */
	uint64_t since_us;
};

/* Scans posted by one question. Owned by the intake; freed when answered. */
struct scan_group {
	struct scan_group *next; /* among those to post again */
	int tries;
	size_t count;
	struct scan_job *jobs[];
};

/* The worker's intake. */
static struct scan_intake {
	struct db *db;
	struct scan_job *first, **last; /* waiting for a group */
	size_t waiting;
	struct scan_group *again; /* before those that wait */
	int under_way;            /* groups asked and not yet answered */
	bool alone;               /* one of them holds a scan that goes alone */
	struct event *arrived;    /* runs after all calls of this turn of the loop were read */
	struct scan_columns columns;
} intake;

static void on_arrived(evutil_socket_t fd, short what, void *arg);
static void post_next(void);

void scan_intake_open(struct event_base *base, const char *conninfo)
{
	static const struct db_statement *const statements[] = { &sql_post_scans, NULL };
	struct db_options options = {
		.conninfo = conninfo,
		.name = "posting",
		.connections = GROUPS_UNDER_WAY,
		.max_in_flight = 1,
		.max_queued = 4,
		.statements = statements,
	};

	intake.last = &intake.first;
	scan_columns_init(&intake.columns);
	intake.arrived = event_new(base, -1, 0, on_arrived, NULL);
	if (intake.arrived == NULL)
		abort();
	intake.db = db_open(base, &options);
}

void scan_intake_close(void)
{
	if (intake.db == NULL)
		return;
	db_close(intake.db);
	event_free(intake.arrived);
	scan_columns_done(&intake.columns);
	memset(&intake, 0, sizeof(intake));
}

/* --- answers --- */

static void answer_results(struct scan_call *call)
{
	struct evbuffer *body = evbuffer_new();

	if (body == NULL) {
		http_fail(call->http, ERR_NO_MEMORY, NULL);
		return;
	}
	evbuffer_add(body, "{\"results\":[", 12);
	for (size_t i = 0; i < call->count; i++) {
		if (i > 0)
			evbuffer_add(body, ",", 1);
		evbuffer_add(body, call->jobs[i].answer, call->jobs[i].answer_length);
	}
	evbuffer_add(body, "]}", 2);
	http_reply_buffer(call->http, 200, "application/json", body);
	evbuffer_free(body);
}

static void call_answer(struct scan_call *call)
{
	metrics_observe(METRIC_SCAN_SECONDS, loop_now_us() - call->since_us);
	if (call->err != 0)
		http_fail(call->http, call->err, NULL);
	else if (call->single && call->conflict)
		http_fail(call->http, ERR_ID_CONFLICT, NULL);
	else
		answer_results(call);
}

/* One of the call's scans has its answer, or `err`. The last one answers the call. */
static void job_done(struct scan_job *job, int err)
{
	struct scan_call *call = job->owner;

	if (err != 0 && call->err == 0)
		call->err = err;
	if (--call->unanswered == 0)
		call_answer(call);
}

static void group_fail(struct scan_group *group, int err)
{
	for (size_t i = 0; i < group->count; i++)
		job_done(group->jobs[i], err);
	free(group);
}

static void count_outcome(const char *outcome)
{
	static const struct {
		const char *outcome;
		enum metric metric;
	} counters[] = {
		{ "posted", METRIC_SCANS_POSTED },
		{ "replayed", METRIC_SCANS_REPLAYED },
		{ "held", METRIC_SCANS_HELD },
	};

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		if (strcmp(outcome, counters[i].outcome) == 0) {
			metrics_add(counters[i].metric, 1);
			return;
		}
	}
	metrics_add(METRIC_SCANS_REJECTED, 1);
}

/* Columns: ord, outcome, answer. */
static void take_answer(struct scan_group *group, const struct db_reply *reply, int row)
{
	size_t ord = (size_t)strtoul(db_reply_value(reply, row, 0), NULL, 10);
	const char *outcome = db_reply_value(reply, row, 1);
	struct scan_job *job = group->jobs[ord - 1];
	struct scan_call *call = job->owner;

	job->answer_length = db_reply_length(reply, row, 2);
	job->answer = arena_copy(http_call_arena(call->http), db_reply_value(reply, row, 2),
				 job->answer_length);
	if (strcmp(outcome, "id_conflict") == 0)
		call->conflict = true;
	count_outcome(outcome);
}

static void group_answer(struct scan_group *group, const struct db_reply *reply)
{
	for (int row = 0; row < db_reply_rows(reply); row++)
		take_answer(group, reply, row);
	for (size_t i = 0; i < group->count; i++)
		job_done(group->jobs[i], group->jobs[i]->answer != NULL ? 0 : ERR_INTERNAL);
	free(group);
}

/* --- groups --- */

static struct scan_group *group_new(size_t room)
{
	struct scan_group *group = calloc(1, sizeof(*group) + room * sizeof(group->jobs[0]));

	if (group == NULL)
		abort(); /* as the arenas do: the parent starts another worker, clients send again */
	return group;
}

static void post_again(struct scan_group *group)
{
	group->next = intake.again;
	intake.again = group;
}

/* Two groups in the place of one, in order. */
static void split(struct scan_group *group)
{
	size_t left_count = group->count / 2;
	struct scan_group *right = group_new(group->count - left_count);

	right->count = group->count - left_count;
	memcpy(right->jobs, group->jobs + left_count, right->count * sizeof(right->jobs[0]));
	group->count = left_count;
	group->tries = 0;
	post_again(right);
	post_again(group);
}

/* The outcome of these is not a fault of any one scan: the client sends the same ids again. */
static bool concerns_all(int err)
{
	return err == ERR_OUTCOME_UNKNOWN || err == ERR_DATABASE_DOWN || err == ERR_BUSY ||
	       err == ERR_CANCELLED || err == ERR_NO_MEMORY;
}

/*
 * The culprit stands alone: the database refuses this one scan, which is a fault of ours. Others of its call
 * have been posted, so it gets a result of its own; nothing of it moved, and the log has what happened.
 */
static void culprit_fail(struct scan_group *group, const struct db_reply *reply)
{
	struct scan_job *job = group->jobs[0];

	log_error("a scan cannot be posted", LOG_TEXT("scan", job->row.request->id),
		  LOG_TEXT("sqlstate", db_reply_sqlstate(reply)),
		  LOG_TEXT("error", db_reply_message(reply)));
	if (job->owner->single) {
		group_fail(group, db_reply_err(reply));
		return;
	}
	job->answer = arena_printf(
		http_call_arena(job->owner->http),
		"{\"id\":\"%s\",\"outcome\":\"rejected\",\"movement_id\":null,"
		"\"product\":null,\"lot\":null,\"expiry\":null,\"quantity\":null,"
		"\"on_hand\":null,\"warnings\":[],\"problem\":{\"code\":\"%s\","
		"\"detail\":\"%s\"}}",
		job->row.request->id, err_code(db_reply_err(reply)), err_text(db_reply_err(reply)));
	job->answer_length = strlen(job->answer);
	count_outcome("rejected");
	job_done(job, 0);
	free(group);
}

static void group_failed(struct scan_group *group, const struct db_reply *reply)
{
	int err = db_reply_err(reply);
	bool collision = err == ERR_SERIALIZATION || err == ERR_DUPLICATE_KEY;

	if (concerns_all(err)) {
		group_fail(group, err);
		return;
	}
	metrics_add(METRIC_SCAN_GROUP_RETRIES, 1);
	if (collision && ++group->tries < GROUP_TRIES)
		post_again(group);
	else if (group->count > 1)
		split(group);
	else if (collision)
		group_fail(group, ERR_SERIALIZATION); /* passes: the client sends it again */
	else
		culprit_fail(group, reply);
}

static void on_posted(struct db_reply *reply, void *arg)
{
	struct scan_group *group = arg;

	intake.under_way--;
	intake.alone = false;
	if (db_reply_err(reply) != 0) {
		group_failed(group, reply);
		post_next();
		return;
	}
	post_next(); /* before writing the answers: the database has work meanwhile */
	group_answer(group, reply);
}

/*
 * How many of the scans that wait make the next group: whole calls, so that a call's scans keep their order, or all up
 * to one that goes alone, which depends on what was scanned before it.
 */
static size_t group_size(void)
{
	const struct scan_job *job = intake.first;
	size_t count = 0;

	while (job != NULL && !job->reading.alone &&
	       (count < GROUP_FULL || job->owner->jobs != job)) {
		count++;
		job = job->next;
	}
	return count > 0 ? count : 1;
}

static struct scan_group *take_waiting(void)
{
	size_t count = group_size();
	struct scan_group *group = group_new(count);

	while (group->count < count) {
		group->jobs[group->count++] = intake.first;
		intake.first = intake.first->next;
	}
	if (intake.first == NULL)
		intake.last = &intake.first;
	intake.waiting -= group->count;
	return group;
}

/*
 * Groups that are posted again go alone and in order; the others may overtake, as their calls might. A scan that goes
 * alone overtakes nothing and is not overtaken.
 */
static struct scan_group *take_group(void)
{
	struct scan_group *group = intake.again;

	if (intake.under_way == GROUPS_UNDER_WAY || intake.alone ||
	    (group != NULL && intake.under_way > 0))
		return NULL;
	if (group == NULL && intake.waiting > 0 && intake.first->reading.alone &&
	    intake.under_way > 0)
		return NULL;
	if (group == NULL)
		return intake.waiting > 0 ? take_waiting() : NULL;
	intake.again = group->next;
	return group;
}

/* Post the next group unless enough are under way or nothing waits. */
static void post_next(void)
{
	struct db_arg args[SCAN_COLUMNS];
	struct scan_group *group;

	group = take_group();
	if (group == NULL)
		return;
	scan_columns_reset(&intake.columns);
	for (size_t i = 0; i < group->count; i++)
		scan_columns_add(&intake.columns, &group->jobs[i]->row);
	scan_columns_args(&intake.columns, args);
	intake.under_way++;
	intake.alone = group->jobs[0]->reading.alone;
	metrics_add(METRIC_SCAN_GROUPS, 1);
	db_ask(intake.db, NULL, &sql_post_scans, args, SCAN_COLUMNS, on_posted, group);
}

/* The calls that arrived together go together: posted at once, the first would make a group of its own. */
static void on_arrived(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	post_next();
}

/* --- the route --- */

static void enqueue(struct scan_job *job)
{
	*intake.last = job;
	intake.last = &job->next;
	intake.waiting++;
}

/* Who the scan is for and by; 0, or ERR_* with *reterr_detail. The database checks both again. */
static int row_make(const struct access_caller *caller, const struct scan_request *request,
		    struct scan_row *ret_row, const char **reterr_detail)
{
	if (request->operator_id != 0 && request->operator_id != caller->account &&
	    !caller->program) {
		*reterr_detail = "operator_id: only a workstation's key names the operator";
		return ERR_INVALID_MEMBER;
	}
	if (request->pharmacy_id == 0 && caller->pharmacy == 0) {
		*reterr_detail = "pharmacy_id";
		return ERR_MISSING_MEMBER;
	}
	*ret_row = (struct scan_row){
		.request = request,
		.pharmacy_id = (int32_t)(request->pharmacy_id != 0 ? request->pharmacy_id :
								     caller->pharmacy),
		.operator_id = (int32_t)(request->operator_id != 0 ? request->operator_id :
								     caller->account),
		.sender_id = caller->account,
	};
	return 0;
}

/* The habits of the scanner at the workstation that the scan names, or NULL. */
static const struct scan_profile *profile_of(const struct scan_job *job)
{
	const char *workstation = job->row.request->workstation;

	return workstation != NULL ? workstations_find(job->row.pharmacy_id, workstation) : NULL;
}

static int jobs_make(struct scan_call *call, const struct scan_request *requests,
		     const char **reterr_detail)
{
	struct arena *arena = http_call_arena(call->http);
	int32_t today = (int32_t)(time(NULL) / (24 * 60 * 60));

	call->jobs = arena_alloc(arena, call->count * sizeof(call->jobs[0]));
	for (size_t i = 0; i < call->count; i++) {
		struct scan_job *job = &call->jobs[i];
		int err = row_make(http_call_caller(call->http), &requests[i], &job->row,
				   reterr_detail);

		if (err != 0)
			return err;
		job->owner = call;
		scan_reading_make(arena, &requests[i], profile_of(job), today, &job->reading);
		job->row.reading = &job->reading;
	}
	return 0;
}

void scan_post(struct http_call *http, void *arg)
{
	struct scan_call *call = http_call_alloc(http, sizeof(*call));
	struct scan_request *requests;
	const char *detail = NULL;
	size_t length;
	const char *body = http_call_body(http, &length);
	int err;

	(void)arg;
	call->http = http;
	call->since_us = loop_now_us();
	err = scan_requests_decode(http_call_arena(http), body, length, &requests, &call->count,
				   &call->single, &detail);
	if (err == 0 && (intake.waiting + call->count > WAITING_MAX || !workstations_are_known()))
		err = ERR_BUSY;
	if (err == 0)
		err = jobs_make(call, requests, &detail);
	if (err != 0) {
		http_fail(http, err, detail);
		return;
	}
	call->unanswered = call->count;
	for (size_t i = 0; i < call->count; i++)
		enqueue(&call->jobs[i]);
	event_active(intake.arrived, EV_TIMEOUT, 0);
}
