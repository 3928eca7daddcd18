/* The entry point: what a scan is taken for, what is drawn out of it, what is cleaned off. */
#include "test_rows.h"

#include "scanner/gs1_date.h"
#include "scanner/scan.h"

#define FNC1 "\x1d"
#define GTIN "09501101530003"
#define TODAY 20779 /* 2026-11-22 */

struct scan_row {
	struct row row;
	const char *data;
	const char *symbology;
	int err;
	enum scan_kind kind;
	const char *gtin; /* NULL = not asked */
};

static const struct scan_row kinds[] = {
	/* without a word about the symbol */
	{ ROW("EAN-13"), "6901234567892", NULL, 0, SCAN_GTIN, "06901234567892" },
	{ ROW("EAN-13 that reads as a lot too"), "1012345678904", NULL, 0, SCAN_GTIN, NULL },
	{ ROW("EAN-13 misread"), "6901234567893", NULL, SCAN_CHECK_DIGIT, 0, NULL },
	{ ROW("EAN-13 misread, a lot by chance"), "1012345678903", NULL, SCAN_CHECK_DIGIT, 0,
	  NULL },
	{ ROW("EAN-8"), "96385074", NULL, 0, SCAN_GTIN, "00000096385074" },
	{ ROW("date of eight digits"), "17211200", NULL, 0, SCAN_GS1, "" },
	{ ROW("date of eight digits, wrong"), "15000000", NULL, SCAN_DATE, 0, NULL },
	{ ROW("UPC-E"), "425261", NULL, 0, SCAN_GTIN, "00042100005264" },
	{ ROW("lot of six digits"), "100329", NULL, 0, SCAN_GS1, "" },
	{ ROW("SSCC"), "157035381410375177", NULL, 0, SCAN_SSCC, "" },
	{ ROW("SSCC misread"), "157035381410375178", NULL, SCAN_CHECK_DIGIT, 0, NULL },
	{ ROW("trace code"), "81012350000000157474", NULL, 0, SCAN_TRACE_CODE, "" },
	{ ROW("trace code that reads as elements"), "80121234567890123456", NULL, 0,
	  SCAN_TRACE_CODE, "" },
	{ ROW("20 digits of something else"), "71012350000000157474", "Code 128", SCAN_TRACE, 0,
	  NULL },
	{ ROW("20 digits in a symbol of others"), "71012350000000157474", "QR Code", 0, SCAN_OTHER,
	  "" },
	{ ROW("trace code misread as a letter"), "]C08101235000000015747A", NULL, SCAN_TRACE, 0,
	  NULL },
	{ ROW("trace code with a digit too few"), "]C08101235000000015747", NULL, SCAN_TRACE, 0,
	  NULL },
	{ ROW("trace code with a digit too many"), "]C0810123500000001574741", NULL, SCAN_TRACE, 0,
	  NULL },
	{ ROW("company's own code"), "]C08ABC12350000001574X4", NULL, 0, SCAN_OTHER, "" },
	{ ROW("unit in plain Code 128"), "]C000376130321109103420", NULL, 0, SCAN_GS1, "" },
	{ ROW("key with a blank in front"), " 23456789012345675", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("key with a blank inside"), "12345678 012345675", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("key with a blank behind"), "12345678901234567 ", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("GTIN that ends in letters"), "0123456789abc", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("UPC-A that ends in letters"), "012345678abc", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("UPC-A in other people's digits"), "012345678\xe2\x81\xb0\xe2\x81\xb0\xe2\x81\xb0",
	  NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("telephone number"), "138 0013 8000", NULL, 0, SCAN_OTHER, "" },
	{ ROW("document number"), "20240115-001", NULL, 0, SCAN_OTHER, "" },
	{ ROW("company's code of 12"), "123456789ABC", NULL, 0, SCAN_OTHER, "" },
	{ ROW("UPC-E of seven digits"), "1425261", NULL, 0, SCAN_GTIN, "00142100005261" },
	{ ROW("UPC-E of eight digits"), "04252614", NULL, 0, SCAN_GTIN, "00042100005264" },
	{ ROW("UPC-E of eight digits, misread"), "04252613", NULL, SCAN_CHECK_DIGIT, 0, NULL },
	{ ROW("UPC-E, another rule's zeros after the third"), "520453", NULL, 0, SCAN_OTHER, "" },
	{ ROW("UPC-E, another rule's zero as fourth"), "525044", NULL, 0, SCAN_OTHER, "" },
	{ ROW("UPC-E, another rule's zero as fifth"), "0425206", NULL, 0, SCAN_OTHER, "" },
	{ ROW("EAN-8 that is a UPC-E too"), "12345670", NULL, 0, SCAN_GTIN, "00000012345670" },
	{ ROW("EAN-8 with zeros as 12 digits"), "000096385074", NULL, 0, SCAN_GTIN,
	  "00000096385074" },
	{ ROW("count of eight digits"), "30018789", NULL, 0, SCAN_GS1, "" },
	{ ROW("case"), "16901234567899", NULL, 0, SCAN_GTIN, "16901234567899" },
	{ ROW("element string"), "01" GTIN "17271231", NULL, 0, SCAN_GS1, GTIN },
	{ ROW("element string misread"), "0109501101530004", NULL, SCAN_CHECK_DIGIT, 0, NULL },
	{ ROW("element string cut short"), "3100123", NULL, SCAN_TOO_SHORT, 0, NULL },
	{ ROW("link"), "https://id.gs1.org/01/" GTIN, NULL, 0, SCAN_DIGITAL_LINK, GTIN },
	{ ROW("another address"), "https://example.com/leaflet?lang=zh", NULL, 0, SCAN_OTHER, "" },
	{ ROW("address with a key, damaged"), "https://id.gs1.org/01/" GTIN "/", NULL, SCAN_LINK, 0,
	  NULL },
	{ ROW("address with a key, scheme mixed"), "]Q1HtTps://id.gs1.org/01/" GTIN, NULL, 0,
	  SCAN_OTHER, "" },
	{ ROW("address in capitals"), "HTTP://EXAMPLE.COM/SHELF", NULL, 0, SCAN_OTHER, "" },
	{ ROW("address alone"), "https://", NULL, 0, SCAN_OTHER, "" },
	{ ROW("another scheme"), "ftp://id.gs1.org/01/" GTIN, NULL, 0, SCAN_OTHER, "" },
	{ ROW("text"), "SHELF A-12", NULL, 0, SCAN_OTHER, "" },
	{ ROW("text that begins like a date"), "12 tablets", NULL, 0, SCAN_OTHER, "" },
	{ ROW("a date as people write it"), "2027-12-31", NULL, 0, SCAN_OTHER, "" },
	{ ROW("Chinese text"), "药品架 A", NULL, 0, SCAN_OTHER, "" },
	{ ROW("brackets are not scanned"), "(01)" GTIN, NULL, 0, SCAN_OTHER, "" },
	/* with an AIM prefix */
	{ ROW("GS1-128"), "]C101" GTIN, NULL, 0, SCAN_GS1, GTIN },
	{ ROW("GS1 DataMatrix"), "]d2" FNC1 "01" GTIN "10A" FNC1 "17271231", NULL, 0, SCAN_GS1,
	  GTIN },
	{ ROW("trace code as GS1"), "]C180121234567890123456", NULL, 0, SCAN_GS1, "" },
	{ ROW("GS1 without data"), "]d2", NULL, SCAN_EMPTY, 0, NULL },
	{ ROW("EAN-13 by prefix"), "]E06901234567892", NULL, 0, SCAN_GTIN, "06901234567892" },
	{ ROW("EAN-13 with 12 digits"), "]E0123456789012", NULL, SCAN_LENGTH, 0, NULL },
	{ ROW("EAN-13 with a letter"), "]E069012345678A2", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("EAN-13 and add-on"), "]E3690123456789212345", NULL, 0, SCAN_GTIN, "06901234567892" },
	{ ROW("composite"), "]E06901234567892|]e010A" FNC1 "17271231", NULL, 0, SCAN_GS1,
	  "06901234567892" },
	{ ROW("composite without component"), "]E06901234567892|]e0", NULL, SCAN_EMPTY, 0, NULL },
	{ ROW("composite of an EAN-8"), "]E402345673|]e099A" FNC1 "98B", NULL, 0, SCAN_GS1,
	  "00000002345673" },
	{ ROW("composite with another item"), "]E06901234567892|]e00109501101530003", NULL,
	  SCAN_REPEAT, 0, NULL },
	{ ROW("composite with the content of a unit"), "]E06901234567892|]e00209501101530003", NULL,
	  SCAN_MUTEX, 0, NULL },
	{ ROW("component of another kind"), "]E06901234567892|]C110A", NULL, SCAN_LENGTH, 0, NULL },
	{ ROW("EAN-13 and an add-on of 2"), "]E3690123456789212", NULL, 0, SCAN_GTIN,
	  "06901234567892" },
	{ ROW("EAN-13 and an add-on of 3"), "]E36901234567892123", NULL, SCAN_LENGTH, 0, NULL },
	{ ROW("add-on of 2 alone"), "]E112", NULL, 0, SCAN_OTHER, "" },
	{ ROW("add-on of 5 alone"), "]E212345", NULL, 0, SCAN_OTHER, "" },
	{ ROW("ITF-14, check not verified"), "]I016901234567899", NULL, 0, SCAN_GTIN,
	  "16901234567899" },
	{ ROW("ITF-14 misread"), "]I116901234567898", NULL, SCAN_CHECK_DIGIT, 0, NULL },
	{ ROW("DataBar by another name"), "01" GTIN, "DataBarExpanded", 0, SCAN_GS1, GTIN },
	{ ROW("symbology not said"), "6901234567892", "", 0, SCAN_GTIN, "06901234567892" },
	{ ROW("EAN-8 by prefix"), "]E496385074", NULL, 0, SCAN_GTIN, "00000096385074" },
	{ ROW("ITF-14"), "]I116901234567899", NULL, 0, SCAN_GTIN, "16901234567899" },
	{ ROW("ITF-14 without its check digit"), "]I31690123456789", NULL, 0, SCAN_GTIN,
	  "16901234567899" },
	{ ROW("ITF of another length"), "]I1123456", NULL, 0, SCAN_OTHER, "" },
	{ ROW("plain Code 128 with elements"), "]C001" GTIN, NULL, 0, SCAN_GS1, GTIN },
	{ ROW("plain Code 128 with a lot"), "]C010ABC", NULL, 0, SCAN_OTHER, "" },
	{ ROW("plain QR"), "]Q1TESTING", NULL, 0, SCAN_OTHER, "" },
	{ ROW("plain Data Matrix, empty"), "]d1", NULL, 0, SCAN_OTHER, "" },
	{ ROW("QR with a link"), "]Q1https://a/01/" GTIN, NULL, 0, SCAN_DIGITAL_LINK, GTIN },
	{ ROW("QR with a wrong link"), "]Q1https://a/01/" GTIN "/99/A", NULL, SCAN_LINK_PATH, 0,
	  NULL },
	{ ROW("Caps Lock, GS1 DataMatrix"), "]D201" GTIN "10aB", NULL, SCAN_FAULT, 0, NULL },
	{ ROW("Caps Lock, GS1-128 in a symbol named"), "]c101" GTIN "10aB", "gs1-128", SCAN_FAULT,
	  0, NULL },
	{ ROW("Caps Lock, EAN-13 that reads as a lot"), "]e01012345678904", NULL, SCAN_FAULT, 0,
	  NULL },
	{ ROW("DataBar with a lot as long as an EAN-13"), "]e01012345678903", NULL, 0, SCAN_GS1,
	  "" },
	{ ROW("Caps Lock, text"), "]c0SHELF", NULL, 0, SCAN_OTHER, "" },
	{ ROW("vendor's prefix"), "]X0SHELF", NULL, 0, SCAN_OTHER, "" },
	{ ROW("prefix cut short"), "]X", NULL, SCAN_PREFIX, 0, NULL },
	{ ROW("no modifier"), "]XX", NULL, SCAN_PREFIX, 0, NULL },
	/* with a name */
	{ ROW("name as in labels"), "01" GTIN, "gs1-datamatrix", 0, SCAN_GS1, GTIN },
	{ ROW("name as people write it"), "01" GTIN, "GS1 DataMatrix", 0, SCAN_GS1, GTIN },
	{ ROW("prefix as name"), "6901234567892", "]E0", 0, SCAN_GTIN, "06901234567892" },
	{ ROW("UPC-E by name"), "04252614", "UPC-E", 0, SCAN_GTIN, "00042100005264" },
	{ ROW("prefix beats name"), "]C110A", "ean-13", 0, SCAN_GS1, "" },
	{ ROW("unknown name"), "6901234567892", "smoke signal", 0, SCAN_GTIN, "06901234567892" },
	/* transport */
	{ ROW("nothing"), "", NULL, SCAN_EMPTY, 0, NULL },
	{ ROW("line end alone"), "\r\n", NULL, SCAN_EMPTY, 0, NULL },
	{ ROW("separator alone"), FNC1, NULL, SCAN_EMPTY, 0, NULL },
	{ ROW("wrapped"), "\xef\xbb\xbf\t6901234567892\xe2\x80\x8b\r\n", NULL, 0, SCAN_GTIN,
	  "06901234567892" },
	{ ROW("Zebra's end byte"), "6901234567892\x16", NULL, 0, SCAN_GTIN, "06901234567892" },
	{ ROW("leading separator"), FNC1 "01" GTIN, NULL, 0, SCAN_GS1, GTIN },
	{ ROW("a blank is data"), " 6901234567892", NULL, SCAN_NOT_DIGITS, 0, NULL },
	{ ROW("control character inside"),
	  "69012\x02"
	  "345",
	  NULL, SCAN_CONTROL, 0, NULL },
	{ ROW("delete inside"),
	  "A\x7f"
	  "B",
	  NULL, SCAN_CONTROL, 0, NULL },
	{ ROW("two scans in one"), "01" GTIN "0109501101530010", NULL, SCAN_REPEAT, 0, NULL },
	{ ROW("ISO 15434"),
	  "[)>\x1e"
	  "06" FNC1 "9N110375286414",
	  NULL, SCAN_MH10, 0, NULL },
};

