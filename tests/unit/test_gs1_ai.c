/* The table of application identifiers holds together, and its lookup finds all of it. */
#include "test_rows.h"

#include "scanner/gs1_ai.h"

static const char *identifier(const struct gs1_ai *ai, char last, char text[GS1_AI_MAX + 2])
{
	size_t n = strlen(ai->stem);

	memcpy(text, ai->stem, n + 1);
	if (last != '\0') {
		text[n] = last;
		text[n + 1] = '\0';
	}
	return text;
}

static void test_every_row_is_found(void **state)
{
	const struct gs1_ai *ai;
	char text[GS1_AI_MAX + 2];

	(void)state;
	for (size_t i = 0; (ai = gs1_ai_row(i)) != NULL; i++) {
		assert_ptr_equal(gs1_ai_named(identifier(ai, ai->last[0], text), ai->digits), ai);
		if (ai->last[0] != '\0')
			assert_ptr_equal(gs1_ai_find(identifier(ai, ai->last[1], text), ai->digits),
					 ai);
	}
}

/* Counting what exists: 541 identifiers in the dictionary of 2026. */
static void test_count(void **state)
{
	unsigned int found = 0;

	(void)state;
	for (unsigned int n = 0; n < 10000; n++) {
		char text[4] = { (char)('0' + n / 1000), (char)('0' + n / 100 % 10),
				 (char)('0' + n / 10 % 10), (char)('0' + n % 10) };

		for (size_t digits = 2; digits <= 4; digits++) {
			bool first = digits == 4 || (digits == 3 && n % 10 == 0) || n % 100 == 0;

			found += first && gs1_ai_named(text, digits) != NULL;
		}
	}
	assert_int_equal(found, 541);
}

/* Predefined lengths are a closed set by first two digits, with their total length. */
static void test_predefined_lengths(void **state)
{
	static const char total[][8] = { "00:20", "01:16", "02:16", "03:16", "11:8",  "12:8",
					 "13:8",  "15:8",  "16:8",  "17:8",  "20:4",  "31:10",
					 "32:10", "33:10", "34:10", "35:10", "36:10", "41:16" };
	const struct gs1_ai *ai;

	(void)state;
	for (size_t i = 0; (ai = gs1_ai_row(i)) != NULL; i++) {
		const char *found = NULL;

		for (size_t j = 0; j < sizeof(total) / sizeof(*total); j++)
			if (strncmp(ai->stem, total[j], 2) == 0)
				found = total[j] + 3;
		assert_int_equal(found != NULL, (ai->use & GS1_FIXED) != 0);
		if (found == NULL)
			continue;
		assert_int_equal(ai->digits + gs1_ai_max(ai), strtoul(found, NULL, 10));
		assert_false(gs1_ai_is_open(ai));
	}
}

static void test_parts(void **state)
{
	const struct gs1_ai *ai;

	(void)state;
	for (size_t i = 0; (ai = gs1_ai_row(i)) != NULL; i++) {
		assert_true(gs1_ai_max(ai) <= GS1_VALUE_MAX);
		assert_true(gs1_ai_min(ai) >= 1);
		for (size_t p = 0; p < GS1_PARTS_MAX && ai->part[p].set != '\0'; p++)
			assert_int_not_equal(ai->part[p].check, GS1_CHECK_NONE);
	}
}

/* Whatever a rule names exists; n stands for a digit. */
static void check_names(const char *names)
{
	while (*names != '\0') {
		size_t n = strcspn(names, " +|");
		char text[GS1_AI_MAX + 1];
		bool found = false;

		assert_true(n >= 2 && n <= GS1_AI_MAX);
		for (int digits = 0; digits < 100 && !found; digits++) {
			int rest = digits;

			memcpy(text, names, n);
			for (size_t i = n; i-- > 0 && names[i] == 'n'; rest /= 10)
				text[i] = (char)('0' + rest % 10);
			found = gs1_ai_named(text, n) != NULL;
		}
		assert_true(found);
		names += n + (names[n] != '\0');
	}
}

static void test_rules_name_identifiers(void **state)
{
	const struct gs1_ai *ai;

	(void)state;
	for (size_t i = 0; (ai = gs1_ai_row(i)) != NULL; i++) {
		check_names(ai->never_with);
		check_names(ai->comes_with);
		check_names(ai->qualifiers != NULL ? ai->qualifiers : "");
	}
}

static void test_lookup_needs_all_digits(void **state)
{
	(void)state;
	assert_null(gs1_ai_find("", 0));
	assert_null(gs1_ai_find("3", 1));
	assert_null(gs1_ai_find("310", 3));
	assert_null(gs1_ai_find("1A", 2));
	assert_null(gs1_ai_find("\xb2\xb2", 2));
	assert_null(gs1_ai_named("100", 3));
	assert_string_equal(gs1_ai_find("3104001234", 10)->stem, "310");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_is_found),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_predefined_lengths),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_rules_name_identifiers),
		cmocka_unit_test(test_lookup_needs_all_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
