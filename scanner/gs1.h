/*
 * GS1 element strings: application identifier, value, application identifier,
 * value … A value ends at its predefined length, at FNC1 (sent as 0x1d), or at
 * the end. Values are read strictly: a lost separator is never guessed at.
 */
#ifndef SCANNER_GS1_H
#define SCANNER_GS1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/gs1_ai.h"

#define GS1_FNC1 '\x1d'
#define GS1_ELEMENTS_MAX 64 /* a label that is read at all holds fewer */
#define GS1_TEXT_MAX 8192   /* all values, each with its NUL: never more than a scan */

struct gs1_element {
	const struct gs1_ai *rule; /* static row of the table */
	char ai[GS1_AI_MAX + 1];
	uint16_t at;    /* offset of the identifier in the scan */
	uint16_t value; /* offset of the value in the message's text */
	uint16_t len;   /* bytes of the value */
};

/*
 * The elements of one scan in the order they were read. Plain value: nothing
 * inside to release. Behind `count` and `text_len` nothing is initialised.
 */
struct gs1_message {
	uint16_t count;
	uint16_t text_len;
	bool separated; /* a separator was seen: this scanner sends them */
	struct gs1_element element[GS1_ELEMENTS_MAX];
	char text[GS1_TEXT_MAX];
};

/* Make `msg` an empty message. */
void gs1_init(struct gs1_message *msg);

/*
 * Split an element string and append its elements to `msg`. `at` is where the
 * string stands in the scan, for the elements' offsets. A leading FNC1 is not
 * expected; one behind any element, even the last, is tolerated, two only when
 * `lenient`. Returns 0 or an enum scan_error with the offset, within the
 * scan, of the first offending byte.
 */
int gs1_read(struct gs1_message *msg, const char *data, size_t len, size_t at, bool lenient,
	     size_t *reterr_at);

/*
 * Check a whole value by its identifier's rule. Returns 0 or an enum scan_error
 * with the offset of the first offending byte within the value.
 */
int gs1_check_value(const struct gs1_ai *rule, const char *value, size_t len, size_t *reterr_at);

/*
 * Append one element whose value came by another way: a link, brackets, a plain
 * barcode. The whole value is checked. `ai` is the identifier as written, `at`
 * its offset in the scan. Returns 0 or an enum scan_error with the offset of the
 * first offending byte within the value.
 */
int gs1_add(struct gs1_message *msg, const char *ai, const struct gs1_ai *rule, size_t at,
	    const char *value, size_t len, size_t *reterr_at);

/* The value of an element, NUL-terminated, owned by `msg`. */
const char *gs1_value(const struct gs1_message *msg, const struct gs1_element *element);

/* The value of the first element with this identifier, or NULL. */
const char *gs1_find(const struct gs1_message *msg, const char *ai);

#endif
