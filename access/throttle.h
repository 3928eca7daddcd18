/*
 * How often one address may fail to log in: a bucket of 60 tries that fills
 * again by one each second; a success gives its try back. The wait of a
 * single account is counted in the database (schema/function/20_login.sql), so
 * that all workers know it. Checks of the present password before it is
 * changed count as log-ins; nothing else is counted here.
 */
#ifndef ACCESS_THROTTLE_H
#define ACCESS_THROTTLE_H

#include <stdint.h>

struct throttle;

/* All buckets full. Never NULL. Release with throttle_free(). */
struct throttle *throttle_new(void);

/* Release. Accepts NULL. */
void throttle_free(struct throttle *throttle);

/* Take one try of this address. Returns 0, or the seconds until there is one. */
unsigned throttle_take(struct throttle *throttle, const char *address, uint64_t now_ms);

/* Give one try back: the log-in was right. */
void throttle_give(struct throttle *throttle, const char *address);

#endif
