/*
 * The table of well-formed byte sequences (Unicode 15, table 3-7) as ranges
 * for the second byte; all further bytes are plain continuations.
 */
#include "core/utf8.h"

struct lead {
	unsigned char first, last; /* of the lead byte */
	unsigned char second_low, second_high;
	unsigned char length;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static size_t sequence_of(const struct lead *lead, const unsigned char *p, size_t left)
{
	if (left < lead->length || p[1] < lead->second_low || p[1] > lead->second_high)
		return 0;
	for (size_t i = 2; i < lead->length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return lead->length;
}

size_t utf8_sequence(const char *data, size_t left)
{
	const unsigned char *p = (const unsigned char *)data;

	if (left == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (p[0] >= leads[i].first && p[0] <= leads[i].last)
			return sequence_of(&leads[i], p, left);
	}
	return 0;
}

bool utf8_count(const char *data, size_t length, size_t *ret_count)
{
	size_t count = 0;

	for (size_t at = 0; at < length; count++) {
		size_t step = utf8_sequence(data + at, length - at);

		if (step == 0)
			return false;
		at += step;
	}
	*ret_count = count;
	return true;
}
