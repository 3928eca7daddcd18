/* What elements mean for each other: exclusions, repeats, companions, swallowed elements. */
#include "test_rows.h"

#include "scanner/gs1_rules.h"
#include "scanner/scan_error.h"

#define FNC1 "\x1d"
#define GTIN "0109501101530003"

struct rules_row {
	struct row row;
	const char *data;
	int err;
	size_t at;
};

static const struct rules_row rows[] = {
	{ ROW("item and content"), GTIN "0209501101530003", SCAN_MUTEX, 16 },
	{ ROW("the other way round"), "0209501101530003" GTIN, SCAN_MUTEX, 16 },
	{ ROW("item and count of content"), GTIN "3712", SCAN_MUTEX, 16 },
	{ ROW("serial and tobacco serial"), "21A" FNC1 "235B", SCAN_MUTEX, 4 },
	{ ROW("two weights of the same kind"),
	  "3102000001"
	  "3103000001",
	  SCAN_MUTEX, 10 },
	{ ROW("weights of two kinds"),
	  "3102000001"
	  "3202000001",
	  0, 0 },
	{ ROW("the same twice"), GTIN GTIN, 0, 0 },
	{ ROW("two items: two scans in one"), GTIN "0109501101530010", SCAN_REPEAT, 16 },
	{ ROW("a lot that begins like the other"), "10AB" FNC1 "10ABC", SCAN_REPEAT, 5 },
	{ ROW("signature over a document"), "2539501101530003" FNC1 "8030abc", SCAN_ASSOCIATION,
	  0 },
	{ ROW("signature over one copy"), "2539501101530003A" FNC1 "8030abc", 0, 0 },
	{ ROW("expiry alone"), "17271231", 0, 0 },
};

static void read(struct gs1_message *msg, const char *data)
{
	size_t at;

	gs1_init(msg);
	assert_int_equal(gs1_read(msg, data, strlen(data), 0, false, &at), 0);
}

static void test_rules(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct gs1_message msg;
		size_t at = 0;
		int err;

		read(&msg, r->data);
		err = gs1_check_rules(&msg, &at);
		row_check(r, err == r->err, "error %s", scan_error_text(err));
		row_check(r, at == r->at, "at byte %zu, not %zu", at, r->at);
	}
}

struct companion_row {
	struct row row;
	const char *data; /* the first element is asked about */
	bool lacks;
};

static const struct companion_row companions[] = {
	{ ROW("lot alone"), "10A", true },
	{ ROW("lot with item"), "10A" FNC1 GTIN, false },
	{ ROW("lot with content"), "10A" FNC1 "0209501101530003", false },
	{ ROW("item alone"), GTIN, false },
	{ ROW("potency with item"), "700412" FNC1 GTIN, true },
	{ ROW("potency with item and lot"), "700412" FNC1 GTIN "10A", false },
	{ ROW("price with any weight"), "39221234" FNC1 GTIN "3103000001", false },
	{ ROW("price without weight"), "39221234" FNC1 GTIN, true },
};

static void test_companions(void **state)
{
	(void)state;
	foreach(r, companions) {
		struct gs1_message msg;

		read(&msg, r->data);
		row_check(r, gs1_lacks_companion(&msg, &msg.element[0]) == r->lacks, "not so");
	}
}

struct ambiguous_row {
	struct row row;
	const char *data;
	bool ambiguous;
};

static const struct ambiguous_row ambiguous[] = {
	{ ROW("lot and date"), GTIN "10032915210526", true },
	{ ROW("lot and date, separated"), GTIN "100329" FNC1 "15210526", false },
	{ ROW("date that does not exist"), GTIN "10A15211326", false },
	{ ROW("lot, date, serial"),
	  GTIN "10A"
	       "17271231"
	       "21SN1",
	  true },
	{ ROW("lot and item"), "10A" GTIN, true },
	{ ROW("lot and number that is no item"),
	  "10A"
	  "0109501101530004",
	  false },
	{ ROW("serial behind lot"),
	  GTIN "17271231"
	       "10LOT-A1"
	       "21SN0001",
	  true },
	{ ROW("usual lot"),
	  GTIN "17271231"
	       "1020210315",
	  false },
	{ ROW("lot with letters"),
	  GTIN "17271231"
	       "10AB21C",
	  false },
	{ ROW("lot by date behind a serial that came first"), GTIN "21ABCD" FNC1 "10121021034567",
	  false },
	{ ROW("internal data means nothing to us"), "91A17271231", false },
	{ ROW("lot, production date, expiry"),
	  GTIN "10A24"
	       "11240301"
	       "17271231",
	  true },
	{ ROW("lot and a month"),
	  GTIN "10A2403"
	       "17271200",
	  true },
	{ ROW("serial, expiry, lot"),
	  GTIN "21SN01"
	       "17271231"
	       "10A24",
	  true },
	{ ROW("lot and an expiry with its hour"),
	  GTIN "10A24"
	       "70032712311200",
	  true },
	{ ROW("lot and a place"),
	  GTIN "10A24"
	       "4149501101530003",
	  true },
	{ ROW("lot behind serial"),
	  GTIN "17271231"
	       "21SN000001"
	       "10A2403",
	  true },
	{ ROW("lot behind serial, that was there before"),
	  GTIN "10A2403" FNC1 "21SN000001"
	       "10A2403",
	  false },
	{ ROW("short serial that has a 10"),
	  GTIN "17271231"
	       "21SN10ABCD",
	  false },
	{ ROW("additional number, and a date"),
	  GTIN "240ITEM-7"
	       "17271231",
	  true },
	{ ROW("pallet without its count"),
	  "0209501101530003"
	  "10A2403"
	  "3748",
	  true },
	{ ROW("pallet with its count"),
	  "0209501101530003"
	  "3748" FNC1 "10A2403"
	  "3748",
	  false },
	{ ROW("pallet, count before"),
	  "3748" FNC1 "0209501101530003"
	  "10A24033748",
	  false },
	{ ROW("item has no count to miss"), GTIN "10A24033748", false },
	{ ROW("count and lot"),
	  "0209501101530003"
	  "3748"
	  "102403",
	  true },
	{ ROW("count and serial"),
	  GTIN "305"
	       "2112345",
	  true },
	{ ROW("count of thousands"),
	  "0209501101530003"
	  "3710000",
	  false },
	{ ROW("count of 1021"),
	  "0209501101530003"
	  "371021",
	  false },
	{ ROW("lot by year and month"), GTIN "10A2403", false },
	{ ROW("lot by day"), GTIN "1020240115", false },
	{ ROW("lot by day and shift"), GTIN "10240115-03", false },
	{ ROW("lot by day, three digits more"), GTIN "1020240115017", false },
	{ ROW("lot with its name"), GTIN "10LOT17", false },
	{ ROW("lot of 2017 with a number"), GTIN "1017031512", false },
};

static void test_ambiguous(void **state)
{
	(void)state;
	foreach(r, ambiguous) {
		struct gs1_message msg;

		read(&msg, r->data);
		row_check(r, gs1_is_ambiguous(&msg) == r->ambiguous, "not so");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_companions),
		cmocka_unit_test(test_ambiguous),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
