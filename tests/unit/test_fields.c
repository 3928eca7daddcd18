/* Declared fields against requests: one rule a row. */
#include "core/err.h"
#include "core/fields.h"
#include "test_rows.h"

static const struct field lines[] = {
	{ .name = "product_id", .source = FIELD_BODY, .type = FIELD_INTEGER, .required = true },
	{ .name = "quantity",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = 1000 },
	{ .name = "codes", .source = FIELD_BODY, .type = FIELD_CODES, .max = 2 },
	{ .name = NULL },
};

#define BODY(n, t, ...)                                                   \
	{                                                                 \
		.name = n, .source = FIELD_BODY, .type = t, ##__VA_ARGS__ \
	}
#define QUERY(n, t, ...)                                                   \
	{                                                                  \
		.name = n, .source = FIELD_QUERY, .type = t, ##__VA_ARGS__ \
	}

static const struct field body[] = {
	BODY("text", FIELD_TEXT, .min = 1, .max = 3),
	BODY("number", FIELD_INTEGER, .min = -5, .max = 5),
	BODY("any", FIELD_INTEGER),
	BODY("price", FIELD_DECIMAL, .min = 0, .max = 100),
	BODY("flag", FIELD_BOOLEAN),
	BODY("id", FIELD_UUID),
	BODY("on", FIELD_DATE),
	BODY("at", FIELD_TIME),
	BODY("kind", FIELD_CHOICE, .choices = "receive dispense return"),
	BODY("codes", FIELD_CODES, .min = 1, .max = 2),
	BODY("lines", FIELD_ITEMS, .items = lines),
	BODY("long", FIELD_TEXT),
	{ .name = NULL },
};

static const struct field query[] = {
	QUERY("cursor", FIELD_CURSOR),
	QUERY("limit", FIELD_LIMIT),
	QUERY("product", FIELD_INTEGER),
	QUERY("flag", FIELD_BOOLEAN),
	{ .name = NULL },
};

static const struct field required[] = {
	{ .name = "id", .source = FIELD_PATH, .type = FIELD_INTEGER, .required = true },
	BODY("reason", FIELD_TEXT, .required = true),
	{ .name = NULL },
};

struct body_row {
	struct row row;
	const char *json;
	int err;
	const char *want; /* detail when refused, else member=value of the first that is set */
};

