/*
 * UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates.
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed sequence at `data`, looking at `left` bytes at most; 0 if there is none. */
size_t utf8_sequence(const char *data, size_t left);

/* Characters in `length` bytes; false, *ret_count untouched, when they are not UTF-8. */
bool utf8_count(const char *data, size_t length, size_t *ret_count);

#endif
