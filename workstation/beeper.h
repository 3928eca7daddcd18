/*
 * Sounds: BEL once for accepted, twice for look here, three times for stopped. To the terminal, or to a serial
 * scanner, which beeps itself. Spaced, so that they can be counted.
 */
#ifndef WORKSTATION_BEEPER_H
#define WORKSTATION_BEEPER_H

enum beep {
	BEEP_ACCEPTED = 1, /* the scan is on disk */
	BEEP_LOOK = 2, /* look at the workstation: something was not posted, or this is no scan */
	BEEP_STOPPED = 3, /* the scan does not count: the disk takes nothing */
};

struct beeper;
struct event_base;

/* `bell` writes one BEL somewhere. Release with beeper_free(), which accepts NULL. */
struct beeper *beeper_new(struct event_base *base, void (*bell)(void *arg), void *arg);
void beeper_free(struct beeper *beeper);

/* The first BEL sounds at once. A new sound takes the place of one that is not over. */
void beeper_sound(struct beeper *beeper, enum beep beep);

#endif
