/* The 20-digit drug trace code. */
#include "test_rows.h"

#include "scanner/trace_code.h"

struct trace_row {
	struct row row;
	const char *data;
	bool valid;
};

static const struct trace_row rows[] = {
	{ ROW("20 digits from 8"), "81234560000000012345", true },
	{ ROW("19 digits"), "8123456000000001234", false },
	{ ROW("21 digits"), "812345600000000123456", false },
	{ ROW("from 7"), "71234560000000012345", false },
	{ ROW("letter"), "8123456000000001234A", false },
	{ ROW("nothing"), "", false },
};

static void test_valid(void **state)
{
	(void)state;
	foreach(r, rows)
		row_check(r, trace_code_is_valid(r->data, strlen(r->data)) == r->valid, "not so");
}

struct damage_row {
	struct row row;
	const char *data;
	bool damaged;
	size_t at;
};

static const struct damage_row damages[] = {
	{ ROW("20 digits from 7"), "71234560000000012345", true, 0 },
	{ ROW("19 digits from 8"), "8123456000000001234", true, 19 },
	{ ROW("21 digits from 8"), "812345600000000123456", true, 20 },
	{ ROW("one letter"), "812345600000O0012345", true, 12 },
	{ ROW("two letters"), "8I23456000000O012345", false, 0 },
	{ ROW("18 digits from 8"), "812345600000000123", false, 0 },
	{ ROW("19 digits from 7"), "7123456000000001234", false, 0 },
	{ ROW("letter first"), "B1234560000000012345", false, 0 },
	{ ROW("nothing"), "", false, 0 },
};

static void test_damages(void **state)
{
	(void)state;
	foreach(r, damages) {
		size_t at = 0;

		row_check(r, trace_code_is_damaged(r->data, strlen(r->data), &at) == r->damaged,
			  "not so");
		row_check(r, !r->damaged || at == r->at, "at byte %zu", at);
	}
}

static void test_drug(void **state)
{
	char drug[TRACE_CODE_DRUG_DIGITS + 1];

	(void)state;
	trace_code_drug("81234560000000012345", drug);
	assert_string_equal(drug, "8123456");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_drug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
