/*
 * The form people read and type: (01)09501101530003(10)AB or, because lots may
 * hold round brackets, [01]09501101530003[10]AB. No scanner sends it: it is for
 * labels and entry by hand.
 */
#ifndef SCANNER_BRACKETED_H
#define SCANNER_BRACKETED_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/gs1.h"

/* The text is, or begins to be, in this form. */
bool bracketed_begins(const char *text, size_t len);

/*
 * Append the elements of a text in this form. In the round form \( is a bracket
 * within a value. `at` is the offset of the text in the scan. Returns 0 or an
 * enum scan_error with the offset, within the scan, of the first offending byte.
 */
int bracketed_read(struct gs1_message *msg, const char *text, size_t len, size_t at,
		   size_t *reterr_at);

#endif
