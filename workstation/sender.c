#include "workstation/sender.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/loop.h"
#include "workstation/answers.h"
#include "workstation/backoff.h"
#include "workstation/key_file.h"
#include "workstation/said.h"

#define SCANS_MAX 100
#define BODY_MAX (512 << 10) /* the service takes 1 MiB */
#define PATIENCE 8           /* times a scan fails alone at a service that is well */

struct sender {
	struct sender_options options;
	bool busy;    /* a request is under way */
	bool known;   /* the service has said whose key it is */
	bool refused; /* it does not take the key */
	bool offline; /* as was said last */
	bool doubted; /* the first scan failed alone: is the service well? */
	char key[KEY_FILE_MAX];
	char why[300]; /* why it is offline, as was said last */
	size_t limit;  /* of scans in the next request */
	size_t sent;   /* scans of the request under way: the first that wait */
	struct backoff backoff;
	struct loop_timer *timer; /* NULL: not waiting */
};

static void next(struct sender *sender);

static int64_t waiting(const struct sender *sender)
{
	return (int64_t)journal_waiting_count(sender->options.journal);
}

/* --- trouble --- */

static void on_timer(void *arg)
{
	struct sender *sender = arg;

	loop_timer_free(sender->timer);
	sender->timer = NULL;
	next(sender);
}

static void wait_then_try(struct sender *sender, unsigned asked_s, unsigned *ret_ms)
{
	uint32_t draw;

	if (RAND_bytes((unsigned char *)&draw, sizeof(draw)) != 1)
		abort();
	*ret_ms = backoff_next(&sender->backoff, draw, asked_s);
	sender->timer = loop_after(sender->options.base, *ret_ms, on_timer, sender);
}

/* It did not work; nothing is lost. Said once for each reason. */
static void trouble(struct sender *sender, const char *why, unsigned asked_s)
{
	bool news = !sender->offline || strcmp(sender->why, why) != 0;
	unsigned ms;

	wait_then_try(sender, asked_s, &ms);
	sender->offline = true;
	snprintf(sender->why, sizeof(sender->why), "%s", why);
	if (news)
		said("offline", LOG_TEXT("reason", sender->why),
		     LOG_INT("waiting", waiting(sender)), LOG_INT("retry_ms", ms));
}

static void refused(struct sender *sender, const char *why)
{
	bool news = !sender->refused;
	unsigned ms;

	sender->refused = true;
	sender->known = false;
	wait_then_try(sender, 0, &ms);
	if (!news)
		return;
	said("key-refused", LOG_TEXT("reason", why), LOG_INT("waiting", waiting(sender)),
	     LOG_TEXT("hint",
		      "every scan is kept; ask the administrator for a key of kind agent for this "
		      "pharmacy and put it into the key file, no restart needed"));
	sender->options.look(sender->options.arg);
	sender->options.rested(sender->options.arg);
}

static void worked(struct sender *sender)
{
	backoff_reset(&sender->backoff);
	sender->refused = false;
	if (sender->offline)
		said("online", LOG_INT("waiting", waiting(sender)));
	sender->offline = false;
}

/* An answer that is neither 200 nor about one scan. */
static void not_now(struct sender *sender, const struct line_answer *answer)
{
	char why[80];

	if (answer->status == 401 || answer->status == 403) {
		refused(sender, answer->status == 401 ? "the service does not know this key" :
							"this key may not post scans");
		return;
	}
	snprintf(why, sizeof(why), "the service answered %d", answer->status);
	trouble(sender, answer->status != 0 ? why : answer->why, answer->retry_after_s);
}

/* --- whose key it is --- */

/* The scans from now on are of this pharmacy; those before keep theirs. */
static bool learn_pharmacy(struct sender *sender, uint32_t pharmacy_id)
{
	struct journal_state state = *journal_state(sender->options.journal);

	if (state.pharmacy_id != pharmacy_id) {
		state.pharmacy_id = pharmacy_id;
		if (journal_change(sender->options.journal, &state) != 0)
			return false;
	}
	said("pharmacy", LOG_INT("id", pharmacy_id), LOG_INT("waiting", waiting(sender)));
	return true;
}

