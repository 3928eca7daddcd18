/*
 * Tables of named rows. A failure names the row and the line it stands in; the
 * environment variable ROW, part of a name, runs the rows that contain it.
 */
#ifndef TESTS_UNIT_TEST_ROWS_H
#define TESTS_UNIT_TEST_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *name;
	int line;
};

/* clang-format off */
#define ROW(name) { name, __LINE__ }

/* The loop over a table, `foreach(r, rows) { … }`; its rows' first member is `row`. */
#define foreach(r, rows) \
	for (const __typeof__(*(rows)) *r = (rows); \
	     r < (rows) + sizeof(rows) / sizeof(*(rows)); r++) \
		if (row_is_wanted(&r->row))

/* Fail unless `condition`; the message is printf-like. */
#define row_check(r, condition, ...) \
	do { \
		if (!(condition)) { \
			print_error("%s:%d: \"%s\": ", __FILE__, (r)->row.line, (r)->row.name); \
			fail_msg(__VA_ARGS__); \
		} \
	} while (0)
/* clang-format on */

static inline bool row_is_wanted(const struct row *row)
{
	const char *wanted = getenv("ROW");

	return wanted == NULL || strstr(row->name, wanted) != NULL;
}

#endif
