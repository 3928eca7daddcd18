/* workstation/framing.c: where a scan ends, and what is no scan. */
#include "workstation/framing.h"

#include "test_rows.h"

/*
 * In `bytes`, '~' is a pause, '?' a gap and '!' the end of the device. In `expected`, each scan
 * stands in < >, 'C' is a cut one and 'L' one that is too long.
 */
static const struct {
	struct row row;
	enum terminator terminator;
	const char *bytes, *expected;
} rows[] = {
	{ ROW("CR ends"), TERMINATOR_ENTER, "abc\rde\r", "<abc><de>" },
	{ ROW("LF ends"), TERMINATOR_ENTER, "abc\nde\n", "<abc><de>" },
	{ ROW("CR LF ends once"), TERMINATOR_ENTER, "abc\r\nde\r\n", "<abc><de>" },
	{ ROW("Tab belongs to the code"), TERMINATOR_ENTER, "abc\tde\r", "<abc\tde>" },
	{ ROW("Tab ends"), TERMINATOR_TAB, "abc\tde\t", "<abc><de>" },
	{ ROW("nothing but ends"), TERMINATOR_ENTER, "\r\n\r\n\r", "" },
	{ ROW("GS belongs to the code"), TERMINATOR_ENTER,
	  "10A\x1d"
	  "21B\r",
	  "<10A\x1d"
	  "21B>" },
	{ ROW("CR: LF beside it goes"), TERMINATOR_CR, "abc\r\nde\r\n", "<abc><de>" },
	{ ROW("CR: Tab belongs to the code"), TERMINATOR_CR, "a\tb\r", "<a\tb>" },
	{ ROW("LF: CR beside it goes"), TERMINATOR_LF, "abc\r\nde\n", "<abc><de>" },
	{ ROW("LF: CR inside stays"), TERMINATOR_LF, "a\rb\n", "<a\rb>" },
	{ ROW("Tab: CR belongs to the code"), TERMINATOR_TAB, "a\rb\t", "<a\rb>" },
	{ ROW("idle: the pause ends"), TERMINATOR_IDLE, "abc~de~", "<abc><de>" },
	{ ROW("idle: CR belongs to the code"), TERMINATOR_IDLE, "abc\r~", "<abc\r>" },
	{ ROW("idle: a pause after nothing"), TERMINATOR_IDLE, "~~abc~~", "<abc>" },
	{ ROW("a pause spoils a scan, its rest is refused too"), TERMINATOR_ENTER, "ab~c\rde\r",
	  "CC<de>" },
	{ ROW("a second pause is not said"), TERMINATOR_ENTER, "ab~c~d\rde\r", "CC<de>" },
	{ ROW("a pause between scans"), TERMINATOR_ENTER, "abc\r~de\r", "<abc><de>" },
	{ ROW("no terminator at all"), TERMINATOR_CR, "abc~def~", "C" },
	{ ROW("a gap within a scan"), TERMINATOR_ENTER, "ab?c\rde\r", "C<de>" },
	{ ROW("a gap before a scan"), TERMINATOR_ENTER, "ab\r?c\rde\r", "<ab>C<de>" },
	{ ROW("a gap and nothing but the end"), TERMINATOR_ENTER, "ab?\rde\r", "C<de>" },
	{ ROW("a gap, idle"), TERMINATOR_IDLE, "ab?c~de~", "C<de>" },
	{ ROW("unplugged within a scan"), TERMINATOR_ENTER, "ab!cd\r", "C<cd>" },
	{ ROW("unplugged between scans"), TERMINATOR_ENTER, "ab\r!cd\r", "<ab><cd>" },
	{ ROW("unplugged after a pause"), TERMINATOR_ENTER, "ab~!cd\r", "CC<cd>" },
};

static void note(const struct framing *framing, enum frame frame, char *to)
{
	char *end = to + strlen(to);

	if (frame == FRAME_SCAN)
		snprintf(end, 64, "<%.*s>", (int)framing->length, framing->data);
	else if (frame != FRAME_NONE)
		snprintf(end, 64, "%s", frame == FRAME_CUT ? "C" : "L");
}

static enum frame feed(struct framing *framing, char byte)
{
	switch (byte) {
	case '~':
		return framing_pause(framing);
	case '?':
		framing_spoil(framing);
		return FRAME_NONE;
	case '!':
		return framing_end(framing);
	default:
		return framing_byte(framing, byte);
	}
}

static void test_rows_of_frames(void **state)
{
	static struct framing framing;

	(void)state;
	foreach(r, rows) {
		char got[256] = "";

		framing_init(&framing, r->terminator);
		for (const char *p = r->bytes; *p != '\0'; p++)
			note(&framing, feed(&framing, *p), got);
		row_check(r, strcmp(got, r->expected) == 0, "got %s", got);
	}
}

static void test_longest(void **state)
{
	static struct framing framing;

	(void)state;
	framing_init(&framing, TERMINATOR_ENTER);
	for (size_t length = RECORD_CODE_MAX - 1; length <= 3 * RECORD_CODE_MAX; length++) {
		for (size_t i = 0; i < length; i++)
			assert_int_equal(framing_byte(&framing, 'x'), FRAME_NONE);
		assert_int_equal(framing_byte(&framing, '\r'),
				 length > RECORD_CODE_MAX ? FRAME_TOO_LONG : FRAME_SCAN);
		assert_int_equal(framing.length, length);
		if (length > RECORD_CODE_MAX)
			length += 5000;
	}
}

static void test_nul_is_a_byte(void **state)
{
	static struct framing framing;

	(void)state;
	framing_init(&framing, TERMINATOR_LF);
	framing_byte(&framing, '\0');
	framing_byte(&framing, 'a');
	assert_int_equal(framing_byte(&framing, '\n'), FRAME_SCAN);
	assert_int_equal(framing.length, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_of_frames),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_nul_is_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
