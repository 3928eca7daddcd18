#include "workstation/command_code.h"

#include <string.h>

#define PREFIX "YAOKU-"
#define QUANTITY "QUANTITY-"

static const struct {
	const char *name, *movement;
} movements[] = {
	{ "RECEIVE", "receive" },
	{ "DISPENSE", "dispense" },
	{ "RETURN", "return" },
	{ "WRITE-OFF", "write_off" },
};

static bool skip(struct bytes *code, const char *prefix)
{
	size_t length = strlen(prefix);

	if (code->length < length || memcmp(code->data, prefix, length) != 0)
		return false;
	code->data += length;
	code->length -= length;
	return true;
}

/* 1 to 9999 in plain digits, or 0. */
static uint32_t number_of(struct bytes digits)
{
	uint32_t number = 0;

	if (digits.length == 0 || digits.length > 4 || digits.data[0] == '0')
		return 0;
	for (size_t i = 0; i < digits.length; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return 0;
		number = number * 10 + (uint32_t)(digits.data[i] - '0');
	}
	return number;
}

struct command_code command_code_read(struct bytes code)
{
	struct command_code command = { .kind = COMMAND_ELSEWHERE };

	skip(&code, "]C0");
	if (!skip(&code, PREFIX))
		return (struct command_code){ .kind = COMMAND_NONE };
	for (size_t i = 0; i < sizeof(movements) / sizeof(movements[0]); i++)
		if (bytes_are(code, movements[i].name)) {
			command.kind = COMMAND_MOVEMENT;
			command.movement = movements[i].movement;
		}
	if (skip(&code, QUANTITY)) {
		command.quantity = number_of(code);
		command.kind = command.quantity != 0 ? COMMAND_QUANTITY : COMMAND_ELSEWHERE;
	}
	return command;
}