static int decode(const char *data, size_t len, struct scan_options options, struct scan_code *code)
{
	size_t at;

	options.today = TODAY;
	return scan_decode(data, len, &options, code, &at);
}

static void test_kinds(void **state)
{
	(void)state;
	foreach(r, kinds) {
		struct scan_options options = { .symbology = r->symbology };
		struct scan_code code;
		int err = decode(r->data, strlen(r->data), options, &code);

		row_check(r, err == r->err, "error %s", scan_error_text(err));
		row_check(r, err != 0 || code.kind == r->kind, "kind %s",
			  scan_kind_name(code.kind));
		row_check(r, r->gtin == NULL || strcmp(code.gtin, r->gtin) == 0, "GTIN %s",
			  code.gtin);
	}
}

static void test_fields(void **state)
{
	static const char data[] = "]d201" GTIN "17270200"
				   "10aB-1" FNC1 "21Zz0" FNC1 "3012";
	struct scan_code code;

	(void)state;
	assert_int_equal(decode(data, sizeof(data) - 1, (struct scan_options){ 0 }, &code), 0);
	assert_string_equal(code.symbology, "gs1-datamatrix");
	assert_string_equal(code.gtin, GTIN);
	assert_string_equal(code.lot, "aB-1");
	assert_string_equal(code.serial, "Zz0");
	assert_int_equal(code.expiry, date_days(2027, 2, 28));
	assert_false(code.expiry_day_known);
	assert_int_equal(code.quantity, 12);
	assert_int_equal(code.message.count, 5);
	assert_int_equal(code.hint_count, 0);
	assert_false(code.ambiguous);
}