static const struct body_row bodies[] = {
	{ ROW("empty object"), "{}", 0, "" },
	{ ROW("null is absent"), "{\"text\":null,\"lines\":null}", 0, "" },
	{ ROW("text"), "{\"text\":\"abc\"}", 0, "text=abc" },
	{ ROW("characters, not bytes"), "{\"text\":\"\\u836f\xe8\x8d\xaf\xe8\x8d\xaf\"}", 0,
	  "text=\xe8\x8d\xaf\xe8\x8d\xaf\xe8\x8d\xaf" },
	{ ROW("text too long"), "{\"text\":\"abcd\"}", ERR_INVALID_MEMBER, "text" },
	{ ROW("text too short"), "{\"text\":\"\"}", ERR_INVALID_MEMBER, "text" },
	{ ROW("number as text"), "{\"text\":1}", ERR_INVALID_MEMBER, "text" },
	{ ROW("control character"), "{\"text\":\"a\\u0007\"}", ERR_INVALID_MEMBER, "text" },
	{ ROW("NUL"), "{\"text\":\"a\\u0000\"}", ERR_INVALID_JSON, NULL },
	{ ROW("lone surrogate"), "{\"text\":\"\\ud800\"}", ERR_INVALID_JSON, NULL },
	{ ROW("invalid UTF-8"), "{\"text\":\"\xff\"}", ERR_INVALID_JSON, NULL },
	{ ROW("integer"), "{\"number\":-5}", 0, "number=-5" },
	{ ROW("integer too small"), "{\"number\":-6}", ERR_INVALID_MEMBER, "number" },
	{ ROW("integer too large"), "{\"number\":6}", ERR_INVALID_MEMBER, "number" },
	{ ROW("1.0 is no integer"), "{\"number\":1.0}", ERR_INVALID_MEMBER, "number" },
	{ ROW("1e0 is no integer"), "{\"number\":1e0}", ERR_INVALID_MEMBER, "number" },
	{ ROW("text as number"), "{\"number\":\"1\"}", ERR_INVALID_MEMBER, "number" },
	{ ROW("true as number"), "{\"number\":true}", ERR_INVALID_MEMBER, "number" },
	{ ROW("largest integer"), "{\"any\":9223372036854775807}", 0, "any=9223372036854775807" },
	{ ROW("integer too big"), "{\"any\":9223372036854775808}", ERR_INVALID_JSON, NULL },
	{ ROW("price as text"), "{\"price\":\"12.50\"}", 0, "price=12.50" },
	{ ROW("price as number"), "{\"price\":0.1}", 0, "price=0.1" },
	{ ROW("whole price"), "{\"price\":3}", 0, "price=3" },
	{ ROW("price too high"), "{\"price\":\"100.01\"}", ERR_INVALID_MEMBER, "price" },
	{ ROW("price with exponent"), "{\"price\":\"1e1\"}", ERR_INVALID_MEMBER, "price" },
	{ ROW("price in words"), "{\"price\":\"NaN\"}", ERR_INVALID_MEMBER, "price" },
	{ ROW("price without digits"), "{\"price\":\"-\"}", ERR_INVALID_MEMBER, "price" },
	{ ROW("price ends at the point"), "{\"price\":\"1.\"}", ERR_INVALID_MEMBER, "price" },
	{ ROW("price as list"), "{\"price\":[]}", ERR_INVALID_MEMBER, "price" },
	{ ROW("boolean"), "{\"flag\":false}", 0, "flag=false" },
	{ ROW("0 is no boolean"), "{\"flag\":0}", ERR_INVALID_MEMBER, "flag" },
	{ ROW("UUID in lower case"), "{\"id\":\"0190A1B2-0000-7000-8000-00000000000F\"}", 0,
	  "id=0190a1b2-0000-7000-8000-00000000000f" },
	{ ROW("UUID cut short"), "{\"id\":\"0190a1b2-0000-7000-8000-00000000000\"}",
	  ERR_INVALID_MEMBER, "id" },
	{ ROW("UUID in braces"), "{\"id\":\"{190a1b2-0000-7000-8000-0000000000}\"}",
	  ERR_INVALID_MEMBER, "id" },
	{ ROW("leap day"), "{\"on\":\"2028-02-29\"}", 0, "on=2028-02-29" },
	{ ROW("no leap day"), "{\"on\":\"2026-02-29\"}", ERR_INVALID_MEMBER, "on" },
	{ ROW("date with time"), "{\"on\":\"2026-02-28T00:00:00Z\"}", ERR_INVALID_MEMBER, "on" },
	{ ROW("time"), "{\"at\":\"2026-01-31T10:00:00.123+08:00\"}", 0,
	  "at=2026-01-31T10:00:00.123+08:00" },
	{ ROW("time of no zone"), "{\"at\":\"2026-01-31T10:00:00\"}", ERR_INVALID_MEMBER, "at" },
	{ ROW("hour 24"), "{\"at\":\"2026-01-31T24:00:00Z\"}", ERR_INVALID_MEMBER, "at" },
	{ ROW("choice"), "{\"kind\":\"dispense\"}", 0, "kind=dispense" },
	{ ROW("part of a choice"), "{\"kind\":\"disp\"}", ERR_INVALID_MEMBER, "kind" },
	{ ROW("two choices"), "{\"kind\":\"receive dispense\"}", ERR_INVALID_MEMBER, "kind" },
	{ ROW("no choice"), "{\"kind\":\"\"}", ERR_INVALID_MEMBER, "kind" },
	{ ROW("codes"), "{\"codes\":[\"a\", \"b\"]}", 0, "codes=[\"a\",\"b\"]" },
	{ ROW("too few codes"), "{\"codes\":[]}", ERR_INVALID_MEMBER, "codes" },
	{ ROW("too many codes"), "{\"codes\":[\"a\",\"b\",\"c\"]}", ERR_INVALID_MEMBER, "codes" },
	{ ROW("number among codes"), "{\"codes\":[1]}", ERR_INVALID_MEMBER, "codes" },
	{ ROW("items"), "{\"lines\":[{\"product_id\":1, \"quantity\":2}]}", 0,
	  "lines=[{\"product_id\":1,\"quantity\":2}]" },
	{ ROW("no items"), "{\"lines\":[]}", 0, "lines=[]" },
	{ ROW("item lacks a member"),
	  "{\"lines\":[{\"product_id\":1,\"quantity\":1},{\"quantity\":1}]}", ERR_MISSING_MEMBER,
	  "lines[1].product_id" },
	{ ROW("item out of range"),
	  "{\"lines\":[{\"product_id\":1,\"quantity\":1},{\"product_id\":1,\"quantity\":1},"
	  "{\"product_id\":1,\"quantity\":0}]}",
	  ERR_INVALID_MEMBER, "lines[2].quantity" },
	{ ROW("item with a member too many"),
	  "{\"lines\":[{\"product_id\":1,\"quantity\":1,\"x\":1}]}", ERR_UNKNOWN_MEMBER,
	  "lines[0].x" },
	{ ROW("list in an item"), "{\"lines\":[{\"product_id\":1,\"quantity\":1,\"codes\":[1]}]}",
	  ERR_INVALID_MEMBER, "lines[0].codes" },
	{ ROW("item is no object"), "{\"lines\":[1]}", ERR_INVALID_MEMBER, "lines[0]" },
	{ ROW("items are no list"), "{\"lines\":{}}", ERR_INVALID_MEMBER, "lines" },
	{ ROW("unknown member"), "{\"textt\":\"a\"}", ERR_UNKNOWN_MEMBER, "textt" },
	{ ROW("member twice"), "{\"text\":\"a\",\"text\":\"b\"}", ERR_DUPLICATE_MEMBER, "text" },
	{ ROW("member twice in an item"), "{\"lines\":[{\"quantity\":1,\"quantity\":1}]}",
	  ERR_DUPLICATE_MEMBER, "quantity" },
	{ ROW("a list"), "[]", ERR_INVALID_JSON, "not an object" },
	{ ROW("a number"), "1", ERR_INVALID_JSON, NULL },
	{ ROW("two documents"), "{} {}", ERR_INVALID_JSON, NULL },
	{ ROW("cut short"), "{\"text\":", ERR_INVALID_JSON, NULL },
	{ ROW("comma too many"), "{\"text\":\"a\",}", ERR_INVALID_JSON, NULL },
	{ ROW("comment"), "{/* */}", ERR_INVALID_JSON, NULL },
	{ ROW("BOM"), "\xef\xbb\xbf{}", ERR_INVALID_JSON, NULL },
	{ ROW("nested too deep"), "[[[[[[[[[[[[[[[[[[[[", ERR_INVALID_JSON, "nested too deep" },
	{ ROW("brackets in a string"), "{\"text\":\"\\\"[[[[[[[[[[[[[[[[[[[[\"}",
	  ERR_INVALID_MEMBER, "text" },
};