static void on_session(const struct line_answer *answer, void *arg)
{
	struct sender *sender = arg;
	uint32_t pharmacy_id = 0;

	sender->busy = false;
	if (answer->status != 200) {
		not_now(sender, answer);
		return;
	}
	if (!answers_pharmacy(answer->body, answer->length, &pharmacy_id)) {
		trouble(sender, "what answers there is not the service", 0);
		return;
	}
	if (pharmacy_id == 0) {
		refused(sender, "this key belongs to no pharmacy");
		return;
	}
	if (!learn_pharmacy(sender, pharmacy_id)) {
		trouble(sender, "the journal cannot be written", 0);
		return;
	}
	sender->known = true;
	worked(sender);
	next(sender);
}

/* --- posting --- */

/* Keep one answer and say it. */
static bool keep(struct sender *sender, const struct journal_scan *scan,
		 const struct answer *answer)
{
	bool good = answer->problem[0] == '\0' && strcmp(answer->outcome, "held") != 0 &&
		    strcmp(answer->outcome, "rejected") != 0;
	uint64_t sequence = scan->record.sequence;
	char id[UUID_TEXT_SIZE];

	uuid7_text(scan->record.id, id);
	if (journal_answer(sender->options.journal, scan, answer->outcome, answer->problem,
			   answer->detail) != 0)
		return false;
	if (good)
		said(answer->outcome, LOG_INT("seq", sequence), LOG_TEXT("id", id),
		     LOG_INT("waiting", waiting(sender)), LOG_TEXT("product", answer->product));
	else
		said(answer->outcome, LOG_INT("seq", sequence), LOG_TEXT("id", id),
		     LOG_INT("waiting", waiting(sender)), LOG_TEXT("problem", answer->problem),
		     LOG_TEXT("detail", answer->detail));
	if (!good)
		sender->options.look(sender->options.arg);
	return true;
}

/* Keep what was answered of the scans sent; how many of them. */
static size_t keep_all(struct sender *sender, const json_t *answers)
{
	const struct journal_scan *scan = TAILQ_FIRST(journal_waiting(sender->options.journal));
	size_t kept = 0;

	for (size_t i = 0; i < sender->sent; i++) {
		const struct journal_scan *after = TAILQ_NEXT(scan, entry);
		struct answer answer;

		if (answers_find(answers, scan->record.id, &answer) && keep(sender, scan, &answer))
			kept++;
		scan = after;
	}
	return kept;
}

static void on_results(struct sender *sender, const struct line_answer *answer)
{
	json_t *answers = answers_read(answer->body, answer->length);
	size_t kept = keep_all(sender, answers);

	json_decref(answers);
	if (kept < sender->sent) {
		trouble(sender, "the answer is not whole, or could not be kept", 0);
		return;
	}
	sender->limit = sender->limit < SCANS_MAX / 2 ? sender->limit * 2 : SCANS_MAX;
	worked(sender);
	next(sender);
}

/* Alone, and the service cannot read it: it will not be sent again. */
static bool is_culprit(struct sender *sender, const struct line_answer *answer)
{
	const struct journal_scan *scan = TAILQ_FIRST(journal_waiting(sender->options.journal));
	char code[64], detail[300];
	struct answer refusal = { .outcome = "refused", .problem = code, .detail = detail };

	return (answer->status == 400 || answer->status == 413) &&
	       answers_refusal(answer->body, answer->length, code, detail) &&
	       keep(sender, scan, &refusal);
}

/* The service cannot read what was sent: half of it perhaps. */
static void choked(struct sender *sender, const struct line_answer *answer)
{
	if (sender->sent > 1)
		sender->limit = sender->sent / 2;
	if (sender->sent > 1 || is_culprit(sender, answer))
		next(sender);
	else
		not_now(sender, answer);
}

