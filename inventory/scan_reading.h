/*
 * What the ledger needs to know of a scanned code: what to look the product up by, which pack it is,
 * lot and expiry; or why a person must look at it first. A code without a product is half of a box's
 * codes, when it says lot, expiry or serial, or a package, when it is an SSCC.
 */
#ifndef INVENTORY_SCAN_READING_H
#define INVENTORY_SCAN_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "inventory/scan_request.h"
#include "scanner/profile.h"

#define SCAN_LOOKUP_MAX 100

/* Texts live in the arena or are NULL. */
struct scan_reading {
	const char *
		lookup; /* GTIN-14, first 7 digits of a trace code, else the code's text; NULL: names no product */
	const char *
		pack; /* trace code, "01" GTIN "21" serial, "00" SSCC, of a half "21" serial; NULL: none */
	const char *lot; /* from the code, else from the request */
	int32_t expiry; /* days since 1970-01-01, from the code, else from the request; INT32_MIN: unknown */
	bool expiry_day_known;
	int32_t content; /* how many of its product the thing scanned holds, by (30); 0: not said */
	const char *
		problem; /* "bad_code", "needs_review": hold it; "half", "package"; NULL: let the rules decide */
	bool alone;         /* half or package: posted in its turn and by itself */
	const char *detail; /* a sentence for the person; of needs_review after its word and ": " */
};

/*
 * Decode the request's code, received on `today` (days since 1970-01-01), by a device with this profile (NULL: without
 * habits). Never fails: a code that cannot be read is held.
 */
void scan_reading_make(struct arena *arena, const struct scan_request *request,
		       const struct scan_profile *profile, int32_t today,
		       struct scan_reading *ret_reading);

#endif
