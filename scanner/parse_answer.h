/* What a scan means, written as the JSON line of the contract. */
#ifndef SCANNER_PARSE_ANSWER_H
#define SCANNER_PARSE_ANSWER_H

#include <stddef.h>
#include <stdio.h>

#include "scanner/scan.h"

/* Write one line for a decoded scan; members that are not known are left out. */
void parse_answer(FILE *out, const struct scan_code *code);

/* Write one line for a scan that failed with `err` at byte `at`. */
void parse_answer_error(FILE *out, int err, size_t at);

#endif
