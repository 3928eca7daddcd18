/*
 * The parts put together:
 *
 *	device ─bytes─► intake ─scans─► journal ─what waits─► sender ─► line ─► the service
 *	                  └─► beeper        └────── answers ─────┘
 */
#include "workstation/agent.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/loop.h"
#include "workstation/agent_options.h"
#include "workstation/device.h"
#include "workstation/intake.h"
#include "workstation/journal_list.h"
#include "workstation/key_file.h"
#include "workstation/said.h"
#include "workstation/sender.h"

#define PRUNE_MS (60 * 60 * 1000)
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

struct agent {
	struct agent_options options;
	char machine[101]; /* the workstation's name, unless another was given */
	struct event_base *base;
	struct event *terminate, *interrupt;
	struct loop_timer *prune;
	struct journal *journal;
	struct line *line;
	struct sender *sender;
	struct device *device;
	struct intake *intake;
	struct beeper *beeper;
	bool serial;  /* the device can beep itself */
	bool ended;   /* standard input */
	int terminal; /* to beep on; -1: none */
};

static const char *const kinds[] = { [DEVICE_SERIAL] = "serial",
				     [DEVICE_KEYBOARD] = "keyboard",
				     [DEVICE_STREAM] = "stream" };

/* --- sounds --- */

static void bell(void *arg)
{
	struct agent *agent = arg;
	int beep = agent->options.beep;

	if (beep == AGENT_BEEP_AUTO)
		beep = agent->serial ? AGENT_BEEP_DEVICE : AGENT_BEEP_TERMINAL;
	if (beep == AGENT_BEEP_DEVICE && agent->device != NULL)
		device_bell(agent->device);
	if (beep == AGENT_BEEP_TERMINAL && agent->terminal >= 0)
		(void)!write(agent->terminal, "\a", 1);
}

static void on_sound(enum beep beep, void *arg)
{
	struct agent *agent = arg;

	beeper_sound(agent->beeper, beep);
}

static void on_look(void *arg)
{
	on_sound(BEEP_LOOK, arg);
}

/* --- the device --- */

static void on_opened(enum device_kind kind, void *arg)
{
	struct agent *agent = arg;

	agent->serial = kind == DEVICE_SERIAL;
	said("device", LOG_TEXT("kind", kinds[kind]), LOG_TEXT("path", agent->options.device));
}

static void on_bytes(const char *data, size_t length, void *arg)
{
	struct agent *agent = arg;

	intake_bytes(agent->intake, data, length, strcmp(agent->options.device, "-") != 0);
}

static void on_lost(void *arg)
{
	struct agent *agent = arg;

	intake_lost(agent->intake);
}

static void on_gone(const char *why, void *arg)
{
	struct agent *agent = arg;

	said("device-gone", LOG_TEXT("path", agent->options.device), LOG_TEXT("reason", why));
	intake_end(agent->intake);
}

/* --- the end --- */

/* Standard input has ended and nothing is left to be done. */
static void on_rested(void *arg)
{
	struct agent *agent = arg;

	if (agent->ended)
		event_base_loopexit(agent->base, NULL);
}

static void on_ended(void *arg)
{
	struct agent *agent = arg;

	intake_end(agent->intake);
	agent->ended = true;
	if (sender_is_refused(agent->sender) || journal_waiting_count(agent->journal) == 0)
		event_base_loopexit(agent->base, NULL);
	else
		sender_kick(agent->sender);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct agent *agent = arg;

	(void)fd;
	(void)what;
	event_base_loopexit(agent->base, NULL);
}

/* --- the journal --- */

static int usage(const char *why)
{
	fprintf(stderr, "yaoku: %s\n", why);
	return 2;
}

/* The movement that a command code chose stays, until the agent is started with another one. */
static int resume_movement(struct agent *agent)
{
	struct journal_state state = *journal_state(agent->journal);

	if (strcmp(state.started, agent->options.movement) == 0)
		return 0;
	snprintf(state.started, sizeof(state.started), "%s", agent->options.movement);
	snprintf(state.movement, sizeof(state.movement), "%s", agent->options.movement);
	return journal_change(agent->journal, &state);
}

static int open_journal(struct agent *agent)
{
	const struct journal_options options = { .directory = agent->options.journal,
						 .keep_ms = agent->options.keep_days * DAY_MS };
	int err = journal_open(&options, &agent->journal);

	if (err == 0)
		err = resume_movement(agent);
	if (err == 0)
		return 0;
	fprintf(stderr, "yaoku: the journal %s: %s\n", agent->options.journal,
		err == EWOULDBLOCK ? "another agent writes it" : strerrordesc_np(err));
	return 3;
}

static void on_prune(void *arg)
{
	struct agent *agent = arg;

	journal_prune(agent->journal);
}

