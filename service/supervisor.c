#include "service/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/err.h"
#include "core/log.h"
#include "service/cluster.h"
#include "service/database.h"
#include "service/listener.h"
#include "service/migrate.h"
#include "service/options.h"
#include "service/worker.h"

#define WORKERS_MAX 64
#define PLACES (4 * WORKERS_MAX) /* of workers, those that drain after reloads too */
#define LIVED_MS 5000            /* a child that lived longer did not die at once */
#define BACKOFF_MS 200           /* doubled for each death at once */
#define BACKOFF_MAX_MS 10000
#define CLUSTER_TRIES 8 /* starts of PostgreSQL before there was a connection */
#define CLUSTER_STOP_MS 20000
#define DATABASE_WAIT_S 60
#define GIVEN_DATABASE_WAIT_S 10
#define HURRY_MS 1000 /* Ctrl-C may reach us twice: from the terminal and from ./dev */
#define NEVER INT64_MAX

enum state { MIGRATING, SERVING, STOPPING, DONE };

/* One process of ours, or the place of one. */
struct child {
	pid_t pid;         /* 0: not running */
	int64_t started;   /* monotonic milliseconds, as all times here */
	int64_t start_at;  /* NEVER: not to be started */
	int64_t kill_at;   /* NEVER: not overdue */
	unsigned failures; /* deaths at once, in a row */
};

struct supervisor {
	const struct supervisor_options *options;
	enum state state;
	int exit_code;
	struct child cluster;
	struct child migrator;
	struct child workers[PLACES]; /* from WORKERS_MAX on: of before a reload, draining */
	int worker_count;
	int64_t stop_asked;
	char *conninfo;
	pid_t self;
};

static const char *const state_names[] = { "migrating", "serving", "stopping", "done" };

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void move(struct supervisor *s, enum state next)
{
	log_info("service", LOG_TEXT("state", state_names[next]));
	s->state = next;
}

static void child_forget(struct child *child)
{
	*child = (struct child){ .start_at = NEVER, .kill_at = NEVER };
}

static void child_started(struct child *child, pid_t pid)
{
	child->pid = pid;
	child->started = now_ms();
	child->start_at = NEVER;
	child->kill_at = NEVER;
}

/* Plan the next start: at once after a long life, later and later otherwise. */
static void child_died(struct child *child)
{
	int64_t delay = 0;

	child->pid = 0;
	child->kill_at = NEVER;
	if (now_ms() - child->started > LIVED_MS)
		child->failures = 0;
	else
		child->failures++;
	if (child->failures > 1)
		delay = BACKOFF_MS << (child->failures > 8 ? 8 : child->failures - 2);
	child->start_at = now_ms() + (delay > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : delay);
}

static void child_stop(struct child *child, int64_t patience_ms)
{
	child->start_at = NEVER;
	if (child->pid == 0)
		return;
	kill(child->pid, SIGTERM);
	child->kill_at = now_ms() + patience_ms;
}

/*
 * Fork a process that dies with us, whatever kills us, with the signal
 * handling a program expects. Returns as fork() does.
 */
static pid_t fork_child(const struct supervisor *s)
{
	pid_t pid = fork();
	sigset_t none;

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != s->self)
		_exit(3);
	/* Ctrl-C reaches the whole terminal; the parent decides what it means. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}

/* Asked a second time, a while later, somebody is in a hurry: nothing drains any more. */
static void stop(struct supervisor *s, int exit_code)
{
	int64_t patience = s->options->options->drain * 1000;

	if (s->state != STOPPING) {
		s->exit_code = exit_code;
		s->stop_asked = now_ms();
		move(s, STOPPING);
	} else if (now_ms() - s->stop_asked < HURRY_MS) {
		return;
	} else {
		patience = 0;
	}
	child_stop(&s->migrator, 0);
	for (int i = 0; i < PLACES; i++)
		child_stop(&s->workers[i], patience);
}

static void start_cluster(struct supervisor *s)
{
	pid_t pid = cluster_spawn(s->options->database->cluster);

	child_started(&s->cluster, pid > 0 ? pid : 0);
	if (pid < 0)
		child_died(&s->cluster);
}

