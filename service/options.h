/*
 * The options of the service, one table for the command line and the
 * configuration file: name, type, default, unit, reloadable, help. A file's
 * line `name = value` means what `--name value` means; the command line wins.
 */
#ifndef SERVICE_OPTIONS_H
#define SERVICE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum option_type {
	OPTION_TEXT,
	OPTION_FILE, /* a path; made absolute when it is read */
	OPTION_INTEGER,
	OPTION_FLAG,  /* no value on the command line; yes or no in a file */
	OPTION_DATE,  /* YYYY-MM-DD */
	OPTION_LEVEL, /* error, warning, info, debug */
};

/* One row of the table. */
struct option_row {
	const char *name;
	enum option_type type;
	size_t offset;        /* of the member of struct options */
	const char *fallback; /* what holds when nobody says anything; NULL: unset */
	long min, max;        /* OPTION_INTEGER only */
	const char *unit;     /* what a value is or counts, for the help */
	bool reloadable;      /* SIGHUP applies a change; others need a restart */
	const char *help;
};

/* Values in force. Texts are owned; NULL when unset. Release with options_done(). */
struct options {
	char *config;
	char *listen;
	char *data;
	char *database;
	long workers;
	bool demo;
	char *demo_date;
	char *tls_cert;
	char *tls_key;
	bool open_metrics;
	bool simulation;
	char *log_level;
	long drain;
	long connections;
	long max_clients;
};

/* All rows, ended by one without a name. */
extern const struct option_row option_rows[];

/* Longest text of an error below, with its end. */
#define OPTIONS_ERROR 256

/* Release the texts. */
void options_done(struct options *options);

/*
 * Begin *options with the defaults and take those in argv (argv[0] is the
 * command), whatever stands between them; `--` ends them. The file named by
 * --config is read first. What is not ours is left in argv, *argc says how much.
 * Returns 0, or ERR_CONFLICT with one line in reterr_text; release in any case.
 */
int options_take(struct options *options, int *argc, char **argv, char reterr_text[OPTIONS_ERROR]);

/*
 * Read the configuration file again into *options (SIGHUP). `conflict` judges
 * what was read as a whole: NULL or one line. Rows that are not reloadable keep
 * their value, and a change of one is logged. Returns as above; on an error
 * nothing is changed.
 */
int options_reload(struct options *options, int argc, char *const *argv,
		   const char *(*conflict)(const struct options *),
		   char reterr_text[OPTIONS_ERROR]);

/* Print the table, one row a line, as `yaoku help serve` shows it. */
void options_help(FILE *out);

/* True when the address of --listen is of the loopback interface. */
bool options_is_loopback(const struct options *options);

#endif
