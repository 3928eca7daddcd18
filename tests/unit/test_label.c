/* What a label may say, and what a scanner will make of it. */
#include "test_rows.h"

#include "scanner/label.h"
#include "scanner/scan_error.h"

#define GTIN "[01]09501101530003"
#define SIXTEEN "0123456789ABCDEF"
#define GS "\x1d"

struct content_row {
	struct row row;
	const char *symbology;
	const char *content;
	const char *data; /* what a scanner sends; NULL when it must fail */
	int err;
	size_t at;
};

static const struct content_row rows[] = {
	{ ROW("GTIN, expiry, lot"), "gs1-datamatrix", GTIN "[17]271231[10]aB-1/x_9",
	  "01095011015300031727123110aB-1/x_9", 0, 0 },
	{ ROW("FNC1 between, not behind"), "gs1-128", "[10]A[21]B", "10A" GS "21B", 0, 0 },
	{ ROW("none behind a predefined length"), "gs1-qr", "[17]271200[10]A", "1727120010A", 0,
	  0 },
	{ ROW("one behind a fixed length that is not predefined"), "gs1-qr", "[422]156[10]A",
	  "422156" GS "10A", 0, 0 },
	{ ROW("(235) goes last"), "gs1-128", "[235]T" GTIN "[10]A", "010950110153000310A" GS "235T",
	  0, 0 },
	{ ROW("(235) twice is once"), "gs1-128", "[235]T[235]T[01]09501101530003",
	  "0109501101530003235T", 0, 0 },
	{ ROW("round brackets"), "gs1-qr", "(01)09501101530003(10)A\\(B", "010950110153000310A(B",
	  0, 0 },
	{ ROW("one of two symbols on an item"), "gs1-datamatrix", "[17]271231", "17271231", 0, 0 },
	{ ROW("as long as GS1-128 may be"), "gs1-128", GTIN "[10]ABCDEFGHIJKLMNOPQRST[21]1234567",
	  "010950110153000310ABCDEFGHIJKLMNOPQRST" GS "211234567", 0, 0 },
	{ ROW("a character more"), "gs1-128", GTIN "[10]ABCDEFGHIJKLMNOPQRST[21]12345678", NULL,
	  SCAN_TOO_LONG, 43 },
	{ ROW("a matrix takes it"), "gs1-qr", GTIN "[10]ABCDEFGHIJKLMNOPQRST[21]12345678",
	  "010950110153000310ABCDEFGHIJKLMNOPQRST" GS "2112345678", 0, 0 },
	{ ROW("GS1 without brackets"), "gs1-qr", "0109501101530003", NULL, SCAN_BRACKET, 0 },
	{ ROW("text before the bracket"), "gs1-qr", "x[10]A", NULL, SCAN_BRACKET, 0 },
	{ ROW("wrong check digit"), "gs1-128", "[01]09501101530004", NULL, SCAN_CHECK_DIGIT, 17 },
	{ ROW("month 13"), "gs1-datamatrix", "[17]271301", NULL, SCAN_DATE, 6 },
	{ ROW("30 February"), "gs1-datamatrix", "[17]270230", NULL, SCAN_DATE, 8 },
	{ ROW("(01) with (02)"), "gs1-datamatrix", GTIN "[02]09501101530003", NULL, SCAN_MUTEX,
	  19 },
	{ ROW("two lots"), "gs1-datamatrix", GTIN "[10]A[10]B", NULL, SCAN_REPEAT, 24 },
	{ ROW("unknown identifier"), "gs1-datamatrix", "[89]1", NULL, SCAN_NO_AI, 1 },
	{ ROW("no value"), "gs1-datamatrix", "[10]", NULL, SCAN_NO_VALUE, 4 },
	{ ROW("lot of 21"), "gs1-datamatrix", "[10]ABCDEFGHIJKLMNOPQRSTU", NULL, SCAN_OVERLONG,
	  24 },
	{ ROW("caret in a lot"), "gs1-datamatrix", "[10]A^B", NULL, SCAN_CHARACTER, 5 },
	{ ROW("tilde in a lot"), "gs1-datamatrix", "[10]A~B", NULL, SCAN_CHARACTER, 5 },
	{ ROW("blank in a lot"), "gs1-datamatrix", "[10]A B", NULL, SCAN_CHARACTER, 5 },
	{ ROW("GS in a lot"), "gs1-datamatrix", "[10]A" GS "B", NULL, SCAN_CONTROL, 5 },
	{ ROW("Chinese lot"), "gs1-datamatrix", "[10]A\xe6\x89\xb9", NULL, SCAN_CHARACTER, 5 },
	{ ROW("line end behind"), "gs1-datamatrix", GTIN "\n", NULL, SCAN_CONTROL, 18 },
	{ ROW("empty"), "gs1-qr", "", NULL, SCAN_EMPTY, 0 },
	{ ROW("EAN of 13"), "ean-13", "6901234567892", "6901234567892", 0, 0 },
	{ ROW("EAN of 12"), "ean-13", "690123456789", "6901234567892", 0, 0 },
	{ ROW("EAN of 11"), "ean-13", "69012345678", NULL, SCAN_LENGTH, 11 },
	{ ROW("EAN of 14"), "ean-13", "06901234567892", NULL, SCAN_LENGTH, 13 },
	{ ROW("EAN, wrong check digit"), "ean-13", "6901234567893", NULL, SCAN_CHECK_DIGIT, 12 },
	{ ROW("EAN, letter"), "ean-13", "69012345678O2", NULL, SCAN_NOT_DIGITS, 11 },
	{ ROW("EAN in brackets"), "ean-13", GTIN, NULL, SCAN_NOT_DIGITS, 0 },
	{ ROW("EAN, empty"), "ean-13", "", NULL, SCAN_EMPTY, 0 },
	{ ROW("ITF of 14"), "itf-14", "16901234567899", "16901234567899", 0, 0 },
	{ ROW("ITF of 13"), "itf-14", "1690123456789", "16901234567899", 0, 0 },
	{ ROW("ITF, wrong check digit"), "itf-14", "16901234567890", NULL, SCAN_CHECK_DIGIT, 13 },
	{ ROW("ITF of 12"), "itf-14", "169012345678", NULL, SCAN_LENGTH, 12 },
	{ ROW("trace code"), "code-128", "81012350000000157474", "81012350000000157474", 0, 0 },
	{ ROW("what ZPL minds"), "code-128", "a^b~c\\d>e", "a^b~c\\d>e", 0, 0 },
	{ ROW("as long as Code 128 may be"), "code-128", SIXTEEN SIXTEEN SIXTEEN,
	  SIXTEEN SIXTEEN SIXTEEN, 0, 0 },
	{ ROW("Code 128, too long"), "code-128", SIXTEEN SIXTEEN SIXTEEN "0", NULL, SCAN_TOO_LONG,
	  48 },
	{ ROW("Code 128, tab"), "code-128", "a\tb", NULL, SCAN_CONTROL, 1 },
	{ ROW("Code 128, delete"), "code-128", "ab\x7f", NULL, SCAN_CONTROL, 2 },
	{ ROW("Code 128, Chinese"), "code-128", "\xe8\x8d\xaf", NULL, SCAN_CHARACTER, 0 },
	{ ROW("Code 128, like a prefix"), "code-128", "]x", NULL, SCAN_PREFIX, 0 },
	{ ROW("Code 128, with another's prefix"), "code-128", "]C110A", NULL, SCAN_PREFIX, 0 },
};

