#include "workstation/agent_options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "workstation/device.h"

enum kind { KIND_TEXT, KIND_NUMBER, KIND_CHOICE, KIND_FLAG };

#define AT(member) offsetof(struct agent_options, member)

static const char *const terminators[] = {
	[TERMINATOR_ENTER] = "enter", [TERMINATOR_CR] = "cr",     [TERMINATOR_LF] = "lf",
	[TERMINATOR_TAB] = "tab",     [TERMINATOR_IDLE] = "idle", NULL
};
static const char *const beeps[] = { [AGENT_BEEP_AUTO] = "auto",
				     [AGENT_BEEP_NONE] = "none",
				     [AGENT_BEEP_TERMINAL] = "terminal",
				     [AGENT_BEEP_DEVICE] = "device",
				     NULL };
static const char *const movements[] = { "dispense",  "receive",    "return",  "return_supplier",
					 "write_off", "quarantine", "release", NULL };

static const struct option {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *const *words; /* of a text or a choice; NULL: any text */
	long min, max;            /* of a number; the longest text in characters */
	const char *value, *help;
} options[] = {
	{ "server", KIND_TEXT, AT(server), NULL, 1, 500, "URL",
	  "the service, https://HOST[:PORT]; http:// only to this machine" },
	{ "key-file", KIND_TEXT, AT(key_file), NULL, 1, PATH_MAX, "FILE",
	  "holds the workstation's key, KEYID.SECRET, readable by nobody else" },
	{ "journal", KIND_TEXT, AT(journal), NULL, 1, PATH_MAX, "DIR",
	  "directory of the journal, of this agent alone" },
	{ "device", KIND_TEXT, AT(device), NULL, 1, PATH_MAX, "PATH",
	  "serial device, /dev/input/…, or - for lines on standard input" },
	{ "movement", KIND_TEXT, AT(movement), movements, 0, 0, "WORD",
	  "what a scan does until a command code says otherwise (dispense)" },
	{ "operator", KIND_NUMBER, AT(operator_id), NULL, 1, INT_MAX, "ID",
	  "user who scans here; unset: the key itself" },
	{ "workstation", KIND_TEXT, AT(workstation), NULL, 1, 100, "NAME",
	  "name of the workstation, as in its device profile; unset: the machine's name" },
	{ "ca-file", KIND_TEXT, AT(ca_file), NULL, 1, PATH_MAX, "FILE",
	  "certificates to trust, PEM; unset: those of the machine" },
	{ "baud", KIND_NUMBER, AT(baud), NULL, 1200, 460800, "N",
	  "speed of a serial scanner (9600)" },
	{ "terminator", KIND_CHOICE, AT(terminator), terminators, 0, 0, "enter|cr|lf|tab|idle",
	  "what ends a scan (enter: CR or LF); idle: a pause" },
	{ "idle-ms", KIND_NUMBER, AT(idle_ms), NULL, 20, 5000, "N",
	  "the pause that ends a scan with --terminator idle (150)" },
	{ "beep", KIND_CHOICE, AT(beep), beeps, 0, 0, "auto|none|terminal|device",
	  "where to beep; auto: on a serial scanner, else on the terminal" },
	{ "keep-days", KIND_NUMBER, AT(keep_days), NULL, 1, 3650, "N",
	  "keep scans that were answered for so long (30)" },
	{ "list", KIND_FLAG, AT(list), NULL, 0, 0, NULL,
	  "only print what waits and what was not posted; needs --journal" },
	{ "settle", KIND_TEXT, AT(settle), NULL, 1, 40, "ID|all",
	  "only strike from that list what somebody has seen; needs --journal" },
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

static int index_of(const char *const *words, const char *text)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

static bool set_number(const struct option *option, const char *text, long *ret_number)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || number < option->min ||
	    number > option->max)
		return false;
	*ret_number = number;
	return true;
}

static bool set_text(const struct option *option, const char *text, const char **ret_text)
{
	size_t count;

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	if (option->words != NULL && index_of(option->words, text) < 0)
		return false;
	if (option->words == NULL &&
	    (!utf8_count(text, strlen(text), &count) || count == 0 || count > (size_t)option->max))
		return false;
	*ret_text = text;
	return true;
}

static bool set(struct agent_options *ret_options, const struct option *option, const char *text)
{
	void *to = (char *)ret_options + option->offset;
	int word;

	switch (option->kind) {
	case KIND_TEXT:
		return set_text(option, text, to);
	case KIND_NUMBER:
		return set_number(option, text, to);
	case KIND_CHOICE:
		word = index_of(option->words, text);
		if (word >= 0)
			*(int *)to = word;
		return word >= 0;
	case KIND_FLAG:
		*(bool *)to = true;
		return true;
	}
	return false;
}

static bool refuse(char reterr_why[200], const char *name, const char *why)
{
	snprintf(reterr_why, 200, "agent: --%.60s %s", name, why);
	return false;
}

/* What an agent cannot do without. */
static const char *missing(const struct agent_options *read)
{
	if (read->journal == NULL)
		return "journal";
	if (read->list || read->settle != NULL)
		return NULL;
	return read->server == NULL   ? "server" :
	       read->key_file == NULL ? "key-file" :
	       read->device == NULL   ? "device" :
					NULL;
}

static bool read_all(int argc, char **argv, struct agent_options *read, char reterr_why[200])
{
	for (int i = 1; i < argc; i++) {
		const char *name = strncmp(argv[i], "--", 2) == 0 ? argv[i] + 2 : "";
		const struct option *option = find(name);
		const char *text = "";

		if (option == NULL) {
			snprintf(reterr_why, 200,
				 "agent: there is no option \"%.60s\"; see yaoku help agent",
				 argv[i]);
			return false;
		}
		if (option->kind != KIND_FLAG && ++i == argc)
			return refuse(reterr_why, name, "needs a value");
		if (option->kind != KIND_FLAG)
			text = argv[i];
		if (!set(read, option, text))
			return refuse(reterr_why, name, "has a value that it cannot have");
	}
	return true;
}

bool agent_options_read(int argc, char **argv, struct agent_options *ret_options,
			char reterr_why[200])
{
	struct agent_options read = {
		.movement = "dispense", .baud = 9600, .idle_ms = 150, .keep_days = 30
	};
	const char *lacking;

	if (!read_all(argc, argv, &read, reterr_why))
		return false;
	lacking = missing(&read);
	if (lacking != NULL)
		return refuse(reterr_why, lacking, "is missing");
	if (!device_knows_baud(read.baud))
		return refuse(reterr_why, "baud", "is no speed of a serial line");
	*ret_options = read;
	return true;
}

void agent_options_help(FILE *out)
{
	for (const struct option *o = options; o < options + OPTIONS; o++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value != NULL ? " " : "",
			 o->value != NULL ? o->value : "");
		fprintf(out, "  %-34s %s\n", left, o->help);
	}
}
