/* The tables of layouts: each is the inverse of itself, and knows what it cannot tell. */
#include "test_rows.h"

#include "scanner/keyboard.h"

struct text_row {
	struct row row;
	enum keyboard_fault fault;
	const char *typed, *arrives;
};

/* Characters that every test symbol or prefix is made of, as people report them. */
static const struct text_row texts[] = {
	{ ROW("nothing happens"), KEYBOARD_PLAIN, "]d2aB-1/x_9", "]d2aB-1/x_9" },
	{ ROW("Caps Lock"), KEYBOARD_CAPS, "]d2aB-1/x_9", "]D2Ab-1/X_9" },
	{ ROW("lower"), KEYBOARD_LOWER, "]C1aB", "]c1ab" },
	{ ROW("upper"), KEYBOARD_UPPER, "]d2aB", "]D2AB" },
	{ ROW("German"), KEYBOARD_DE, "]d2aB-1/x_9Zz0", "+d2aBß1-x?9Yy0" },
	{ ROW("French"), KEYBOARD_FR, "]d20aB-1/x_9", "$déàqB)&!x°ç" },
	{ ROW("French, all digits"), KEYBOARD_FR, "0123456789", "à&é\"'(-è_ç" },
	{ ROW("Spanish"), KEYBOARD_ES, "]d2aB-1/x_9", "+d2aB'1-x?9" },
	{ ROW("British"), KEYBOARD_GB, "#|\"@", "£~@\"" },
};

static void test_texts(void **state)
{
	(void)state;
	foreach(r, texts) {
		char arrived[128] = { 0 };
		size_t n = 0;

		for (const char *c = r->typed; *c != '\0'; c++)
			n += keyboard_type(r->fault, *c, arrived + n);
		row_check(r, strcmp(arrived, r->arrives) == 0, "%s", arrived);
	}
}

/*
 * Every printable character: what is typed comes back, or is refused; nothing comes back as
 * another.
 */
static void test_inverse(void **state)
{
	(void)state;
	for (int fault = 0; fault < KEYBOARD_FAULTS; fault++) {
		for (char c = ' '; c < 0x7f; c++) {
			char bytes[KEYBOARD_CHAR_MAX], meant = '\0';
			size_t n = keyboard_type((enum keyboard_fault)fault, c, bytes);
			size_t width = n > 0 ? keyboard_undo((enum keyboard_fault)fault, bytes, n,
							     &meant) :
					       0;

			if (keyboard_is_lossy((enum keyboard_fault)fault))
				continue;
			assert_int_equal(width, n);
			if (n > 0)
				assert_int_equal(meant, c);
		}
	}
}

/* No two arrivals mean the same, and what no key makes is refused. */
static void test_refused(void **state)
{
	static const struct {
		enum keyboard_fault fault;
		const char *arrives;
	} refused[] = {
		{ KEYBOARD_DE, "]" },  { KEYBOARD_DE, "@" },    { KEYBOARD_DE, "é" },
		{ KEYBOARD_DE, "´" },  { KEYBOARD_FR, "~" },    { KEYBOARD_FR, "`" },
		{ KEYBOARD_ES, "ñ" },  { KEYBOARD_ES, "]" },    { KEYBOARD_ES, "+\xff" + 1 },
		{ KEYBOARD_GB, "\\" }, { KEYBOARD_DE, "\xc3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		char c;

		assert_int_equal(keyboard_undo(refused[i].fault, refused[i].arrives,
					       strlen(refused[i].arrives), &c),
				 0);
	}
}

static void test_words(void **state)
{
	enum keyboard_fault fault;

	(void)state;
	for (int i = 0; i < KEYBOARD_FAULTS; i++) {
		assert_true(
			keyboard_fault_named(keyboard_fault_name((enum keyboard_fault)i), &fault));
		assert_int_equal(fault, i);
	}
	assert_false(keyboard_fault_named("dvorak", &fault));
	assert_true(keyboard_alters(KEYBOARD_DE, 'z'));
	assert_false(keyboard_alters(KEYBOARD_DE, 'a'));
	assert_true(keyboard_alters(KEYBOARD_UPPER, 'A'));
	assert_false(keyboard_alters(KEYBOARD_CAPS, '-'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_inverse),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
