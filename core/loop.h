/*
 * The event loop of one process: an event base, signals, timers.
 */
#ifndef CORE_LOOP_H
#define CORE_LOOP_H

#include <stdint.h>

struct event_base;
struct loop_timer;

/* A base with libevent's log and fatal callbacks set, so that nothing in it calls exit(1) unlogged. Never NULL. */
struct event_base *loop_new(void);

/* Run `fire` every `period_ms` until loop_timer_free(). */
struct loop_timer *loop_every(struct event_base *base, unsigned period_ms, void (*fire)(void *arg),
			      void *arg);

/* Run `fire` once after `delay_ms`; free it in any case with loop_timer_free(). */
struct loop_timer *loop_after(struct event_base *base, unsigned delay_ms, void (*fire)(void *arg),
			      void *arg);

/* Stop and release. Accepts NULL; may be called from inside `fire`. */
void loop_timer_free(struct loop_timer *timer);

/* Monotonic milliseconds. */
uint64_t loop_now_ms(void);

/* Monotonic microseconds, for durations. */
uint64_t loop_now_us(void);

#endif
