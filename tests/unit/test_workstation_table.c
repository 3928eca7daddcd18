/* The memory of profiles: found by both parts of the key, and not by one. */
#include "test_rows.h"

#include <stdio.h>

#include "inventory/workstation_table.h"

static void test_both_parts_count(void **state)
{
	struct workstation_table *table = workstation_table_new(3);
	const struct scan_profile one = { .prefix = "1" }, other = { .prefix = "2" };

	(void)state;
	workstation_table_add(table, 1, "W-1", &one);
	workstation_table_add(table, 2, "W-1", &other);
	workstation_table_add(table, 1, "收银台", &other);
	assert_string_equal(workstation_table_find(table, 1, "W-1")->prefix, "1");
	assert_string_equal(workstation_table_find(table, 2, "W-1")->prefix, "2");
	assert_string_equal(workstation_table_find(table, 1, "收银台")->prefix, "2");
	assert_null(workstation_table_find(table, 2, "收银台"));
	assert_null(workstation_table_find(table, 1, "w-1"));
	assert_null(workstation_table_find(table, 1, ""));
	workstation_table_free(table);
}

static void test_empty(void **state)
{
	struct workstation_table *table = workstation_table_new(0);

	(void)state;
	assert_null(workstation_table_find(table, 1, "W-1"));
	workstation_table_free(table);
	workstation_table_free(NULL);
}

/* So many that places collide. */
static void test_many(void **state)
{
	struct workstation_table *table = workstation_table_new(5000);
	char name[16];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct scan_profile profile = { .fault = KEYBOARD_CAPS };

		snprintf(name, sizeof(name), "W-%d", i / 10);
		snprintf(profile.prefix, sizeof(profile.prefix), "%d", i);
		workstation_table_add(table, i % 10, name, &profile);
	}
	for (int i = 0; i < 5000; i++) {
		const struct scan_profile *profile;

		snprintf(name, sizeof(name), "W-%d", i / 10);
		profile = workstation_table_find(table, i % 10, name);
		assert_non_null(profile);
		assert_int_equal(strtol(profile->prefix, NULL, 10), i);
	}
	assert_null(workstation_table_find(table, 10, "W-1"));
	assert_null(workstation_table_find(table, 1, "W-500"));
	workstation_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_parts_count),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
