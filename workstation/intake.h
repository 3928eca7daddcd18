/*
 * From the bytes of the device to the journal: frames, command codes, accepted or not.
 */
#ifndef WORKSTATION_INTAKE_H
#define WORKSTATION_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workstation/beeper.h"
#include "workstation/framing.h"
#include "workstation/journal.h"

struct event_base;
struct intake;

/* What the intake works with; all of it is borrowed and must outlive it. */
struct intake_options {
	struct event_base *base;
	struct journal *journal;
	const char *workstation;
	uint32_t operator_id; /* 0: the key itself */
	enum terminator terminator;
	unsigned idle_ms; /* the pause that ends a scan, TERMINATOR_IDLE */
	void (*sound)(enum beep beep, void *arg);
	void (*accepted)(void *arg); /* there is one more in the journal */
	void *arg;
};

/* Release with intake_free(), which accepts NULL. */
struct intake *intake_new(const struct intake_options *options);
void intake_free(struct intake *intake);

/* Bytes of the device. `timed`: a pause in them means something. */
void intake_bytes(struct intake *intake, const char *data, size_t length, bool timed);

/* Bytes of the device were lost. */
void intake_lost(struct intake *intake);

/* The device has gone: half a scan is none. */
void intake_end(struct intake *intake);

#endif
