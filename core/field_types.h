/*
 * What one field's value must look like. Pure functions on text and on jansson
 * values; each writes the value as PostgreSQL shall get it.
 */
#ifndef CORE_FIELD_TYPES_H
#define CORE_FIELD_TYPES_H

#include <jansson.h>
#include <stdbool.h>

#include "core/arena.h"
#include "core/endpoint.h"

/*
 * Check a value given as text (path, query). Returns the value to pass on, in the arena or
 * borrowed, or NULL when it is not one of the field's type and range.
 */
const char *field_from_text(struct arena *arena, const struct field *field, const char *text);

/* The same for a JSON value that is neither null nor of type FIELD_ITEMS. */
const char *field_from_json(struct arena *arena, const struct field *field, const json_t *value);

/* True when `count` array members are as many as the field allows (1,000 unless it says otherwise). */
bool field_count_fits(const struct field *field, size_t count);

/* A JSON value as compact text in the arena. */
const char *field_dump(struct arena *arena, const json_t *value);

#endif
