#include "inventory/verify_command.h"

#include <stdbool.h>

#include "core/db_sync.h"
#include "schema/queries.h"

enum { RULE, LOOKED_AT, WRONG, FIRST_BAD, UNSEALED };

/* Print one rule's line; true when it holds. */
static bool print_rule(const struct db_sync_rows *rows, int row, FILE *out)
{
	const char *bad = db_sync_value(rows, row, FIRST_BAD);

	fprintf(out, "%-10s %10s looked at, %s wrong\n", db_sync_value(rows, row, RULE),
		db_sync_value(rows, row, LOOKED_AT), db_sync_value(rows, row, WRONG));
	if (bad != NULL)
		fprintf(out, "  first: %s\n", bad);
	return bad == NULL;
}

static int print_all(const struct db_sync_rows *rows, FILE *out)
{
	bool holds = true;

	for (int row = 0; row < db_sync_count(rows); row++)
		holds = print_rule(rows, row, out) && holds;
	fprintf(out, "%-10s %10s movements\n", "unsealed", db_sync_value(rows, 0, UNSEALED));
	fputs(holds ? "the ledger is whole\n" : "the ledger is NOT whole\n", out);
	return holds ? 0 : 1;
}

int verify_command(const char *conninfo, FILE *out)
{
	struct db_sync_rows *rows = NULL;
	struct db_sync *db = NULL;
	int err = db_sync_open(conninfo, &db);
	int code = 3;

	if (err == 0)
		err = db_sync_ask(db, &sql_verify_ledger, NULL, &rows);
	if (err == 0)
		code = print_all(rows, out);
	else
		fprintf(stderr, "yaoku: cannot verify: %s\n", db_sync_error(db));
	db_sync_rows_free(rows);
	db_sync_close(db);
	return code;
}
