/* Text, JSON and CSV: one rule a row. */
#include "core/json.h"
#include "reply_stub.h"
#include "test_rows.h"

struct string_row {
	struct row row;
	const char *data;
	const char *json;
};

static const struct string_row strings[] = {
	{ ROW("nothing"), NULL, "null" },
	{ ROW("empty"), "", "\"\"" },
	{ ROW("plain"), "abc", "\"abc\"" },
	{ ROW("quote and backslash"), "a\"b\\c", "\"a\\\"b\\\\c\"" },
	{ ROW("short escapes"), "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
	{ ROW("control characters"), "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
	{ ROW("slash stays"), "</script>", "\"</script>\"" },
	{ ROW("Chinese"), "\xe8\x8d\xaf", "\"\xe8\x8d\xaf\"" },
	{ ROW("beyond the BMP"), "\xf0\x9f\x92\x8a", "\"\xf0\x9f\x92\x8a\"" },
	{ ROW("lone byte"),
	  "a\xff"
	  "b",
	  "\"a\xef\xbf\xbd"
	  "b\"" },
	{ ROW("cut short"), "\xe8\x8d", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ ROW("overlong"), "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ ROW("surrogate"), "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ ROW("beyond Unicode"), "\xf4\x90\x80\x80",
	  "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
};

static void test_strings(void **state)
{
	(void)state;
	foreach(r, strings) {
		struct text text = { 0 };

		json_put_string(&text, r->data);
		row_check(r, strcmp(text.data, r->json) == 0, "%s", text.data);
		text_done(&text);
	}
}

struct value_row {
	struct row row;
	unsigned type;
	const char *value;
	const char *json;
	const char *csv;
};

static const struct value_row values[] = {
	{ ROW("NULL"), OID_INT4, NULL, "null", "" },
	{ ROW("integer"), OID_INT4, "-5", "-5", "-5" },
	{ ROW("true"), OID_BOOL, "t", "true", "true" },
	{ ROW("false"), OID_BOOL, "f", "false", "false" },
	{ ROW("float"), OID_FLOAT8, "1.5", "1.5", "1.5" },
	{ ROW("exponent"), OID_FLOAT8, "1e+20", "1e+20", "1e+20" },
	{ ROW("not a number"), OID_FLOAT8, "NaN", "null", "NaN" },
	{ ROW("infinite"), OID_FLOAT8, "-Infinity", "null", "\"'-Infinity\"" },
	{ ROW("money"), OID_NUMERIC, "12.50", "\"12.50\"", "12.50" },
	{ ROW("json"), OID_JSON, "{\"a\":1}", "{\"a\":1}", "\"{\"\"a\"\":1}\"" },
	{ ROW("jsonb"), OID_JSONB, "[]", "[]", "[]" },
	{ ROW("time"), OID_TIMESTAMPTZ, "2026-01-31 10:00:00.5+00", "\"2026-01-31T10:00:00.5Z\"",
	  "2026-01-31T10:00:00.5Z" },
	{ ROW("whole second"), OID_TIMESTAMPTZ, "2026-01-31 10:00:00+00",
	  "\"2026-01-31T10:00:00Z\"", "2026-01-31T10:00:00Z" },
	{ ROW("no time"), OID_TIMESTAMPTZ, "infinity", "\"infinity\"", "infinity" },
	{ ROW("text"), OID_TEXT, "a b", "\"a b\"", "a b" },
	{ ROW("comma"), OID_TEXT, "a,b", "\"a,b\"", "\"a,b\"" },
	{ ROW("quote"), OID_TEXT, "a\"b", "\"a\\\"b\"", "\"a\"\"b\"" },
	{ ROW("line end"), OID_TEXT, "a\nb", "\"a\\nb\"", "\"a\nb\"" },
	{ ROW("formula"), OID_TEXT, "=1+1", "\"=1+1\"", "\"'=1+1\"" },
	{ ROW("at"), OID_TEXT, "@SUM(A1)", "\"@SUM(A1)\"", "\"'@SUM(A1)\"" },
	{ ROW("plus"), OID_TEXT, "+cmd|' /C calc'!A0", "\"+cmd|' /C calc'!A0\"",
	  "\"'+cmd|' /C calc'!A0\"" },
	{ ROW("negative number in text"), OID_TEXT, "-1.5", "\"-1.5\"", "-1.5" },
	{ ROW("minus alone"), OID_TEXT, "-", "\"-\"", "\"'-\"" },
	{ ROW("phone number"), OID_TEXT, "+8610", "\"+8610\"", "+8610" },
	{ ROW("hidden behind a tab"), OID_TEXT, "\t=1", "\"\\t=1\"", "\"'\t=1\"" },
};

static void test_values(void **state)
{
	(void)state;
	foreach(r, values) {
		struct db_reply reply = { .rows = 1,
					  .columns = 1,
					  .name = { "v" },
					  .type = { r->type },
					  .value = { { r->value } } };
		struct text json = { 0 }, csv = { 0 };
		char wanted[128];

		json_put_value(&json, &reply, 0, 0);
		row_check(r, strcmp(json.data, r->json) == 0, "%s", json.data);
		csv_put_rows(&csv, &reply, -1);
		snprintf(wanted, sizeof(wanted), "\xef\xbb\xbfv\r\n%s\r\n", r->csv);
		row_check(r, strcmp(csv.data, wanted) == 0, "%s", csv.data);
		text_done(&json);
		text_done(&csv);
	}
}

static void test_rows_without_a_column(void **state)
{
	struct db_reply reply = { .rows = 2,
				  .columns = 3,
				  .name = { "a", "cursor", "b" },
				  .type = { OID_INT4, OID_TEXT, OID_TEXT },
				  .value = { { "1", "x", NULL }, { "2", "y", "z" } } };
	struct text text = { 0 };

	(void)state;
	json_put_row(&text, &reply, 1, 1);
	json_put_row(&text, &reply, 0, -1);
	assert_string_equal(text.data,
			    "{\"a\":2,\"b\":\"z\"}{\"a\":1,\"cursor\":\"x\",\"b\":null}");
	text_done(&text);
	csv_put_rows(&text, &reply, 1);
	assert_string_equal(text.data, "\xef\xbb\xbf"
				       "a,b\r\n1,\r\n2,z\r\n");
	text_done(&text);
}

static void test_growth(void **state)
{
	struct text text = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		text_printf(&text, "%04d", i);
	assert_int_equal(text.length, 40000);
	assert_memory_equal(text.data + 39996, "9999", 5);
	text_done(&text);
	assert_null(text.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_rows_without_a_column),
		cmocka_unit_test(test_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
