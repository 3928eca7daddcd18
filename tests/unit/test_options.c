/* service/options.c: the command line, the file, and that the sample file lists every option. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "service/options.h"

#define WORDS 8

struct row {
	const char *name;
	char *argv[WORDS];
	const char *error; /* part of it; NULL: accepted */
	const char *listen;
	long workers;
	bool demo;
	const char *left; /* first word that is not ours */
};

static const struct row rows[] = {
	{ "defaults", { "serve" }, NULL, "127.0.0.1:8080", 0, false, NULL },
	{ "word and value", { "serve", "--workers", "3" }, NULL, "127.0.0.1:8080", 3, false, NULL },
	{ "equals sign", { "serve", "--listen=[::1]:1" }, NULL, "[::1]:1", 0, false, NULL },
	{ "flag takes no word", { "serve", "--demo", "x" }, NULL, "127.0.0.1:8080", 0, true, "x" },
	{ "last one wins",
	  { "serve", "--workers=2", "--workers", "4" },
	  NULL,
	  "127.0.0.1:8080",
	  4,
	  false,
	  NULL },
	{ "others are left",
	  { "report", "turnover", "--from", "x" },
	  NULL,
	  "127.0.0.1:8080",
	  0,
	  false,
	  "turnover" },
	{ "-- ends ours", { "x", "--", "--demo" }, NULL, "127.0.0.1:8080", 0, false, "--" },
	{ "no number",
	  { "serve", "--workers", "2x" },
	  .error = "workers takes a number from 0 to 64" },
	{ "too many", { "serve", "--workers", "65" }, .error = "not 65" },
	{ "value missing", { "serve", "--listen" }, .error = "listen takes ADDR:PORT" },
	{ "no such day",
	  { "serve", "--demo-date", "2026-02-30" },
	  .error = "demo-date takes YYYY-MM-DD" },
	{ "no such level", { "serve", "--log-level=loud" }, .error = "log-level takes" },
	{ "flag with nonsense", { "serve", "--demo=maybe" }, .error = "yes or no" },
	{ "no such file",
	  { "serve", "--config", "/nonexistent" },
	  .error = "/nonexistent: No such file" },
};

static void check_row(const struct row *row)
{
	struct options o;
	char error[OPTIONS_ERROR] = "";
	char *argv[WORDS];
	int argc = 0;
	int err;

	while (row->argv[argc] != NULL) {
		argv[argc] = row->argv[argc];
		argc++;
	}
	err = options_take(&o, &argc, argv, error);
	if (row->error != NULL) {
		assert_int_not_equal(err, 0);
		assert_non_null(strstr(error, row->error));
	} else {
		assert_int_equal(err, 0);
		assert_string_equal(o.listen, row->listen);
		assert_int_equal(o.workers, row->workers);
		assert_int_equal(o.demo, row->demo);
		assert_string_equal(argc > 1 ? argv[1] : "", row->left != NULL ? row->left : "");
	}
	options_done(&o);
}

static void test_command_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		check_row(&rows[i]);
	}
}

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static const char *no_conflict(const struct options *options)
{
	return options->workers == 13 ? "thirteen is bad luck" : NULL;
}

static void test_file_and_reload(void **state)
{
	char path[] = "/tmp/yaoku-options-XXXXXX";
	char *argv[] = { "serve", "--config", path, "--drain", "7", NULL };
	char *kept[] = { "serve", "--config", path, "--drain", "7", NULL };
	char error[OPTIONS_ERROR];
	struct options o;
	int argc = 5;

	(void)state;
	assert_true(mkstemp(path) >= 0);
	write_text(path, "# comment\n\n workers = 2 \ndrain=9\nlisten = 127.0.0.1:1\n");
	assert_int_equal(options_take(&o, &argc, argv, error), 0);
	assert_int_equal(o.workers, 2);
	assert_int_equal(o.drain, 7);

	write_text(path, "workers = 5\nlisten = 127.0.0.1:2\n");
	assert_int_equal(options_reload(&o, 5, kept, no_conflict, error), 0);
	assert_int_equal(o.workers, 5);
	assert_string_equal(o.listen, "127.0.0.1:1");

	write_text(path, "workers = 13\n");
	assert_int_not_equal(options_reload(&o, 5, kept, no_conflict, error), 0);
	assert_string_equal(error, "thirteen is bad luck");
	assert_int_equal(o.workers, 5);

	write_text(path, "workers = 1\nno-such = 1\n");
	assert_int_not_equal(options_reload(&o, 5, kept, no_conflict, error), 0);
	assert_non_null(strstr(error, ":2: no option is named \"no-such\""));
	unlink(path);
	options_done(&o);
}

/* Lines `#name = default` of the sample, in any order; says which option lacks one. */
static void test_sample_lists_every_option(void **state)
{
	static char sample[16384];
	FILE *in = fopen("docs/yaoku.conf.sample", "r");

	(void)state;
	assert_non_null(in);
	sample[fread(sample, 1, sizeof(sample) - 1, in)] = '\0';
	fclose(in);
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		char line[128];

		if (strcmp(row->name, "config") == 0)
			continue;
		snprintf(line, sizeof(line), "\n#%s =%s%s\n", row->name,
			 row->fallback != NULL ? " " : "",
			 row->fallback != NULL ? row->fallback : "");
		if (strstr(sample, line) == NULL)
			fail_msg("docs/yaoku.conf.sample lacks%s", line);
	}
}

static void test_loopback(void **state)
{
	static const struct {
		char *listen;
		bool loopback;
	} cases[] = {
		{ "127.0.0.1:1", true },
		{ "127.9.9.9:1", true },
		{ "[::1]:1", true },
		{ "localhost:1", true },
		{ "0.0.0.0:1", false },
		{ "[::]:1", false },
		{ "localhost.x:1", false },
		{ "10.0.0.1:1", false },
		{ "127.0.0.1.example:1", false },
		{ "[::ffff:10.0.0.1]:1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct options o = { .listen = cases[i].listen };

		if (options_is_loopback(&o) != cases[i].loopback)
			fail_msg("%s", cases[i].listen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_file_and_reload),
		cmocka_unit_test(test_sample_lists_every_option),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
