/*
 * Every value goes through option_set(), whoever names it: default, file or
 * command line. A reload builds a second struct options from nothing and then
 * moves over the rows that may change.
 */
#include "service/options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/err.h"
#include "core/log.h"

#define AT(member) offsetof(struct options, member)

const struct option_row option_rows[] = {
	{ "config", OPTION_FILE, AT(config), NULL, 0, 0, "FILE", false,
	  "read options from FILE, one `name = value` a line" },
	{ "listen", OPTION_TEXT, AT(listen), "127.0.0.1:8080", 0, 0, "ADDR:PORT", false,
	  "address to serve; beyond loopback it needs TLS and refuses --demo" },
	{ "data", OPTION_FILE, AT(data), "var", 0, 0, "DIR", false,
	  "directory of the private PostgreSQL cluster" },
	{ "database", OPTION_TEXT, AT(database), NULL, 0, 0, "CONNINFO", false,
	  "use this PostgreSQL instead of a private cluster" },
	{ "workers", OPTION_INTEGER, AT(workers), "0", 0, 64, "processes", true,
	  "worker processes; 0: one for two processors" },
	{ "demo", OPTION_FLAG, AT(demo), "no", 0, 0, NULL, false,
	  "load the demo district, with logins everybody knows" },
	{ "demo-date", OPTION_DATE, AT(demo_date), NULL, 0, 0, "YYYY-MM-DD", false,
	  "last day of the demo district's history; unset: today" },
	{ "tls-cert", OPTION_FILE, AT(tls_cert), NULL, 0, 0, "FILE", true,
	  "certificate chain, PEM" },
	{ "tls-key", OPTION_FILE, AT(tls_key), NULL, 0, 0, "FILE", true, "its private key, PEM" },
	{ "open-metrics", OPTION_FLAG, AT(open_metrics), "no", 0, 0, NULL, true,
	  "serve /metrics without a key" },
	{ "simulation", OPTION_FLAG, AT(simulation), "no", 0, 0, NULL, false,
	  "the clock of the district simulation: of a later version, refused" },
	{ "log-level", OPTION_LEVEL, AT(log_level), "info", 0, 0, "error|warning|info|debug", true,
	  "least urgent lines that are logged" },
	{ "drain", OPTION_INTEGER, AT(drain), "25", 1, 300, "seconds", true,
	  "longest wait for open requests at a stop" },
	{ "connections", OPTION_INTEGER, AT(connections), "4", 1, 32, "connections", true,
	  "PostgreSQL connections of each worker, besides the one that posts" },
	{ "max-clients", OPTION_INTEGER, AT(max_clients), "4000", 16, 60000, "connections", true,
	  "client connections of each worker" },
	{ .name = NULL },
};

static const struct option_row *option_find(const char *name, size_t length)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (strlen(row->name) == length && memcmp(row->name, name, length) == 0)
			return row;
	}
	return NULL;
}

static char *copy(const char *text)
{
	char *made = strdup(text);

	if (made == NULL)
		abort();
	return made;
}

static void *member(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static bool is_text(const struct option_row *row)
{
	return row->type != OPTION_INTEGER && row->type != OPTION_FLAG;
}

static void text_replace(struct options *options, const struct option_row *row, char *text)
{
	char **at = member(options, row);

	free(*at);
	*at = text;
}

/* The path as it is seen after a change of directory. */
static char *absolute(const char *path)
{
	char here[PATH_MAX];
	char *made;

	if (path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return copy(path);
	if (asprintf(&made, "%s/%s", here, path) < 0)
		abort();
	return made;
}

static bool is_date(const char *text)
{
	struct tm day = { 0 }, again;
	const char *end = strptime(text, "%Y-%m-%d", &day);
	time_t at;

	if (strlen(text) != 10 || end == NULL || *end != '\0')
		return false;
	again = day;
	at = timegm(&again);
	gmtime_r(&at, &again);
	return again.tm_mday == day.tm_mday && again.tm_mon == day.tm_mon;
}

static bool set_integer(const struct option_row *row, const char *value, long *ret_number)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || number < row->min || number > row->max)
		return false;
	*ret_number = number;
	return true;
}

static bool set_flag(const char *value, bool *ret_flag)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return false;
	*ret_flag = value[0] == 'y';
	return true;
}

