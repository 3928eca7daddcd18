/* The form people read and type. */
#include <stdio.h>

#include "test_rows.h"

#include "scanner/bracketed.h"
#include "scanner/scan_error.h"

struct bracket_row {
	struct row row;
	const char *text;
	const char *elements; /* NULL when it must fail */
	int err;
	size_t at;
};

static const struct bracket_row rows[] = {
	{ ROW("round"), "(01)09501101530003(10)AB", "01=09501101530003;10=AB;", 0, 0 },
	{ ROW("square"), "[01]09501101530003[10]A(B)", "01=09501101530003;10=A(B);", 0, 0 },
	{ ROW("closing round bracket in a value"), "(10)A)B", "10=A)B;", 0, 0 },
	{ ROW("escaped round bracket"), "(10)A\\(B(17)271231", "10=A(B;17=271231;", 0, 0 },
	{ ROW("backslash of its own"), "(10)A\\B", NULL, SCAN_CHARACTER, 5 },
	{ ROW("bracket alone"), "(", NULL, SCAN_BRACKET, 0 },
	{ ROW("never closed"), "(15", NULL, SCAN_BRACKET, 0 },
	{ ROW("opened again at the end"), "(10)12345(", NULL, SCAN_BRACKET, 9 },
	{ ROW("no number"), "(1A)12345", NULL, SCAN_NO_AI, 1 },
	{ ROW("unknown number"), "(89)12345", NULL, SCAN_NO_AI, 1 },
	{ ROW("identifier with a digit too many"), "(100)12345", NULL, SCAN_NO_AI, 1 },
	{ ROW("no value"), "(10)(11)271231", NULL, SCAN_NO_VALUE, 4 },
	{ ROW("value too long"), "(01)095011015300031", NULL, SCAN_OVERLONG, 18 },
	{ ROW("value too short"), "(01)0950110153000", NULL, SCAN_TOO_SHORT, 17 },
	{ ROW("wrong check digit"), "(01)09501101530004", NULL, SCAN_CHECK_DIGIT, 17 },
	{ ROW("caret"), "(10)12345^", NULL, SCAN_CHARACTER, 9 },
};

static void test_bracketed(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct gs1_message msg;
		char text[256] = "";
		size_t n = 0, at = 0;
		int err;

		gs1_init(&msg);
		err = bracketed_read(&msg, r->text, strlen(r->text), 0, &at);
		row_check(r, err == r->err, "error %s", scan_error_text(err));
		row_check(r, err == 0 || at == r->at, "at byte %zu, not %zu", at, r->at);
		for (size_t i = 0; err == 0 && i < msg.count; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s=%s;",
					      msg.element[i].ai, gs1_value(&msg, &msg.element[i]));
		row_check(r, err != 0 || strcmp(text, r->elements) == 0, "elements %s", text);
	}
}

static void test_begins(void **state)
{
	(void)state;
	assert_true(bracketed_begins("(01)", 4));
	assert_true(bracketed_begins("[", 1));
	assert_false(bracketed_begins("(see below)", 11));
	assert_false(bracketed_begins("01", 2));
	assert_false(bracketed_begins("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bracketed),
		cmocka_unit_test(test_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
