/* Check digits, check characters, and the GTINs they guard. */
#include "test_rows.h"

#include "scanner/check_digit.h"
#include "scanner/gtin.h"
#include "scanner/scan_error.h"

struct gtin_row {
	struct row row;
	const char *data;
	const char *gtin; /* NULL when it must fail */
	int err;
};

static const struct gtin_row gtins[] = {
	{ ROW("GTIN-8"), "96385074", "00000096385074", 0 },
	{ ROW("GTIN-12"), "042100005264", "00042100005264", 0 },
	{ ROW("GTIN-13"), "6901234567892", "06901234567892", 0 },
	{ ROW("GTIN-14"), "16901234567899", "16901234567899", 0 },
	{ ROW("wrong digit"), "6901234567893", NULL, SCAN_CHECK_DIGIT },
	{ ROW("two digits swapped"), "6901234567829", NULL, SCAN_CHECK_DIGIT },
	{ ROW("nine digits"), "690123456", NULL, SCAN_LENGTH },
	{ ROW("no digits"), "", NULL, SCAN_LENGTH },
	{ ROW("blank"), "690123456789 ", NULL, SCAN_NOT_DIGITS },
	{ ROW("superscript digits"), "690123456\xe2\x81\xb0\xc2\xb2", NULL, SCAN_NOT_DIGITS },
};

static const struct gtin_row upces[] = {
	{ ROW("last digit 1"), "425261", "00042100005264", 0 },
	{ ROW("with number system"), "0425261", "00042100005264", 0 },
	{ ROW("with check digit"), "04252614", "00042100005264", 0 },
	{ ROW("with a wrong check digit"), "04252615", NULL, SCAN_CHECK_DIGIT },
	{ ROW("number system 2"), "2425261", NULL, SCAN_LENGTH },
	{ ROW("last digit 3"), "123453", "00012300000451", 0 },
	{ ROW("last digit 4"), "123454", "00012340000053", 0 },
	{ ROW("last digit 9"), "123459", "00012345000096", 0 },
	{ ROW("five digits"), "12345", NULL, SCAN_LENGTH },
};

static void check_gtin(const struct gtin_row *r, int err, const char *gtin)
{
	row_check(r, err == r->err, "error %s", scan_error_text(err));
	row_check(r, err != 0 || strcmp(gtin, r->gtin) == 0, "it is %s", gtin);
}

static void test_gtin(void **state)
{
	char gtin[GTIN_DIGITS + 1];

	(void)state;
	foreach(r, gtins)
		check_gtin(r, gtin_read(r->data, strlen(r->data), gtin), gtin);
	foreach(r, upces)
		check_gtin(r, gtin_read_upce(r->data, strlen(r->data), gtin), gtin);
}

static void test_digit(void **state)
{
	(void)state;
	assert_int_equal(check_digit("629104150021", 12), '3');
	assert_int_equal(check_digit("37610425002123456", 17), '9');
	assert_int_equal(check_digit("9501234", 7), '6');
	assert_true(check_digit_is_right("86901110000020", 14));
	assert_false(check_digit_is_right("0", 1));
	assert_false(check_digit_is_right("A0", 2));
}

static void test_pair(void **state)
{
	(void)state;
	assert_true(check_pair_is_right("1987654Ad4X4bL5ttr2310c2K", 25));
	assert_false(check_pair_is_right("1987654Ad4X4bL5ttr2310cK2", 25));
	assert_false(check_pair_is_right("12\0XX", 5));
	assert_false(check_pair_is_right("1", 1));
}

static void test_iban(void **state)
{
	(void)state;
	assert_true(check_iban_is_right("DE89370400440532013000", 22));
	assert_false(check_iban_is_right("DE88370400440532013000", 22));
	assert_false(check_iban_is_right("de89370400440532013000", 22));
	assert_false(check_iban_is_right("DE8", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gtin),
		cmocka_unit_test(test_digit),
		cmocka_unit_test(test_pair),
		cmocka_unit_test(test_iban),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
