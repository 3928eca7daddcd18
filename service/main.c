/*
 * The `yaoku` command. Exit codes: 0 ok, 1 the thing asked about is wrong,
 * 2 usage, 3 cannot reach something.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "replenish/calc_command.h"
#include "scanner/label_command.h"
#include "scanner/parse_command.h"
#include "service/data_command.h"
#include "service/options.h"
#include "service/routes_command.h"
#include "service/serve.h"
#include "simulation/simulate_command.h"
#include "workstation/agent.h"
#include "workstation/agent_options.h"

#define VERSION "1.0.0"

static int version_command(int argc, char **argv);
static int help_command(int argc, char **argv);
static int parse(int argc, char **argv);
static int calc(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit code */
	const char *arguments;
	const char *help;
} commands[] = {
	{ "serve", serve_command, "[OPTION ...]", "run the service" },
	{ "parse", parse, "", "say what scans mean: lines on standard input, JSON lines out" },
	{ "agent", agent_command, "[OPTION ...]",
	  "take a workstation's scans to disk and then to the service" },
	{ "label", label_command, "[OPTION ...] CONTENT", "draw a label" },
	{ "calc", calc, "", "replenishment models: JSON lines in, JSON lines out" },
	{ "simulate", simulate_command, "[OPTION ...]",
	  "try replenishment policies on a made-up district" },
	{ "report", data_command_report, "NAME --from DATE --to DATE [OPTION ...]",
	  "print a report" },
	{ "verify", data_command_verify, "[OPTION ...]", "prove the ledger and its hash chain" },
	{ "user", data_command_account, "ACTION [OPTION ...]", "create, list, disable people" },
	{ "key", data_command_account, "ACTION [OPTION ...]",
	  "create, list, disable keys of programs" },
	{ "routes", routes_command, "", "print the HTTP routes as JSON lines" },
	{ "version", version_command, "", "print the version" },
	{ "help", help_command, "[COMMAND]", "print this, or the options of a command" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* For a command that has nothing but its standard input. */
static bool has_arguments(int argc, char **argv)
{
	if (argc > 1)
		fprintf(stderr, "yaoku: %s takes no argument \"%.60s\"\n", argv[0], argv[1]);
	return argc > 1;
}

/* The exit code of one that went through its lines, or broke off with errno. */
static int lines_ended(const char *name, int err)
{
	if (err == 0)
		return 0;
	fprintf(stderr, "yaoku: %s: lines cannot be read, or answers cannot be written: %s\n", name,
		strerror(errno));
	return 3;
}

static int calc(int argc, char **argv)
{
	return has_arguments(argc, argv) ? 2 : lines_ended(argv[0], calc_command(stdin, stdout));
}

static int parse(int argc, char **argv)
{
	int32_t today = (int32_t)(time(NULL) / (24 * 60 * 60));

	return has_arguments(argc, argv) ?
		       2 :
		       lines_ended(argv[0], parse_command(stdin, stdout, today));
}

static int version_command(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("yaoku " VERSION);
	return 0;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

static int unknown(const char *name)
{
	fprintf(stderr, "yaoku: there is no command \"%.60s\"; see yaoku help\n", name);
	return 2;
}

static void print_commands(FILE *out)
{
	fputs("usage: yaoku COMMAND [ARGUMENT ...]\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s %-14s %s\n", commands[i].name, commands[i].arguments,
			commands[i].help);
	fputs("\nExit codes: 0 ok, 1 the thing asked about is wrong, 2 usage, 3 cannot reach something.\n",
	      out);
}

static int help_command(int argc, char **argv)
{
	const struct command *command = argc > 1 ? find(argv[1]) : NULL;

	if (argc > 1 && command == NULL)
		return unknown(argv[1]);
	if (command == NULL) {
		print_commands(stdout);
		return 0;
	}
	printf("usage: yaoku %s %s\n\n%s\n", command->name, command->arguments, command->help);
	if (command->run == label_command)
		label_command_help(stdout);
	if (command->run == serve_command) {
		fputs("\noptions, also in a file (--config) as `name = value`:\n", stdout);
		options_help(stdout);
	}
	if (command->run == agent_command) {
		fputs("\noptions:\n", stdout);
		agent_options_help(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_commands(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		argv[1] = "help";
	if (strcmp(argv[1], "--version") == 0)
		argv[1] = "version";
	command = find(argv[1]);
	return command != NULL ? command->run(argc - 1, argv + 1) : unknown(argv[1]);
}
