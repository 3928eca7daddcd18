/* What the files of access/ share. */
#ifndef ACCESS_ACCESS_PRIVATE_H
#define ACCESS_ACCESS_PRIVATE_H

#include "access/access.h"
#include "access/hasher.h"
#include "access/identity.h"
#include "access/throttle.h"

struct access {
	struct db *db;
	struct hasher *hasher;
	struct throttle *throttle;
	struct identity_cache *known;
	unsigned generation; /* counts what made us forget, so that older answers are not kept */
};

/* The session cookie's name on this connection (contract: __Host- over TLS). */
const char *access_cookie_name(const struct http_call *call);

/* The role of this word, or 0. */
enum role access_role_of(const char *name);

/* Refuse a call until so many seconds have passed, 429. Consumes the call. */
void access_refuse_for(struct http_call *call, const char *seconds);

/* Take one of the tries of the call's address; false when there is none and the call was refused. */
bool access_take_try(struct access *access, struct http_call *call);

/* The handlers in access_routes; `arg` is the struct access. */
void session_post(struct http_call *call, void *arg);
void session_get(struct http_call *call, void *arg);
void session_delete(struct http_call *call, void *arg);
void user_post(struct http_call *call, void *arg);
void user_password(struct http_call *call, void *arg);
void key_post(struct http_call *call, void *arg);

#endif
