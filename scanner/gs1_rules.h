/* What the elements of one message mean for each other. */
#ifndef SCANNER_GS1_RULES_H
#define SCANNER_GS1_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/gs1.h"

/*
 * The rules that no second scan of the same item can mend: elements that
 * exclude each other, one identifier with two values, a digital signature over
 * a key without serial. Returns 0, SCAN_MUTEX, SCAN_REPEAT or SCAN_ASSOCIATION;
 * *reterr_at is where the later of the two elements stands in the scan.
 */
int gs1_check_rules(const struct gs1_message *msg, size_t *reterr_at);

/*
 * The companions of `element` are missing from this message. Another symbol on
 * the item may hold them, so this is worth a hint and never an error. The
 * companions are the row's `comes_with`.
 */
bool gs1_lacks_companion(const struct gs1_message *msg, const struct gs1_element *element);

/*
 * A value ends only with the data and reads as if it had swallowed further
 * elements: a scanner that drops separators makes that of them. The message
 * is still the strict reading; a person should confirm it.
 */
bool gs1_is_ambiguous(const struct gs1_message *msg);

#endif
