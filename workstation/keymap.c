#include "workstation/keymap.h"

#include <stddef.h>

enum held {
	SHIFT_LEFT = 1,
	SHIFT_RIGHT = 2,
	CONTROL_LEFT = 4,
	CONTROL_RIGHT = 8,
	ALT_LEFT = 16,
	ALT_RIGHT = 32,
};

#define SHIFT (SHIFT_LEFT | SHIFT_RIGHT)
#define CONTROL (CONTROL_LEFT | CONTROL_RIGHT)
#define ALT (ALT_LEFT | ALT_RIGHT)

static const struct {
	unsigned short key;
	enum held bit;
} modifiers[] = {
	{ KEY_LEFTSHIFT, SHIFT_LEFT },  { KEY_RIGHTSHIFT, SHIFT_RIGHT },
	{ KEY_LEFTCTRL, CONTROL_LEFT }, { KEY_RIGHTCTRL, CONTROL_RIGHT },
	{ KEY_LEFTALT, ALT_LEFT },      { KEY_RIGHTALT, ALT_RIGHT },
};

/* What a key types, alone and with Shift. */
static const char keys[][2] = {
	[KEY_1] = "1!",           [KEY_2] = "2@",          [KEY_3] = "3#",
	[KEY_4] = "4$",           [KEY_5] = "5%",          [KEY_6] = "6^",
	[KEY_7] = "7&",           [KEY_8] = "8*",          [KEY_9] = "9(",
	[KEY_0] = "0)",           [KEY_MINUS] = "-_",      [KEY_EQUAL] = "=+",
	[KEY_TAB] = "\t\t",       [KEY_Q] = "qQ",          [KEY_W] = "wW",
	[KEY_E] = "eE",           [KEY_R] = "rR",          [KEY_T] = "tT",
	[KEY_Y] = "yY",           [KEY_U] = "uU",          [KEY_I] = "iI",
	[KEY_O] = "oO",           [KEY_P] = "pP",          [KEY_LEFTBRACE] = "[{",
	[KEY_RIGHTBRACE] = "]}",  [KEY_ENTER] = "\r\r",    [KEY_A] = "aA",
	[KEY_S] = "sS",           [KEY_D] = "dD",          [KEY_F] = "fF",
	[KEY_G] = "gG",           [KEY_H] = "hH",          [KEY_J] = "jJ",
	[KEY_K] = "kK",           [KEY_L] = "lL",          [KEY_SEMICOLON] = ";:",
	[KEY_APOSTROPHE] = "'\"", [KEY_GRAVE] = "`~",      [KEY_BACKSLASH] = "\\|",
	[KEY_Z] = "zZ",           [KEY_X] = "xX",          [KEY_C] = "cC",
	[KEY_V] = "vV",           [KEY_B] = "bB",          [KEY_N] = "nN",
	[KEY_M] = "mM",           [KEY_COMMA] = ",<",      [KEY_DOT] = ".>",
	[KEY_SLASH] = "/?",       [KEY_KPASTERISK] = "**", [KEY_SPACE] = "  ",
	[KEY_KP7] = "77",         [KEY_KP8] = "88",        [KEY_KP9] = "99",
	[KEY_KPMINUS] = "--",     [KEY_KP4] = "44",        [KEY_KP5] = "55",
	[KEY_KP6] = "66",         [KEY_KPPLUS] = "++",     [KEY_KP1] = "11",
	[KEY_KP2] = "22",         [KEY_KP3] = "33",        [KEY_KP0] = "00",
	[KEY_KPDOT] = "..",       [KEY_102ND] = "\\|",     [KEY_KPENTER] = "\r\r",
	[KEY_KPSLASH] = "//",
};

void keymap_init(struct keymap *keymap, bool caps_led)
{
	*keymap = (struct keymap){ .caps_led = caps_led };
}

static unsigned modifier_of(unsigned short key)
{
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++)
		if (modifiers[i].key == key)
			return modifiers[i].bit;
	return 0;
}

/* A modifier goes down or up. True when Alt, going up, ends a number. */
static bool hold(struct keymap *keymap, unsigned bit, bool down, char *ret_byte)
{
	bool typed = (bit & ALT) != 0 && !down && keymap->digits > 0 && keymap->number <= 0xff;

	keymap->held = down ? keymap->held | bit : keymap->held & ~bit;
	if (typed)
		*ret_byte = (char)keymap->number;
	if ((bit & ALT) != 0)
		keymap->number = keymap->digits = 0;
	return typed;
}

static bool is_keypad_digit(unsigned short key)
{
	return key >= KEY_KP7 && key <= KEY_KP0 && key != KEY_KPMINUS && key != KEY_KPPLUS;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Ctrl keeps the lower five bits of what stands in columns 4 to 7 of ASCII; elsewhere it types nothing. */
static bool with_ctrl(char c, char *ret_byte)
{
	if (c < '@' || c > 'z')
		return false;
	*ret_byte = (char)(c & 0x1f);
	return true;
}

static bool type_key(const struct keymap *keymap, unsigned short key, char *ret_byte)
{
	bool shifted = (keymap->held & SHIFT) != 0;
	char c;

	if (key >= sizeof(keys) / sizeof(keys[0]) || keys[key][0] == '\0')
		return false;
	if (is_letter(keys[key][0]))
		shifted ^= keymap->caps_led ^ keymap->caps_toggled;
	c = keys[key][shifted];
	if ((keymap->held & CONTROL) != 0)
		return with_ctrl(c, ret_byte);
	*ret_byte = c;
	return true;
}

static bool press(struct keymap *keymap, unsigned short key, char *ret_byte)
{
	if (key == KEY_CAPSLOCK) {
		keymap->caps_toggled = !keymap->caps_toggled;
		return false;
	}
	if ((keymap->held & ALT) == 0)
		return type_key(keymap, key, ret_byte);
	if (is_keypad_digit(key) && keymap->digits < 4) {
		keymap->number = keymap->number * 10 + (unsigned)(keys[key][0] - '0');
		keymap->digits++;
	}
	return false;
}

bool keymap_event(struct keymap *keymap, const struct input_event *event, char *ret_byte)
{
	unsigned bit;

	if (event->type == EV_LED && event->code == LED_CAPSL)
		keymap->caps_led = event->value != 0;
	if (event->type != EV_KEY)
		return false;
	bit = modifier_of(event->code);
	if (bit != 0)
		return hold(keymap, bit, event->value != 0, ret_byte);
	return event->value == 1 && press(keymap, event->code, ret_byte);
}
