/* Element strings: how they are split, and which bytes are at fault. */
#include <stdio.h>

#include "test_rows.h"

#include "scanner/gs1.h"
#include "scanner/scan_error.h"

#define FNC1 "\x1d"

struct gs1_row {
	struct row row;
	const char *data;
	const char *elements; /* "01=…;10=…" or NULL when it must fail */
	int err;
	size_t at;
	bool lenient;
};

static const struct gs1_row rows[] = {
	{ ROW("predefined lengths follow each other"), "010950110153000317271231",
	  "01=09501101530003;17=271231;", 0, 0, false },
	{ ROW("lot ends at FNC1"), "10A1B2" FNC1 "0109501101530003", "10=A1B2;01=09501101530003;",
	  0, 0, false },
	{ ROW("lot ends with the data"), "10A1B2", "10=A1B2;", 0, 0, false },
	{ ROW("FNC1 behind a predefined length"), "0109501101530003" FNC1 "10A",
	  "01=09501101530003;10=A;", 0, 0, false },
	{ ROW("FNC1 at the very end"), "10A" FNC1, "10=A;", 0, 0, false },
	{ ROW("two FNC1"), "10A" FNC1 FNC1 "17271231", NULL, SCAN_SEPARATOR, 4, false },
	{ ROW("two FNC1, lenient"), "10A" FNC1 FNC1 "17271231", "10=A;17=271231;", 0, 0, true },
	{ ROW("fixed form, yet not predefined: needs FNC1"), "70032712312359" FNC1 "10A",
	  "7003=2712312359;10=A;", 0, 0, false },
	{ ROW("fixed form without its FNC1"), "7003271231235910A", NULL, SCAN_OVERLONG, 14, false },
	{ ROW("round brackets belong to lots"), "10A(B)C", "10=A(B)C;", 0, 0, false },
	{ ROW("case is kept"), "21aBcD", "21=aBcD;", 0, 0, false },
	{ ROW("nothing"), "", NULL, SCAN_EMPTY, 0, false },
	{ ROW("no value"), "10", NULL, SCAN_NO_VALUE, 0, false },
	{ ROW("no value before FNC1"), "10" FNC1 "17271231", NULL, SCAN_NO_VALUE, 0, false },
	{ ROW("lot of 20"), "10ABCDEFGHIJKLMNOPQRST", "10=ABCDEFGHIJKLMNOPQRST;", 0, 0, false },
	{ ROW("lot of 21"), "10ABCDEFGHIJKLMNOPQRSTU", NULL, SCAN_OVERLONG, 22, false },
	{ ROW("GTIN cut short"), "010950110153", NULL, SCAN_TOO_SHORT, 12, false },
	{ ROW("GTIN cut short by FNC1"), "01095011015300" FNC1 "10A", NULL, SCAN_TOO_SHORT, 14,
	  false },
	{ ROW("wrong check digit"), "0109501101530004", NULL, SCAN_CHECK_DIGIT, 15, false },
	{ ROW("letter in a GTIN"), "010950110153000A", NULL, SCAN_CHARACTER, 15, false },
	{ ROW("blank in a lot"), "10A B", NULL, SCAN_CHARACTER, 3, false },
	{ ROW("byte above 127 in a lot"), "10A\xe9", NULL, SCAN_CHARACTER, 3, false },
	{ ROW("unknown identifier"), "891234", NULL, SCAN_NO_AI, 0, false },
	{ ROW("reserved identifier"), "041234567890123456", NULL, SCAN_NO_AI, 0, false },
	{ ROW("unknown behind known"), "1727123105", NULL, SCAN_NO_AI, 8, false },
	{ ROW("identifier cut short"), "31", NULL, SCAN_NO_AI, 0, false },
	{ ROW("four decimals of a weight"), "3104001234", "3104=001234;", 0, 0, false },
	{ ROW("six decimals do not exist"), "3106001234", NULL, SCAN_NO_AI, 0, false },
	{ ROW("month 13"), "17271301", NULL, SCAN_DATE, 4, false },
	{ ROW("whole month"), "17270200", "17=270200;", 0, 0, false },
	{ ROW("whole month where a day must be"), "70032702002359", NULL, SCAN_DATE, 8, false },
	{ ROW("29 February of a leap year"), "17280229", "17=280229;", 0, 0, false },
	{ ROW("29 February of another"), "17270229", NULL, SCAN_DATE, 6, false },
	{ ROW("optional part there"), "2539501101530003AB", "253=9501101530003AB;", 0, 0, false },
	{ ROW("optional part missing"), "2539501101530003", "253=9501101530003;", 0, 0, false },
	{ ROW("half of an optional part"), "4231561", NULL, SCAN_TOO_SHORT, 7, false },
	{ ROW("returnable asset with a wrong digit"), "800307071324001022085952", NULL,
	  SCAN_CHECK_DIGIT, 17, false },
};

static void describe(const struct gs1_message *msg, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < msg->count; i++)
		n += (size_t)snprintf(text + n, size - n, "%s=%s;", msg->element[i].ai,
				      gs1_value(msg, &msg->element[i]));
}

static void test_read(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct gs1_message msg;
		char text[256];
		size_t at = 0;
		int err;

		gs1_init(&msg);
		err = gs1_read(&msg, r->data, strlen(r->data), 0, r->lenient, &at);
		row_check(r, err == r->err, "error %s, not %s", scan_error_text(err),
			  scan_error_text(r->err));
		row_check(r, err == 0 || at == r->at, "at byte %zu, not %zu", at, r->at);
		describe(&msg, text, sizeof(text));
		row_check(r, err != 0 || strcmp(text, r->elements) == 0, "elements %s", text);
	}
}

/* Offsets are those of the whole scan, prefix included. */
static void test_offsets(void **state)
{
	struct gs1_message msg;
	size_t at;

	(void)state;
	gs1_init(&msg);
	assert_int_equal(gs1_read(&msg,
				  "17271231"
				  "10A B",
				  13, 3, false, &at),
			 SCAN_CHARACTER);
	assert_int_equal(at, 3 + 8 + 3);
	assert_int_equal(msg.element[0].at, 3);
}

static void test_more_elements_than_fit(void **state)
{
	struct gs1_message msg;
	char data[8 * (GS1_ELEMENTS_MAX + 1) + 1];
	size_t at;

	(void)state;
	for (size_t i = 0; i <= GS1_ELEMENTS_MAX; i++)
		memcpy(data + 8 * i, "17271231", 8);
	gs1_init(&msg);
	assert_int_equal(gs1_read(&msg, data, sizeof(data) - 1, 0, false, &at), SCAN_TOO_MANY);
	gs1_init(&msg);
	assert_int_equal(gs1_read(&msg, data, sizeof(data) - 9, 0, false, &at), 0);
}

static void test_find(void **state)
{
	struct gs1_message msg;
	size_t at;

	(void)state;
	gs1_init(&msg);
	assert_int_equal(gs1_read(&msg, "1727123110AB", 12, 0, false, &at), 0);
	assert_string_equal(gs1_find(&msg, "10"), "AB");
	assert_null(gs1_find(&msg, "1"));
	assert_null(gs1_find(&msg, "21"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_more_elements_than_fit),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
