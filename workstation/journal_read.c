/*
 * What is there at the start: segments in the order of their numbers, records in their order. journal_apply() is
 * the one place that says what a record means; whoever writes one passes through it too.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workstation/journal_private.h"

#define NAME_FORMAT "%012" PRIu64 "-%016" PRIx64 ".journal"

void journal_segment_name(uint64_t number, uint64_t base, char ret_name[JOURNAL_NAME_SIZE])
{
	snprintf(ret_name, JOURNAL_NAME_SIZE, NAME_FORMAT, number, base);
}

/* --- what a record means --- */

static char *copy_record(const struct record *record, struct record *ret_record)
{
	struct text text = { 0 };
	size_t at = 0, skipped;

	record_write(&text, 0, record);
	if (!record_next(text.data, text.length, 0, &at, ret_record, &skipped))
		abort();
	return text.data;
}

void journal_scan_free(struct journal_scan *scan)
{
	free(scan->bytes);
	free(scan->answer_bytes);
	free(scan);
}

static void take_scan(struct journal *journal, const struct record *record)
{
	struct journal_scan *scan = calloc(1, sizeof(*scan));

	if (scan == NULL)
		abort();
	scan->bytes = copy_record(record, &scan->record);
	scan->segment = TAILQ_LAST(&journal->segments, journal_segments);
	scan->segment->needed++;
	TAILQ_INSERT_TAIL(&journal->waiting, scan, entry);
	journal->waiting_count++;
	journal->state.quantity = 1;
}

/* Answers come in the order of the scans, so the one looked for stands near the head. */
static struct journal_scan *find(struct journal_scans *scans, const uint8_t id[UUID_SIZE])
{
	struct journal_scan *scan;

	TAILQ_FOREACH(scan, scans, entry)
	if (memcmp(scan->record.id, id, UUID_SIZE) == 0)
		return scan;
	return NULL;
}

static struct journal_scan *stop_waiting(struct journal *journal, const uint8_t id[UUID_SIZE])
{
	struct journal_scan *scan = find(&journal->waiting, id);

	if (scan != NULL) {
		TAILQ_REMOVE(&journal->waiting, scan, entry);
		journal->waiting_count--;
		scan->segment->needed--;
	}
	return scan;
}

static bool is_good(const struct record *answer)
{
	return answer->problem.length == 0 &&
	       (bytes_are(answer->outcome, "posted") || bytes_are(answer->outcome, "replayed"));
}

/* The service keeps what it holds, and what the ledger's rules reject. Everything else only we have. */
static bool is_only_here(const struct record *answer)
{
	static const char *const rules[] = { "already_dispensed",  "expired",
					     "insufficient_stock", "over_ordered",
					     "quarantined",        "recalled" };

	if (!bytes_are(answer->outcome, "rejected"))
		return bytes_are(answer->outcome, "refused");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (bytes_are(answer->problem, rules[i]))
			return false;
	return true;
}

/* Somebody has seen what became of a scan. */
static void settle(struct journal *journal, const uint8_t id[UUID_SIZE])
{
	struct journal_scan *scan = find(&journal->noted, id);

	if (scan == NULL)
		return;
	TAILQ_REMOVE(&journal->noted, scan, entry);
	scan->segment->needed -= is_only_here(&scan->answer);
	journal_scan_free(scan);
}

static void take_answer(struct journal *journal, const struct record *record)
{
	struct journal_scan *scan = stop_waiting(journal, record->id);

	if (scan == NULL) {
		settle(journal, record->id);
		return;
	}
	if (is_good(record)) {
		journal_scan_free(scan);
		return;
	}
	scan->answer_bytes = copy_record(record, &scan->answer);
	scan->segment->needed += is_only_here(record);
	TAILQ_INSERT_TAIL(&journal->noted, scan, entry);
}

static void take_void(struct journal *journal, const uint8_t id[UUID_SIZE])
{
	struct journal_scan *scan = stop_waiting(journal, id);

	if (scan != NULL)
		journal_scan_free(scan);
}

static void take_text(char to[33], struct bytes from)
{
	snprintf(to, 33, "%.*s", (int)from.length, from.length != 0 ? from.data : "");
}

static void take_state(struct journal *journal, const struct record *record)
{
	struct journal_state *state = &journal->state;
	struct journal_scan *scan;

	state->pharmacy_id = record->pharmacy_id;
	state->quantity = record->quantity;
	take_text(state->movement, record->movement);
	take_text(state->started, record->started);
	TAILQ_FOREACH(scan, &journal->waiting, entry)
	if (scan->record.pharmacy_id == 0)
		scan->record.pharmacy_id = state->pharmacy_id;
}

