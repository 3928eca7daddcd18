/* Measures in whole dots, and the fields of ZPL. */
#include "test_rows.h"

#include "scanner/label_draw.h"
#include "scanner/label_font.h"
#include "scanner/label_layout.h"

static void read_label(struct label *label, const char *symbology, const char *content)
{
	size_t at;

	assert_int_equal(
		label_read(label, label_symbology(symbology), content, strlen(content), &at), 0);
}

/* ---- measures ---- */

struct module_row {
	struct row row;
	const char *symbology;
	const char *content;
	unsigned dpi;
	unsigned module; /* dots */
	unsigned left;   /* quiet dots at least */
};

static const struct module_row module_rows[] = {
	{ ROW("DataMatrix, 0.254 mm are 2.03 dots"), "gs1-datamatrix", "[10]A", 203, 3, 6 },
	{ ROW("DataMatrix, 0.254 mm are 3 dots"), "gs1-datamatrix", "[10]A", 300, 3, 6 },
	{ ROW("DataMatrix, finest"), "gs1-datamatrix", "[10]A", 600, 6, 12 },
	{ ROW("QR"), "gs1-qr", "[10]A", 203, 3, 12 },
	{ ROW("EAN"), "ean-13", "690123456789", 203, 3, 33 },
	{ ROW("EAN at 300"), "ean-13", "690123456789", 300, 4, 44 },
	{ ROW("ITF, 0.250 mm are 1.998 dots"), "itf-14", "1690123456789", 203, 2, 20 },
	{ ROW("Code 128"), "code-128", "CONFIRM", 300, 3, 30 },
	{ ROW("GS1-128"), "gs1-128", "[10]A", 600, 6, 60 },
};

static void test_modules(void **state)
{
	(void)state;
	foreach(r, module_rows) {
		struct label label;
		struct label_symbol symbol;
		struct label_layout layout;

		read_label(&label, r->symbology, r->content);
		assert_true(label_symbol_make(&symbol, &label));
		label_layout_make(&layout, &label, &symbol, r->dpi);
		row_check(r, layout.module == r->module, "%u dots", layout.module);
		row_check(r, layout.left >= r->left, "%u quiet dots", layout.left);
		row_check(r,
			  layout.left + symbol.columns * layout.module +
					  label.symbology->quiet_right * layout.module <=
				  layout.width,
			  "the symbol leaves the label");
	}
}

struct line_row {
	struct row row;
	const char *content;
	unsigned columns;
	const char *lines; /* each behind a bar */
};

static const struct line_row line_rows[] = {
	{ ROW("elements whole"), "[10]ABC[21]DEF[240]G", 8, "|(10)ABC|(21)DEF|(240)G" },
	{ ROW("as many as fit"), "[10]ABC[21]DEF[240]G", 14, "|(10)ABC(21)DEF|(240)G" },
	{ ROW("all fit"), "[10]ABC[21]DEF[240]G", 20, "|(10)ABC(21)DEF(240)G" },
	{ ROW("one that fits no line"), "[10]ABCDEFGHIJ[21]K", 6, "|(10)AB|CDEFGH|IJ|(21)K" },
};

static void test_lines(void **state)
{
	(void)state;
	foreach(r, line_rows) {
		struct label label;
		char lines[64] = "";
		size_t end, n = 0;

		read_label(&label, "gs1-qr", r->content);
		for (size_t from = 0; from < strlen(label.text); from = end) {
			end = label_layout_line_end(&label, r->columns, from);
			row_check(r, end > from, "no progress");
			n += (size_t)snprintf(lines + n, sizeof(lines) - n, "|%.*s",
					      (int)(end - from), label.text + from);
		}
		row_check(r, strcmp(lines, r->lines) == 0, "%s", lines);
	}
}

/* Every letter shows something of its own; nothing else shows anything. */
static void test_letters(void **state)
{
	unsigned long long seen[127] = { 0 };

	(void)state;
	for (int c = 0; c < 127; c++) {
		for (unsigned column = 0; column < 7; column++)
			for (unsigned row = 0; row < LABEL_FONT_ROWS; row++)
				seen[c] = seen[c] << 1 | label_font_is_dark((char)c, column, row);
		assert_true((seen[c] != 0) == (c > ' '));
		for (int other = '!'; other < c; other++)
			assert_true(seen[c] != seen[other]);
	}
	assert_false(label_font_is_dark((char)0xe9, 2, 2));
}

/* ---- ZPL ---- */

struct zpl_row {
	struct row row;
	const char *symbology;
	const char *content;
	const char *field; /* somewhere in the label */
};

static const struct zpl_row zpl_rows[] = {
	{ ROW("GS1-128 of the guide"), "gs1-128", "[01]06901234567892[17]271231[10]LOT-A1[21]SN1",
	  "^FD>;>801069012345678921727123110>6LOT-A1>821SN1^FS" },
	{ ROW("back to pairs"), "gs1-128", "[10]A1[17]271231", "^FD>;>810>6A1>8>517271231^FS" },
	{ ROW("odd digits: the first stays in B"), "code-128", "AB12345", "^FD>:AB1>52345^FS" },
	{ ROW("odd digits at the start"), "code-128", "12345", "^FD>:1>52345^FS" },
	{ ROW("three digits"), "code-128", "123", "^FD>:123^FS" },
	{ ROW("trace code"), "code-128", "81012350000000157474", "^FD>;81012350000000157474^FS" },
	{ ROW("greater-than"), "code-128", "A>8B", "^FD>:A>08B^FS" },
	{ ROW("what begins commands"), "code-128", "^FS~\\", "^FH\\^FD>:\\5EFS\\7E\\5C^FS" },
	{ ROW("DataMatrix"), "gs1-datamatrix", "[10]A_1[21]__", "_^FD_110A__1_121____^FS" },
	{ ROW("EAN without check digit"), "ean-13", "6901234567892", "^FD690123456789^FS" },
	{ ROW("ITF with it"), "itf-14", "1690123456789", "^FD16901234567899^FS" },
	{ ROW("text for people"), "code-128", "a^b", "^FH\\^FDa\\5Eb^FS" },
};

static void test_zpl(void **state)
{
	(void)state;
	foreach(r, zpl_rows) {
		struct label label;
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		read_label(&label, r->symbology, r->content);
		assert_true(label_draw(out, &label, label_format("zpl"), 203));
		fclose(out);
		row_check(r, strstr(text, r->field) != NULL, "%s", text);
		free(text);
	}
}

/* A disk without room, a pipe without reader. */
static void test_failing_output(void **state)
{
	static const char *const formats[] = { "svg", "png", "zpl" };
	struct label label;

	(void)state;
	read_label(&label, "gs1-qr", "[10]A");
	for (size_t i = 0; i < 3; i++) {
		FILE *out = fopen("/dev/full", "w");

		assert_false(label_draw(out, &label, label_format(formats[i]), 300));
		fclose(out);
	}
	assert_null(label_format("pdf"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modules),        cmocka_unit_test(test_lines),
		cmocka_unit_test(test_letters),        cmocka_unit_test(test_zpl),
		cmocka_unit_test(test_failing_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
