/* workstation/keymap.c and the reading of events in device.c: keys as bytes. */
#include "workstation/keymap.h"

#include <unistd.h>

#include "test_rows.h"
#include "workstation/device.h"

/* Key events: K presses and releases, D goes down, U goes up, L sets the Caps Lock light. */
#define K(key)                 \
	{ EV_KEY, key, 1 },    \
	{                      \
		EV_KEY, key, 0 \
	}
#define D(key)                 \
	{                      \
		EV_KEY, key, 1 \
	}
#define U(key)                 \
	{                      \
		EV_KEY, key, 0 \
	}
#define R(key)                 \
	{                      \
		EV_KEY, key, 2 \
	}
#define L(on)                         \
	{                             \
		EV_LED, LED_CAPSL, on \
	}

struct key {
	unsigned short type, code;
	int value;
};

static const struct {
	struct row row;
	bool caps;
	const char *expected;
	struct key keys[32];
} rows[] = {
	{ ROW("digits and Enter"),
	  false,
	  "0192\r",
	  { K(KEY_0), K(KEY_1), K(KEY_9), K(KEY_2), K(KEY_ENTER) } },
	{ ROW("letters"), false, "abz", { K(KEY_A), K(KEY_B), K(KEY_Z) } },
	{ ROW("Shift, left"),
	  false,
	  "Aa",
	  { D(KEY_LEFTSHIFT), K(KEY_A), U(KEY_LEFTSHIFT), K(KEY_A) } },
	{ ROW("Shift, right"), false, "(", { D(KEY_RIGHTSHIFT), K(KEY_9), U(KEY_RIGHTSHIFT) } },
	{ ROW("both Shifts, one goes up"),
	  false,
	  "A",
	  { D(KEY_LEFTSHIFT), D(KEY_RIGHTSHIFT), U(KEY_LEFTSHIFT), K(KEY_A), U(KEY_RIGHTSHIFT) } },
	{ ROW("signs of a Digital Link"),
	  false,
	  ":/?=&%",
	  { D(KEY_LEFTSHIFT), K(KEY_SEMICOLON), U(KEY_LEFTSHIFT), K(KEY_SLASH), D(KEY_LEFTSHIFT),
	    K(KEY_SLASH), U(KEY_LEFTSHIFT), K(KEY_EQUAL), D(KEY_LEFTSHIFT), K(KEY_7), K(KEY_5),
	    U(KEY_LEFTSHIFT) } },
	{ ROW("AIM prefix"), false, "]d2", { K(KEY_RIGHTBRACE), K(KEY_D), K(KEY_2) } },
	{ ROW("Ctrl+] is GS"),
	  false,
	  "\x1d",
	  { D(KEY_LEFTCTRL), K(KEY_RIGHTBRACE), U(KEY_LEFTCTRL) } },
	{ ROW("Ctrl+Shift+6 is RS"),
	  false,
	  "\x1e",
	  { D(KEY_RIGHTCTRL), D(KEY_LEFTSHIFT), K(KEY_6), U(KEY_LEFTSHIFT), U(KEY_RIGHTCTRL) } },
	{ ROW("Ctrl+J is LF"), false, "\n", { D(KEY_LEFTCTRL), K(KEY_J), U(KEY_LEFTCTRL) } },
	{ ROW("Ctrl+1 types nothing"), false, "", { D(KEY_LEFTCTRL), K(KEY_1), U(KEY_LEFTCTRL) } },
	{ ROW("Caps Lock light at the start"),
	  true,
	  "Aa1",
	  { K(KEY_A), D(KEY_LEFTSHIFT), K(KEY_A), U(KEY_LEFTSHIFT), K(KEY_1) } },
	{ ROW("Caps Lock light goes on and off"), false, "Aa", { L(1), K(KEY_A), L(0), K(KEY_A) } },
	{ ROW("Caps Lock key"),
	  false,
	  "aAa",
	  { K(KEY_A), K(KEY_CAPSLOCK), K(KEY_A), K(KEY_CAPSLOCK), K(KEY_A) } },
	{ ROW("Caps Lock key under a light"), true, "a", { K(KEY_CAPSLOCK), K(KEY_A) } },
	{ ROW("keypad"),
	  false,
	  "0159.+-*/\r",
	  { K(KEY_KP0), K(KEY_KP1), K(KEY_KP5), K(KEY_KP9), K(KEY_KPDOT), K(KEY_KPPLUS),
	    K(KEY_KPMINUS), K(KEY_KPASTERISK), K(KEY_KPSLASH), K(KEY_KPENTER) } },
	{ ROW("Alt+029 is GS"),
	  false,
	  "\x1d",
	  { D(KEY_LEFTALT), K(KEY_KP0), K(KEY_KP2), K(KEY_KP9), U(KEY_LEFTALT) } },
	{ ROW("Alt+999 is no byte"),
	  false,
	  "",
	  { D(KEY_LEFTALT), K(KEY_KP9), K(KEY_KP9), K(KEY_KP9), U(KEY_LEFTALT) } },
	{ ROW("Alt alone"), false, "a", { K(KEY_LEFTALT), K(KEY_A) } },
	{ ROW("Alt with letters types nothing"),
	  false,
	  "",
	  { D(KEY_LEFTALT), K(KEY_A), U(KEY_LEFTALT) } },
	{ ROW("a late release repeats nothing"),
	  false,
	  "a",
	  { D(KEY_A), R(KEY_A), R(KEY_A), U(KEY_A) } },
	{ ROW("keys without a character"),
	  false,
	  "a",
	  { K(KEY_F1), K(KEY_ESC), K(KEY_LEFT), K(0x2ff), K(KEY_A) } },
	{ ROW("what is no key"),
	  false,
	  "a",
	  { { EV_REL, REL_X, 30 },
	    { EV_MSC, MSC_SCAN, 30 },
	    { EV_SYN, SYN_MT_REPORT, 0 },
	    K(KEY_A) } },
};