_Noreturn static void migrate(const struct supervisor *s)
{
	const struct options *options = s->options->options;
	const struct database *database = s->options->database;
	struct migrate_request request = {
		.database = database,
		.demo = options->demo,
		.demo_date = options->demo_date,
		.beyond_loopback = !options_is_loopback(options),
		.wait_seconds = database->is_private ? DATABASE_WAIT_S : GIVEN_DATABASE_WAIT_S,
	};
	char text[512];
	int err = migrate_run(&request, text, sizeof(text));

	if (err != 0)
		fprintf(stderr, "yaoku: %s\n", text);
	_exit(err == 0 ? 0 : err == ERR_DATABASE_DOWN ? 3 : 1);
}

static void start_migrator(struct supervisor *s)
{
	pid_t pid = fork_child(s);

	if (pid == 0)
		migrate(s);
	child_started(&s->migrator, pid > 0 ? pid : 0);
	if (pid < 0)
		stop(s, 3);
}

static void start_worker(struct supervisor *s, int slot)
{
	const struct options *options = s->options->options;
	struct worker_options worker = {
		.listen_fd = s->options->listen_fd,
		.index = slot + 1,
		.count = s->worker_count,
		.conninfo = s->conninfo,
		.tls_cert = options->tls_cert,
		.tls_key = options->tls_key,
		.options = options,
	};
	pid_t pid = fork_child(s);

	if (pid == 0) {
		log_set_worker(worker.index);
		exit(worker_run(&worker));
	}
	child_started(&s->workers[slot], pid > 0 ? pid : 0);
	if (pid < 0)
		child_died(&s->workers[slot]);
}

/* Bring the number of places to what the options say; new ones start now. */
static void plan_workers(struct supervisor *s)
{
	long wanted = s->options->options->workers;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (wanted == 0)
		wanted = processors < 2 ? 1 : processors / 2;
	s->worker_count = (int)(wanted > WORKERS_MAX ? WORKERS_MAX : wanted);
	for (int i = 0; i < s->worker_count; i++)
		s->workers[i].start_at = now_ms();
}

static void serve(struct supervisor *s)
{
	if (listener_listen(s->options->listen_fd) != 0) {
		fprintf(stderr, "yaoku: %s is in use by another program\n",
			s->options->options->listen);
		stop(s, 3);
		return;
	}
	move(s, SERVING);
	log_info("listening", LOG_TEXT("address", s->options->options->listen));
	plan_workers(s);
}

/* Is there a place to drain in for every worker? */
static bool can_retire(const struct supervisor *s)
{
	int free = 0;

	for (int i = WORKERS_MAX; i < PLACES; i++)
		free += s->workers[i].pid == 0;
	return free >= s->worker_count;
}

/* The new workers share the socket with the old ones, which drain; those of earlier reloads go on with that. */
static void reload(struct supervisor *s)
{
	int place = WORKERS_MAX;

	if (s->state != SERVING)
		return;
	if (!can_retire(s)) {
		log_warning("too many workers still drain after earlier reloads, ignoring");
		return;
	}
	if (!s->options->reload(s->options->arg))
		return;
	for (int i = 0; i < WORKERS_MAX; i++) {
		if (s->workers[i].pid != 0) {
			while (s->workers[place].pid != 0)
				place++;
			s->workers[place] = s->workers[i];
			child_stop(&s->workers[place], s->options->options->drain * 1000);
		}
		child_forget(&s->workers[i]);
	}
	plan_workers(s);
	log_info("options read again");
}