static void say_resumed(const struct agent *agent)
{
	const struct journal_state *state = journal_state(agent->journal);
	char id[UUID_TEXT_SIZE];

	uuid7_text(state->last, id);
	said("resumed", LOG_INT("waiting", journal_waiting_count(agent->journal)),
	     LOG_INT("last", state->sequence), LOG_TEXT("id", state->sequence != 0 ? id : ""),
	     LOG_TEXT("movement", state->movement), LOG_INT("quantity", state->quantity),
	     LOG_INT("pharmacy", state->pharmacy_id),
	     LOG_INT("torn_bytes", journal_torn(agent->journal)),
	     LOG_INT("damaged_bytes", journal_damaged(agent->journal)));
	if (journal_damaged(agent->journal) != 0)
		said("damaged", LOG_INT("bytes", journal_damaged(agent->journal)),
		     LOG_TEXT(
			     "hint",
			     "scans may be missing: compare the day's packs with the service's list; "
			     "replace the disk"));
}

/* --- start and stop --- */

static void on_accepted(void *arg)
{
	struct agent *agent = arg;

	sender_kick(agent->sender);
}

static void start_sender(struct agent *agent)
{
	const struct sender_options options = {
		.base = agent->base,
		.journal = agent->journal,
		.line = agent->line,
		.key_file = agent->options.key_file,
		.look = on_look,
		.rested = on_rested,
		.arg = agent,
	};

	agent->sender = sender_new(&options);
}

static void start_intake(struct agent *agent)
{
	const struct intake_options options = {
		.base = agent->base,
		.journal = agent->journal,
		.workstation = agent->options.workstation,
		.operator_id = (uint32_t)agent->options.operator_id,
		.terminator = (enum terminator)agent->options.terminator,
		.idle_ms = (unsigned)agent->options.idle_ms,
		.sound = on_sound,
		.accepted = on_accepted,
		.arg = agent,
	};

	agent->intake = intake_new(&options);
}

static void start_device(struct agent *agent)
{
	const struct device_listener listener = { .opened = on_opened,
						  .bytes = on_bytes,
						  .lost = on_lost,
						  .gone = on_gone,
						  .ended = on_ended,
						  .arg = agent };

	agent->device = device_open(agent->base, agent->options.device, agent->options.baud,
				    &listener);
}

static struct event *signal_event(struct agent *agent, int number)
{
	struct event *event = evsignal_new(agent->base, number, on_signal, agent);

	if (event == NULL || event_add(event, NULL) != 0)
		abort();
	return event;
}

/* What is wrong with the options can be said at once. Returns 0 or an exit code. */
static int check(struct agent *agent)
{
	char key[KEY_FILE_MAX], text[200];
	const char *why;

	if (agent->options.workstation == NULL) {
		gethostname(agent->machine, sizeof(agent->machine) - 1);
		agent->options.workstation = agent->machine;
	}
	if (!line_open(agent->base, agent->options.server, agent->options.ca_file, &agent->line,
		       &why)) {
		snprintf(text, sizeof(text), "agent: --server %s", why);
		return usage(text);
	}
	if (!key_file_read(agent->options.key_file, key, &why)) {
		snprintf(text, sizeof(text), "agent: --key-file %s", why);
		return usage(text);
	}
	return 0;
}

static void agent_run(struct agent *agent)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit is a full disk */
	agent->terminate = signal_event(agent, SIGTERM);
	agent->interrupt = signal_event(agent, SIGINT);
	agent->terminal = open("/dev/tty", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	agent->beeper = beeper_new(agent->base, bell, agent);
	journal_prune(agent->journal);
	agent->prune = loop_every(agent->base, PRUNE_MS, on_prune, agent);
	start_intake(agent);
	start_sender(agent);
	start_device(agent);
	/* Only now: whoever scans after this line is heard. */
	say_resumed(agent);
	event_base_dispatch(agent->base);
}

static void agent_done(struct agent *agent)
{
	line_free(agent->line);
	sender_free(agent->sender);
	device_close(agent->device);
	intake_free(agent->intake);
	beeper_free(agent->beeper);
	loop_timer_free(agent->prune);
	journal_close(agent->journal);
	if (agent->terminate != NULL)
		event_free(agent->terminate);
	if (agent->interrupt != NULL)
		event_free(agent->interrupt);
	if (agent->terminal >= 0)
		close(agent->terminal);
	event_base_free(agent->base);
}

int agent_command(int argc, char **argv)
{
	struct agent agent = { .terminal = -1 };
	char why[200];
	int code;

	if (!agent_options_read(argc, argv, &agent.options, why))
		return usage(why);
	if (agent.options.list)
		return journal_list(agent.options.journal);
	if (agent.options.settle != NULL)
		return journal_list_settle(agent.options.journal, agent.options.settle);
	agent.base = loop_new();
	code = check(&agent);
	if (code == 0)
		code = open_journal(&agent);
	if (code == 0) {
		agent_run(&agent);
		code = sender_is_refused(agent.sender) && agent.ended;
	}
	agent_done(&agent);
	return code;
}
