/*
 * Values as they stand in requests: UUIDs, days, moments, numbers, base64. Each
 * reader takes the whole text or refuses it, and knows no locale.
 */
#ifndef CORE_VALUE_H
#define CORE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read the canonical form of a UUID (RFC 9562 section 4), either case. */
bool value_uuid(const char *text, uint8_t ret_uuid[16]);

/* Read YYYY-MM-DD of a day that exists, years 1900 to 9999; *ret_days counts from 1970-01-01. */
bool value_date(const char *text, int32_t *ret_days);

/* Read an RFC 3339 moment, with offset; *ret_microseconds counts from 1970-01-01 UTC. A leap second is the next. */
bool value_time(const char *text, int64_t *ret_microseconds);

/* Read a decimal integer of the type's range, without sign `+`, leading zeros or spaces. */
bool value_integer(const char *text, int64_t *ret_number);

/*
 * Decode base64 (RFC 4648 section 4, padded) into `ret_data`, which has room for `length` / 4 * 3
 * bytes. Returns the number of bytes, or -1.
 */
long value_base64(const char *text, size_t length, uint8_t *ret_data);

#endif