static void log_death(const char *who, pid_t pid, int status)
{
	log_warning("process ended", LOG_TEXT("process", who), LOG_INT("pid", pid),
		    LOG_INT("exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
		    LOG_TEXT("signal", WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : NULL));
}

static void on_cluster_death(struct supervisor *s, int status)
{
	char words[256];

	if (s->state == STOPPING) {
		child_forget(&s->cluster);
		return;
	}
	log_death("postgresql", s->cluster.pid, status);
	child_died(&s->cluster);
	if (s->state == MIGRATING && s->cluster.failures >= CLUSTER_TRIES) {
		cluster_last_words(s->options->database->cluster, words, sizeof(words));
		fprintf(stderr, "yaoku: PostgreSQL does not start: %s\n", words);
		stop(s, 3);
	}
}

static void on_migrator_death(struct supervisor *s, int status)
{
	child_forget(&s->migrator);
	if (s->state != MIGRATING)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		serve(s);
	else
		stop(s, WIFEXITED(status) ? WEXITSTATUS(status) : 3);
}

static void on_worker_death(struct supervisor *s, struct child *worker, int status)
{
	pid_t pid = worker->pid;

	if (s->state == STOPPING) {
		child_forget(worker);
		return;
	}
	log_death("worker", pid, status);
	child_died(worker);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		stop(s, 1);
}

static void on_death(struct supervisor *s, pid_t pid, int status)
{
	if (pid == s->cluster.pid)
		on_cluster_death(s, status);
	if (pid == s->migrator.pid)
		on_migrator_death(s, status);
	for (int i = 0; i < PLACES; i++) {
		if (pid != s->workers[i].pid)
			continue;
		if (i < WORKERS_MAX)
			on_worker_death(s, &s->workers[i], status);
		else
			child_forget(&s->workers[i]);
	}
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		on_death(s, pid, status);
}

/* Children above the database: as long as one runs, PostgreSQL is needed. */
static bool is_drained(const struct supervisor *s)
{
	bool drained = s->migrator.pid == 0;

	for (int i = 0; i < PLACES; i++)
		drained = drained && s->workers[i].pid == 0;
	return drained;
}

/* PostgreSQL: fast (SIGINT), and much later without a checkpoint (SIGQUIT); it recovers. */
static void stop_cluster(struct supervisor *s)
{
	s->cluster.start_at = NEVER;
	if (s->cluster.pid == 0) {
		move(s, DONE);
	} else if (s->cluster.kill_at == NEVER) {
		kill(s->cluster.pid, SIGINT);
		s->cluster.kill_at = now_ms() + CLUSTER_STOP_MS;
	} else if (s->cluster.kill_at <= now_ms()) {
		kill(s->cluster.pid, SIGQUIT);
		s->cluster.kill_at = now_ms() + CLUSTER_STOP_MS;
	}
}

static bool is_due(int64_t at)
{
	return at != NEVER && at <= now_ms();
}

/* Do everything whose time has come. */
static void catch_up(struct supervisor *s)
{
	if (is_due(s->cluster.start_at))
		start_cluster(s);
	if (is_due(s->migrator.start_at))
		start_migrator(s);
	for (int i = 0; i < PLACES; i++) {
		struct child *worker = &s->workers[i];

		if (is_due(worker->start_at))
			start_worker(s, i);
		if (worker->pid != 0 && is_due(worker->kill_at)) {
			log_warning("process does not drain, killing it",
				    LOG_INT("pid", worker->pid));
			kill(worker->pid, SIGKILL);
			worker->kill_at = NEVER;
		}
	}
	if (s->state == STOPPING && is_drained(s))
		stop_cluster(s);
}

static int64_t earlier(int64_t at, const struct child *child)
{
	at = child->start_at < at ? child->start_at : at;
	return child->kill_at < at ? child->kill_at : at;
}

/* Milliseconds to the next planned act; an hour when nothing is planned. */
static int64_t until_next(const struct supervisor *s)
{
	int64_t at = now_ms() + 3600 * 1000;
	int64_t left;

	at = earlier(earlier(at, &s->cluster), &s->migrator);
	for (int i = 0; i < PLACES; i++)
		at = earlier(at, &s->workers[i]);
	left = at - now_ms();
	return left > 0 ? left : 0;
}

static void on_signal(struct supervisor *s, int signal_number)
{
	switch (signal_number) {
	case SIGTERM:
	case SIGINT:
		stop(s, 0);
		break;
	case SIGHUP:
		reload(s);
		break;
	case SIGCHLD:
		reap(s);
		break;
	default:
		break;
	}
}

/* Everything happens between two waits; there are no signal handlers. */
static void run(struct supervisor *s, const sigset_t *signals)
{
	while (s->state != DONE) {
		int64_t left;
		struct timespec wait;

		catch_up(s);
		if (s->state == DONE)
			break;
		left = until_next(s);
		wait.tv_sec = left / 1000;
		wait.tv_nsec = left % 1000 * 1000000;
		on_signal(s, sigtimedwait(signals, NULL, &wait));
	}
}

static void plan(struct supervisor *s, const struct supervisor_options *options)
{
	memset(s, 0, sizeof(*s));
	s->options = options;
	s->self = getpid();
	s->state = MIGRATING;
	child_forget(&s->cluster);
	child_forget(&s->migrator);
	for (int i = 0; i < PLACES; i++)
		child_forget(&s->workers[i]);
	s->migrator.start_at = now_ms();
	if (options->database->cluster != NULL)
		s->cluster.start_at = now_ms();
	s->conninfo = database_conninfo(options->database, "yaoku_app", "yaoku worker");
}

int supervisor_run(const struct supervisor_options *options)
{
	struct supervisor s;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	plan(&s, options);
	run(&s, &signals);
	free(s.conninfo);
	return s.exit_code;
}
