/*
 * What a scanner that plays a keyboard has typed: evdev key events, on a US layout, as bytes.
 *
 * Ctrl makes control characters (Ctrl+] is GS), Caps Lock turns letters around, and Alt with digits on the keypad
 * types the byte of that number (Alt+029 is GS). Keys without a character give nothing, nor do repeats: a scanner
 * holds no key down, so the kernel makes them only where its release is late.
 */
#ifndef WORKSTATION_KEYMAP_H
#define WORKSTATION_KEYMAP_H

#include <linux/input.h>
#include <stdbool.h>

struct keymap {
	unsigned held;     /* modifiers that are down, bits of keymap.c */
	bool caps_led;     /* as the device shows it */
	bool caps_toggled; /* by keys of the device itself, which shows it only when told */
	unsigned number;   /* typed with Alt on the keypad */
	unsigned digits;   /* how many digits of it */
};

/* No key is down. `caps_led`: the Caps Lock light is on. */
void keymap_init(struct keymap *keymap, bool caps_led);

/* One event. True, and *ret_byte, when it types a byte. */
bool keymap_event(struct keymap *keymap, const struct input_event *event, char *ret_byte);

#endif
