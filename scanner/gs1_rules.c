/* Pairs, repeats, companions, and values that swallowed their successors. */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/gs1_content.h"
#include "scanner/gs1_rules.h"
#include "scanner/scan_error.h"

/* `pattern` is an identifier in which n stands for any digit; it ends at `len`. */
static bool fits(const char *pattern, size_t len, const char *ai)
{
	for (size_t i = 0; i < len; i++)
		if (ai[i] == '\0' || (pattern[i] != 'n' && pattern[i] != ai[i]))
			return false;
	return ai[len] == '\0';
}

/* Characters of the identifier at `word`, which a blank, a plus or the end follows. */
static size_t word_length(const char *word)
{
	size_t n = 0;

	while (word[n] != '\0' && word[n] != ' ' && word[n] != '+')
		n++;
	return n;
}

/* An element that fits, other than those with the identifier `self`; or NULL. */
static const struct gs1_element *find(const struct gs1_message *msg, const char *pattern,
				      size_t len, const char *self)
{
	for (size_t i = 0; i < msg->count; i++)
		if (fits(pattern, len, msg->element[i].ai) && strcmp(msg->element[i].ai, self) != 0)
			return &msg->element[i];
	return NULL;
}

static const struct gs1_element *excluded_by(const struct gs1_message *msg,
					     const struct gs1_element *element)
{
	const char *word = element->rule->never_with;

	while (*word != '\0') {
		size_t len = word_length(word);
		const struct gs1_element *other = find(msg, word, len, element->ai);

		if (other != NULL)
			return other;
		word += len + (word[len] == ' ');
	}
	return NULL;
}

static size_t later(const struct gs1_element *a, const struct gs1_element *b)
{
	return a->at > b->at ? a->at : b->at;
}

static int check_exclusions(const struct gs1_message *msg, size_t *reterr_at)
{
	for (size_t i = 0; i < msg->count; i++) {
		const struct gs1_element *other = excluded_by(msg, &msg->element[i]);

		if (other != NULL) {
			*reterr_at = later(other, &msg->element[i]);
			return SCAN_MUTEX;
		}
	}
	return 0;
}

static bool differ(const struct gs1_message *msg, const struct gs1_element *a,
		   const struct gs1_element *b)
{
	return a->rule == b->rule && strcmp(a->ai, b->ai) == 0 &&
	       strcmp(gs1_value(msg, a), gs1_value(msg, b)) != 0;
}

static int check_repeats(const struct gs1_message *msg, size_t *reterr_at)
{
	for (size_t i = 1; i < msg->count; i++)
		for (size_t j = 0; j < i; j++)
			if (differ(msg, &msg->element[i], &msg->element[j])) {
				*reterr_at = msg->element[i].at;
				return SCAN_REPEAT;
			}
	return 0;
}

/* (8030) signs one document, coupon or asset: its key must go down to the serial. */
static int check_signature(const struct gs1_message *msg, size_t *reterr_at)
{
	if (gs1_find(msg, "8030") == NULL)
		return 0;
	for (size_t i = 0; i < msg->count; i++) {
		const struct gs1_element *key = &msg->element[i];

		if (strcmp(key->ai, "253") != 0 && strcmp(key->ai, "255") != 0 &&
		    strcmp(key->ai, "8003") != 0)
			continue;
		if (key->len == gs1_ai_min(key->rule)) {
			*reterr_at = key->at;
			return SCAN_ASSOCIATION;
		}
	}
	return 0;
}

int gs1_check_rules(const struct gs1_message *msg, size_t *reterr_at)
{
	int err = check_exclusions(msg, reterr_at);

	if (err == 0)
		err = check_repeats(msg, reterr_at);
	if (err == 0)
		err = check_signature(msg, reterr_at);
	return err;
}

/* All identifiers of a group "a+b" that ends at `len` are in the message. */
static bool has_group(const struct gs1_message *msg, const char *group, size_t len,
		      const char *self)
{
	const char *end = group + len;

	while (group < end) {
		size_t word = word_length(group);

		if (find(msg, group, word, self) == NULL)
			return false;
		group += word + 1;
	}
	return true;
}

