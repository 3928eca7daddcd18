#include "workstation/beeper.h"

#include <stdlib.h>

#include "core/loop.h"

#define SPACE_MS 180

struct beeper {
	struct event_base *base;
	void (*bell)(void *arg);
	void *arg;
	int left; /* of the sound under way */
	struct loop_timer *timer;
};

struct beeper *beeper_new(struct event_base *base, void (*bell)(void *arg), void *arg)
{
	struct beeper *beeper = calloc(1, sizeof(*beeper));

	if (beeper == NULL)
		abort();
	beeper->base = base;
	beeper->bell = bell;
	beeper->arg = arg;
	return beeper;
}

void beeper_free(struct beeper *beeper)
{
	if (beeper == NULL)
		return;
	loop_timer_free(beeper->timer);
	free(beeper);
}

static void ring(void *arg)
{
	struct beeper *beeper = arg;

	loop_timer_free(beeper->timer);
	beeper->timer = NULL;
	beeper->bell(beeper->arg);
	if (--beeper->left > 0)
		beeper->timer = loop_after(beeper->base, SPACE_MS, ring, beeper);
}

void beeper_sound(struct beeper *beeper, enum beep beep)
{
	beeper->left = (int)beep;
	ring(beeper);
}