/* "name=value" of the first value that is set. */
static const char *shown(struct arena *arena, const struct field *fields,
			 const struct field_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		if (values->value[i] != NULL)
			return arena_printf(arena, "%s=%s", fields[i].name, values->value[i]);
	}
	return "";
}

static void test_bodies(void **state)
{
	(void)state;
	foreach(r, bodies) {
		struct arena *arena = arena_new();
		struct fields_request request = { .arena = arena,
						  .body = r->json,
						  .body_length = strlen(r->json),
						  .pharmacy = "" };
		struct field_values values = { 0 };
		const char *detail = "";
		int err = fields_read(&request, body, &values, &detail);

		row_check(r, err == r->err, "%s %s", err_code(err), detail);
		if (err == 0)
			detail = shown(arena, body, &values);
		row_check(r, r->want == NULL || strcmp(detail, r->want) == 0, "%s", detail);
		arena_free(arena);
	}
}

struct query_row {
	struct row row;
	struct http_parameter query[2];
	int err;
	const char *want;
};

static const struct query_row queries[] = {
	{ ROW("limit unless told"), { { 0 } }, 0, "limit=100" },
	{ ROW("limit"), { { "limit", "1000" } }, 0, "limit=1000" },
	{ ROW("limit 0"), { { "limit", "0" } }, ERR_INVALID_MEMBER, "limit" },
	{ ROW("limit too large"), { { "limit", "1001" } }, ERR_INVALID_MEMBER, "limit" },
	{ ROW("limit with plus"), { { "limit", "+1" } }, ERR_INVALID_MEMBER, "limit" },
	{ ROW("limit in hex"), { { "limit", "0x1" } }, ERR_INVALID_MEMBER, "limit" },
	{ ROW("cursor"), { { "cursor", "aZ0_-" } }, 0, "cursor=aZ0_-" },
	{ ROW("cursor of other signs"), { { "cursor", "a=" } }, ERR_INVALID_MEMBER, "cursor" },
	{ ROW("left empty in a form"), { { "cursor", "" } }, 0, "limit=100" },
	{ ROW("integer with spaces"), { { "product", " 1" } }, ERR_INVALID_MEMBER, "product" },
	{ ROW("boolean"), { { "flag", "yes" } }, ERR_INVALID_MEMBER, "flag" },
	{ ROW("unknown"), { { "product_id", "1" } }, ERR_UNKNOWN_MEMBER, "product_id" },
	{ ROW("format of a list"), { { "format", "csv" } }, 0, "limit=100" },
	{ ROW("other format"), { { "format", "xml" } }, ERR_INVALID_MEMBER, "format" },
};