/* Set one member from text. False, nothing changed, when the text is no such value. */
static bool option_set(struct options *options, const struct option_row *row, const char *value)
{
	enum log_level level;

	switch (row->type) {
	case OPTION_INTEGER:
		return set_integer(row, value, member(options, row));
	case OPTION_FLAG:
		return set_flag(value, member(options, row));
	case OPTION_DATE:
		if (!is_date(value))
			return false;
		break;
	case OPTION_LEVEL:
		if (!log_level_parse(value, &level))
			return false;
		break;
	case OPTION_TEXT:
	case OPTION_FILE:
		if (value[0] == '\0')
			return false;
		break;
	}
	text_replace(options, row, row->type == OPTION_FILE ? absolute(value) : copy(value));
	return true;
}

/* Everything at its default. */
static void options_init(struct options *options)
{
	memset(options, 0, sizeof(*options));
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (row->fallback != NULL && !option_set(options, row, row->fallback))
			abort();
	}
}

void options_done(struct options *options)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (is_text(row))
			text_replace(options, row, NULL);
	}
}

static int refuse_value(const struct option_row *row, const char *value, char *reterr_text)
{
	if (row->type == OPTION_INTEGER)
		snprintf(reterr_text, OPTIONS_ERROR, "%s takes a number from %ld to %ld, not %.60s",
			 row->name, row->min, row->max, value);
	else if (row->type == OPTION_FLAG)
		snprintf(reterr_text, OPTIONS_ERROR, "%s takes yes or no, not %.60s", row->name,
			 value);
	else
		snprintf(reterr_text, OPTIONS_ERROR, "%s takes %s, not \"%.60s\"", row->name,
			 row->unit, value);
	return ERR_CONFLICT;
}

/* Cut white space off both ends, in place. */
static char *trimmed(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* One line `name = value`; empty lines and those that begin with # say nothing. */
static int read_line(struct options *options, char *line, char *reterr_text)
{
	char *equals = strchr(line, '=');
	const struct option_row *row;
	const char *name, *value;

	if (*trimmed(line) == '\0' || *trimmed(line) == '#')
		return 0;
	if (equals == NULL) {
		snprintf(reterr_text, OPTIONS_ERROR, "no `=` in \"%.60s\"", trimmed(line));
		return ERR_CONFLICT;
	}
	*equals = '\0';
	name = trimmed(line);
	value = trimmed(equals + 1);
	row = option_find(name, strlen(name));
	if (row == NULL || row->offset == AT(config)) {
		snprintf(reterr_text, OPTIONS_ERROR, "no option is named \"%.60s\"", name);
		return ERR_CONFLICT;
	}
	return option_set(options, row, value) ? 0 : refuse_value(row, value, reterr_text);
}

static int read_file(struct options *options, const char *path, char *reterr_text)
{
	char *line = NULL;
	size_t size = 0;
	int number = 0;
	int err = 0;
	FILE *in = fopen(path, "re");

	if (in == NULL) {
		snprintf(reterr_text, OPTIONS_ERROR, "%.160s: %s", path, strerror(errno));
		return ERR_CONFLICT;
	}
	while (err == 0 && getline(&line, &size, in) >= 0) {
		char detail[OPTIONS_ERROR];

		number++;
		err = read_line(options, line, detail);
		if (err != 0)
			snprintf(reterr_text, OPTIONS_ERROR, "%.80s:%d: %.150s", path, number,
				 detail);
	}
	free(line);
	fclose(in);
	return err;
}

/*
 * The option at argv[i]: its row and value, and how many words it takes; 0 when
 * the word is not an option of ours.
 */
static int option_at(int argc, char *const *argv, int i, const struct option_row **ret_row,
		     const char **ret_value)
{
	const char *name, *equals;

	if (strncmp(argv[i], "--", 2) != 0)
		return 0;
	name = argv[i] + 2;
	equals = strchrnul(name, '=');
	*ret_row = option_find(name, (size_t)(equals - name));
	if (*ret_row == NULL)
		return 0;
	*ret_value = *equals == '=' ? equals + 1 : NULL;
	if (*ret_value != NULL)
		return 1;
	if ((*ret_row)->type == OPTION_FLAG) {
		*ret_value = "yes";
		return 1;
	}
	*ret_value = i + 1 < argc ? argv[i + 1] : "";
	return 2;
}

/* Apply the words of argv from 1 on; only --config, or everything else. Ours are counted in *taken. */
static int apply(struct options *options, int argc, char *const *argv, bool config, bool *taken,
		 char *reterr_text)
{
	const struct option_row *row;
	const char *value;
	int words;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i += words > 0 ? words : 1) {
		words = option_at(argc, argv, i, &row, &value);
		if (words == 0)
			continue;
		if ((row->offset == AT(config)) == config && !option_set(options, row, value))
			return refuse_value(row, value, reterr_text);
		for (int w = 0; w < words && i + w < argc; w++)
			taken[i + w] = true;
	}
	return 0;
}

