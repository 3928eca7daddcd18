/* What the ledger looks a scan up by: one kind of code a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/scan_reading.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TODAY 20779 /* 2026-11-22 */

static const struct {
	const char *name, *code;
	const char *lot_asked; /* the request's */
	const char *lookup, *pack, *lot;
	int32_t expiry;
	const char *problem;
} rows[] = {
	{ "GS1 with lot, expiry, serial",
	  "]d2010950110153000317271231"
	  "10AB\x1d"
	  "21S1",
	  NULL, "09501101530003", "010950110153000321S1", "AB", 21183, NULL },
	{ "GS1 without serial", "]d20109501101530003", NULL, "09501101530003", NULL, NULL,
	  INT32_MIN, NULL },
	{ "the code's lot wins", "]d2010950110153000310AB", "CD", "09501101530003", NULL, "AB",
	  INT32_MIN, NULL },
	{ "the request's lot helps out", "9501101530003", "CD", "09501101530003", NULL, "CD",
	  INT32_MIN, NULL },
	{ "EAN-13 becomes GTIN-14", "9501101530003", NULL, "09501101530003", NULL, NULL, INT32_MIN,
	  NULL },
	{ "trace code", "81012350000000157474", NULL, "8101235", "81012350000000157474", NULL,
	  INT32_MIN, NULL },
	{ "plain text is remembered whole", "ABC-123", NULL, "ABC-123", NULL, NULL, INT32_MIN,
	  NULL },
	{ "and without its AIM prefix", "]C0ABC-123", NULL, "ABC-123", NULL, NULL, INT32_MIN,
	  NULL },
	{ "a prefix before nothing", "]C0", NULL, NULL, NULL, NULL, INT32_MIN, NULL },
	{ "lot and expiry are half of a box",
	  "]d217271231"
	  "10AB",
	  NULL, NULL, NULL, "AB", 21183, "half" },
	{ "a lot is, when the symbol is GS1", "]C110AB", "CD", NULL, NULL, "AB", INT32_MIN,
	  "half" },
	{ "a serial is, and goes along", "]d221S1", NULL, NULL, "21S1", NULL, INT32_MIN, "half" },
	{ "an expiry is", "]Q317271231", NULL, NULL, NULL, NULL, 21183, "half" },
	{ "day and lot are, whatever the symbol",
	  "17271231"
	  "10AB",
	  NULL, NULL, NULL, "AB", 21183, "half" },
	{ "a number that reads as a lot is a number", "1012345", NULL, "1012345", NULL, NULL,
	  INT32_MIN, NULL },
	{ "a place beside the lot is no half",
	  "]d24149501101530003"
	  "10AB",
	  NULL, "]d2414950110153000310AB", NULL, NULL, INT32_MIN, NULL },
	{ "what a lot may have swallowed is not joined", "]d21727123110AB123421712345", NULL, NULL,
	  NULL, "AB123421712345", 21183, "needs_review" },
	{ "SSCC", "00095011015300000010", NULL, NULL, "00095011015300000010", NULL, INT32_MIN,
	  "package" },
	{ "SSCC without identifier", "395011015300000011", NULL, NULL, "00395011015300000011", NULL,
	  INT32_MIN, "package" },
	{ "SSCC with its content is a package",
	  "]C100095011015300000010"
	  "0209501101530003"
	  "3712",
	  NULL, NULL, "00095011015300000010", NULL, INT32_MIN, "package" },
	{ "the content of a package is no pack",
	  "]C10209501101530003"
	  "3748"
	  "\x1d"
	  "10AB",
	  NULL, "09501101530003", NULL, "AB", INT32_MIN, "needs_review" },
	{ "a piece is no pack",
	  "]d28006"
	  "09501101530003"
	  "0103"
	  "\x1d"
	  "21S1",
	  NULL, "09501101530003", "010950110153000321S1", NULL, INT32_MIN, "needs_review" },
	{ "a wrong check digit is held", "]d20109501101530004", NULL, "]d20109501101530004", NULL,
	  NULL, INT32_MIN, "bad_code" },
	{ "nothing is held", "", NULL, NULL, NULL, NULL, INT32_MIN, "bad_code" },
};

