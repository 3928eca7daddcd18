/*
 * What can go wrong, in one list: enumerator, HTTP status, stable code, text.
 *
 * A function returns 0 or an ERR_* of this list. The code is what a client may
 * rely on (RFC 9457 `code`); the text says what happened and what to do next.
 * Functions of the schema name a problem by its code, see err_of_code().
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#define ERR_LIST(X)                                                                                \
	X(BAD_REQUEST, 400, "bad_request",                                                         \
	  "The request cannot be read; correct it and send it again")                              \
	X(BAD_FRAMING, 400, "bad_framing",                                                         \
	  "The request's framing is not acceptable; the connection is closed")                     \
	X(INVALID_JSON, 400, "invalid_json", "The body is not valid JSON")                         \
	X(UNKNOWN_MEMBER, 400, "unknown_member",                                                   \
	  "The request has a member that this call does not know")                                 \
	X(DUPLICATE_MEMBER, 400, "duplicate_member", "The request names a member twice")           \
	X(MISSING_MEMBER, 400, "missing_member",                                                   \
	  "The request lacks a member that this call needs")                                       \
	X(INVALID_MEMBER, 400, "invalid_member",                                                   \
	  "A member has a value of the wrong type or range")                                       \
	X(UNAUTHENTICATED, 401, "unauthenticated", "Log in, or send a valid API key")              \
	X(WRONG_PASSWORD, 401, "wrong_password", "The user name or the password is wrong")         \
	X(FORBIDDEN, 403, "forbidden", "Your role does not allow this")                            \
	X(WRONG_PHARMACY, 403, "wrong_pharmacy", "This belongs to another pharmacy")               \
	X(CSRF, 403, "csrf", "The X-CSRF-Token header is missing or wrong; log in again")          \
	X(CROSS_ORIGIN, 403, "cross_origin", "A page of another site sent this; refused")          \
	X(NOT_FOUND, 404, "not_found", "There is nothing under this address")                      \
	X(METHOD_NOT_ALLOWED, 405, "method_not_allowed", "This address does not take this method") \
	X(CONFLICT, 409, "conflict", "The present state does not allow this")                      \
	X(ID_CONFLICT, 409, "id_conflict",                                                         \
	  "This id was used before with other content; make a new id")                             \
	X(URI_TOO_LONG, 414, "uri_too_long", "The address is too long; send less in it")           \
	X(HEADERS_TOO_LARGE, 431, "headers_too_large",                                             \
	  "The request's headers are too large; send fewer or shorter ones")                       \
	X(TOO_LARGE, 413, "too_large", "The body is larger than 1 MiB; send it in parts")          \
	X(UNSUPPORTED_MEDIA, 415, "unsupported_media_type", "Send the body as application/json")   \
	X(NOT_ACCEPTABLE, 406, "not_acceptable", "This format is not offered")                     \
	X(TOO_MANY, 429, "too_many_requests", "Too many tries; wait as long as Retry-After says")  \
	X(INTERNAL, 500, "internal",                                                               \
	  "The service failed; nothing was saved; the log has the request id")                     \
	X(BUSY, 503, "busy", "The service is busy; nothing was saved; try again shortly")          \
	X(DATABASE_DOWN, 503, "database_down",                                                     \
	  "The database cannot be reached; nothing was saved; try again shortly")                  \
	X(OUTCOME_UNKNOWN, 503, "outcome_unknown",                                                 \
	  "It is not known whether this was saved; send it again with the same id")                \
	X(SERIALIZATION, 503, "serialization",                                                     \
	  "Others changed the same rows; nothing was saved; try again")                            \
	X(CURSOR_AHEAD, 409, "cursor_ahead",                                                       \
	  "The cursor is beyond the feed, perhaps of another database; begin again without one")   \
	X(DUPLICATE_KEY, 409, "duplicate", "Something with this name or id is there already")      \
	X(CANCELLED, 503, "cancelled", "The service is stopping; nothing was saved; try again")    \
	X(NO_MEMORY, 503, "no_memory", "The service is out of memory; nothing was saved; try again")

enum err {
	ERR_NONE = 0,
#define X(name, status, code, text) ERR_##name,
	ERR_LIST(X)
#undef X
		ERR_COUNT
};

/* The HTTP status of an error; 200 for ERR_NONE. */
int err_status(int err);

/* The stable code of an error, such as "wrong_pharmacy". Never NULL. */
const char *err_code(int err);

/* One English sentence: what happened and what to do. Never NULL. */
const char *err_text(int err);

/* The error with this code, or ERR_CONFLICT when the list does not have it (a business problem). */
int err_of_code(const char *code);

#endif
