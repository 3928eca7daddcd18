/* The layouts, as pairs of what is meant and what arrives. */
#include <string.h>

#include "scanner/keyboard.h"

#define NO "\x7f" /* no certain character */

/* A character of the US layout, then the one on the same key here; unlisted ones are the same. */
static const char *const layouts[KEYBOARD_FAULTS] = {
	[KEYBOARD_DE] = "`" NO "-ß=" NO "[ü]+\\#;ö'ä/-yzzy~°@\"#§^&&/*(())=_?+" NO
			"{Ü}*|':Ö\"Ä<;>:?_YZZY",
	[KEYBOARD_FR] = "`²1&2é3\"4'5(6-7è8_9ç0à-)[" NO "]$\\*;m'ù,;.:/!aqqawzzwm,~" NO
			"!1@2#3$4%5^6&7*8(9)0_°{" NO "}£|µ:M\"%<.>/?§AQQAWZZWM?",
	[KEYBOARD_ES] = "`" NO "-'=" NO "[" NO "]+\\" NO ";" NO "'" NO "/-~" NO "@\"#" NO
			"^&&/*(())=_?+" NO "{" NO "}*|" NO ":" NO "\"" NO "<;>:?_",
	[KEYBOARD_GB] = "\"@@\"#£\\#|~~¬",
};

static const char *const names[KEYBOARD_FAULTS] = { "none", "caps", "lower", "upper",
						    "de",   "fr",   "es",    "gb" };

const char *keyboard_fault_name(enum keyboard_fault fault)
{
	return names[fault];
}

bool keyboard_fault_named(const char *name, enum keyboard_fault *ret_fault)
{
	for (size_t i = 0; i < KEYBOARD_FAULTS; i++) {
		if (strcmp(names[i], name) == 0) {
			*ret_fault = (enum keyboard_fault)i;
			return true;
		}
	}
	return false;
}

bool keyboard_is_lossy(enum keyboard_fault fault)
{
	return fault == KEYBOARD_LOWER || fault == KEYBOARD_UPPER;
}

bool keyboard_is_layout(enum keyboard_fault fault)
{
	return layouts[fault] != NULL;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static char change_case(enum keyboard_fault fault, char c)
{
	bool changes = (is_upper(c) && fault != KEYBOARD_UPPER) ||
		       (is_lower(c) && fault != KEYBOARD_LOWER);

	return fault != KEYBOARD_PLAIN && changes ? (char)(c ^ 0x20) : c;
}

/* Bytes of the UTF-8 character at `s`, which a table of ours has. */
static size_t width_of(const char *s)
{
	unsigned char c = (unsigned char)s[0];

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The pair of this character in a layout, NULL when it stays the same. */
static const char *pair_of(const char *layout, char c)
{
	for (; *layout != '\0'; layout += 1 + width_of(layout + 1))
		if (*layout == c)
			return layout;
	return NULL;
}

size_t keyboard_type(enum keyboard_fault fault, char c, char ret_bytes[KEYBOARD_CHAR_MAX])
{
	const char *pair = layouts[fault] != NULL ? pair_of(layouts[fault], c) : NULL;
	size_t width;

	if (pair == NULL) {
		ret_bytes[0] = layouts[fault] != NULL ? c : change_case(fault, c);
		return 1;
	}
	width = pair[1] == NO[0] ? 0 : width_of(pair + 1);
	memcpy(ret_bytes, pair + 1, width);
	return width;
}

static size_t undo_layout(const char *layout, const char *s, size_t len, char *ret_c)
{
	for (const char *pair = layout; *pair != '\0'; pair += 1 + width_of(pair + 1)) {
		size_t width = width_of(pair + 1);

		if (len >= width && pair[1] != NO[0] && memcmp(pair + 1, s, width) == 0) {
			*ret_c = *pair;
			return width;
		}
	}
	/* Not on this layout, or on a key that types something else. */
	if ((unsigned char)s[0] >= 0x80 || pair_of(layout, s[0]) != NULL)
		return 0;
	*ret_c = s[0];
	return 1;
}

size_t keyboard_undo(enum keyboard_fault fault, const char *s, size_t len, char *ret_c)
{
	if (layouts[fault] != NULL)
		return undo_layout(layouts[fault], s, len, ret_c);
	*ret_c = keyboard_is_lossy(fault) ? s[0] : change_case(fault, s[0]);
	return 1;
}

bool keyboard_alters(enum keyboard_fault fault, char c)
{
	if (layouts[fault] != NULL)
		return pair_of(layouts[fault], c) != NULL;
	return fault != KEYBOARD_PLAIN && (is_upper(c) || is_lower(c));
}
