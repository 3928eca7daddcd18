/*
 * The Chinese drug trace code 药品追溯码 in its common form, 20 digits: 8 and
 * six more identify the drug and pack level, nine the pack, four check the
 * whole by an algorithm that is not public (NMPAB/T 1002-2019).
 */
#ifndef SCANNER_TRACE_CODE_H
#define SCANNER_TRACE_CODE_H

#include <stdbool.h>
#include <stddef.h>

#define TRACE_CODE_DIGITS 20
#define TRACE_CODE_DRUG_DIGITS 7 /* the drug identifier, 药品标识码 */

/* All that can be checked without the platform: 20 digits, the first an 8. */
bool trace_code_is_valid(const char *s, size_t len);

/*
 * Not valid, but hardly anything else in the symbol of trace codes: 20 digits,
 * or the 8 and one digit too few or too many, or one other character among them.
 * *ret_at is the offset of the first offending byte.
 */
bool trace_code_is_damaged(const char *s, size_t len, size_t *ret_at);

/* The drug identifier at the front of a valid trace code, and a NUL. */
void trace_code_drug(const char *code, char ret_drug[TRACE_CODE_DRUG_DIGITS + 1]);

#endif
