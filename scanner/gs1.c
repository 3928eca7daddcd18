/* Reading element strings. */
#include <string.h>

#include "scanner/gs1.h"
#include "scanner/gs1_content.h"
#include "scanner/scan_error.h"

void gs1_init(struct gs1_message *msg)
{
	msg->count = 0;
	msg->text_len = 0;
	msg->separated = false;
}

/*
 * Take the parts of a value off the front of `s`. An optional part is skipped
 * at the end of the data and whole otherwise. *ret_used may stay short of `len`.
 */
static int check_parts(const struct gs1_ai *rule, const char *s, size_t len, size_t *ret_used,
		       size_t *reterr_at)
{
	size_t used = 0;

	for (size_t i = 0; i < GS1_PARTS_MAX && rule->part[i].set != '\0'; i++) {
		const struct gs1_part *part = &rule->part[i];
		size_t take = len - used < part->max ? len - used : part->max;
		size_t bad = 0;
		int err;

		if (part->optional && take == 0)
			continue;
		err = take < part->min ? SCAN_TOO_SHORT :
					 gs1_content_check(part, s + used, take, &bad);
		if (err != 0) {
			*reterr_at = err == SCAN_TOO_SHORT ? len : used + bad;
			return err;
		}
		used += take;
	}
	*ret_used = used;
	return 0;
}

static int append(struct gs1_message *msg, const char *ai, const struct gs1_ai *rule, size_t at,
		  const char *value, size_t len)
{
	struct gs1_element *element = &msg->element[msg->count];

	if (msg->count == GS1_ELEMENTS_MAX || len >= sizeof(msg->text) - msg->text_len)
		return SCAN_TOO_MANY;
	element->rule = rule;
	memcpy(element->ai, ai, rule->digits);
	element->ai[rule->digits] = '\0';
	element->at = (uint16_t)at;
	element->value = msg->text_len;
	element->len = (uint16_t)len;
	memcpy(msg->text + msg->text_len, value, len);
	msg->text[msg->text_len + len] = '\0';
	msg->text_len = (uint16_t)(msg->text_len + len + 1);
	msg->count++;
	return 0;
}

/* Bytes from `s` to the separator or the end, but not more than a fixed value has. */
static size_t reach(const struct gs1_ai *rule, const char *s, size_t len)
{
	const char *separator;

	if ((rule->use & GS1_FIXED) != 0 && gs1_ai_max(rule) < len)
		len = gs1_ai_max(rule);
	separator = memchr(s, GS1_FNC1, len);
	return separator != NULL ? (size_t)(separator - s) : len;
}

/* One element off the front of `data`; *ret_used counts its separator too. */
static int read_element(struct gs1_message *msg, const char *data, size_t len, size_t at,
			size_t *ret_used, size_t *reterr_at)
{
	const struct gs1_ai *rule = gs1_ai_find(data, len);
	size_t span, used, bad = 0;
	int err;

	*reterr_at = at;
	if (rule == NULL)
		return SCAN_NO_AI;
	span = reach(rule, data + rule->digits, len - rule->digits);
	if (span == 0)
		return SCAN_NO_VALUE;
	err = check_parts(rule, data + rule->digits, span, &used, &bad);
	if (err == 0 && used < span) {
		err = SCAN_OVERLONG;
		bad = used;
	}
	*reterr_at = at + rule->digits + bad;
	if (err == 0)
		err = append(msg, data, rule, at, data + rule->digits, used);
	*ret_used = rule->digits + span;
	return err;
}

/* Separators at `data`: one is right, more only when lenient. */
static int skip_separators(const char *data, size_t len, bool lenient, size_t *ret_skipped)
{
	size_t n = 0;

	while (n < len && data[n] == GS1_FNC1)
		n++;
	*ret_skipped = n;
	return n > 1 && !lenient ? SCAN_SEPARATOR : 0;
}

int gs1_read(struct gs1_message *msg, const char *data, size_t len, size_t at, bool lenient,
	     size_t *reterr_at)
{
	size_t pos = 0;

	*reterr_at = at;
	if (len == 0)
		return SCAN_EMPTY;
	while (pos < len) {
		size_t used = 0, skipped = 0;
		int err = read_element(msg, data + pos, len - pos, at + pos, &used, reterr_at);

		if (err != 0)
			return err;
		pos += used;
		err = skip_separators(data + pos, len - pos, lenient, &skipped);
		*reterr_at = at + pos + 1;
		if (err != 0)
			return err;
		pos += skipped;
		msg->separated |= skipped > 0;
	}
	return 0;
}

int gs1_check_value(const struct gs1_ai *rule, const char *value, size_t len, size_t *reterr_at)
{
	size_t used = 0;
	int err;

	*reterr_at = 0;
	if (len == 0)
		return SCAN_NO_VALUE;
	if (len < gs1_ai_min(rule) || len > gs1_ai_max(rule)) {
		*reterr_at = len < gs1_ai_min(rule) ? len : gs1_ai_max(rule);
		return len < gs1_ai_min(rule) ? SCAN_TOO_SHORT : SCAN_OVERLONG;
	}
	err = check_parts(rule, value, len, &used, reterr_at);
	if (err == 0 && used < len) {
		*reterr_at = used;
		err = SCAN_OVERLONG;
	}
	return err;
}

int gs1_add(struct gs1_message *msg, const char *ai, const struct gs1_ai *rule, size_t at,
	    const char *value, size_t len, size_t *reterr_at)
{
	int err = gs1_check_value(rule, value, len, reterr_at);

	return err != 0 ? err : append(msg, ai, rule, at, value, len);
}

const char *gs1_value(const struct gs1_message *msg, const struct gs1_element *element)
{
	return msg->text + element->value;
}

const char *gs1_find(const struct gs1_message *msg, const char *ai)
{
	for (size_t i = 0; i < msg->count; i++) {
		const struct gs1_element *element = &msg->element[i];

		if (element->ai[0] == ai[0] && strcmp(element->ai, ai) == 0)
			return gs1_value(msg, element);
	}
	return NULL;
}
