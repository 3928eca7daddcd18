/* Method 1 of RFC 9562 section 6.2: rand_a is a counter that starts anew, low, with each millisecond. */
#include "workstation/uuid7.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNTER_MAX 0xfff
#define COUNTER_START 0xff /* what a new millisecond draws from */
#define MS_MAX 0xffffffffffff

static void step(struct uuid7 *last, int64_t now_ms, uint16_t drawn)
{
	if (now_ms > last->ms && now_ms <= MS_MAX) {
		last->ms = now_ms;
		last->counter = drawn & COUNTER_START;
	} else if (last->counter < COUNTER_MAX) {
		last->counter++;
	} else {
		last->ms++;
		last->counter = drawn & COUNTER_START;
	}
}

void uuid7_next(struct uuid7 *last, int64_t now_ms, uint8_t ret_id[UUID_SIZE])
{
	uint8_t random[10];

	if (RAND_bytes(random, sizeof(random)) != 1)
		abort();
	step(last, now_ms, random[0]);
	for (int i = 0; i < 6; i++)
		ret_id[i] = (uint8_t)(last->ms >> (40 - 8 * i));
	ret_id[6] = (uint8_t)(0x70 | last->counter >> 8);
	ret_id[7] = (uint8_t)(last->counter & 0xff);
	for (int i = 8; i < UUID_SIZE; i++)
		ret_id[i] = random[i - 6];
	ret_id[8] = (uint8_t)(0x80 | (ret_id[8] & 0x3f));
}

void uuid7_resume(struct uuid7 *last, const uint8_t id[UUID_SIZE])
{
	struct uuid7 at = { .counter = (uint16_t)((id[6] & 0x0f) << 8 | id[7]) };

	for (int i = 0; i < 6; i++)
		at.ms = at.ms << 8 | id[i];
	if (at.ms > last->ms || (at.ms == last->ms && at.counter > last->counter))
		*last = at;
}

void uuid7_text(const uint8_t id[UUID_SIZE], char ret_text[UUID_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *to = ret_text;

	for (int i = 0; i < UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = digits[id[i] >> 4];
		*to++ = digits[id[i] & 0x0f];
	}
	*to = '\0';
}
