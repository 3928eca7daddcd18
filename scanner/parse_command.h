/* `yaoku parse`: one scan a line in, what it means as one JSON line out. */
#ifndef SCANNER_PARSE_COMMAND_H
#define SCANNER_PARSE_COMMAND_H

#include <stdint.h>
#include <stdio.h>

/*
 * Read scans from `in` to its end. A line is the scan itself, 0x1d for FNC1,
 * perhaps behind an AIM prefix; or a JSON object
 *
 *	{"input": TEXT | "input_base64": TEXT, "symbology": TEXT | null,
 *	 "config": {"prefix": TEXT, "suffix": TEXT, "separator": TEXT, "fault": TEXT,
 *		    "lenient": BOOL}}
 *
 * whose other members are ignored, except that "mode": "lenient" says the same
 * as the config. The texts of the config are the habits of the device (profile.h). The bracketed form is read too. Each line is answered on `out`
 * at once, with the members and codes of the contract. `today`, days since
 * 1970-01-01, decides centuries. Returns 0, or -1 with errno when reading or
 * writing fails; nothing is read behind that.
 */
int parse_command(FILE *in, FILE *out, int32_t today);

/* Answer one scan of `len` bytes on `out`; `line` is as parse_command() reads it. */
void parse_line(FILE *out, const char *line, size_t len, int32_t today);

#endif