static void test_queries(void **state)
{
	(void)state;
	foreach(r, queries) {
		struct arena *arena = arena_new();
		struct fields_request request = { .arena = arena,
						  .query = r->query,
						  .queries = r->query[0].name != NULL,
						  .is_list = true,
						  .pharmacy = "" };
		struct field_values values = { 0 };
		const char *detail = "";
		int err = fields_read(&request, query, &values, &detail);

		row_check(r, err == r->err, "%s %s", err_code(err), detail);
		if (err == 0)
			detail = shown(arena, query, &values);
		row_check(r, strcmp(detail, r->want) == 0, "%s", detail);
		arena_free(arena);
	}
}

struct pharmacy_row {
	struct row row;
	const char *scope;
	const char *asked;
	bool required;
	int err;
	const char *want;
};

static const struct pharmacy_row pharmacies[] = {
	{ ROW("district, none"), "*", NULL, false, 0, NULL },
	{ ROW("district, any"), "*", "7", false, 0, "7" },
	{ ROW("district, required"), "*", NULL, true, ERR_MISSING_MEMBER, NULL },
	{ ROW("own, filled in"), "7", NULL, false, 0, "7" },
	{ ROW("own, filled in though required"), "7", NULL, true, 0, "7" },
	{ ROW("own, named"), "7", "7", true, 0, "7" },
	{ ROW("another's"), "7", "8", false, ERR_WRONG_PHARMACY, NULL },
	{ ROW("begins like the own"), "7", "70", false, ERR_WRONG_PHARMACY, NULL },
	{ ROW("nobody's, none"), "", NULL, false, 0, NULL },
	{ ROW("nobody's, named"), "", "7", false, ERR_WRONG_PHARMACY, NULL },
	{ ROW("star in a request"), "7", "*", false, ERR_INVALID_MEMBER, NULL },
	{ ROW("zero"), "*", "0", false, ERR_INVALID_MEMBER, NULL },
	{ ROW("leading zero"), "7", "07", false, ERR_INVALID_MEMBER, NULL },
};

static void test_pharmacies(void **state)
{
	(void)state;
	foreach(r, pharmacies) {
		const struct field fields[] = {
			QUERY("pharmacy_id", FIELD_PHARMACY, .required = r->required),
			{ .name = NULL },
		};
		struct http_parameter asked = { "pharmacy_id", r->asked };
		struct arena *arena = arena_new();
		struct fields_request request = { .arena = arena,
						  .query = &asked,
						  .queries = r->asked != NULL,
						  .pharmacy = r->scope };
		struct field_values values = { 0 };
		const char *detail = NULL;
		int err = fields_read(&request, fields, &values, &detail);

		row_check(r, err == r->err, "%s", err_code(err));
		if (err != 0)
			row_check(r, strcmp(detail, "pharmacy_id") == 0, "%s", detail);
		else if (r->want == NULL)
			row_check(r, values.value[0] == NULL, "%s", values.value[0]);
		else
			row_check(r, strcmp(values.value[0], r->want) == 0, "%s", values.value[0]);
		arena_free(arena);
	}
}

static void test_path_and_required(void **state)
{
	struct http_parameter path = { "id", "12" };
	struct arena *arena = arena_new();
	struct fields_request request = {
		.arena = arena, .path = &path, .paths = 1, .pharmacy = ""
	};
	struct field_values values = { 0 };
	const char *detail = NULL;

	(void)state;
	assert_int_equal(fields_read(&request, required, &values, &detail), ERR_MISSING_MEMBER);
	assert_string_equal(detail, "reason");
	request.body = "{\"reason\":\"broken\"}";
	request.body_length = strlen(request.body);
	assert_int_equal(fields_read(&request, required, &values, &detail), 0);
	assert_string_equal(values.value[0], "12");
	assert_string_equal(values.value[1], "broken");
	path.value = "x";
	assert_int_equal(fields_read(&request, required, &values, &detail), ERR_INVALID_MEMBER);
	assert_string_equal(detail, "id");
	/* A call without fields takes no member at all. */
	assert_int_equal(fields_read(&request, NULL, &values, &detail), ERR_UNKNOWN_MEMBER);
	arena_free(arena);
}

static void test_long_text(void **state)
{
	struct arena *arena = arena_new();
	struct fields_request request = { .arena = arena, .pharmacy = "" };
	struct field_values values = { 0 };
	const char *detail = NULL;

	(void)state;
	request.body = arena_printf(arena, "{\"long\":\"%01000d\"}", 0);
	request.body_length = strlen(request.body);
	assert_int_equal(fields_read(&request, body, &values, &detail), 0);
	request.body = arena_printf(arena, "{\"long\":\"%01001d\"}", 0);
	request.body_length = strlen(request.body);
	assert_int_equal(fields_read(&request, body, &values, &detail), ERR_INVALID_MEMBER);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),     cmocka_unit_test(test_queries),
		cmocka_unit_test(test_pharmacies), cmocka_unit_test(test_path_and_required),
		cmocka_unit_test(test_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
