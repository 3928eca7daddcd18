/*
 * An arena is a list of blocks, newest first. The first block holds the arena
 * itself, so that a call which needs little costs one malloc. A piece larger
 * than a block gets a block of its own.
 */
#include "core/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

#define BLOCK_SIZE 4096

struct block {
	struct block *next;
	size_t used; /* bytes of data[] */
	size_t size;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *newest;
};

static struct block *block_new(size_t size)
{
	struct block *block = malloc(sizeof(*block) + size);

	if (block == NULL) {
		log_error("out of memory, worker ends", LOG_INT("bytes", size));
		abort();
	}
	block->next = NULL;
	block->used = 0;
	block->size = size;
	return block;
}

/* `size` rounded up so that the next piece is aligned for any type. */
static size_t rounded(size_t size)
{
	const size_t unit = alignof(max_align_t);

	assert(size <= SIZE_MAX / 2);
	return (size + unit - 1) / unit * unit;
}

static void *block_take(struct block *block, size_t size)
{
	char *piece = block->data + block->used;

	block->used += size;
	return piece;
}

struct arena *arena_new(void)
{
	struct block *block = block_new(BLOCK_SIZE - sizeof(*block));
	struct arena *arena = block_take(block, rounded(sizeof(*arena)));

	arena->newest = block;
	return arena;
}

void arena_free(struct arena *arena)
{
	struct block *block = arena != NULL ? arena->newest : NULL;

	while (block != NULL) {
		struct block *next = block->next; /* the last one holds the arena */

		free(block);
		block = next;
	}
}

/* `size` bytes as they come. */
static void *take(struct arena *arena, size_t size)
{
	struct block *block = arena->newest;

	size = rounded(size);
	if (size > block->size - block->used) {
		block = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
		block->next = arena->newest;
		arena->newest = block;
	}
	return block_take(block, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

char *arena_copy(struct arena *arena, const char *data, size_t length)
{
	char *copy = take(arena, length + 1);

	if (length != 0)
		memcpy(copy, data, length);
	copy[length] = '\0';
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *string;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(length >= 0);
	string = take(arena, (size_t)length + 1);
	va_start(args, format);
	vsnprintf(string, (size_t)length + 1, format, args);
	va_end(args);
	return string;
}
