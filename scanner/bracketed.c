/* Reading the bracketed form. */
#include "scanner/bracketed.h"
#include "scanner/scan_error.h"

bool bracketed_begins(const char *text, size_t len)
{
	if (len == 0 || (text[0] != '(' && text[0] != '['))
		return false;
	return len == 1 || (text[1] >= '0' && text[1] <= '9') || text[1] == ')' || text[1] == ']';
}

/* Offset of the first `c` in [from, len), or `len`. */
static size_t offset_of(const char *text, char c, size_t from, size_t len)
{
	while (from < len && text[from] != c)
		from++;
	return from;
}

/*
 * Copy the value at `from` up to the next opening bracket, without the
 * backslashes of \(; one byte more than a value may have, so that too long a
 * value shows. *ret_len bytes were copied, *ret_end is where it ended.
 */
static void take_value(const char *text, size_t from, size_t len, char *value, size_t *ret_len,
		       size_t *ret_end)
{
	char open = text[0];
	size_t n = 0;

	while (from < len && text[from] != open) {
		if (open == '(' && text[from] == '\\' && from + 1 < len && text[from + 1] == '(')
			from++;
		if (n <= GS1_VALUE_MAX)
			value[n++] = text[from];
		from++;
	}
	*ret_len = n;
	*ret_end = from;
}

/* The element at `*pos`, which is moved behind it. */
static int read_element(struct gs1_message *msg, const char *text, size_t len, size_t at,
			size_t *pos, size_t *reterr_at)
{
	size_t ai = *pos + 1;
	size_t close = offset_of(text, text[0] == '(' ? ')' : ']', ai, len);
	char value[GS1_VALUE_MAX + 1];
	const struct gs1_ai *rule;
	size_t value_len, bad = 0;
	int err;

	*reterr_at = at + *pos;
	if (text[*pos] != text[0] || close == len)
		return SCAN_BRACKET;
	*reterr_at = at + ai;
	rule = gs1_ai_named(text + ai, close - ai);
	if (rule == NULL)
		return SCAN_NO_AI;
	take_value(text, close + 1, len, value, &value_len, pos);
	err = gs1_add(msg, text + ai, rule, at + ai, value, value_len, &bad);
	*reterr_at = at + close + 1 + bad;
	return err;
}

int bracketed_read(struct gs1_message *msg, const char *text, size_t len, size_t at,
		   size_t *reterr_at)
{
	size_t pos = 0;
	int err = 0;

	while (err == 0 && pos < len)
		err = read_element(msg, text, len, at, &pos, reterr_at);
	msg->separated = true;
	return err;
}
