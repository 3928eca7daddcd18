#include "workstation/journal_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "workstation/journal.h"
#include "workstation/said.h"

static int cannot(const char *directory, int err)
{
	fprintf(stderr, "yaoku: the journal %s: %s\n", directory,
		err == EWOULDBLOCK ? "an agent is writing it; stop the agent first" :
				     strerrordesc_np(err));
	return 3;
}

static void moment(int64_t at_ms, char ret_text[32])
{
	time_t seconds = (time_t)(at_ms / 1000);
	struct tm utc;

	ret_text[0] = '\0';
	if (gmtime_r(&seconds, &utc) != NULL)
		strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static struct log_field text_field(const char *key, struct bytes bytes)
{
	return LOG_BYTES(key, bytes.length != 0 ? bytes.data : "", bytes.length);
}

static void print_scan(const char *word, const struct journal_scan *scan)
{
	const struct record *record = &scan->record;
	char id[UUID_TEXT_SIZE], at[32];

	uuid7_text(record->id, id);
	moment(record->at_ms, at);
	said(word, LOG_INT("seq", record->sequence), LOG_TEXT("id", id), LOG_TEXT("scanned_at", at),
	     text_field("movement", record->movement), LOG_INT("quantity", record->quantity),
	     LOG_INT("pharmacy", record->pharmacy_id), LOG_INT("operator", record->operator_id),
	     text_field("problem", scan->answer.problem), text_field("detail", scan->answer.detail),
	     text_field("code", record->code));
}

/* A held scan is in the service's hands. */
static bool is_held(const struct journal_scan *scan)
{
	return bytes_are(scan->answer.outcome, "held");
}

/* The scans that were not posted; how many of them somebody must look at here. */
static size_t print_noted(const struct journal *journal)
{
	const struct journal_scan *scan;
	size_t bad = 0;

	TAILQ_FOREACH(scan, journal_noted(journal), entry)
	{
		char word[40];

		snprintf(word, sizeof(word), "%.*s", (int)scan->answer.outcome.length,
			 scan->answer.outcome.data);
		print_scan(word, scan);
		bad += !is_held(scan);
	}
	return bad;
}

int journal_list(const char *directory)
{
	const struct journal_options options = { .directory = directory, .read_only = true };
	const struct journal_scan *scan;
	struct journal *journal;
	int err = journal_open(&options, &journal);
	size_t bad;

	if (err != 0)
		return cannot(directory, err);
	TAILQ_FOREACH(scan, journal_waiting(journal), entry)
	print_scan("waiting", scan);
	bad = print_noted(journal) + journal_waiting_count(journal) + journal_damaged(journal);
	said("journal", LOG_INT("last", journal_state(journal)->sequence),
	     LOG_INT("waiting", journal_waiting_count(journal)),
	     LOG_INT("damaged_bytes", journal_damaged(journal)));
	journal_close(journal);
	return bad != 0;
}

static bool is_meant(const struct journal_scan *scan, const char *id)
{
	char text[UUID_TEXT_SIZE];

	uuid7_text(scan->record.id, text);
	return strcmp(id, "all") == 0 || strcasecmp(id, text) == 0;
}

int journal_list_settle(const char *directory, const char *id)
{
	const struct journal_options options = { .directory = directory };
	const struct journal_scan *scan, *after;
	struct journal *journal;
	int err = journal_open(&options, &journal), settled = 0;

	if (err != 0)
		return cannot(directory, err);
	for (scan = TAILQ_FIRST(journal_noted(journal)); scan != NULL && err == 0; scan = after) {
		after = TAILQ_NEXT(scan, entry);
		if (is_meant(scan, id)) {
			err = journal_settle(journal, scan);
			settled++;
		}
	}
	if (err == 0)
		err = journal_probe(journal); /* on disk */
	journal_close(journal);
	if (err != 0)
		return cannot(directory, err);
	said("settled", LOG_INT("scans", settled));
	return settled == 0;
}