static void test_content(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct label label;
		size_t at = 0;
		int err = label_read(&label, label_symbology(r->symbology), r->content,
				     strlen(r->content), &at);

		row_check(r, err == r->err, "error %s", scan_error_text(err));
		row_check(r, err == 0 || at == r->at, "at byte %zu, not %zu", at, r->at);
		row_check(r, err != 0 || strcmp(label.data, r->data) == 0, "data %s", label.data);
		row_check(r, err != 0 || strlen(label.text) == strlen(label.source), "%s",
			  label.text);
	}
}

static void test_longest(void **state)
{
	char content[LABEL_CONTENT_MAX + 2];
	struct label label;
	size_t at;

	(void)state;
	memset(content, '1', sizeof(content));
	assert_int_equal(
		label_read(&label, label_symbology("gs1-qr"), content, sizeof(content) - 1, &at),
		SCAN_TOO_LONG);
	assert_int_equal(at, LABEL_CONTENT_MAX);
	for (size_t i = 0; i < LABEL_CONTENT_MAX; i += 50) {
		memcpy(content + i, "[9", 2);
		content[i + 2] = (char)('1' + i / 50);
		content[i + 3] = ']';
	}
	assert_int_equal(
		label_read(&label, label_symbology("gs1-qr"), content, LABEL_CONTENT_MAX, &at), 0);
	assert_int_equal(strlen(label.source), LABEL_CONTENT_MAX);
}

/* A text for the scanner's user would tell the drawer of a label to scan again. */
static void test_error_texts(void **state)
{
	char text[256], cut[9];

	(void)state;
	for (int err = SCAN_EMPTY; err <= SCAN_ASSOCIATION; err++) {
		label_error_text(err, 17, text, sizeof(text));
		assert_null(strstr(text, "scan again"));
		assert_non_null(
			strstr(text, ", at byte 17; nothing was drawn: correct the content."));
	}
	label_error_text(SCAN_DATE, 4, cut, sizeof(cut));
	assert_string_equal(cut, "There is");
}

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; label_symbology_row(i) != NULL; i++) {
		const struct label_symbology *row = label_symbology_row(i);

		assert_ptr_equal(label_symbology(row->name), row);
		assert_int_equal(row->kind, i);
	}
	assert_null(label_symbology("qr"));
	assert_null(label_symbology(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
