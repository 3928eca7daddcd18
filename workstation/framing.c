#include "workstation/framing.h"

#include <string.h>

/* The bytes that end a scan; and those that stand beside an end, CR LF, and belong to neither scan. */
static const struct {
	const char *ends, *beside;
} terminators[] = {
	[TERMINATOR_ENTER] = { "\r\n", "" }, [TERMINATOR_CR] = { "\r", "\n" },
	[TERMINATOR_LF] = { "\n", "\r" },    [TERMINATOR_TAB] = { "\t", "" },
	[TERMINATOR_IDLE] = { "", "" },
};

void framing_init(struct framing *framing, enum terminator terminator)
{
	framing->terminator = terminator;
	framing->length = 0;
	framing->paused = false;
	framing->last = FRAME_NONE;
}

static bool is_in(const char *set, char byte)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static enum frame end_of(struct framing *framing)
{
	if (framing->paused)
		return FRAME_CUT;
	if (framing->length == 0)
		return FRAME_NONE;
	return framing->length > RECORD_CODE_MAX ? FRAME_TOO_LONG : FRAME_SCAN;
}

/* CR before the LF that ends: not part of the code. */
static void drop_beside(struct framing *framing, const char *beside)
{
	if (framing->length > 0 && framing->length <= RECORD_CODE_MAX &&
	    is_in(beside, framing->data[framing->length - 1]))
		framing->length--;
}

enum frame framing_byte(struct framing *framing, char byte)
{
	const char *ends = terminators[framing->terminator].ends;
	const char *beside = terminators[framing->terminator].beside;

	if (framing->last != FRAME_NONE)
		framing_init(framing, framing->terminator);
	if (is_in(ends, byte)) {
		drop_beside(framing, beside);
		framing->last = end_of(framing);
	} else if (framing->length > 0 || !is_in(beside, byte)) {
		if (framing->length < RECORD_CODE_MAX)
			framing->data[framing->length] = byte;
		framing->length++;
	}
	return framing->last;
}

bool framing_is_open(const struct framing *framing)
{
	return framing->last == FRAME_NONE && framing->length > 0;
}

enum frame framing_pause(struct framing *framing)
{
	if (!framing_is_open(framing))
		return FRAME_NONE;
	if (framing->terminator == TERMINATOR_IDLE)
		return framing->last = end_of(framing);
	if (framing->paused)
		return FRAME_NONE;
	framing->paused = true;
	return FRAME_CUT;
}

void framing_spoil(struct framing *framing)
{
	framing_init(framing, framing->terminator);
	framing->paused = true;
}

enum frame framing_end(struct framing *framing)
{
	bool cut = framing_is_open(framing);

	framing_init(framing, framing->terminator);
	return cut ? FRAME_CUT : FRAME_NONE;
}
