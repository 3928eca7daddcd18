/* core/log.c: one event is one line of valid UTF-8, whatever the values hold. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "core/log.h"

#define NOW 1767225600123 /* 2026-01-01T00:00:00.123Z */
#define HEAD "time=2026-01-01T00:00:00.123Z level=info msg=m "

static const struct {
	const char *name;
	struct log_field field;
	const char *expected;
} rows[] = {
	{ "plain", { "k", LOG_KIND_TEXT, "a-b/c:1", 0, 0 }, "k=a-b/c:1" },
	{ "number", { "k", LOG_KIND_INT, NULL, 0, INT64_MIN }, "k=-9223372036854775808" },
	{ "null", { "k", LOG_KIND_TEXT, NULL, 0, 0 }, "k=null" },
	{ "empty", { "k", LOG_KIND_TEXT, "", 0, 0 }, "k=\"\"" },
	{ "space", { "k", LOG_KIND_TEXT, "a b", 0, 0 }, "k=\"a b\"" },
	{ "forged field", { "k", LOG_KIND_TEXT, "x role=admin", 0, 0 }, "k=\"x role=admin\"" },
	{ "equals sign", { "k", LOG_KIND_TEXT, "a=b", 0, 0 }, "k=\"a=b\"" },
	{ "quote", { "k", LOG_KIND_TEXT, "\" level=error", 0, 0 }, "k=\"\\\" level=error\"" },
	{ "backslash", { "k", LOG_KIND_TEXT, "a\\n", 0, 0 }, "k=\"a\\\\n\"" },
	{ "new line", { "k", LOG_KIND_TEXT, "a\r\nb\tc", 0, 0 }, "k=\"a\\r\\nb\\tc\"" },
	{ "escape, delete", { "k", LOG_KIND_TEXT, "\x1b[2J\x7f", 0, 0 }, "k=\"\\x1b[2J\\x7f\"" },
	{ "NUL in bytes", { "k", LOG_KIND_BYTES, "a\0b", 3, 0 }, "k=\"a\\x00b\"" },
	{ "Chinese", { "k", LOG_KIND_TEXT, "药库", 0, 0 }, "k=\"药库\"" },
	{ "C1 control", { "k", LOG_KIND_TEXT, "\xc2\x85", 0, 0 }, "k=\"\\xc2\\x85\"" },
	{ "line separator", { "k", LOG_KIND_TEXT, "\xe2\x80\xa8", 0, 0 }, "k=\"\\xe2\\x80\\xa8\"" },
	{ "not UTF-8", { "k", LOG_KIND_TEXT, "\xff\xc3", 0, 0 }, "k=\"\\xff\\xc3\"" },
	{ "overlong", { "k", LOG_KIND_TEXT, "\xc0\xaf", 0, 0 }, "k=\"\\xc0\\xaf\"" },
	{ "surrogate", { "k", LOG_KIND_TEXT, "\xed\xa0\x80", 0, 0 }, "k=\"\\xed\\xa0\\x80\"" },
};

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct log_field fields[] = { LOG_TEXT("msg", "m"),
						    rows[i].field,
						    { .key = NULL } };
		char line[LOG_LINE_MAX + 1], expected[256];

		line[log_format(line, NOW, LOG_LEVEL_INFO, fields)] = '\0';
		snprintf(expected, sizeof(expected), HEAD "%s\n", rows[i].expected);
		if (strcmp(line, expected) != 0)
			fail_msg("%s: %s", rows[i].name, line);
	}
}

static void test_long_value_is_cut(void **state)
{
	static char text[3 * LOG_LINE_MAX];
	char line[LOG_LINE_MAX];
	size_t length;

	(void)state;
	for (int spaced = 0; spaced < 2; spaced++) {
		memset(text, 'a', sizeof(text) - 1);
		text[0] = spaced ? ' ' : 'a';
		length = log_format(line, NOW, LOG_LEVEL_INFO,
				    (const struct log_field[]){ LOG_TEXT("long", text),
								LOG_INT("after", 1),
								{ .key = NULL } });
		assert_true(length <= LOG_LINE_MAX);
		assert_int_equal(line[length - 1], '\n');
		assert_null(memchr(line, '\n', length - 1));
	}
}

static void test_levels(void **state)
{
	enum log_level level = LOG_LEVEL_INFO;

	(void)state;
	assert_true(log_level_parse("debug", &level));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
	assert_false(log_level_parse("loud", &level));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
}

static void test_worker_is_named(void **state)
{
	char line[LOG_LINE_MAX + 1];
	const struct log_field fields[] = { LOG_TEXT("msg", "m"), { .key = NULL } };

	(void)state;
	log_set_worker(2);
	line[log_format(line, NOW, LOG_LEVEL_ERROR, fields)] = '\0';
	assert_non_null(strstr(line, "level=error worker=2 msg=m"));
	log_set_worker(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_long_value_is_cut),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_worker_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
