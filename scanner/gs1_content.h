/* What a part of a value may contain: character sets, and the checks of the table. */
#ifndef SCANNER_GS1_CONTENT_H
#define SCANNER_GS1_CONTENT_H

#include <stddef.h>

#include "scanner/gs1_ai.h"

/*
 * Check a part's characters, and then its content. `len` is within the part's
 * bounds. Returns 0 or an enum scan_error, with the offset of the first
 * offending byte in *reterr_at.
 */
int gs1_content_check(const struct gs1_part *part, const char *s, size_t len, size_t *reterr_at);

#endif
