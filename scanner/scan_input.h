/*
 * What the three steps of scan_decode() share: cleaning (scan.c), finding out
 * the kind (scan_kind.c), reading the elements (scan_fields.c). Not for callers.
 */
#ifndef SCANNER_SCAN_INPUT_H
#define SCANNER_SCAN_INPUT_H

#include "scanner/aim.h"
#include "scanner/scan.h"

/* The part of a scan that is not yet dealt with. */
struct scan_input {
	const char *data;
	size_t len;
	size_t at;                          /* where `data` stands in the scan */
	const struct scan_options *options; /* the caller's */
};

/*
 * Take what scanners and pages put around a scan off both ends; returns the bytes taken in
 * front.
 */
size_t scan_trim(const char **data, size_t *len);

/* Leave the first `n` bytes behind. */
void scan_skip(struct scan_input *in, size_t n);

/* The rest begins with `text`. */
bool scan_begins(const struct scan_input *in, const char *text);

/* Note a hint about element number `element`; more than there is room for are dropped. */
void scan_add_hint(struct scan_code *code, enum scan_hint_kind kind, size_t element);

/*
 * Find out what kind of code cleaned data is, by its carrier where that says
 * so, and read it into the code's kind and message. Errors as scan_decode().
 */
int scan_classify(struct scan_input *in, enum aim_carrier carrier, struct scan_code *code,
		  size_t *reterr_at);

/* Draw lot, expiry and the other members out of the message, and the hints. */
void scan_fill_in(struct scan_code *code, int32_t today);

#endif