static void same(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void readings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct scan_request request = {
			.code = rows[i].code,
			.code_length = strlen(rows[i].code),
			.lot = rows[i].lot_asked,
			.quantity = 1,
		};
		struct arena *arena = arena_new();
		struct scan_reading reading;

		print_message("%s\n", rows[i].name);
		scan_reading_make(arena, &request, NULL, TODAY, &reading);
		same(reading.lookup, rows[i].lookup);
		same(reading.pack, rows[i].pack);
		same(reading.lot, rows[i].lot);
		assert_int_equal(reading.expiry, rows[i].expiry);
		same(reading.problem, rows[i].problem);
		assert_int_equal(reading.alone,
				 reading.problem != NULL && (!strcmp(reading.problem, "half") ||
							     !strcmp(reading.problem, "package")));
		arena_free(arena);
	}
}

static const struct {
	const char *name, *scanned_at, *code;
	int32_t today, expiry;
} days[] = {
	{ "without the device's clock: the day of receipt", NULL, "]d217761231", TODAY,
	  39081 /* 2076 */ },
	{ "scanned before New Year, received after", "2025-12-31T23:00:00+08:00", "]d217761231",
	  TODAY, 2556 /* 1976 */ },
	{ "a clock more than 400 days behind", "2025-10-01T00:00:00Z", "]d217761231", TODAY,
	  39081 },
	{ "New Year has come at the device", "2027-01-01T00:00:00Z", "]d217771231",
	  20818 /* 2026-12-31 */, 39446 /* 2077 */ },
	{ "a clock more than a day ahead", "2027-01-02T00:00:00Z", "]d217771231", 20818,
	  2921 /* 1977 */ },
	{ "a clock before 1970", "1969-12-31T00:00:00Z", "]d217761231", TODAY, 39081 },
};

static void centuries(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		struct scan_request request = {
			.code = days[i].code,
			.code_length = strlen(days[i].code),
			.scanned_at = days[i].scanned_at,
			.quantity = 1,
		};
		struct arena *arena = arena_new();
		struct scan_reading reading;

		print_message("%s\n", days[i].name);
		scan_reading_make(arena, &request, NULL, days[i].today, &reading);
		assert_int_equal(reading.expiry, days[i].expiry);
		arena_free(arena);
	}
}

static const struct {
	const char *name, *code;
	struct scan_profile profile; /* of the device */
	const char *lookup, *pack, *lot, *problem;
} undone[] = {
	{ "a scanner with habits",
	  "A]d20109501101530003"
	  "10AB|21S1",
	  { .prefix = "A", .separator = "|" },
	  "09501101530003",
	  "010950110153000321S1",
	  "AB",
	  NULL },
	{ "text is remembered without the scanner's habits",
	  "**ABC-123##",
	  { .prefix = "**", .suffix = "##\r" },
	  "ABC-123",
	  NULL,
	  NULL,
	  NULL },
	{ "the separator's sign in text is taken for GS",
	  "SHELF A|12",
	  { .separator = "|" },
	  "SHELF A|12",
	  NULL,
	  NULL,
	  "bad_code" },
	{ "letters whose case is lost",
	  "]d20109501101530003"
	  "10AB",
	  { .fault = KEYBOARD_UPPER },
	  "09501101530003",
	  NULL,
	  "AB",
	  "needs_review" },
	{ "a half of a box whose case is lost is not joined",
	  "]d217271231"
	  "10AB",
	  { .fault = KEYBOARD_UPPER },
	  NULL,
	  NULL,
	  "AB",
	  "needs_review" },
	{ "digits whose case is lost",
	  "9501101530003",
	  { .fault = KEYBOARD_UPPER },
	  "09501101530003",
	  NULL,
	  NULL,
	  NULL },
	{ "Caps Lock went off meanwhile",
	  "]d20109501101530003"
	  "10aB",
	  { .fault = KEYBOARD_CAPS },
	  "]d2010950110153000310aB",
	  NULL,
	  NULL,
	  "bad_code" },
};

static void habits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(undone); i++) {
		struct scan_request request = {
			.code = undone[i].code,
			.code_length = strlen(undone[i].code),
			.quantity = 1,
		};
		struct arena *arena = arena_new();
		struct scan_reading reading;

		print_message("%s\n", undone[i].name);
		scan_reading_make(arena, &request, &undone[i].profile, TODAY, &reading);
		same(reading.lookup, undone[i].lookup);
		same(reading.pack, undone[i].pack);
		same(reading.lot, undone[i].lot);
		same(reading.problem, undone[i].problem);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(readings), cmocka_unit_test(centuries),
					    cmocka_unit_test(habits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
