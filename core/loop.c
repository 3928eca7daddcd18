/*
 * libevent's base with its two process-wide hooks, and timers that may be
 * released from inside their own callback.
 */
#include "core/loop.h"

#include <event2/event.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"

struct loop_timer {
	struct event *event;
	void (*fire)(void *arg);
	void *arg;
};

static void on_libevent_log(int severity, const char *message)
{
	enum log_level level = severity >= EVENT_LOG_ERR  ? LOG_LEVEL_ERROR :
			       severity == EVENT_LOG_WARN ? LOG_LEVEL_WARNING :
							    LOG_LEVEL_DEBUG;

	log_at(level, "libevent", LOG_TEXT("text", message));
}

/* libevent would exit(1): abort instead, so that the parent sees a crash and a core can be had. */
static void on_libevent_fatal(int error)
{
	log_error("libevent gave up, worker ends", LOG_INT("code", error));
	abort();
}

struct event_base *loop_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	event_set_log_callback(on_libevent_log);
	event_set_fatal_callback(on_libevent_fatal);
	/* Changes of one turn reach the kernel together: evhttp turns reading off and on for every request. */
	if (config != NULL &&
	    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	if (base == NULL) {
		log_error("no event loop, process ends");
		abort();
	}
	return base;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *timer = arg;

	(void)fd;
	(void)what;
	timer->fire(timer->arg); /* last: it may free the timer */
}

static struct loop_timer *timer_new(struct event_base *base, short flags, unsigned ms,
				    void (*fire)(void *arg), void *arg)
{
	struct timeval delay = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	struct loop_timer *timer = malloc(sizeof(*timer));

	if (timer == NULL)
		abort();
	timer->fire = fire;
	timer->arg = arg;
	timer->event = event_new(base, -1, flags, on_timer, timer);
	if (timer->event == NULL || event_add(timer->event, &delay) != 0)
		abort();
	return timer;
}

struct loop_timer *loop_every(struct event_base *base, unsigned period_ms, void (*fire)(void *arg),
			      void *arg)
{
	return timer_new(base, EV_PERSIST, period_ms, fire, arg);
}

struct loop_timer *loop_after(struct event_base *base, unsigned delay_ms, void (*fire)(void *arg),
			      void *arg)
{
	return timer_new(base, 0, delay_ms, fire, arg);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	event_free(timer->event);
	free(timer);
}

uint64_t loop_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t loop_now_ms(void)
{
	return loop_now_us() / 1000;
}
