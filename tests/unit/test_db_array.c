/*
 * The bytes that core/db_array.c makes, against array_recv()'s wire form. That
 * PostgreSQL reads them as meant is proved in tests/unit/test_db.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/db_array.h"

static void assert_wire(struct db_array *array, const char *hex)
{
	struct db_arg arg = db_array_arg(array);
	static const char digits[] = "0123456789abcdef";
	char text[1024] = "";

	assert_true(arg.binary);
	assert_true((size_t)arg.length * 2 < sizeof(text));
	for (int i = 0; i < arg.length; i++) {
		text[i * 2] = digits[(unsigned char)arg.value[i] >> 4];
		text[i * 2 + 1] = digits[(unsigned char)arg.value[i] & 15];
	}
	assert_string_equal(text, hex);
	db_array_done(array);
}

static void test_empty_has_no_dimension(void **state)
{
	struct db_array a;

	(void)state;
	db_array_init(&a, DB_ARRAY_TEXT);
	assert_wire(&a, "000000000000000000000019");
}

static void test_integers_are_big_endian(void **state)
{
	struct db_array a;

	(void)state;
	db_array_init(&a, DB_ARRAY_INT2);
	db_array_add_int2(&a, -2);
	assert_wire(&a, "0000000100000000000000150000000100000001"
			"00000002fffe");
	db_array_init(&a, DB_ARRAY_INT4);
	db_array_add_int4(&a, 258);
	assert_wire(&a, "0000000100000000000000170000000100000001"
			"0000000400000102");
	db_array_init(&a, DB_ARRAY_INT8);
	db_array_add_int8(&a, INT64_MIN);
	assert_wire(&a, "0000000100000000000000140000000100000001"
			"000000088000000000000000");
}

static void test_null_sets_the_flag(void **state)
{
	struct db_array a;

	(void)state;
	db_array_init(&a, DB_ARRAY_TEXT);
	db_array_add_text(&a, "ab", 2);
	db_array_add_null(&a);
	db_array_add_text(&a, "", 0);
	assert_wire(&a, "0000000100000001000000190000000300000001"
			"000000026162"
			"ffffffff"
			"00000000");
}

static void test_times_count_from_2000(void **state)
{
	struct db_array a;

	(void)state;
	db_array_init(&a, DB_ARRAY_DATE);
	db_array_add_date(&a, 10957);
	db_array_add_date(&a, 0);
	assert_wire(&a, "00000001000000000000043a0000000200000001"
			"0000000400000000"
			"00000004ffffd533");
	db_array_init(&a, DB_ARRAY_TIMESTAMPTZ);
	db_array_add_timestamptz(&a, INT64_C(946684800000001));
	assert_wire(&a, "0000000100000000000004a00000000100000001"
			"000000080000000000000001");
}

static void test_bytes_and_uuid(void **state)
{
	static const uint8_t uuid[16] = { 0xab, [15] = 0xcd };
	struct db_array a;

	(void)state;
	db_array_init(&a, DB_ARRAY_UUID);
	db_array_add_uuid(&a, uuid);
	assert_wire(&a, "000000010000000000000b860000000100000001"
			"00000010ab0000000000000000000000000000cd");
	db_array_init(&a, DB_ARRAY_BYTEA);
	db_array_add_bytea(&a, "\0\xff", 2);
	assert_wire(&a, "0000000100000000000000110000000100000001"
			"0000000200ff");
	db_array_init(&a, DB_ARRAY_BOOL);
	db_array_add_bool(&a, true);
	assert_wire(&a, "0000000100000000000000100000000100000001"
			"0000000101");
}

static void test_reset_forgets_elements_and_nulls(void **state)
{
	struct db_array a;

	(void)state;
	db_array_init(&a, DB_ARRAY_TEXT);
	for (int i = 0; i < 1000; i++)
		db_array_add_text(&a, "0123456789", 10);
	db_array_add_null(&a);
	db_array_reset(&a);
	assert_wire(&a, "000000000000000000000019");
}

static void test_done_accepts_zeroed(void **state)
{
	struct db_array a = { 0 };

	(void)state;
	db_array_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_has_no_dimension),
		cmocka_unit_test(test_integers_are_big_endian),
		cmocka_unit_test(test_null_sets_the_flag),
		cmocka_unit_test(test_times_count_from_2000),
		cmocka_unit_test(test_bytes_and_uuid),
		cmocka_unit_test(test_reset_forgets_elements_and_nulls),
		cmocka_unit_test(test_done_accepts_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