/* A pallet's label names the content and its count. */
static void test_unit(void **state)
{
	static const char data[] = "]C100376130321109103420"
				   "02" GTIN "3748" FNC1 "70032712312359";
	struct scan_code code;

	(void)state;
	assert_int_equal(decode(data, sizeof(data) - 1, (struct scan_options){ 0 }, &code), 0);
	assert_string_equal(code.sscc, "376130321109103420");
	assert_string_equal(code.gtin, GTIN);
	assert_int_equal(code.quantity, 48);
	assert_int_equal(code.expiry, date_days(2027, 12, 31));
	assert_true(code.expiry_day_known);
}

static void test_hints(void **state)
{
	struct scan_code code;
	char text[256];

	(void)state;
	assert_int_equal(decode("17271231", 8, (struct scan_options){ 0 }, &code), 0);
	assert_int_equal(code.hint_count, 1);
	assert_int_equal(code.hint[0].kind, SCAN_HINT_COMPANION);
	scan_hint_text(&code, &code.hint[0], text, sizeof(text));
	assert_string_equal(text,
			    "(17) belongs with (01) or (02) or (03) or (255) or (8006) or (8026): "
			    "scan the item's other symbol too.");
	assert_int_equal(decode("]C001" GTIN, 19, (struct scan_options){ 0 }, &code), 0);
	assert_string_equal(scan_hint_name(code.hint[0].kind), "carrier_not_gs1");
}

