#include "service/data_command.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/account_command.h"
#include "core/db_sync.h"
#include "core/log.h"
#include "inventory/report_command.h"
#include "inventory/verify_command.h"
#include "service/database.h"
#include "service/options.h"

#define EXIT_USAGE 2
#define EXIT_UNREACHABLE 3

/* One command at work: what is left of its words, and the database it works with. */
struct data_command {
	struct options options;
	struct database database;
	int argc;
	char **argv;
};

typedef int data_command_run(struct data_command *command);

static int complain(int exit_code, const char *text)
{
	fprintf(stderr, "yaoku: %s\n", text);
	return exit_code;
}

static int with_database(struct data_command *command, data_command_run *run)
{
	char error[OPTIONS_ERROR];
	int exit_code;

	if (database_open(&command->database, &command->options, error, sizeof(error)) != 0)
		return complain(EXIT_UNREACHABLE, error);
	exit_code = run(command);
	database_close(&command->database);
	return exit_code;
}

/* Take the options, have `check` (or NULL) accept the other words, then run with the database open. */
static int execute(int argc, char **argv, data_command_run *check, data_command_run *run)
{
	struct data_command command = { .argc = argc, .argv = argv };
	char error[OPTIONS_ERROR];
	int exit_code = 0;

	log_set_level(LOG_LEVEL_WARNING); /* the answer alone, no story */
	if (options_take(&command.options, &command.argc, argv, error) != 0)
		exit_code = complain(EXIT_USAGE, error);
	if (exit_code == 0 && check != NULL)
		exit_code = check(&command);
	if (exit_code == 0)
		exit_code = with_database(&command, run);
	options_done(&command.options);
	return exit_code;
}

/* --- verify --- */

static int verify_check(struct data_command *command)
{
	return command->argc == 1 ? 0 :
				    complain(EXIT_USAGE, "verify takes no argument but options");
}

static int verify_run(struct data_command *command)
{
	char *conninfo = database_conninfo(&command->database, "yaoku_auditor", "verify");
	int exit_code = verify_command(conninfo, stdout);

	free(conninfo);
	return exit_code;
}

int data_command_verify(int argc, char **argv)
{
	return execute(argc, argv, verify_check, verify_run);
}

/* --- report --- */

static bool format_parse(const char *word, enum report_format *ret_format)
{
	static const char *const words[] = {
		[REPORT_TABLE] = "table", [REPORT_CSV] = "csv", [REPORT_JSON] = "json"
	};

	for (int i = REPORT_TABLE; i <= REPORT_JSON; i++) {
		if (strcmp(words[i], word) == 0) {
			*ret_format = (enum report_format)i;
			return true;
		}
	}
	return false;
}

/* Where the value of this option of the report belongs, or NULL. */
static const char **report_value(struct report_request *request, const char *option)
{
	const struct {
		const char *option;
		const char **value;
	} values[] = {
		{ "--from", &request->from },
		{ "--to", &request->to },
		{ "--group-by", &request->group_by },
		{ "--pharmacy", &request->pharmacy },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strcmp(values[i].option, option) == 0)
			return values[i].value;
	}
	return NULL;
}

/* 0, or false for words that make no report. */
static bool report_parse(const struct data_command *command, struct report_request *ret_request)
{
	struct report_request request = { .format = REPORT_TABLE };

	for (int i = 1; i < command->argc; i++) {
		const char *word = command->argv[i];
		const char **value = report_value(&request, word);

		if (value != NULL && i + 1 < command->argc)
			*value = command->argv[++i];
		else if (strcmp(word, "--format") == 0 && i + 1 < command->argc &&
			 format_parse(command->argv[i + 1], &request.format))
			i++;
		else if (request.name == NULL && word[0] != '-')
			request.name = word;
		else
			return false;
	}
	*ret_request = request;
	return request.name != NULL && request.from != NULL && request.to != NULL;
}

static int report_check(struct data_command *command)
{
	struct report_request request;

	if (report_parse(command, &request))
		return 0;
	return complain(EXIT_USAGE, "report NAME --from DATE --to DATE [--group-by WORD] "
				    "[--pharmacy ID] [--format table|csv|json]");
}

static int report_run(struct data_command *command)
{
	struct report_request request;
	char *conninfo;
	int exit_code;

	report_parse(command, &request);
	conninfo = database_conninfo(&command->database, "yaoku_auditor", "report");
	exit_code = report_command(conninfo, &request, stdout);
	free(conninfo);
	return exit_code;
}

int data_command_report(int argc, char **argv)
{
	return execute(argc, argv, report_check, report_run);
}

/* --- user, key --- */

static int account_run(struct data_command *command)
{
	char *conninfo = database_conninfo(&command->database, "yaoku_app", command->argv[0]);
	struct db_sync *db;
	int exit_code;

	if (db_sync_open(conninfo, &db) != 0)
		exit_code = complain(EXIT_UNREACHABLE, db_sync_error(db));
	else
		exit_code = account_command(db, command->argc, command->argv);
	db_sync_close(db);
	free(conninfo);
	return exit_code;
}

int data_command_account(int argc, char **argv)
{
	return execute(argc, argv, NULL, account_run);
}
