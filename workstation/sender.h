/*
 * What waits in the journal goes to the service, in its order, until each scan has a definite answer.
 *
 *	resting ──► asking whose key it is ──► posting ≤ 100 ──► resting, or posting the next
 *	               │                          │
 *	               └───── no luck: wait, 200 ms to 30 s ◄─────┘
 *
 * The same id is sent again for as long as it takes; the service counts it once. A request that the service cannot read
 * is halved until the culprit stands alone, and that one is kept as refused. One that the service fails over is halved
 * too. The order is given up only for a scan that fails alone, time and again, while the service says that it is well: it
 * goes behind the others and is tried again after them.
 */
#ifndef WORKSTATION_SENDER_H
#define WORKSTATION_SENDER_H

#include <stdbool.h>

#include "workstation/journal.h"
#include "workstation/line.h"

struct event_base;
struct sender;

/* What the sender works with; all of it is borrowed and must outlive it. */
struct sender_options {
	struct event_base *base;
	struct journal *journal;
	struct line *line;
	const char *key_file; /* read again for each request, so a new key needs no restart */
	void (*look)(
		void *arg); /* somebody should look here: a scan was not posted, or the key is refused */
	void (*rested)(
		void *arg); /* nothing waits any more, or nothing can be done about it with this key */
	void *arg;
};

/* Begin; asks at once whose key it is. Release with sender_free() after the line, which accepts NULL. */
struct sender *sender_new(const struct sender_options *options);
void sender_free(struct sender *sender);

/* There is a new scan in the journal. */
void sender_kick(struct sender *sender);

/* The service takes neither this key nor any other we have. */
bool sender_is_refused(const struct sender *sender);

#endif
