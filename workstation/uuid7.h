/*
 * Ids of scans: UUID version 7 (RFC 9562 section 5.7), in the order in which they are made, even when the
 * clock is set back or stands still.
 */
#ifndef WORKSTATION_UUID7_H
#define WORKSTATION_UUID7_H

#include <stdint.h>

#define UUID_SIZE 16
#define UUID_TEXT_SIZE 37

/* Where the ids are: those made later are greater. Zero-initialised: nowhere yet. */
struct uuid7 {
	int64_t ms;       /* of the last id */
	uint16_t counter; /* of the last id, 12 bits */
};

/* The next id, of `now_ms` (milliseconds since 1970) unless the last one was later. */
void uuid7_next(struct uuid7 *last, int64_t now_ms, uint8_t ret_id[UUID_SIZE]);

/* Go on after `id`, which an earlier process made; an older one changes nothing. */
void uuid7_resume(struct uuid7 *last, const uint8_t id[UUID_SIZE]);

/* The canonical text. */
void uuid7_text(const uint8_t id[UUID_SIZE], char ret_text[UUID_TEXT_SIZE]);

#endif