bool gs1_lacks_companion(const struct gs1_message *msg, const struct gs1_element *element)
{
	const char *group = element->rule->comes_with;

	if (*group == '\0')
		return false;
	while (*group != '\0') {
		size_t len = strcspn(group, " ");

		if (has_group(msg, group, len, element->ai))
			return false;
		group += len + (group[len] == ' ');
	}
	return true;
}

/* A key with a right check digit, or a date that exists: hardly a coincidence. */
static bool opens_convincingly(const char *s, size_t len)
{
	const struct gs1_ai *rule = gs1_ai_find(s, len);
	const struct gs1_part *part;
	size_t at;

	if (rule == NULL)
		return false;
	part = &rule->part[0];
	return (part->check == GS1_CHECK_DIGIT || part->check == GS1_CHECK_DATE ||
		part->check == GS1_CHECK_DATE_OR_MONTH) &&
	       len - rule->digits >= part->min &&
	       gs1_content_check(part, s + rule->digits, part->min, &at) == 0;
}

/*
 * Lot behind serial or serial behind lot shows no more than two digits, and many
 * a lot has these by chance. Only a value too long for the usual lot counts, and
 * only when both halves are as long as lots and serials are.
 */
static bool opens_plausibly(const struct gs1_message *msg, const char *s, size_t len, size_t before)
{
	const char *ai = s[0] == '1' ? "10" : "21";

	if (before < 3 || len < 6 || before + len < 12)
		return false;
	return memcmp(s, ai, 2) == 0 && gs1_find(msg, ai) == NULL;
}

/* The count that (02) never goes without is at the end of another value. */
static bool is_missing_count(const struct gs1_message *msg, const char *s, size_t len)
{
	return len <= 10 && s[0] == '3' && s[1] == '7' && all_digits(s + 2, len - 2) &&
	       gs1_find(msg, "02") != NULL && gs1_find(msg, "37") == NULL;
}

/* What follows the opening must read cleanly too. */
static bool reads_on(const char *s, size_t len)
{
	struct gs1_message rest;
	size_t at;

	gs1_init(&rest);
	return gs1_read(&rest, s, len, 0, false, &at) == 0;
}

static bool has_swallowed(const struct gs1_message *msg, const struct gs1_element *element)
{
	const char *value = gs1_value(msg, element);

	for (size_t i = 1; i + 3 <= element->len; i++) {
		const char *s = value + i;
		size_t len = element->len - i;

		if (is_missing_count(msg, s, len))
			return true;
		if ((opens_convincingly(s, len) || opens_plausibly(msg, s, len, i)) &&
		    reads_on(s, len))
			return true;
	}
	return false;
}

/* Thousands of pieces, and in their digits a lot or serial that is not elsewhere. */
static bool has_swallowed_digits(const struct gs1_message *msg, const struct gs1_element *count)
{
	const char *value = gs1_value(msg, count);

	for (size_t i = 1; count->len >= 5 && i + 4 <= count->len; i++)
		if ((memcmp(value + i, "10", 2) == 0 && gs1_find(msg, "10") == NULL) ||
		    (memcmp(value + i, "21", 2) == 0 && gs1_find(msg, "21") == NULL))
			return true;
	return false;
}

static bool is_count(const struct gs1_element *element)
{
	return strcmp(element->ai, "30") == 0 || strcmp(element->ai, "37") == 0;
}

/* A separator elsewhere proves that this scanner sends them. */
bool gs1_is_ambiguous(const struct gs1_message *msg)
{
	const struct gs1_element *last;

	if (msg->count == 0 || msg->separated)
		return false;
	last = &msg->element[msg->count - 1];
	if (is_count(last))
		return has_swallowed_digits(msg, last);
	return last->rule->part[0].set == 'X' && last->ai[0] != '9' && last->ai[0] != '8' &&
	       gs1_ai_is_open(last->rule) && has_swallowed(msg, last);
}
