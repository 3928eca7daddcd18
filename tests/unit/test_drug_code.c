/* Codes of master data: a form per row. */
#include "test_rows.h"

#include "scanner/drug_code.h"

struct drug_row {
	struct row row;
	bool (*check)(const char *s, size_t len);
	const char *text;
	bool valid;
};

#define APPROVAL approval_number_is_valid
#define NATIONAL national_drug_code_is_valid
#define INSURANCE insurance_code_is_valid

static const struct drug_row rows[] = {
	{ ROW("chemical"), APPROVAL, "国药准字H21021039", true },
	{ ROW("traditional"), APPROVAL, "国药准字Z20063595", true },
	{ ROW("biological"), APPROVAL, "国药准字S20190001", true },
	{ ROW("import, packed here"), APPROVAL, "国药准字J20130001", true },
	{ ROW("supplement of old"), APPROVAL, "国药准字B20020001", true },
	{ ROW("import since 2020"), APPROVAL, "国药准字HJ20210001", true },
	{ ROW("traditional from Hong Kong"), APPROVAL, "国药准字ZC20210001", true },
	{ ROW("old import"), APPROVAL, "H20110123", true },
	{ ROW("old import from Taiwan"), APPROVAL, "HC20110123", true },
	{ ROW("old import in bulk"), APPROVAL, "BH20110123", true },
	{ ROW("no letter"), APPROVAL, "国药准字21021039", false },
	{ ROW("letter nobody gives"), APPROVAL, "国药准字X21021039", false },
	{ ROW("small letter"), APPROVAL, "国药准字h21021039", false },
	{ ROW("seven digits"), APPROVAL, "国药准字H2102103", false },
	{ ROW("nine digits"), APPROVAL, "国药准字H210210390", false },
	{ ROW("other words"), APPROVAL, "国食药准H21021039", false },
	{ ROW("packed here, without the words"), APPROVAL, "J20130001", false },
	{ ROW("words alone"), APPROVAL, "国药准字", false },
	{ ROW("no approval"), APPROVAL, "", false },

	{ ROW("of an approved product"), NATIONAL, "86901110000020", true },
	{ ROW("check digit"), NATIONAL, "86901110000021", false },
	{ ROW("not of medicines"), NATIONAL, "86801110000021", false },
	{ ROW("13 digits"), NATIONAL, "8690111000002", false },
	{ ROW("letter in it"), NATIONAL, "869011100000A0", false },

	{ ROW("23 characters"), INSURANCE, "XA02BCA184A001010100123", true },
	{ ROW("20 characters"), INSURANCE, "ZA02BCA184A001010100", true },
	{ ROW("27 characters"), INSURANCE, "XA02BCA184A0010101001234567", true },
	{ ROW("19 characters"), INSURANCE, "XA02BCA184A00101010", false },
	{ ROW("28 characters"), INSURANCE, "XA02BCA184A00101010012345678", false },
	{ ROW("small letters"), INSURANCE, "xa02bca184a001010100123", false },
	{ ROW("digit first"), INSURANCE, "1A02BCA184A001010100123", false },
	{ ROW("hyphen"), INSURANCE, "XA02BC-A184A001010100123", false },
};

static void test_forms(void **state)
{
	(void)state;
	foreach(r, rows)
		row_check(r, r->check(r->text, strlen(r->text)) == r->valid, "not so");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_forms) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
