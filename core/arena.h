/*
 * Request memory: many small pieces, released together.
 *
 * Allocation never returns NULL: exhaustion aborts the worker, whose parent
 * starts another; so handlers have no out-of-memory branches.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>

struct arena;

/* A new, empty arena. Release with arena_free(). */
struct arena *arena_new(void);

/* Release the arena and all that came from it. Accepts NULL. */
void arena_free(struct arena *arena);

/* `size` zeroed bytes, aligned for any type, alive as long as the arena. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *data, size_t length);

/* A formatted string. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
