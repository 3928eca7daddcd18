#include "simulation/experiment.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "simulation/memory.h"

/* What a process that runs one seed says: so many days are done; at last, the figures. */
struct message {
	int days;
	bool is_last;
	int sites, pairs;
	uint64_t fingerprint;
	struct outcome outcome[EXPERIMENT_POLICIES];
};

struct child {
	pid_t pid;
	int pipe;
	int seed; /* index */
	size_t filled;
	struct message message;
};

#define CHILDREN_MAX 64
#define TELL_EVERY 50 /* days */

static bool tell(int pipe, const struct message *message)
{
	const char *data = (const char *)message;

	for (size_t sent = 0; sent < sizeof(*message);) {
		ssize_t n = write(pipe, data + sent, sizeof(*message) - sent);

		if (n < 0 && errno != EINTR)
			return false;
		sent += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static void tell_days(int day, void *arg)
{
	const struct message message = { .days = TELL_EVERY };

	if (day % TELL_EVERY == 0)
		tell(*(int *)arg, &message);
}

/* In a process of its own. */
static void run_seed(const struct experiment *experiment, int seed, int pipe)
{
	struct world *world = world_new(experiment->seed[seed], experiment->pharmacies,
					experiment->products, experiment->stress);
	struct message message = { .is_last = true, .sites = world->sites, .pairs = world->pairs };

	message.fingerprint = world_fingerprint(world);
	for (int i = 0; i < experiment->policies; i++)
		message.outcome[i] = run_policy(world, &experiment->policy[i], tell_days, &pipe);
	world_free(world);
	_exit(tell(pipe, &message) ? 0 : 1);
}

static int start(const struct experiment *experiment, int seed, struct child *child)
{
	int ends[2];

	if (pipe(ends) != 0)
		return -1;
	child->seed = seed;
	child->filled = 0;
	child->pipe = ends[0];
	child->pid = fork();
	if (child->pid == 0) {
		close(ends[0]);
		run_seed(experiment, seed, ends[1]);
	}
	close(ends[1]);
	if (child->pid < 0)
		close(ends[0]);
	return child->pid < 0 ? -1 : 0;
}

static void keep(struct results *results, const struct child *child)
{
	const struct message *message = &child->message;

	memcpy(results->outcome[child->seed], message->outcome, sizeof(message->outcome));
	results->fingerprint[child->seed] = message->fingerprint;
	results->sites = message->sites;
	results->pairs = message->pairs;
}

/* Read what a child has said; returns 1 when it has said all, -1 when it died before. */
static int hear(struct child *child, struct results *results, int *days)
{
	char *into = (char *)&child->message + child->filled;
	ssize_t n = read(child->pipe, into, sizeof(child->message) - child->filled);

	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return -1;
	child->filled += (size_t)n;
	if (child->filled < sizeof(child->message))
		return 0;
	child->filled = 0;
	*days += child->message.days;
	if (child->message.is_last)
		keep(results, child);
	return child->message.is_last;
}

static void stop(struct child *child)
{
	close(child->pipe);
	waitpid(child->pid, NULL, 0);
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int processors(int seeds)
{
	long there = sysconf(_SC_NPROCESSORS_ONLN);
	int most = there > CHILDREN_MAX ? CHILDREN_MAX : (int)there;

	return most < 1 ? 1 : most > seeds ? seeds : most;
}

/* Wait until some children have spoken; one that has finished is followed by the next seed. */
static int attend(const struct experiment *experiment, struct child *children, int *running,
		  int *next, struct results *results, int *days)
{
	struct pollfd polled[CHILDREN_MAX];

	for (int i = 0; i < *running; i++)
		polled[i] = (struct pollfd){ children[i].pipe, POLLIN, 0 };
	if (poll(polled, (nfds_t)*running, -1) < 0)
		return errno == EINTR ? 0 : -1;
	for (int i = *running; i-- > 0;) {
		int heard = polled[i].revents != 0 ? hear(&children[i], results, days) : 0;

		if (heard < 0)
			return -1;
		if (heard == 0)
			continue;
		stop(&children[i]);
		if (*next < experiment->seeds) {
			if (start(experiment, (*next)++, &children[i]) != 0)
				return -1;
		} else {
			children[i] = children[--*running];
		}
	}
	return 0;
}

int experiment_run(const struct experiment *experiment, void (*said)(double share, void *arg),
		   void *arg, struct results *ret_results)
{
	double begun = seconds_now();
	double all = (double)experiment->seeds * experiment->policies *
		     (WORLD_DAYS - WORLD_HISTORY);
	struct child *children = allocate(CHILDREN_MAX, sizeof(*children));
	int running = 0, next = 0, days = 0, err = 0;

	while (err == 0 && running < processors(experiment->seeds)) {
		err = start(experiment, next, &children[running]);
		if (err == 0) {
			running++;
			next++;
		}
	}
	while (err == 0 && running > 0) {
		err = attend(experiment, children, &running, &next, ret_results, &days);
		if (said != NULL)
			said((double)days / all, arg);
	}
	while (running > 0)
		stop(&children[--running]);
	free(children);
	ret_results->seconds = seconds_now() - begun;
	return err;
}
