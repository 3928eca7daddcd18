/*
 * Where one scan ends and the next begins, in the bytes of a scanner.
 *
 * With a terminator, a scan that pauses on its way is refused, whatever comes up to the next terminator: half a code
 * may read as another one. Without (TERMINATOR_IDLE) the pause itself is the end.
 */
#ifndef WORKSTATION_FRAMING_H
#define WORKSTATION_FRAMING_H

#include <stddef.h>

#include "workstation/record.h"

enum terminator {
	TERMINATOR_ENTER, /* CR or LF; a Tab may stand for GS within a code */
	TERMINATOR_CR,
	TERMINATOR_LF,
	TERMINATOR_TAB,
	TERMINATOR_IDLE,
};

enum frame {
	FRAME_NONE,     /* no scan yet */
	FRAME_SCAN,     /* `data` and `length` hold one, until the next byte */
	FRAME_TOO_LONG, /* more than RECORD_CODE_MAX bytes; `length` says how many */
	FRAME_CUT,      /* bytes that are not a whole scan */
};

struct framing {
	enum terminator terminator;
	size_t length; /* of the scan under way, or just ended */
	char data[RECORD_CODE_MAX];
	bool paused;     /* it is refused in any case */
	enum frame last; /* what the last byte or pause brought */
};

/* Begin with nothing. */
void framing_init(struct framing *framing, enum terminator terminator);

/* One byte from the scanner. */
enum frame framing_byte(struct framing *framing, char byte);

/* There was a pause. FRAME_CUT is said once for each scan that it spoils, and once more at its end. */
enum frame framing_pause(struct framing *framing);

/* Bytes were lost: what comes up to the next terminator is no whole scan. */
void framing_spoil(struct framing *framing);

/* The device has gone, or there will be no more: FRAME_CUT when a scan was under way, which is dropped. */
enum frame framing_end(struct framing *framing);

/* Is a scan under way, so that a pause would mean something? */
bool framing_is_open(const struct framing *framing);

#endif
