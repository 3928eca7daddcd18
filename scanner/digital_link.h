/*
 * GS1 Digital Link: a web address whose path ends in a key and its qualifiers,
 * /01/GTIN/10/LOT/21/SERIAL, and whose query may hold further elements. It is
 * only text here: nothing ever opens it.
 */
#ifndef SCANNER_DIGITAL_LINK_H
#define SCANNER_DIGITAL_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/gs1.h"

/* Where the parts of a web address stand; offsets from its first byte. */
struct link_parts {
	size_t host;
	size_t path; /* the slash behind the host */
	size_t path_end;
	size_t query; /* behind the question mark; path_end when there is none */
	size_t query_end;
	size_t key; /* the slash before the key; set by digital_link_find */
};

/* The text begins as http or https address, in one case throughout. */
bool digital_link_is_url(const char *url, size_t len);

/*
 * The address has a GS1 key in its path: the rightmost counts. False for any
 * other address, which then is no Digital Link but plain text.
 */
bool digital_link_find(const char *url, size_t len, struct link_parts *ret_parts);

/*
 * An address that is no Digital Link and yet holds a GS1 key with a right check
 * digit: no host, a slash too many, a foreign identifier behind the key, or the
 * key as a word, as it once was allowed. Then *ret_at is the offset of the key.
 */
bool digital_link_is_damaged(const char *url, size_t len, size_t *ret_at);

/*
 * Append the elements of an address in which digital_link_find() found `parts`,
 * those of the path first. `at` is the offset of the address in the scan. When
 * `lenient`, a GTIN of 8, 12 or 13 digits is padded to 14. Returns 0 or an enum
 * scan_error with the offset, within the scan, of the first offending byte.
 */
int digital_link_read(struct gs1_message *msg, const char *url, const struct link_parts *parts,
		      size_t len, size_t at, bool lenient, size_t *reterr_at);

#endif
