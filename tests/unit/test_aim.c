/* Symbologies by prefix and by name. */
#include "test_rows.h"

#include "scanner/aim.h"

struct aim_row {
	struct row row;
	const char *text;
	const char *name; /* NULL = unknown */
};

static const struct aim_row rows[] = {
	{ ROW("GS1-128"), "]C1", "gs1-128" },
	{ ROW("plain Code 128"), "]C0", "code-128" },
	{ ROW("GS1 DataMatrix"), "]d2", "gs1-datamatrix" },
	{ ROW("plain Data Matrix"), "]d1", "data-matrix" },
	{ ROW("GS1 QR"), "]Q3", "gs1-qr" },
	{ ROW("letters of a prefix have a case"), "]D2", NULL },
	{ ROW("prefix cut short"), "]d", NULL },
	{ ROW("prefix of no symbology"), "]Y0", NULL },
	{ ROW("label name"), "itf-14", "itf-14" },
	{ ROW("written name"), "GS1 QR Code", "gs1-qr" },
	{ ROW("three names in one"), "EAN-13/UPC-A/UPC-E", "upc-a" },
	{ ROW("part of a name"), "gs1", NULL },
	{ ROW("nothing"), "", NULL },
	{ ROW("punctuation"), "--", NULL },
};

static void test_named(void **state)
{
	(void)state;
	foreach(r, rows) {
		const struct aim_symbology *found = aim_named(r->text);
		const char *name = found != NULL ? found->name : "(unknown)";

		row_check(r, strcmp(name, r->name != NULL ? r->name : "(unknown)") == 0, "%s",
			  name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_named) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
