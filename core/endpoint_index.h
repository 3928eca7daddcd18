/*
 * Finding the row of a path: rows without parameters by binary search, the
 * others among those with as many path words. Pure.
 */
#ifndef CORE_ENDPOINT_INDEX_H
#define CORE_ENDPOINT_INDEX_H

#include <stddef.h>

#include "core/arena.h"
#include "core/endpoint.h"
#include "core/http_call.h"

#define ENDPOINT_PARAMETERS 4

struct endpoint_index;

/* What was found for one path. */
struct endpoint_match {
	const struct endpoint *endpoint; /* NULL: none takes this method */
	unsigned methods;                /* all that the path takes, as bits; 0: no such path */
	struct http_parameter parameters[ENDPOINT_PARAMETERS];
	size_t count;
};

/* An index of all rows of a NULL-ended list of tables. Two rows of one method and path abort. */
struct endpoint_index *endpoint_index_new(const struct endpoint *const *tables);

/* Release. Accepts NULL. */
void endpoint_index_free(struct endpoint_index *index);

/* Find the row for method and path; parameter values are copied into the arena. */
void endpoint_index_find(const struct endpoint_index *index, enum http_method method,
			 const char *path, struct arena *arena, struct endpoint_match *ret_match);

#endif
