/*
 * Command codes are found anywhere in a scan, as the scan page does it (web/scan/commands.js): whatever the scanner
 * puts around them, in either case, and on a keyboard layout that has another sign for the hyphen and Z for Y.
 */
#include "workstation/command_code.h"

#include <string.h>

static const struct {
	const char *name, *movement;
} movements[] = {
	{ "RECEIVE", "receive" },
	{ "DISPENSE", "dispense" },
	{ "RETURN", "return" },
	{ "WRITE-OFF", "write_off" },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char capital(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Does a scanned character stand for this one of a command's name? */
static bool stands_for(char scanned, char wanted)
{
	char c = capital(scanned);

	if (wanted == '-') /* a sign, not a separator of elements */
		return (unsigned char)c > ' ' && !is_digit(c) && !(c >= 'A' && c <= 'Z');
	return c == wanted || (wanted == 'Y' && c == 'Z');
}

/* Take a word off the beginning. */
static bool skip(struct bytes *code, const char *word)
{
	size_t length = strlen(word);

	if (code->length < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!stands_for(code->data[i], word[i]))
			return false;
	code->data += length;
	code->length -= length;
	return true;
}

/* The number at the beginning, 1 to 9999, or 0. */
static uint32_t number_of(struct bytes digits)
{
	uint32_t number = 0;

	for (size_t i = 0; i < digits.length && is_digit(digits.data[i]) && number <= 9999; i++)
		number = number * 10 + (uint32_t)(digits.data[i] - '0');
	return number <= 9999 ? number : 0;
}

/* What stands behind the first YAOKU- of a scan that is no link. */
static bool find_command(struct bytes code, struct bytes *ret_rest)
{
	if (code.length == 0 || memmem(code.data, code.length, "://", 3) != NULL)
		return false;
	for (; code.length > 0; code.data++, code.length--) {
		*ret_rest = code;
		if (skip(ret_rest, "YAOKU-"))
			return true;
	}
	return false;
}

struct command_code command_code_read(struct bytes code)
{
	struct command_code command = { .kind = COMMAND_ELSEWHERE };
	struct bytes rest;

	if (!find_command(code, &rest))
		return (struct command_code){ .kind = COMMAND_NONE };
	for (size_t i = 0; i < sizeof(movements) / sizeof(movements[0]); i++) {
		struct bytes behind = rest;

		if (skip(&behind, movements[i].name)) {
			command.kind = COMMAND_MOVEMENT;
			command.movement = movements[i].movement;
		}
	}
	if (skip(&rest, "QUANTITY-")) {
		command.quantity = number_of(rest);
		command.kind = command.quantity != 0 ? COMMAND_QUANTITY : COMMAND_ELSEWHERE;
	}
	return command;
}
