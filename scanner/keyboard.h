/*
 * What becomes of a scanner's keys between scanner and computer. A scanner that
 * acts as keyboard types on a US layout; where the computer's layout is another,
 * or letters change their case on the way, other characters arrive.
 *
 * A fault is a table from the character meant to the one that arrives. Keys that
 * are dead under a layout, or differ among the layouts that one fault stands for,
 * have no certain character: undoing such a fault refuses them.
 */
#ifndef SCANNER_KEYBOARD_H
#define SCANNER_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>

#define KEYBOARD_CHAR_MAX 4 /* bytes of one character that arrives, UTF-8 */

enum keyboard_fault {
	KEYBOARD_PLAIN,
	KEYBOARD_CAPS,  /* upper and lower case change places */
	KEYBOARD_LOWER, /* everything in lower case: what it was is lost */
	KEYBOARD_UPPER,
	KEYBOARD_DE, /* the computer has a German layout */
	KEYBOARD_FR, /* French */
	KEYBOARD_ES, /* Spanish, Latin American or Italian: what these three agree on */
	KEYBOARD_GB, /* British */
};

#define KEYBOARD_FAULTS (KEYBOARD_GB + 1)

/* The stable word of a fault: "none", "caps", "lower", "upper", "de", "fr", "es", "gb". */
const char *keyboard_fault_name(enum keyboard_fault fault);

/* Find the fault with this word; false when there is none. */
bool keyboard_fault_named(const char *name, enum keyboard_fault *ret_fault);

/* The fault loses information: nothing can undo it. */
bool keyboard_is_lossy(enum keyboard_fault fault);

/* The fault is a layout's, not a case's. */
bool keyboard_is_layout(enum keyboard_fault fault);

/* Write what arrives when `c` (ASCII) is typed; returns its bytes, 0 when that is not certain. */
size_t keyboard_type(enum keyboard_fault fault, char c, char ret_bytes[KEYBOARD_CHAR_MAX]);

/*
 * Find what was typed when the first character of `s` arrived. Returns the bytes it takes, or 0
 * when no key makes this character. A lossy fault changes nothing. `len` is not 0.
 */
size_t keyboard_undo(enum keyboard_fault fault, const char *s, size_t len, char *ret_c);

/* Another character than `c` may have arrived, or been meant, with this fault. */
bool keyboard_alters(enum keyboard_fault fault, char c);

#endif
