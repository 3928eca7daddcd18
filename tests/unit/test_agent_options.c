/*
 * workstation/agent_options.c and the address in line.c: what is taken, and what is said of the
 * rest.
 */
#include "workstation/agent_options.h"

#include <event2/event.h>

#include "test_rows.h"
#include "workstation/line.h"

#define ALL "--server", "http://localhost", "--key-file", "k", "--journal", "j", "--device", "-"

static const struct {
	struct row row;
	const char *arguments[20];
	const char *expected; /* of the refusal; NULL: it is taken */
} rows[] = {
	{ ROW("all that must be"), { ALL }, NULL },
	{ ROW("everything"),
	  { ALL, "--movement", "write_off", "--operator", "7", "--baud", "115200", "--terminator",
	    "idle", "--beep", "none" },
	  NULL },
	{ ROW("a list needs only the journal"), { "--journal", "j", "--list" }, NULL },
	{ ROW("so does settling"), { "--journal", "j", "--settle", "all" }, NULL },
	{ ROW("nothing"), { NULL }, "--journal is missing" },
	{ ROW("no device"),
	  { "--server", "x", "--key-file", "k", "--journal", "j" },
	  "--device is missing" },
	{ ROW("an unknown option"), { ALL, "--sever", "x" }, "no option \"--sever\"" },
	{ ROW("a word that is no option"), { ALL, "server" }, "no option \"server\"" },
	{ ROW("a value is missing"), { ALL, "--baud" }, "--baud needs a value" },
	{ ROW("a movement that is none"), { ALL, "--movement", "eat" }, "--movement has a value" },
	{ ROW("operator 0"), { ALL, "--operator", "0" }, "--operator has a value" },
	{ ROW("a number with a tail"), { ALL, "--operator", "7x" }, "--operator has a value" },
	{ ROW("no serial speed"), { ALL, "--baud", "9601" }, "--baud is no speed" },
	{ ROW("a terminator that is none"),
	  { ALL, "--terminator", "nul" },
	  "--terminator has a value" },
	{ ROW("a name with a line end"),
	  { ALL, "--workstation", "a\nb" },
	  "--workstation has a value" },
	{ ROW("a name that is not UTF-8"),
	  { ALL, "--workstation", "\xff" },
	  "--workstation has a value" },
};

static void test_options(void **state)
{
	(void)state;
	foreach(r, rows) {
		char *argv[24] = { (char[]){ "agent" } }, why[200] = "";
		struct agent_options options = { 0 };
		int argc = 1;
		bool taken;

		while (argc < 20 && r->arguments[argc - 1] != NULL) {
			argv[argc] = (char *)(uintptr_t)r->arguments[argc - 1];
			argc++;
		}
		taken = agent_options_read(argc, argv, &options, why);
		row_check(r, taken == (r->expected == NULL), "taken: %d, %s", taken, why);
		row_check(r, taken || strstr(why, r->expected) != NULL, "%s", why);
		row_check(r, !taken || strcmp(options.journal, "j") == 0, "journal %s",
			  options.journal);
	}
}

static const struct {
	struct row row;
	const char *url, *expected;
} addresses[] = {
	{ ROW("https"), "https://yaoku.example", NULL },
	{ ROW("https, port and prefix"), "https://yaoku.example:8443/stock/", NULL },
	{ ROW("https to an address"), "https://[2001:db8::1]:443", NULL },
	{ ROW("http to this machine"), "http://127.0.0.1:8080", NULL },
	{ ROW("http to this machine by name"), "http://localhost:8080/", NULL },
	{ ROW("http to this machine, IPv6"), "http://[::1]:8080", NULL },
	{ ROW("http to another machine"), "http://yaoku.example", "use https" },
	{ ROW("http to another address"), "http://10.0.0.1", "use https" },
	{ ROW("a name that only begins like it"), "http://localhost.example", "use https" },
	{ ROW("another scheme"), "ftp://yaoku.example", "not an address" },
	{ ROW("no scheme"), "yaoku.example", "not an address" },
	{ ROW("a password in it"), "https://u:p@yaoku.example", "not an address" },
	{ ROW("a query"), "https://yaoku.example/?a=b", "not an address" },
	{ ROW("nothing"), "", "not an address" },
};

static void test_addresses(void **state)
{
	struct event_base *base = event_base_new();

	(void)state;
	foreach(r, addresses) {
		const char *why = "";
		struct line *line = NULL;
		bool taken = line_open(base, r->url, NULL, &line, &why);

		row_check(r, taken == (r->expected == NULL), "taken: %d, %s", taken, why);
		row_check(r, taken || strstr(why, r->expected) != NULL, "%s", why);
		line_free(line);
	}
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
