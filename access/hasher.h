/*
 * Password hashing beside the event loop: one thread with a short queue, so
 * that a flood of log-ins costs one core at most and never a scan. Results come
 * back on the loop. What was given is copied, and wiped when it is hashed.
 */
#ifndef ACCESS_HASHER_H
#define ACCESS_HASHER_H

#include <stdbool.h>

struct event_base;
struct hasher;

/*
 * The answer, on the loop: `right` of a check, `encoded` (living during the
 * call, NULL when out of memory) of a new hash. ERR_CANCELLED when the hasher
 * was closed first.
 */
typedef void hasher_done(int err, bool right, const char *encoded, void *arg);

/* Start the thread. Never NULL. Release with hasher_close(). */
struct hasher *hasher_open(struct event_base *base);

/* End the thread after what it is at; the rest is answered with ERR_CANCELLED. Accepts NULL. */
void hasher_close(struct hasher *hasher);

/* True when the queue takes no more: better said before anything else is done. */
bool hasher_is_full(struct hasher *hasher);

/*
 * Check a password against an encoded string; NULL, for an unknown user, takes
 * the same time and is wrong. `done` runs exactly once, later; or ERR_BUSY is
 * returned and it never runs.
 */
int hasher_check(struct hasher *hasher, const char *encoded, const char *password,
		 hasher_done *done, void *arg);

/* Hash a new password; otherwise as above. */
int hasher_hash(struct hasher *hasher, const char *password, hasher_done *done, void *arg);

#endif
