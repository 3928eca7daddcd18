/* workstation/command_code.c: the printed command sheet. */
#include "workstation/command_code.h"

#include "test_rows.h"

static const struct {
	struct row row;
	const char *code;
	enum command_kind kind;
	const char *movement;
	uint32_t quantity;
} rows[] = {
	{ ROW("receive"), "YAOKU-RECEIVE", COMMAND_MOVEMENT, "receive", 0 },
	{ ROW("dispense"), "YAOKU-DISPENSE", COMMAND_MOVEMENT, "dispense", 0 },
	{ ROW("return"), "YAOKU-RETURN", COMMAND_MOVEMENT, "return", 0 },
	{ ROW("write off"), "YAOKU-WRITE-OFF", COMMAND_MOVEMENT, "write_off", 0 },
	{ ROW("with AIM prefix"), "]C0YAOKU-RECEIVE", COMMAND_MOVEMENT, "receive", 0 },
	{ ROW("quantity 1"), "YAOKU-QUANTITY-1", COMMAND_QUANTITY, NULL, 1 },
	{ ROW("quantity 9999"), "YAOKU-QUANTITY-9999", COMMAND_QUANTITY, NULL, 9999 },
	{ ROW("quantity 0"), "YAOKU-QUANTITY-0", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("quantity 10000"), "YAOKU-QUANTITY-10000", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("quantity without number"), "YAOKU-QUANTITY-", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("quantity with a suffix"), "YAOKU-QUANTITY-12#", COMMAND_QUANTITY, NULL, 12 },
	{ ROW("quantity with zeros"), "YAOKU-QUANTITY-0012", COMMAND_QUANTITY, NULL, 12 },
	{ ROW("quantity beyond all numbers"), "YAOKU-QUANTITY-99999999999999", COMMAND_ELSEWHERE,
	  NULL, 0 },
	{ ROW("undo"), "YAOKU-UNDO", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("confirm"), "YAOKU-CONFIRM", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("cancel"), "YAOKU-CANCEL", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("of a later version"), "YAOKU-PRAISE", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("choice"), "YAOKU-CHOICE-3", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("prefix and suffix of the scanner"), "#1:YAOKU-RECEIVE;", COMMAND_MOVEMENT, "receive",
	  0 },
	{ ROW("another layout"), "zaoku?write?off", COMMAND_MOVEMENT, "write_off", 0 },
	{ ROW("another layout, not ASCII"),
	  "ZAOKU\xdfQUANTITZ\xdf"
	  "5",
	  COMMAND_QUANTITY, NULL, 5 },
	{ ROW("a link is none"), "https://yaoku.example/yaoku-receive", COMMAND_NONE, NULL, 0 },
	{ ROW("a lot of that name"),
	  "10YAOKU\x1d"
	  "21A",
	  COMMAND_NONE, NULL, 0 },
	{ ROW("prefix only"), "YAOKU-", COMMAND_ELSEWHERE, NULL, 0 },
	{ ROW("no prefix"), "YAOKU", COMMAND_NONE, NULL, 0 },
	{ ROW("a product"), "0109520001000843", COMMAND_NONE, NULL, 0 },
	{ ROW("lower case"), "yaoku-receive", COMMAND_MOVEMENT, "receive", 0 },
	{ ROW("empty"), "", COMMAND_NONE, NULL, 0 },
};

static void test_codes(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct command_code got = command_code_read(bytes_of(r->code));

		row_check(r, got.kind == r->kind, "kind %d", got.kind);
		row_check(r, got.quantity == r->quantity, "quantity %u", got.quantity);
		row_check(r,
			  (got.movement == NULL) == (r->movement == NULL) &&
				  (r->movement == NULL || strcmp(got.movement, r->movement) == 0),
			  "movement %s", got.movement);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
