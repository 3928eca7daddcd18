#include "workstation/intake.h"

#include <stdlib.h>
#include <string.h>

#include "core/loop.h"
#include "workstation/command_code.h"
#include "workstation/said.h"

#define CUT_MS 1000   /* a scan with a terminator that pauses so long was cut */
#define PROBE_MS 1000 /* a disk that took nothing is asked again so often */

struct intake {
	struct intake_options options;
	struct framing framing;
	struct loop_timer *pause; /* while a scan is under way */
	struct loop_timer *probe; /* while the disk takes nothing */
};

static void sound(const struct intake *intake, enum beep beep)
{
	intake->options.sound(beep, intake->options.arg);
}

/* --- the disk takes nothing --- */

static void on_probe(void *arg)
{
	struct intake *intake = arg;

	if (journal_probe(intake->options.journal) != 0)
		return;
	loop_timer_free(intake->probe);
	intake->probe = NULL;
	said("ready", LOG_INT("waiting", journal_waiting_count(intake->options.journal)));
	sound(intake, BEEP_LOOK);
}

/* What was scanned does not count: never "accepted" later, when the pack has been scanned again. */
static void stopped(struct intake *intake, int err)
{
	said("stopped", LOG_ERRNO(err),
	     LOG_TEXT(
		     "hint",
		     "this scan was not kept: make room on the disk, then scan again after \"ready\""));
	sound(intake, BEEP_STOPPED);
	if (intake->probe == NULL)
		intake->probe = loop_every(intake->options.base, PROBE_MS, on_probe, intake);
}

/* --- what was scanned --- */

static void accept_scan(struct intake *intake, struct bytes code)
{
	const struct record scan = {
		.operator_id = intake->options.operator_id,
		.workstation = bytes_of(intake->options.workstation),
		.code = code,
	};
	const struct journal_scan *kept;
	char id[UUID_TEXT_SIZE];
	int err = journal_accept(intake->options.journal, &scan, &kept);

	if (err != 0) {
		stopped(intake, err);
		return;
	}
	uuid7_text(kept->record.id, id);
	sound(intake, BEEP_ACCEPTED);
	said("accepted", LOG_INT("seq", kept->record.sequence), LOG_TEXT("id", id),
	     LOG_INT("waiting", journal_waiting_count(intake->options.journal)));
	intake->options.accepted(intake->options.arg);
}

static void change(struct intake *intake, const struct journal_state *state)
{
	int err = journal_change(intake->options.journal, state);

	if (err != 0) {
		stopped(intake, err);
		return;
	}
	said("set", LOG_TEXT("movement", state->movement), LOG_INT("quantity", state->quantity));
	sound(intake, BEEP_ACCEPTED);
}

static void obey(struct intake *intake, const struct command_code *command, struct bytes code)
{
	struct journal_state state = *journal_state(intake->options.journal);

	switch (command->kind) {
	case COMMAND_MOVEMENT:
		snprintf(state.movement, sizeof(state.movement), "%s", command->movement);
		change(intake, &state);
		break;
	case COMMAND_QUANTITY:
		state.quantity = command->quantity;
		change(intake, &state);
		break;
	case COMMAND_ELSEWHERE:
	case COMMAND_NONE:
		said("not-here", LOG_BYTES("code", code.data, code.length),
		     LOG_TEXT("hint", "this command is for the scan page"));
		sound(intake, BEEP_LOOK);
	}
}

static void take_frame(struct intake *intake, enum frame frame)
{
	struct bytes code = { intake->framing.data, intake->framing.length };
	struct command_code command;

	switch (frame) {
	case FRAME_NONE:
		break;
	case FRAME_SCAN:
		command = command_code_read(code);
		if (command.kind == COMMAND_NONE)
			accept_scan(intake, code);
		else
			obey(intake, &command, code);
		break;
	case FRAME_TOO_LONG:
		said("too-long", LOG_INT("bytes", code.length), LOG_INT("limit", RECORD_CODE_MAX),
		     LOG_TEXT("hint", "nothing was kept; is this a product's code?"));
		sound(intake, BEEP_LOOK);
		break;
	case FRAME_CUT:
		said("cut",
		     LOG_TEXT(
			     "hint",
			     "nothing was kept: scan again; the scanner must end each scan with Enter, "
			     "else start the agent with --terminator tab or idle"));
		sound(intake, BEEP_LOOK);
	}
}

/* --- pauses --- */

static void on_pause(void *arg)
{
	struct intake *intake = arg;

	loop_timer_free(intake->pause);
	intake->pause = NULL;
	take_frame(intake, framing_pause(&intake->framing));
}

static void watch_pause(struct intake *intake)
{
	bool idle = intake->options.terminator == TERMINATOR_IDLE;

	loop_timer_free(intake->pause);
	intake->pause = NULL;
	if (framing_is_open(&intake->framing))
		intake->pause = loop_after(intake->options.base,
					   idle ? intake->options.idle_ms : CUT_MS, on_pause,
					   intake);
}

void intake_bytes(struct intake *intake, const char *data, size_t length, bool timed)
{
	for (size_t i = 0; i < length; i++)
		take_frame(intake, framing_byte(&intake->framing, data[i]));
	if (timed)
		watch_pause(intake);
}

void intake_lost(struct intake *intake)
{
	framing_spoil(&intake->framing);
	take_frame(intake, FRAME_CUT);
}

void intake_end(struct intake *intake)
{
	loop_timer_free(intake->pause);
	intake->pause = NULL;
	take_frame(intake, framing_end(&intake->framing));
}

struct intake *intake_new(const struct intake_options *options)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (intake == NULL)
		abort();
	intake->options = *options;
	framing_init(&intake->framing, options->terminator);
	return intake;
}

void intake_free(struct intake *intake)
{
	if (intake == NULL)
		return;
	loop_timer_free(intake->pause);
	loop_timer_free(intake->probe);
	free(intake);
}