/* The service failed, over one of these or altogether: the next try tells. */
static void failed(struct sender *sender, const struct line_answer *answer)
{
	sender->doubted = sender->sent == 1;
	if (sender->sent > 1)
		sender->limit = sender->sent / 2;
	not_now(sender, answer);
}

static void on_health(const struct line_answer *answer, void *arg)
{
	struct sender *sender = arg;
	const struct journal_scan *scan = TAILQ_FIRST(journal_waiting(sender->options.journal));
	char id[UUID_TEXT_SIZE];

	sender->busy = false;
	sender->doubted = false;
	if (answer->status == 200 && journal_put_off(sender->options.journal, PATIENCE)) {
		uuid7_text(scan->record.id, id);
		said("put-off", LOG_INT("seq", scan->record.sequence), LOG_TEXT("id", id),
		     LOG_TEXT("hint", "the service fails over this scan; it is sent after the "
				      "others, again and again"));
		sender->options.look(sender->options.arg);
	}
	next(sender);
}

static void on_posted(const struct line_answer *answer, void *arg)
{
	struct sender *sender = arg;

	sender->busy = false;
	switch (answer->status) {
	case 200:
		on_results(sender, answer);
		break;
	case 400:
	case 413:
		choked(sender, answer);
		break;
	default:
		if (answer->status >= 500)
			failed(sender, answer);
		else
			not_now(sender, answer);
	}
}

static void post(struct sender *sender)
{
	const struct journal_scan *scan;
	struct text body = { 0 };

	sender->sent = 0;
	TAILQ_FOREACH(scan, journal_waiting(sender->options.journal), entry)
	{
		if (sender->sent == sender->limit || body.length > BODY_MAX)
			break;
		text_puts(&body, sender->sent++ == 0 ? "[" : ",");
		answers_put_scan(&body, &scan->record);
	}
	text_puts(&body, "]");
	sender->busy = true;
	line_ask(sender->options.line, sender->key, "/api/v1/scans", &body, on_posted, sender);
	text_done(&body);
}

/* --- what to do next --- */

/* The key as the file has it now; another one may be of another pharmacy. */
static bool read_key(struct sender *sender, const char **reterr_why)
{
	char key[KEY_FILE_MAX];

	if (!key_file_read(sender->options.key_file, key, reterr_why))
		return false;
	if (strcmp(key, sender->key) != 0)
		sender->known = false;
	memcpy(sender->key, key, sizeof(key));
	return true;
}

static void next(struct sender *sender)
{
	const char *why;

	if (sender->busy || sender->timer != NULL)
		return;
	if (sender->known && waiting(sender) == 0) {
		sender->options.rested(sender->options.arg);
		return;
	}
	if (!read_key(sender, &why)) {
		char text[200];

		snprintf(text, sizeof(text), "the key file %s", why);
		trouble(sender, text, 0);
	} else if (!sender->known) {
		sender->busy = true;
		line_ask(sender->options.line, sender->key, "/api/v1/session", NULL, on_session,
			 sender);
	} else if (sender->doubted) {
		sender->busy = true;
		line_ask(sender->options.line, sender->key, "/readyz", NULL, on_health, sender);
	} else {
		post(sender);
	}
}

struct sender *sender_new(const struct sender_options *options)
{
	struct sender *sender = calloc(1, sizeof(*sender));

	if (sender == NULL)
		abort();
	sender->options = *options;
	sender->limit = SCANS_MAX;
	next(sender);
	return sender;
}

void sender_free(struct sender *sender)
{
	if (sender == NULL)
		return;
	loop_timer_free(sender->timer);
	free(sender);
}

void sender_kick(struct sender *sender)
{
	next(sender);
}

bool sender_is_refused(const struct sender *sender)
{
	return sender->refused;
}