/* Typed from a symbol that is named; but a scanner that says so reads no brackets. */
static void test_bracketed(void **state)
{
	const struct scan_options typed = { .bracketed = true, .symbology = "gs1-datamatrix" };
	struct scan_code code;

	(void)state;
	assert_int_equal(decode("[01]" GTIN "[10]A(B)", 26, typed, &code), 0);
	assert_string_equal(code.lot, "A(B)");
	assert_string_equal(code.symbology, "gs1-datamatrix");
	assert_int_equal(decode("]d2[01]" GTIN, 21, typed, &code), SCAN_NO_AI);
}

/* The device's substitute for GS, of one character or many; offsets stay the scan's. */
static void test_separator(void **state)
{
	static const char *const separators[] = { "|", "{GS}", "\\x1D", "]" };
	char data[64];
	struct scan_code code;

	(void)state;
	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++) {
		struct scan_profile profile;
		const struct scan_options options = { .profile = &profile, .today = TODAY };
		size_t width = strlen(separators[i]);
		size_t at;

		assert_true(scan_profile_set(NULL, NULL, separators[i], NULL, &profile));
		memcpy(data, "101313", 6);
		memcpy(data + 6, separators[i], width);
		memcpy(data + 6 + width, "15271301", 8);
		assert_int_equal(scan_decode(data, 6 + width + 8, &options, &code, &at), SCAN_DATE);
		assert_int_equal(at, 6 + width + 4);
		data[6 + width + 5] = '2';
		assert_int_equal(scan_decode(data, 6 + width + 8, &options, &code, &at), 0);
		assert_string_equal(code.lot, "1313");
	}
}

