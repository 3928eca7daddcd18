/*
 * One record of the journal as bytes:
 *
 *	"YKJ1" | length of the payload, 4 bytes | digest, 16 bytes | payload
 *
 * Numbers are little-endian. The digest is the beginning of SHA-256 over the record's place, the length and the
 * payload. Places count from a number that each segment draws for itself and that stands in its name: so neither a torn
 * or flipped record nor one copied elsewhere is taken for good, nor a code that was made to read like a record, when
 * what is around it is damaged.
 */
#ifndef WORKSTATION_RECORD_H
#define WORKSTATION_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/json.h"
#include "workstation/uuid7.h"

#define RECORD_CODE_MAX 8192
#define RECORD_HEAD 24
#define RECORD_PAYLOAD_MAX (RECORD_CODE_MAX + 1024)

enum record_type {
	RECORD_STATE = 1,  /* how things stand between two scans */
	RECORD_SCAN = 2,   /* a scan that was accepted */
	RECORD_ANSWER = 3, /* what the service said of one: definite */
	RECORD_VOID = 4,   /* a scan whose record may be there although it was refused */
};

/* Some bytes that belong to somebody else. */
struct bytes {
	const char *data;
	size_t length;
};

/* The bytes of a C string. */
struct bytes bytes_of(const char *string);

/* Do the bytes read like this string? */
bool bytes_are(struct bytes bytes, const char *string);

/* One record. Which members count follows from the type; see the table in record.c. */
struct record {
	enum record_type type;
	uint8_t id[UUID_SIZE]; /* of the scan; STATE: of the last scan */
	uint64_t sequence;     /* of the scan; STATE: of the last scan */
	int64_t at_ms;         /* milliseconds since 1970, by the workstation's clock */
	uint32_t pharmacy_id;  /* 0: not known */
	uint32_t operator_id;  /* 0: the key itself */
	uint32_t quantity;     /* STATE: for the next scan */
	struct bytes movement; /* STATE: of the next scan */
	struct bytes started;  /* STATE: the movement that the agent was started with */
	struct bytes workstation;
	struct bytes code; /* as the scanner sent it */
	struct bytes
		outcome; /* posted, replayed, held, rejected; refused: the service could not read it */
	struct bytes problem; /* its code; empty: none */
	struct bytes detail;
};

/* Add the record's bytes as they stand at `place`, the segment's base and the offset. Texts that are too long are cut, a code must fit. */
void record_write(struct text *text, uint64_t place, const struct record *record);

/*
 * Find the first good record at or after the offset *at of a segment's bytes. True: *ret_record, whose bytes lie in `data`; *at is
 * its end, *ret_skipped the damaged bytes before it. False: there is none; *ret_skipped are all that are left.
 */
bool record_next(const char *data, size_t length, uint64_t base, size_t *at,
		 struct record *ret_record, size_t *ret_skipped);

#endif
