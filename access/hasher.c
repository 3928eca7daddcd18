/*
 * Two lists under one lock: what waits for the thread, and what is ready for
 * the loop, which an eventfd wakes. The slots are allocated once.
 */
#include "access/hasher.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "access/password.h"
#include "core/err.h"

#define QUEUE 32

struct work {
	struct work *next;
	hasher_done *done;
	void *arg;
	bool is_check;
	size_t length;
	char password[PASSWORD_MAX];
	char encoded[PASSWORD_ENCODED_SIZE]; /* given, or made */
	int err;
	bool right;
};

struct work_list {
	struct work *head;
	struct work *tail;
};

struct hasher {
	pthread_t thread;
	pthread_mutex_t lock; /* of everything below but `decoy` */
	pthread_cond_t wake;
	struct work_list unused;
	struct work_list waiting;
	struct work_list ready;
	bool stop;
	int ready_fd;
	struct event *ready_event;
	char decoy[PASSWORD_ENCODED_SIZE]; /* of a password nobody knows */
	struct work slots[QUEUE];
};

static void put(struct work_list *list, struct work *work)
{
	work->next = NULL;
	if (list->tail != NULL)
		list->tail->next = work;
	else
		list->head = work;
	list->tail = work;
}

static struct work *take(struct work_list *list)
{
	struct work *work = list->head;

	if (work == NULL)
		return NULL;
	list->head = work->next;
	if (list->head == NULL)
		list->tail = NULL;
	return work;
}

static void compute(struct work *work)
{
	if (work->is_check)
		work->right = password_is(work->encoded, work->password, work->length);
	else
		work->err = password_hash(work->password, work->length, work->encoded);
	explicit_bzero(work->password, sizeof(work->password));
}

static void *run(void *arg)
{
	struct hasher *hasher = arg;
	const uint64_t one = 1;

	pthread_mutex_lock(&hasher->lock);
	while (!hasher->stop) {
		struct work *work = take(&hasher->waiting);

		if (work == NULL) {
			pthread_cond_wait(&hasher->wake, &hasher->lock);
			continue;
		}
		pthread_mutex_unlock(&hasher->lock);
		compute(work);
		pthread_mutex_lock(&hasher->lock);
		put(&hasher->ready, work);
		(void)!write(hasher->ready_fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&hasher->lock);
	return NULL;
}

/* Answer one; its slot is free again before the continuation may want one. */
static void answer(struct hasher *hasher, struct work *work)
{
	char encoded[PASSWORD_ENCODED_SIZE];
	bool right = work->is_check && work->right && work->err == 0;
	bool made = !work->is_check && work->err == 0;
	hasher_done *done = work->done;
	void *arg = work->arg;
	int err = work->err;

	memcpy(encoded, work->encoded, sizeof(encoded));
	explicit_bzero(work, sizeof(*work));
	pthread_mutex_lock(&hasher->lock);
	put(&hasher->unused, work);
	pthread_mutex_unlock(&hasher->lock);
	done(err, right, made ? encoded : NULL, arg);
	explicit_bzero(encoded, sizeof(encoded));
}

static struct work *take_ready(struct hasher *hasher)
{
	struct work *work;

	pthread_mutex_lock(&hasher->lock);
	work = take(&hasher->ready);
	pthread_mutex_unlock(&hasher->lock);
	return work;
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct hasher *hasher = arg;
	struct work *work;
	uint64_t count;

	(void)what;
	(void)!read(fd, &count, sizeof(count));
	while ((work = take_ready(hasher)) != NULL)
		answer(hasher, work);
}

/* Signals are the loop's: the thread blocks them all. */
static void start_thread(struct hasher *hasher)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&hasher->thread, NULL, run, hasher) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct hasher *hasher_open(struct event_base *base)
{
	struct hasher *hasher = calloc(1, sizeof(*hasher));

	if (hasher == NULL || password_hash("", 0, hasher->decoy) != 0)
		abort();
	pthread_mutex_init(&hasher->lock, NULL);
	pthread_cond_init(&hasher->wake, NULL);
	for (size_t i = 0; i < QUEUE; i++)
		put(&hasher->unused, &hasher->slots[i]);
	hasher->ready_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (hasher->ready_fd < 0)
		abort();
	hasher->ready_event = event_new(base, hasher->ready_fd, EV_READ | EV_PERSIST, on_ready,
					hasher);
	if (hasher->ready_event == NULL || event_add(hasher->ready_event, NULL) != 0)
		abort();
	start_thread(hasher);
	return hasher;
}

void hasher_close(struct hasher *hasher)
{
	struct work *work;

	if (hasher == NULL)
		return;
	pthread_mutex_lock(&hasher->lock);
	hasher->stop = true;
	pthread_cond_signal(&hasher->wake);
	pthread_mutex_unlock(&hasher->lock);
	pthread_join(hasher->thread, NULL);
	while ((work = take(&hasher->ready)) != NULL || (work = take(&hasher->waiting)) != NULL) {
		work->err = ERR_CANCELLED;
		answer(hasher, work);
	}
	event_free(hasher->ready_event);
	close(hasher->ready_fd);
	pthread_cond_destroy(&hasher->wake);
	pthread_mutex_destroy(&hasher->lock);
	explicit_bzero(hasher, sizeof(*hasher));
	free(hasher);
}

bool hasher_is_full(struct hasher *hasher)
{
	bool full;

	pthread_mutex_lock(&hasher->lock);
	full = hasher->unused.head == NULL;
	pthread_mutex_unlock(&hasher->lock);
	return full;
}

static int submit(struct hasher *hasher, const char *encoded, const char *password,
		  hasher_done *done, void *arg)
{
	size_t length = strlen(password);
	struct work *work;

	if (length > PASSWORD_MAX)
		return ERR_INVALID_MEMBER;
	pthread_mutex_lock(&hasher->lock);
	work = hasher->stop ? NULL : take(&hasher->unused);
	if (work != NULL) {
		*work = (struct work){ .done = done, .arg = arg, .length = length };
		memcpy(work->password, password, length);
		work->is_check = encoded != NULL;
		if (work->is_check)
			snprintf(work->encoded, sizeof(work->encoded), "%s", encoded);
		put(&hasher->waiting, work);
		pthread_cond_signal(&hasher->wake);
	}
	pthread_mutex_unlock(&hasher->lock);
	return work != NULL ? 0 : ERR_BUSY;
}

int hasher_check(struct hasher *hasher, const char *encoded, const char *password,
		 hasher_done *done, void *arg)
{
	return submit(hasher, encoded != NULL ? encoded : hasher->decoy, password, done, arg);
}

int hasher_hash(struct hasher *hasher, const char *password, hasher_done *done, void *arg)
{
	return submit(hasher, NULL, password, done, arg);
}
