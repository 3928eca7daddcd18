/*
 * The body of POST /scans, read through one declared table of members.
 */
#ifndef INVENTORY_SCAN_REQUEST_H
#define INVENTORY_SCAN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

#define SCAN_REQUESTS_MAX 1000
#define SCAN_QUANTITY_MAX 100000
#define SCAN_CODE_MAX 8192

/* One scan as it was sent. Absent: NULL, 0, or the value named. Texts live in the arena. */
struct scan_request {
	const char *id;       /* UUID of the client, in text form */
	const char *movement; /* one of the words of movement_rule */
	const char *code;     /* bytes of the code, from `code` or `code_base64` */
	size_t code_length;
	const char *symbology; /* AIM prefix or label name */
	const char *lot;
	const char *expiry; /* YYYY-MM-DD, checked */
	const char *reason;
	const char *workstation;
	const char *scanned_at; /* RFC 3339, checked */
	int64_t quantity;       /* of the thing scanned; 1 unless told */
	int64_t order_id;       /* 0: none */
	int64_t sequence;       /* -1: none */
	int64_t pharmacy_id;    /* 0: the sender's */
	int64_t operator_id;    /* 0: the sender */
};

/*
 * Read one object or an array of at most 1,000. Returns 0 and the requests, in order, in the arena;
 * or ERR_INVALID_JSON, ERR_UNKNOWN_MEMBER, ERR_DUPLICATE_MEMBER, ERR_MISSING_MEMBER, ERR_INVALID_MEMBER
 * with *reterr_detail naming the member ("[3].quantity: …"). *ret_single: it was one object.
 */
int scan_requests_decode(struct arena *arena, const char *body, size_t length,
			 struct scan_request **ret_requests, size_t *ret_count, bool *ret_single,
			 const char **reterr_detail);

/*
 * The first 16 bytes of SHA-256 over what must not change under the same id: movement, code, symbology,
 * quantity, lot, expiry, order_id, reason, each with its length.
 */
void scan_request_payload(const struct scan_request *request, uint8_t ret_payload[16]);

#endif