/* File first, then the command line. `taken` gets a mark for each word that is ours. */
static int options_read(struct options *options, int argc, char *const *argv, bool *taken,
			char *reterr_text)
{
	int err;

	options_init(options);
	err = apply(options, argc, argv, true, taken, reterr_text);
	if (err == 0 && options->config != NULL)
		err = read_file(options, options->config, reterr_text);
	if (err == 0)
		err = apply(options, argc, argv, false, taken, reterr_text);
	return err;
}

int options_take(struct options *options, int *argc, char **argv, char reterr_text[OPTIONS_ERROR])
{
	bool *taken = calloc((size_t)*argc + 1, sizeof(*taken));
	int err, kept = 0;

	if (taken == NULL)
		abort();
	err = options_read(options, *argc, argv, taken, reterr_text);
	for (int i = 0; i < *argc && err == 0; i++) {
		if (!taken[i])
			argv[kept++] = argv[i];
	}
	if (err == 0)
		*argc = kept;
	free(taken);
	return err;
}

static bool same(struct options *a, struct options *b, const struct option_row *row)
{
	const void *pa = member(a, row), *pb = member(b, row);

	if (row->type == OPTION_INTEGER)
		return *(const long *)pa == *(const long *)pb;
	if (row->type == OPTION_FLAG)
		return *(const bool *)pa == *(const bool *)pb;
	if (*(char *const *)pa == NULL || *(char *const *)pb == NULL)
		return *(char *const *)pa == *(char *const *)pb;
	return strcmp(*(char *const *)pa, *(char *const *)pb) == 0;
}

/* Exchange one member, so that each struct still owns what it holds. */
static void swap(struct options *a, struct options *b, const struct option_row *row)
{
	char kept[sizeof(long)];
	size_t size = row->type == OPTION_FLAG    ? sizeof(bool) :
		      row->type == OPTION_INTEGER ? sizeof(long) :
						    sizeof(char *);

	memcpy(kept, member(a, row), size);
	memcpy(member(a, row), member(b, row), size);
	memcpy(member(b, row), kept, size);
}

/* Move what changed and may change into *options. */
static void adopt(struct options *options, struct options *fresh)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (same(options, fresh, row))
			continue;
		if (row->reloadable)
			swap(options, fresh, row);
		else
			log_warning("option needs a restart, ignoring",
				    LOG_TEXT("option", row->name));
	}
}

int options_reload(struct options *options, int argc, char *const *argv,
		   const char *(*conflict)(const struct options *), char reterr_text[OPTIONS_ERROR])
{
	struct options fresh;
	const char *wrong;
	bool *taken = calloc((size_t)argc + 1, sizeof(*taken));
	int err;

	if (taken == NULL)
		abort();
	err = options_read(&fresh, argc, argv, taken, reterr_text);
	wrong = err == 0 ? conflict(&fresh) : NULL;
	if (wrong != NULL) {
		snprintf(reterr_text, OPTIONS_ERROR, "%s", wrong);
		err = ERR_CONFLICT;
	}
	if (err == 0)
		adopt(options, &fresh);
	options_done(&fresh);
	free(taken);
	return err;
}

void options_help(FILE *out)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", row->name, row->unit != NULL ? " " : "",
			 row->unit != NULL ? row->unit : "");
		fprintf(out, "  %-38s %s", left, row->help);
		if (row->fallback != NULL && row->type != OPTION_FLAG)
			fprintf(out, " (%s)", row->fallback);
		fputc('\n', out);
	}
}

bool options_is_loopback(const struct options *options)
{
	const char *port = strrchr(options->listen, ':');
	char host[64];
	struct in_addr address;

	if (port == NULL || (size_t)(port - options->listen) >= sizeof(host))
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)(port - options->listen), options->listen);
	if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}
