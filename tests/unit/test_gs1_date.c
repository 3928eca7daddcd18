/* The calendar and GS1's century. */
#include "test_rows.h"

#include "scanner/gs1_date.h"

static void test_known_days(void **state)
{
	(void)state;
	assert_int_equal(date_days(1970, 1, 1), 0);
	assert_int_equal(date_days(1969, 12, 31), -1);
	assert_int_equal(date_days(2000, 3, 1), 11017);
	assert_int_equal(date_days(2026, 11, 22), 20779);
}

/* Four hundred years, day by day, forth and back. */
static void test_round_trip(void **state)
{
	int32_t days = date_days(1800, 1, 1);

	(void)state;
	for (int year = 1800; year < 2200; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= date_month_length(year, month); day++, days++) {
				int y, m, d;

				assert_int_equal(date_days(year, month, day), days);
				date_civil(days, &y, &m, &d);
				assert_true(y == year && m == month && d == day);
			}
}

struct date_row {
	struct row row;
	const char *yymmdd;
	int this_year;
	const char *date;
	bool day_known;
};

static const struct date_row rows[] = {
	{ ROW("this century"), "271231", 2026, "2027-12-31", true },
	{ ROW("whole month is its last day"), "270200", 2026, "2027-02-28", false },
	{ ROW("whole month of a leap year"), "280200", 2026, "2028-02-29", false },
	{ ROW("50 years ahead"), "760101", 2026, "2076-01-01", true },
	{ ROW("51 years ahead is past"), "770101", 2026, "1977-01-01", true },
	{ ROW("49 years back"), "010101", 2050, "2001-01-01", true },
	{ ROW("50 years back is to come"), "000101", 2050, "2100-01-01", true },
	{ ROW("whole February 2100"), "000200", 2050, "2100-02-28", false },
	{ ROW("turn of the century"), "990101", 2026, "1999-01-01", true },
};

static void test_century(void **state)
{
	(void)state;
	foreach(r, rows) {
		bool day_known = !r->day_known;
		int32_t days = gs1_date_days(r->yymmdd, date_days(r->this_year, 6, 1), &day_known);
		char text[11];

		date_text(days, text);
		row_check(r, strcmp(text, r->date) == 0, "it is %s", text);
		row_check(r, day_known == r->day_known, "precision");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_days),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_century),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
