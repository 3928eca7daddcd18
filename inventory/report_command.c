#include "inventory/report_command.h"

#include <string.h>

#include "core/db_sync.h"
#include "schema/queries.h"

enum column_type { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_DECIMAL };

struct column {
	const char *name;
	enum column_type type;
};

static const struct column turnover_columns[] = {
	{ "key", COLUMN_TEXT },
	{ "label", COLUMN_TEXT },
	{ "dispensed_quantity", COLUMN_INTEGER },
	{ "dispensed_value", COLUMN_DECIMAL },
	{ "mean_inventory_value", COLUMN_DECIMAL },
	{ "turnover", COLUMN_DECIMAL },
	{ "days_of_stock", COLUMN_DECIMAL },
	{ NULL, COLUMN_TEXT },
};

static const struct column expiry_loss_columns[] = {
	{ "key", COLUMN_TEXT },
	{ "label", COLUMN_TEXT },
	{ "written_off_quantity", COLUMN_INTEGER },
	{ "written_off_value", COLUMN_DECIMAL },
	{ "other_write_off_quantity", COLUMN_INTEGER },
	{ "other_write_off_value", COLUMN_DECIMAL },
	{ "purchased_value", COLUMN_DECIMAL },
	{ "write_off_rate", COLUMN_DECIMAL },
	{ "expired_on_shelf_quantity", COLUMN_INTEGER },
	{ "expired_on_shelf_value", COLUMN_DECIMAL },
	{ NULL, COLUMN_TEXT },
};

static const struct report {
	const char *name;
	const struct db_statement *statement;
	const struct column *columns; /* as the statement's, ended by a row without name */
} reports[] = {
	{ "turnover", &sql_report_turnover, turnover_columns },
	{ "expiry-loss", &sql_report_expiry_loss, expiry_loss_columns },
};

static const char *const groupings[] = { "pharmacy", "product", "supplier", "month" };

/* --- one value --- */

/* A JSON string; what comes from the database is valid UTF-8. */
static void put_json_string(FILE *out, const char *value)
{
	fputc('"', out);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else if ((unsigned char)*value < 0x20)
			fprintf(out, "\\u%04x", (unsigned)*value);
		else
			fputc(*value, out);
	}
	fputc('"', out);
}

static void put_json(FILE *out, const struct column *column, const char *value)
{
	if (value == NULL)
		fputs("null", out);
	else if (column->type == COLUMN_INTEGER)
		fputs(value, out);
	else
		put_json_string(out, value);
}

/* A CSV cell (RFC 4180); a text that a spreadsheet would take for a formula gets an apostrophe. */
static void put_csv(FILE *out, const struct column *column, const char *value)
{
	if (value == NULL)
		return;
	if (column->type != COLUMN_TEXT) {
		fputs(value, out);
		return;
	}
	fputc('"', out);
	if (*value != '\0' && strchr("=+-@", *value) != NULL)
		fputc('\'', out);
	for (; *value != '\0'; value++) {
		if (*value == '"')
			fputc('"', out);
		fputc(*value, out);
	}
	fputc('"', out);
}

/* --- the whole --- */

static void print_json(FILE *out, const struct column *columns, const struct db_sync_rows *rows)
{
	fputs("{\"items\":[", out);
	for (int row = 0; row < db_sync_count(rows); row++) {
		fputs(row > 0 ? ",\n{" : "\n{", out);
		for (int i = 0; columns[i].name != NULL; i++) {
			fprintf(out, "%s\"%s\":", i > 0 ? "," : "", columns[i].name);
			put_json(out, &columns[i], db_sync_value(rows, row, i));
		}
		fputc('}', out);
	}
	fputs("],\"next\":null}\n", out);
}

static void print_csv(FILE *out, const struct column *columns, const struct db_sync_rows *rows)
{
	fputs("\xef\xbb\xbf", out);
	for (int i = 0; columns[i].name != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", columns[i].name);
	fputs("\r\n", out);
	for (int row = 0; row < db_sync_count(rows); row++) {
		for (int i = 0; columns[i].name != NULL; i++) {
			if (i > 0)
				fputc(',', out);
			put_csv(out, &columns[i], db_sync_value(rows, row, i));
		}
		fputs("\r\n", out);
	}
}

/* Numbers to the right under their names, and the label last, because its width on a screen is unknown. */
static void print_table(FILE *out, const struct column *columns, const struct db_sync_rows *rows)
{
	enum { LABEL = 1 };

	for (int row = -1; row < db_sync_count(rows); row++) {
		for (int i = 0; columns[i].name != NULL; i++) {
			const char *value = row < 0 ? columns[i].name : db_sync_value(rows, row, i);

			if (i != LABEL)
				fprintf(out, "%*s  ",
					(int)strlen(columns[i].name) + (i == 0 ? 5 : 0),
					value != NULL ? value : "-");
		}
		fprintf(out, "%s\n", row < 0 ? "label" : db_sync_value(rows, row, LABEL));
	}
}

static const struct report *find(const struct report_request *request)
{
	size_t i = 0, group = 0;

	while (i < sizeof(reports) / sizeof(reports[0]) &&
	       strcmp(reports[i].name, request->name) != 0)
		i++;
	if (i == sizeof(reports) / sizeof(reports[0])) {
		fprintf(stderr,
			"yaoku: there is no report \"%.60s\"; there are turnover and expiry-loss\n",
			request->name);
		return NULL;
	}
	while (request->group_by != NULL && group < 4 &&
	       strcmp(groupings[group], request->group_by) != 0)
		group++;
	if (group == 4) {
		fprintf(stderr,
			"yaoku: cannot group by \"%.60s\"; pharmacy, product, supplier or month\n",
			request->group_by);
		return NULL;
	}
	return &reports[i];
}

int report_command(const char *conninfo, const struct report_request *request, FILE *out)
{
	static void (*const print[])(FILE *, const struct column *, const struct db_sync_rows *) = {
		[REPORT_TABLE] = print_table,
		[REPORT_CSV] = print_csv,
		[REPORT_JSON] = print_json,
	};
	const char *args[] = { request->from, request->to, request->group_by, request->pharmacy };
	const struct report *report = find(request);
	struct db_sync_rows *rows = NULL;
	struct db_sync *db = NULL;
	int err;

	if (report == NULL)
		return 2;
	err = db_sync_open(conninfo, &db);
	if (err == 0)
		err = db_sync_ask(db, report->statement, args, &rows);
	if (err == 0)
		print[request->format](out, report->columns, rows);
	else
		fprintf(stderr, "yaoku: cannot report: %s\n", db_sync_error(db));
	db_sync_rows_free(rows);
	db_sync_close(db);
	return err == 0 ? 0 : 3;
}
