/*
 * A request's fields through a declared table (struct field, endpoint.h), apart
 * from HTTP: what fields_decode() does once it has gathered the request.
 *
 * Strict: a member that the table lacks, one that comes twice, and one of the
 * wrong type or range are refused by name ("lines[2].quantity"). JSON null is
 * the same as absent.
 */
#ifndef CORE_FIELDS_H
#define CORE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/endpoint.h"
#include "core/http_call.h"

/* The request, borrowed for the call. Results are made in `arena`. */
struct fields_request {
	struct arena *arena;
	const struct http_parameter *path;
	size_t paths;
	const struct http_parameter *query;
	size_t queries;
	const char *body;
	size_t body_length;   /* 0: no body */
	bool is_list;         /* takes `format` whether or not the table has it */
	const char *pharmacy; /* the caller's scope: an id, "*" for all, "" for none */
};

/* As fields_decode(). */
int fields_read(const struct fields_request *request, const struct field *fields,
		struct field_values *ret_values, const char **ret_detail);

#endif