static void test_length_limit(void **state)
{
	static char data[SCAN_INPUT_MAX + 1];
	struct scan_code code;

	(void)state;
	memset(data, 'a', sizeof(data));
	assert_int_equal(decode(data, SCAN_INPUT_MAX, (struct scan_options){ 0 }, &code), 0);
	assert_int_equal(code.kind, SCAN_OTHER);
	assert_int_equal(decode(data, sizeof(data), (struct scan_options){ 0 }, &code),
			 SCAN_TOO_LONG);
}

/* Whatever bytes come, the sanitizers stay silent and a failure has an offset inside. */
static void test_noise(void **state)
{
	static const char alphabet[] = "0123456789]CdEQe01|(/:%?=&\x1d\x16 hts";
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		const struct scan_options options = { .bracketed = true,
						      .lenient = i % 2 == 0,
						      .today = TODAY };
		char data[24];
		struct scan_code code;
		size_t len, at = 0;

		for (len = 0; len < sizeof(data); len++) {
			random = random * 1664525 + 1013904223;
			data[len] = alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
		}
		len = (random >> 8) % sizeof(data);
		if (scan_decode(data, len, &options, &code, &at) != 0)
			assert_true(at <= len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),        cmocka_unit_test(test_fields),
		cmocka_unit_test(test_unit),         cmocka_unit_test(test_hints),
		cmocka_unit_test(test_bracketed),    cmocka_unit_test(test_separator),
		cmocka_unit_test(test_length_limit), cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
