/*
 * The options of `yaoku agent`, one table.
 */
#ifndef WORKSTATION_AGENT_OPTIONS_H
#define WORKSTATION_AGENT_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "workstation/framing.h"

enum agent_beep { AGENT_BEEP_AUTO, AGENT_BEEP_NONE, AGENT_BEEP_TERMINAL, AGENT_BEEP_DEVICE };

/* As given or by default. The texts are those of the command line. */
struct agent_options {
	const char *server;
	const char *key_file;
	const char *journal;
	const char *device; /* "-": standard input */
	const char *movement;
	const char *workstation; /* NULL: the machine's name */
	const char *ca_file;     /* NULL: the machine's authorities */
	const char *settle;      /* an id or "all"; NULL: not asked */
	long operator_id;        /* 0: the key itself */
	long baud;
	long idle_ms;
	long keep_days;
	int terminator; /* enum terminator */
	int beep;       /* enum agent_beep */
	bool list;
};

/* Read the command line; argv[0] is the command's name. False: *reterr_why is a line for people, at most 200 bytes. */
bool agent_options_read(int argc, char **argv, struct agent_options *ret_options,
			char reterr_why[200]);

/* Print what there is, one option a line. */
void agent_options_help(FILE *out);

#endif