static size_t events_of(const struct key *keys, struct input_event *ret_events)
{
	size_t count = 0;

	for (; count < 32 && (keys[count].type != 0 || keys[count].code != 0); count++)
		ret_events[count] = (struct input_event){ .type = keys[count].type,
							  .code = keys[count].code,
							  .value = keys[count].value };
	return count;
}

/* Through a pipe, as the kernel gives them, in pieces of every size. */
static void test_keys(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct input_event events[32];
		size_t size = events_of(r->keys, events) * sizeof(events[0]);

		for (size_t piece = 1; piece <= size; piece += 7) {
			struct device_events reader = { .held = 0 };
			char data[sizeof(events)], typed[33] = "";
			size_t length = 0;
			ssize_t count;
			int ends[2];

			keymap_init(&reader.keymap, r->caps);
			assert_int_equal(pipe(ends), 0);
			assert_int_equal(write(ends[1], events, size), size);
			close(ends[1]);
			while ((count = read(ends[0], data, piece)) > 0)
				length += device_events_read(&reader, data, (size_t)count,
							     typed + length);
			close(ends[0]);
			row_check(r,
				  length == strlen(r->expected) &&
					  memcmp(typed, r->expected, length) == 0,
				  "in pieces of %zu: %.*s", piece, (int)length, typed);
		}
	}
}

static void test_dropped_keys_are_told(void **state)
{
	const struct input_event events[] = { { .type = EV_KEY, .code = KEY_A, .value = 1 },
					      { .type = EV_SYN, .code = SYN_DROPPED },
					      { .type = EV_KEY, .code = KEY_B, .value = 1 } };
	struct device_events reader = { .held = 0 };
	char typed[3];

	(void)state;
	device_events_read(&reader, (const char *)events, sizeof(events[0]), typed);
	assert_false(reader.dropped);
	device_events_read(&reader, (const char *)events, sizeof(events), typed);
	assert_true(reader.dropped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_dropped_keys_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
