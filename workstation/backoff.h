/*
 * How long to wait before the next try: doubling from 200 ms to 30 s, each drawn from the upper half, so that
 * workstations that lost their service together do not come back together.
 */
#ifndef WORKSTATION_BACKOFF_H
#define WORKSTATION_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 200
#define BACKOFF_LAST_MS 30000
#define BACKOFF_ASKED_MAX_MS 300000

/* Zero-initialised: nothing has failed. */
struct backoff {
	unsigned failures; /* one after the other */
};

/* It worked. */
void backoff_reset(struct backoff *backoff);

/*
 * It failed: milliseconds to wait. `draw` is a random number; `asked_s` what Retry-After said in seconds (0:
 * nothing), a lower bound that itself ends at 5 minutes.
 */
unsigned backoff_next(struct backoff *backoff, uint32_t draw, unsigned asked_s);

#endif
