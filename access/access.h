/*
 * Who is asking, and whether they may: decided for every route in one place.
 *
 * A person comes with the cookie of a session, a program with a key. Both are
 * looked up in the database and then known to this worker for five seconds, or
 * until a notice on the channel "yaoku_access" says that something has changed;
 * so a disabled account is out within a second, and a scan costs no look-up.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "access/token.h"
#include "core/endpoint.h"

struct access;
struct event_base;

/* The channel to LISTEN on; what comes there is for access_notice(). */
#define ACCESS_CHANNEL "yaoku_access"

/* Who asks: what http_call_caller() of an admitted call points to. Lives as long as the call. */
struct access_caller {
	int32_t account;
	enum role role;         /* one bit */
	int32_t pharmacy;       /* 0: none, or the whole district */
	int32_t supplier;       /* 0: none */
	bool program;           /* a key, not a person */
	const char *name;       /* as shown to others */
	const char *csrf;       /* of the session; NULL for a program */
	const uint8_t *session; /* SHA-256 of the cookie; NULL for a program */
};

/*
 * Begin to know who asks; `db` is asked and must outlive it. It is the `arg` of
 * access_admit() and of the handlers in access_routes. Release with
 * access_close() after the last call was answered, before the database.
 */
struct access *access_open(struct event_base *base, struct db *db);

/* Release; log-ins under way are answered ERR_CANCELLED. Accepts NULL. */
void access_close(struct access *access);

/*
 * The router's `admit` (core/endpoint.h); `access` is the struct. Ends in
 * endpoint_proceed(), or in http_fail() with ERR_UNAUTHENTICATED, ERR_FORBIDDEN,
 * ERR_CSRF or ERR_CROSS_ORIGIN. Fills http_call_scope().
 */
void access_admit(struct http_call *call, const struct endpoint *endpoint, void *access);

/* A notice on ACCESS_CHANNEL: forget the session it names, or everybody. */
void access_notice(struct access *access, const char *payload);

/* Notices may have been missed (the listening connection was made anew): forget everybody. */
void access_forget(struct access *access);

/* The word for a role (one bit), such as "manager"; "" for none. */
const char *access_role_name(enum role role);

/* The routes of sessions, users, keys and audit; ended by a row without path. */
extern const struct endpoint access_routes[];

#endif
