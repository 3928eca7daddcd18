/*
 * The two ends of POST /scans: the body that asks, and the results that answer. An answer counts only when it is
 * whole, says exactly one thing of a scan, and says it in words we know; else the scan waits on.
 */
#ifndef WORKSTATION_ANSWERS_H
#define WORKSTATION_ANSWERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/json.h"
#include "workstation/record.h"

/* Add one scan of the array to the body. */
void answers_put_scan(struct text *body, const struct record *scan);

/* What the service says of one scan. The texts live as long as the answers. */
struct answer {
	const char *outcome; /* posted, replayed, held or rejected */
	const char *problem; /* its code, or "" */
	const char *detail;  /* of the problem, or "" */
	const char *product; /* its name, or "" */
};

/* Read a body. NULL: it is no such answer. Release with json_decref(). */
json_t *answers_read(const char *body, size_t length);

/* The one result for this id. False: there is none, or two, or it says nothing definite. */
bool answers_find(const json_t *answers, const uint8_t id[UUID_SIZE], struct answer *ret_answer);

/*
 * The code of a problem document (RFC 9457) that says that the request could not be read, such as "invalid_member";
 * false for anything else. *ret_detail: which part, or "". The texts are cut to their buffers.
 */
bool answers_refusal(const char *body, size_t length, char ret_code[64], char ret_detail[300]);

/* Read GET /session: *ret_pharmacy_id is the key's pharmacy, 0 when it has none. False: it is no such answer. */
bool answers_pharmacy(const char *body, size_t length, uint32_t *ret_pharmacy_id);

#endif
