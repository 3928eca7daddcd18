#include "workstation/backoff.h"

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}

unsigned backoff_next(struct backoff *backoff, uint32_t draw, unsigned asked_s)
{
	unsigned most = BACKOFF_LAST_MS, asked = BACKOFF_ASKED_MAX_MS, wait;

	if (backoff->failures < 8) /* 200 ms × 2⁸ is beyond 30 s */
		most = BACKOFF_FIRST_MS << backoff->failures++;
	if (most > BACKOFF_LAST_MS)
		most = BACKOFF_LAST_MS;
	wait = most / 2 + draw % (most / 2 + 1);
	if (asked_s < BACKOFF_ASKED_MAX_MS / 1000)
		asked = asked_s * 1000;
	return wait > asked ? wait : asked;
}
