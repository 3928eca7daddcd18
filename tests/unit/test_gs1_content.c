/* One rule on the content of a value per row; each value is read behind its identifier. */
#include "test_rows.h"

#include "scanner/gs1.h"
#include "scanner/scan_error.h"

struct content_row {
	struct row row;
	const char *ai;
	const char *value;
	int err;
	size_t at;
};

static const struct content_row rows[] = {
	{ ROW("CSET 82, all of it"), "91",
	  "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz", 0,
	  0 },
	{ ROW("number sign is not in CSET 82"), "91", "A#", SCAN_CHARACTER, 1 },
	{ ROW("bar is not in CSET 82"), "91", "A|", SCAN_CHARACTER, 1 },
	{ ROW("CSET 39 has the number sign"), "8010", "12345#-/", 0, 0 },
	{ ROW("CSET 39 has no small letters"), "8010", "12345a", SCAN_CHARACTER, 5 },
	{ ROW("base64url"), "8030", "abc-_Z", 0, 0 },
	{ ROW("base64url filled up"), "8030", "ab==zz==", SCAN_CHARACTER, 2 },
	{ ROW("base64url with padding of a group"), "8030", "12345=", 0, 0 },
	{ ROW("base64url, padding of no group"), "8030", "123=", SCAN_CHARACTER, 3 },
	{ ROW("serial shipping container"), "00", "376130321109103420", 0, 0 },
	{ ROW("wrong container digit"), "00", "376130321109103421", SCAN_CHECK_DIGIT, 17 },
	{ ROW("model number"), "8013", "1987654Ad4X4bL5ttr2310c2K", 0, 0 },
	{ ROW("model number, wrong pair"), "8013", "1987654Ad4X4bL5ttr2310c2L", SCAN_CHECK_PAIR,
	  23 },
	{ ROW("model number, pair alone"), "8013", "22", SCAN_VALUE, 0 },
	{ ROW("letter where digits belong"), "30", "12A", SCAN_CHARACTER, 2 },
	{ ROW("wrong piece digit"), "8006", "095011015300040102", SCAN_CHECK_DIGIT, 13 },
	{ ROW("master model number"), "8014", "1987654Ad4X4bL5ttr2310c2K", 0, 0 },
	{ ROW("master model number of digits only"), "8014", "12345678", SCAN_VALUE, 0 },
	{ ROW("model number, no prefix"), "8013", "A987654Ad4X4bL5ttr2310c2K", SCAN_VALUE, 0 },
	{ ROW("month as date"), "17", "270200", 0, 0 },
	{ ROW("month 13"), "17", "271301", SCAN_DATE, 2 },
	{ ROW("31 April"), "17", "270431", SCAN_DATE, 4 },
	{ ROW("month where a day belongs"), "7006", "270200", SCAN_DATE, 4 },
	{ ROW("harvest from and to"), "7007", "270201270203", 0, 0 },
	{ ROW("harvest to no day"), "7007", "270201270230", SCAN_DATE, 10 },
	{ ROW("test until the minute"), "7011", "2702012359", 0, 0 },
	{ ROW("delivery window by month"), "4324", "2702002359", 0, 0 },
	{ ROW("production, hour 24"), "8008", "27123124", SCAN_TIME, 6 },
	{ ROW("production, minute 60"), "8008", "2712312360", SCAN_TIME, 8 },
	{ ROW("company prefix"), "8004", "1234", 0, 0 },
	{ ROW("company prefix too short"), "8004", "123", SCAN_VALUE, 0 },
	{ ROW("company prefix with a letter"), "8004", "12A4", SCAN_VALUE, 0 },
	{ ROW("date of birth, 29 February 2000"), "7250", "20000229", 0, 0 },
	{ ROW("date of birth, 29 February 1900"), "7250", "19000229", SCAN_DATE, 6 },
	{ ROW("date of birth, day 00"), "7250", "20000200", SCAN_DATE, 6 },
	{ ROW("hour 23:59"), "7251", "200002282359", 0, 0 },
	{ ROW("hour 24"), "7251", "200002282400", SCAN_TIME, 8 },
	{ ROW("minute 60"), "7251", "200002282360", SCAN_TIME, 10 },
	{ ROW("production to the hour"), "8008", "27123123", 0, 0 },
	{ ROW("production to the second"), "8008", "271231235959", 0, 0 },
	{ ROW("production, second 60"), "8008", "271231235960", SCAN_TIME, 10 },
	{ ROW("China"), "422", "156", 0, 0 },
	{ ROW("no such country"), "422", "123", SCAN_CODE, 0 },
	{ ROW("several countries"), "423", "156276", 0, 0 },
	{ ROW("second country wrong"), "423", "156123", SCAN_CODE, 3 },
	{ ROW("999 where allowed"), "7030", "999X", 0, 0 },
	{ ROW("999 where not"), "422", "999", SCAN_CODE, 0 },
	{ ROW("country letters"), "4307", "CN", 0, 0 },
	{ ROW("small country letters"), "4307", "cn", SCAN_CODE, 0 },
	{ ROW("yuan"), "3912", "1561230", 0, 0 },
	{ ROW("no such currency"), "3912", "9871230", SCAN_CODE, 0 },
	{ ROW("IBAN"), "8007", "GB82WEST12345698765432", 0, 0 },
	{ ROW("IBAN with two digits swapped"), "8007", "GB82WEST12345698765423", SCAN_CHECK_PAIR,
	  2 },
	{ ROW("IBAN of no country"), "8007", "XX82WEST12345698765432", SCAN_CODE, 0 },
	{ ROW("IBAN too short"), "8007", "GB82WEST12", SCAN_VALUE, 0 },
	{ ROW("zero before an asset"), "8003", "09501101530003", 0, 0 },
	{ ROW("no zero before an asset"), "8003", "19501101530003", SCAN_VALUE, 0 },
	{ ROW("roll"), "8001", "00010000100119", 0, 0 },
	{ ROW("roll wound a third way"), "8001", "00010000100129", SCAN_CODE, 12 },
	{ ROW("roll without width"), "8001", "00000000100101", SCAN_VALUE, 0 },
	{ ROW("component serial"), "8011", "10", 0, 0 },
	{ ROW("component serial with leading zero"), "8011", "01", SCAN_VALUE, 0 },
	{ ROW("percent encoding"), "4300", "A%20B", 0, 0 },
	{ ROW("percent encoding cut short"), "4300", "A%2", SCAN_VALUE, 1 },
	{ ROW("percent encoding of nothing"), "4300", "A%0g", SCAN_VALUE, 1 },
	{ ROW("pole and date line"), "4309", "18000000003600000000", 0, 0 },
	{ ROW("north of the pole"), "4309", "18000000013600000000", SCAN_VALUE, 0 },
	{ ROW("east of the date line"), "4309", "18000000003600000001", SCAN_VALUE, 10 },
	{ ROW("yes"), "4321", "1", 0, 0 },
	{ ROW("maybe"), "4321", "2", SCAN_CODE, 0 },
	{ ROW("below zero"), "4331", "000100-", 0, 0 },
	{ ROW("above zero with a plus"), "4331", "000100+", SCAN_VALUE, 6 },
	{ ROW("importer index"), "7040", "1AB_", 0, 0 },
	{ ROW("importer index out of set"), "7040", "1AB=", SCAN_VALUE, 3 },
	{ ROW("pallet"), "7041", "200", 0, 0 },
	{ ROW("no such package"), "7041", "AAA", SCAN_CODE, 0 },
	{ ROW("wristband"), "7241", "01", 0, 0 },
	{ ROW("no such medium"), "7241", "11", SCAN_CODE, 0 },
	{ ROW("sex not applicable"), "7252", "9", 0, 0 },
	{ ROW("no such sex"), "7252", "3", SCAN_CODE, 0 },
	{ ROW("first of three"), "7258", "1/3", 0, 0 },
	{ ROW("third of two"), "7258", "3/2", SCAN_VALUE, 0 },
	{ ROW("piece one of two"), "8006", "095011015300030102", 0, 0 },
	{ ROW("piece three of two"), "8006", "095011015300030302", SCAN_VALUE, 14 },
	{ ROW("piece zero"), "8006", "095011015300030002", SCAN_VALUE, 14 },
	{ ROW("coupon"), "8110", "106141416543213150110120", 0, 0 },
	{ ROW("coupon with a purchase cut short"), "8110", "10614141654321315011012", SCAN_VALUE,
	  0 },
	{ ROW("coupon offer"), "8112", "001234561234560123456", 0, 0 },
	{ ROW("coupon offer with data behind"), "8112", "0012345612345601234567", SCAN_VALUE, 0 },
};

static void test_content(void **state)
{
	(void)state;
	foreach(r, rows) {
		const struct gs1_ai *rule = gs1_ai_named(r->ai, strlen(r->ai));
		struct gs1_message msg;
		size_t at = 0;
		int err;

		gs1_init(&msg);
		row_check(r, rule != NULL, "no such identifier");
		err = gs1_add(&msg, r->ai, rule, 0, r->value, strlen(r->value), &at);
		row_check(r, err == r->err, "error %s, not %s", scan_error_text(err),
			  scan_error_text(r->err));
		row_check(r, err == 0 || at == r->at, "at byte %zu, not %zu", at, r->at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_content) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
