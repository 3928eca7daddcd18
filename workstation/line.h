/*
 * The line to the service: one connection, one request at a time, over evhttp.
 *
 * TLS unless the service is on this machine. Names are resolved without blocking, anew for each connection, since the
 * machine may have moved to another network. An answer has 30 seconds and 4 MiB.
 */
#ifndef WORKSTATION_LINE_H
#define WORKSTATION_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/json.h"

struct event_base;
struct line;

/* What came of a request; lives during the call only. */
struct line_answer {
	int status;      /* 0: no whole answer */
	const char *why; /* status 0: what happened, for people */
	const char *body;
	size_t length;
	unsigned retry_after_s; /* 0: not said */
};

typedef void line_answered(const struct line_answer *answer, void *arg);

/*
 * A line to `url`, https://HOST[:PORT][/PREFIX], or http:// to this machine. `ca_file` may be NULL. Nothing is
 * connected yet. False: *reterr_why says what is wrong, a constant. Release with line_free().
 */
bool line_open(struct event_base *base, const char *url, const char *ca_file,
	       struct line **ret_line, const char **reterr_why);

/* Release; a request under way is not answered any more. Accepts NULL. */
void line_free(struct line *line);

/*
 * Send one request, with `key` as its bearer token: POST of the JSON `body`, or GET when it is NULL; both are copied.
 * `answered` is called exactly once, never from in here. Only one at a time.
 */
void line_ask(struct line *line, const char *key, const char *path, const struct text *body,
	      line_answered *answered, void *arg);

#endif
