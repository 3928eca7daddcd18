/*
 * Where scans come from: a serial scanner (a terminal device, set raw), a scanner that plays a keyboard (evdev, grabbed,
 * so that no other window hears it), or a stream of lines. A device that goes away is waited for.
 */
#ifndef WORKSTATION_DEVICE_H
#define WORKSTATION_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "workstation/keymap.h"

enum device_kind {
	DEVICE_SERIAL,   /* answers too: BEL makes it beep */
	DEVICE_KEYBOARD, /* evdev */
	DEVICE_STREAM,   /* standard input, a pipe: has an end */
};

struct device;
struct event_base;

/* Who listens. Calls come from the event loop, `opened` also from device_open(). */
struct device_listener {
	void (*opened)(enum device_kind kind, void *arg);
	void (*bytes)(const char *data, size_t length, void *arg);
	void (*lost)(void *arg); /* the kernel has dropped keys */
	void (*gone)(const char *why,
		     void *arg);  /* said once; it is opened again when it is back */
	void (*ended)(void *arg); /* a stream's end: nothing comes any more */
	void *arg;
};

/* Is this a speed that a serial line can have? */
bool device_knows_baud(long baud);

/*
 * Listen to `path`; "-" is standard input. What a serial scanner sent before is thrown away: nobody heard a beep for
 * it. Release with device_close(), which gives the keyboard back and accepts NULL.
 */
struct device *device_open(struct event_base *base, const char *path, long baud,
			   const struct device_listener *listener);
void device_close(struct device *device);

/* Make a serial scanner beep, best effort. */
void device_bell(struct device *device);

/*
 * Feed what was read from an evdev device through a keymap; the events may be cut anywhere. Returns the number of
 * bytes typed, at most `length` / sizeof(struct input_event) of them in `ret_typed`.
 */
struct device_events {
	struct keymap keymap;
	struct input_event partial;
	size_t held;  /* bytes of `partial` */
	bool dropped; /* some did not arrive */
};
size_t device_events_read(struct device_events *events, const char *data, size_t length,
			  char *ret_typed);

#endif