void journal_apply(struct journal *journal, const struct record *record)
{
	switch (record->type) {
	case RECORD_STATE:
		take_state(journal, record);
		break;
	case RECORD_SCAN:
		take_scan(journal, record);
		break;
	case RECORD_ANSWER:
		take_answer(journal, record);
		break;
	case RECORD_VOID:
		take_void(journal, record->id);
		break;
	}
	if (record->sequence > journal->state.sequence) {
		journal->state.sequence = record->sequence;
		memcpy(journal->state.last, record->id, UUID_SIZE);
	}
	uuid7_resume(&journal->ids, record->id);
}

/* --- files --- */

struct journal_segment *journal_segment_add(struct journal *journal, uint64_t number, uint64_t base)
{
	struct journal_segment *segment = calloc(1, sizeof(*segment));

	if (segment == NULL)
		abort();
	segment->number = number;
	segment->base = base;
	TAILQ_INSERT_TAIL(&journal->segments, segment, entry);
	return segment;
}

static int read_file(int fd, struct text *ret_text)
{
	char piece[65536];
	ssize_t count;

	while ((count = read(fd, piece, sizeof(piece))) > 0)
		text_add(ret_text, piece, (size_t)count);
	return count == 0 ? 0 : errno;
}

/* The records of the last segment. *ret_torn: bytes after the last good one. */
static void apply_all(struct journal *journal, const struct text *text, size_t *ret_torn)
{
	uint64_t base = TAILQ_LAST(&journal->segments, journal_segments)->base;
	struct record record;
	size_t at = 0, skipped;

	while (record_next(text->data, text->length, base, &at, &record, &skipped)) {
		journal->damaged += skipped;
		journal_apply(journal, &record);
	}
	*ret_torn = skipped;
}

/* A segment as its name tells it. */
struct name {
	uint64_t number, base;
};

/* Read one segment; the last one stays open to be written on if it has a beginning and a whole end. */
static int load_segment(struct journal *journal, const struct name *name, bool last)
{
	bool write = last && !journal->options.read_only;
	char file[JOURNAL_NAME_SIZE];
	struct text text = { 0 };
	size_t torn;
	int fd, err;

	journal_segment_name(name->number, name->base, file);
	fd = openat(journal->directory_fd, file,
		    (write ? O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return errno;
	err = read_file(fd, &text);
	/* What a process wrote that was killed before it synced counts from now on. */
	if (err == 0 && write && journal->options.disk->sync(fd) != 0)
		err = errno;
	if (err == 0) {
		journal_segment_add(journal, name->number, name->base)->size = text.length;
		apply_all(journal, &text, &torn);
		journal->torn += torn;
		if (write && torn == 0 && text.length != 0)
			journal->fd = fd;
	}
	if (journal->fd != fd)
		close(fd);
	text_done(&text);
	return err;
}

/* Does a file name tell a segment? */
static bool read_name(const char *file, struct name *ret_name)
{
	char again[JOURNAL_NAME_SIZE];
	char *end;

	ret_name->number = strtoull(file, &end, 10);
	ret_name->base = *end == '-' ? strtoull(end + 1, NULL, 16) : 0;
	journal_segment_name(ret_name->number, ret_name->base, again);
	return strcmp(file, again) == 0;
}

static int by_number(const void *a, const void *b)
{
	const struct name *one = a, *other = b;

	return (one->number > other->number) - (one->number < other->number);
}

/* The segments in their order; to be freed. */
static int list_segments(int directory_fd, struct name **ret_names, size_t *ret_count)
{
	int fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct text names = { 0 };
	const struct dirent *file;
	struct name name;

	if (directory == NULL)
		return errno;
	while ((file = readdir(directory)) != NULL)
		if (read_name(file->d_name, &name))
			text_add(&names, (const char *)&name, sizeof(name));
	closedir(directory);
	*ret_names = (struct name *)(void *)names.data;
	*ret_count = names.length / sizeof(name);
	if (*ret_count > 0)
		qsort(*ret_names, *ret_count, sizeof(name), by_number);
	return 0;
}

int journal_load(struct journal *journal)
{
	struct name *names = NULL;
	size_t count = 0;
	int err = list_segments(journal->directory_fd, &names, &count);

	for (size_t i = 0; i < count && err == 0; i++)
		err = load_segment(journal, &names[i], i + 1 == count);
	free(names);
	return err;
}
