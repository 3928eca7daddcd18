/*
 * What a poll of the feed is answered with: JSON, CSV or 304.
 */
#ifndef REPLENISH_FEED_ANSWER_H
#define REPLENISH_FEED_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/db.h"
#include "core/http.h"

/* Where a poll stands: all that its answer says besides the orders. */
struct feed_mark {
	int64_t cursor;     /* read up to */
	const char *status; /* the filter, "" for none */
};

/* True when the client said, by If-None-Match, that it has what this mark stands for. */
bool feed_is_known(struct http_call *call, const struct feed_mark *mark);

/*
 * Answer with these orders, a JSON array, in the form the client asked for, and
 * consume the call; 304 when the mark is known. `db` is asked once more for
 * CSV. Nothing is kept of the arguments.
 */
void feed_answer(struct http_call *call, struct db *db, const struct feed_mark *mark,
		 const char *orders);

#endif
