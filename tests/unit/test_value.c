/* Values as they stand in requests: one rule a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/value.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void dates(void **state)
{
	static const struct {
		const char *name, *text;
		int32_t days;
		bool ok;
	} rows[] = {
		{ "the epoch", "1970-01-01", 0, true },
		{ "a leap day", "2024-02-29", 19782, true },
		{ "no leap day in 2100", "2100-02-29", 0, false },
		{ "day 31 of April", "2026-04-31", 0, false },
		{ "month 13", "2026-13-01", 0, false },
		{ "day 0", "2026-01-00", 0, false },
		{ "before the epoch", "1969-12-31", -1, true },
		{ "too short", "2026-1-1", 0, false },
		{ "something after it", "2026-01-01 ", 0, false },
		{ "year 1899", "1899-12-31", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int32_t days = 0;

		print_message("%s\n", rows[i].name);
		assert_int_equal(value_date(rows[i].text, &days), rows[i].ok);
		assert_int_equal(days, rows[i].days);
	}
}

static void times(void **state)
{
	static const struct {
		const char *name, *text;
		int64_t microseconds;
		bool ok;
	} rows[] = {
		{ "UTC", "1970-01-01T00:00:01Z", 1000000, true },
		{ "an offset", "1970-01-01T08:00:00+08:00", 0, true },
		{ "west", "1969-12-31T23:00:00-01:00", 0, true },
		{ "milliseconds", "1970-01-01T00:00:00.123Z", 123000, true },
		{ "nanoseconds are cut", "1970-01-01T00:00:00.123456789Z", 123456, true },
		{ "a leap second", "1970-01-01T00:00:60Z", 60000000, true },
		{ "no offset", "1970-01-01T00:00:00", 0, false },
		{ "a point without digits", "1970-01-01T00:00:00.Z", 0, false },
		{ "hour 24", "1970-01-01T24:00:00Z", 0, false },
		{ "a space for T", "1970-01-01 00:00:00Z", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t moment = 0;

		print_message("%s\n", rows[i].name);
		assert_int_equal(value_time(rows[i].text, &moment), rows[i].ok);
		assert_int_equal(moment, rows[i].microseconds);
	}
}

static void integers(void **state)
{
	static const struct {
		const char *name, *text;
		int64_t number;
		bool ok;
	} rows[] = {
		{ "zero", "0", 0, true },
		{ "greatest", "9223372036854775807", INT64_MAX, true },
		{ "smallest", "-9223372036854775808", INT64_MIN, true },
		{ "one too great", "9223372036854775808", 0, false },
		{ "leading zero", "01", 0, false },
		{ "minus zero", "-0", 0, false },
		{ "plus", "+1", 0, false },
		{ "empty", "", 0, false },
		{ "space", " 1", 0, false },
		{ "exponent", "1e3", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t number = 0;

		print_message("%s\n", rows[i].name);
		assert_int_equal(value_integer(rows[i].text, &number), rows[i].ok);
		assert_true(number == rows[i].number);
	}
}

static void uuids(void **state)
{
	static const struct {
		const char *name, *text;
		bool ok;
	} rows[] = {
		{ "lower case", "0190a5f0-0000-7000-8000-00000000000f", true },
		{ "upper case", "0190A5F0-0000-7000-8000-00000000000F", true },
		{ "no hyphens", "0190a5f000007000800000000000000f", false },
		{ "too short", "0190a5f0-0000-7000-8000-00000000000", false },
		{ "too long", "0190a5f0-0000-7000-8000-00000000000ff", false },
		{ "not hex", "0190a5f0-0000-7000-8000-00000000000g", false },
		{ "empty", "", false },
	};
	uint8_t uuid[16] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("%s\n", rows[i].name);
		assert_int_equal(value_uuid(rows[i].text, uuid), rows[i].ok);
	}
	assert_int_equal(uuid[1], 0x90);
	assert_int_equal(uuid[15], 0x0f);
}

static void base64(void **state)
{
	static const struct {
		const char *name, *text, *data;
		long length;
	} rows[] = {
		{ "empty", "", "", 0 },
		{ "one byte", "Zg==", "f", 1 },
		{ "two bytes", "Zm8=", "fo", 2 },
		{ "three bytes", "Zm9v", "foo", 3 },
		{ "all bits", "////", "\xff\xff\xff", 3 },
		{ "no padding", "Zg", NULL, -1 },
		{ "padding inside", "Zg==Zm9v", NULL, -1 },
		{ "three paddings", "Z===", NULL, -1 },
		{ "bits left over", "Zh==", NULL, -1 },
		{ "a foreign letter", "Zm9-", NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t data[16];

		print_message("%s\n", rows[i].name);
		assert_int_equal(value_base64(rows[i].text, strlen(rows[i].text), data),
				 rows[i].length);
		if (rows[i].length > 0)
			assert_memory_equal(data, rows[i].data, (size_t)rows[i].length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates), cmocka_unit_test(times),  cmocka_unit_test(integers),
		cmocka_unit_test(uuids), cmocka_unit_test(base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
