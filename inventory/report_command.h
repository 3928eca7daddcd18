/*
 * `yaoku report`: a report on standard output, as a table, as CSV or as JSON.
 */
#ifndef INVENTORY_REPORT_COMMAND_H
#define INVENTORY_REPORT_COMMAND_H

#include <stdio.h>

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON };

struct report_request {
	const char *name; /* turnover, expiry-loss */
	const char *from; /* YYYY-MM-DD, checked by the server */
	const char *to;
	const char *group_by; /* pharmacy, product, supplier, month; NULL: pharmacy */
	const char *pharmacy; /* id, or NULL for all */
	enum report_format format;
};

/*
 * Ask the database of `conninfo`, with the rights of yaoku_auditor, and print. Returns the exit code: 0, 2
 * when there is no such report or grouping (one line on standard error), 3 when the database cannot be reached or
 * does not understand the dates.
 */
int report_command(const char *conninfo, const struct report_request *request, FILE *out);

#endif
