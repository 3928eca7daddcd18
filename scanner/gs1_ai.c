/*
 * The table of application identifiers and the way into it: the first two
 * digits name a group of neighbouring rows, mostly a single one.
 */
#include <string.h>

#include "scanner/gs1_ai.h"

enum row {
#define AI(stem, ...) ROW_##stem,
#include "scanner/gs1_ai.def"
#undef AI
	ROWS
};

/* clang-format off */
#define PART(set, min, max, optional, check) { set, min, max, optional, GS1_CHECK_##check }
#define N(n, check) PART('N', n, n, false, check)
#define N_UPTO(n, check) PART('N', 1, n, false, check)
#define N_OPT(n, check) PART('N', n, n, true, check)
#define N_OPT_UPTO(n, check) PART('N', 1, n, true, check)
#define X(n, check) PART('X', n, n, false, check)
#define X_UPTO(n, check) PART('X', 1, n, false, check)
#define X_OPT(n, check) PART('X', n, n, true, check)
#define X_OPT_UPTO(n, check) PART('X', 1, n, true, check)
#define Y_UPTO(n, check) PART('Y', 1, n, false, check)
#define Z_UPTO(n, check) PART('Z', 1, n, false, check)
#define V(...) { __VA_ARGS__ }
#define F GS1_FIXED
#define Q GS1_QUERY
#define FQ (GS1_FIXED | GS1_QUERY)

static const struct gs1_ai rows[ROWS] = {
#define AI(stem, last, use, value, never_with, comes_with, qualifiers) \
	{ #stem, last, sizeof(#stem) - 1 + (sizeof(last) > 1), use, value, never_with, \
	  comes_with, qualifiers },
#include "scanner/gs1_ai.def"
#undef AI
};
/* clang-format on */

/* The rows of one pair of first digits; no digits = no such identifier. */
struct group {
	uint8_t digits;
	uint8_t first;
	uint8_t last;
};

#define GROUP(pair, digits, first, last) [pair] = { digits, ROW_##first, ROW_##last }

/* clang-format off */
static const struct group groups[100] = {
	GROUP(0, 2, 00, 00), GROUP(1, 2, 01, 01), GROUP(2, 2, 02, 02), GROUP(3, 2, 03, 03),
	GROUP(10, 2, 10, 10), GROUP(11, 2, 11, 11), GROUP(12, 2, 12, 12), GROUP(13, 2, 13, 13),
	GROUP(15, 2, 15, 15), GROUP(16, 2, 16, 16), GROUP(17, 2, 17, 17), GROUP(20, 2, 20, 20),
	GROUP(21, 2, 21, 21), GROUP(22, 2, 22, 22), GROUP(23, 3, 235, 235),
	GROUP(24, 3, 240, 243), GROUP(25, 3, 250, 255), GROUP(30, 2, 30, 30),
	GROUP(31, 4, 310, 316), GROUP(32, 4, 320, 329), GROUP(33, 4, 330, 337),
	GROUP(34, 4, 340, 349), GROUP(35, 4, 350, 357), GROUP(36, 4, 360, 369),
	GROUP(37, 2, 37, 37), GROUP(39, 4, 390, 395), GROUP(40, 3, 400, 403),
	GROUP(41, 3, 41, 417), GROUP(42, 3, 420, 427), GROUP(43, 4, 4300, 4333),
	GROUP(70, 4, 7001, 7041), GROUP(71, 3, 71, 71), GROUP(72, 4, 723, 7259),
	GROUP(80, 4, 8001, 8043), GROUP(81, 4, 8110, 8112), GROUP(82, 4, 8200, 8200),
	GROUP(90, 2, 90, 90),
	GROUP(91, 2, 9, 9), GROUP(92, 2, 9, 9), GROUP(93, 2, 9, 9), GROUP(94, 2, 9, 9),
	GROUP(95, 2, 9, 9), GROUP(96, 2, 9, 9), GROUP(97, 2, 9, 9), GROUP(98, 2, 9, 9),
	GROUP(99, 2, 9, 9),
};
/* clang-format on */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool matches(const struct gs1_ai *ai, const char *data)
{
	size_t stem = (size_t)ai->digits - (ai->last[0] != '\0');

	if (memcmp(ai->stem, data, stem) != 0)
		return false;
	return stem == ai->digits || (data[stem] >= ai->last[0] && data[stem] <= ai->last[1]);
}

const struct gs1_ai *gs1_ai_find(const char *data, size_t len)
{
	const struct group *group;

	if (len < 2 || !is_digit(data[0]) || !is_digit(data[1]))
		return NULL;
	group = &groups[(data[0] - '0') * 10 + (data[1] - '0')];
	if (group->digits == 0 || len < group->digits)
		return NULL;
	for (size_t i = group->first; i <= group->last; i++)
		if (matches(&rows[i], data))
			return &rows[i];
	return NULL;
}

const struct gs1_ai *gs1_ai_named(const char *text, size_t len)
{
	const struct gs1_ai *ai = gs1_ai_find(text, len);

	return ai != NULL && ai->digits == len ? ai : NULL;
}

size_t gs1_ai_min(const struct gs1_ai *ai)
{
	size_t sum = 0;

	for (size_t i = 0; i < GS1_PARTS_MAX && ai->part[i].set != '\0'; i++)
		sum += ai->part[i].optional ? 0 : ai->part[i].min;
	return sum;
}

size_t gs1_ai_max(const struct gs1_ai *ai)
{
	size_t sum = 0;

	for (size_t i = 0; i < GS1_PARTS_MAX && ai->part[i].set != '\0'; i++)
		sum += ai->part[i].max;
	return sum;
}

bool gs1_ai_is_open(const struct gs1_ai *ai)
{
	return gs1_ai_min(ai) != gs1_ai_max(ai);
}

const struct gs1_ai *gs1_ai_row(size_t index)
{
	return index < ROWS ? &rows[index] : NULL;
}
