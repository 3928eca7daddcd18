#include "workstation/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "workstation/journal_private.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

const struct journal_disk journal_disk = { .write = write, .sync = fsync, .truncate = ftruncate };

static int64_t machine_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- open and close --- */

static struct journal *journal_new(const struct journal_options *options)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	if (journal == NULL)
		abort();
	journal->options = *options;
	if (options->disk == NULL)
		journal->options.disk = &journal_disk;
	if (options->now_ms == NULL)
		journal->options.now_ms = machine_now_ms;
	if (options->segment_size == 0)
		journal->options.segment_size = 1 << 20;
	if (options->keep_ms == 0)
		journal->options.keep_ms = 30 * DAY_MS;
	if (options->keep_size == 0)
		journal->options.keep_size = 64 << 20;
	journal->state.quantity = 1;
	journal->directory_fd = journal->fd = -1;
	TAILQ_INIT(&journal->segments);
	TAILQ_INIT(&journal->waiting);
	TAILQ_INIT(&journal->noted);
	return journal;
}

/*
 * The directory and the files in it must be there after the power went, and whoever made them may have been killed before
 * that was sure. Above a directory that somebody else made we may have no right to look.
 */
static int sync_names(const struct journal *journal, bool made)
{
	int err = journal->options.disk->sync(journal->directory_fd) == 0 ? 0 : errno;
	int fd = openat(journal->directory_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == EACCES && !made)
		return err;
	if (err == 0 && (fd < 0 || journal->options.disk->sync(fd) != 0))
		err = errno;
	if (fd >= 0)
		close(fd);
	return err;
}

static int open_directory(struct journal *journal)
{
	bool write = !journal->options.read_only;
	bool made = write && mkdir(journal->options.directory, 0700) == 0;

	journal->directory_fd = open(journal->options.directory,
				     O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (journal->directory_fd < 0 ||
	    (write && flock(journal->directory_fd, LOCK_EX | LOCK_NB) != 0))
		return errno;
	return write ? sync_names(journal, made) : 0;
}

int journal_open(const struct journal_options *options, struct journal **ret_journal)
{
	struct journal *journal = journal_new(options);
	int err = open_directory(journal);

	if (err == 0)
		err = journal_load(journal);
	if (err != 0) {
		journal_close(journal);
		return err;
	}
	*ret_journal = journal;
	return 0;
}

static void free_scans(struct journal_scans *scans)
{
	struct journal_scan *scan;

	while ((scan = TAILQ_FIRST(scans)) != NULL) {
		TAILQ_REMOVE(scans, scan, entry);
		journal_scan_free(scan);
	}
}

static void free_segment(struct journal *journal, struct journal_segment *segment)
{
	TAILQ_REMOVE(&journal->segments, segment, entry);
	free(segment);
}

void journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	free_scans(&journal->waiting);
	free_scans(&journal->noted);
	while (!TAILQ_EMPTY(&journal->segments))
		free_segment(journal, TAILQ_FIRST(&journal->segments));
	if (journal->fd >= 0)
		close(journal->fd);
	if (journal->directory_fd >= 0)
		close(journal->directory_fd);
	free(journal);
}

const struct journal_state *journal_state(const struct journal *journal)
{
	return &journal->state;
}

const struct journal_scans *journal_waiting(const struct journal *journal)
{
	return &journal->waiting;
}

size_t journal_waiting_count(const struct journal *journal)
{
	return journal->waiting_count;
}

const struct journal_scans *journal_noted(const struct journal *journal)
{
	return &journal->noted;
}

size_t journal_damaged(const struct journal *journal)
{
	return journal->damaged;
}

size_t journal_torn(const struct journal *journal)
{
	return journal->torn;
}

/* --- write --- */

/* The last segment is written no more. */
static void seal(struct journal *journal)
{
	close(journal->fd);
	journal->fd = -1;
}

static int write_all(struct journal *journal, const struct text *text)
{
	size_t done = 0;

	while (done < text->length) {
		ssize_t count = journal->options.disk->write(journal->fd, text->data + done,
							     text->length - done);

		if (count <= 0 && errno != EINTR)
			return count == 0 ? EIO : errno;
		done += count > 0 ? (size_t)count : 0;
	}
	return 0;
}

/* Undo a write that failed. Where that fails too, the segment ends there, and the next one says what is void. */
static void take_back(struct journal *journal, size_t size, const struct record *record)
{
	const struct journal_disk *disk = journal->options.disk;

	if (disk->truncate(journal->fd, (off_t)size) == 0 && disk->sync(journal->fd) == 0)
		return;
	seal(journal);
	if (record->type == RECORD_SCAN) {
		journal->voided = true;
		memcpy(journal->void_id, record->id, UUID_SIZE);
	}
}

static int append(struct journal *journal, const struct record *record, bool sync)
{
	struct journal_segment *segment = TAILQ_LAST(&journal->segments, journal_segments);
	struct text text = { 0 };
	int err;

	record_write(&text, segment->base + segment->size, record);
	err = write_all(journal, &text);
	if (err == 0 && sync && journal->options.disk->sync(journal->fd) != 0)
		err = errno;
	if (err == 0)
		segment->size += text.length;
	else
		take_back(journal, segment->size, record);
	text_done(&text);
	return err;
}

static struct record state_record(const struct journal *journal, const struct journal_state *state)
{
	struct record record = {
		.type = RECORD_STATE,
		.sequence = journal->state.sequence,
		.at_ms = journal->options.now_ms(),
		.pharmacy_id = state->pharmacy_id,
		.quantity = state->quantity,
		.movement = bytes_of(state->movement),
		.started = bytes_of(state->started),
	};

	memcpy(record.id, journal->state.last, UUID_SIZE);
	return record;
}

static int write_void(struct journal *journal)
{
	struct record record = { .type = RECORD_VOID,
				 .sequence = journal->state.sequence,
				 .at_ms = journal->options.now_ms() };
	int err;

	if (!journal->voided)
		return 0;
	memcpy(record.id, journal->void_id, UUID_SIZE);
	err = append(journal, &record, true);
	journal->voided = err != 0;
	return err;
}

static int create_segment(struct journal *journal)
{
	const struct journal_segment *last = TAILQ_LAST(&journal->segments, journal_segments);
	uint64_t number = last != NULL ? last->number + 1 : 1, base;
	char name[JOURNAL_NAME_SIZE];

	if (RAND_bytes((unsigned char *)&base, sizeof(base)) != 1)
		abort();
	journal_segment_name(number, base, name);
	journal->fd = openat(journal->directory_fd, name,
			     O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (journal->fd < 0)
		return errno;
	journal_segment_add(journal, number, base);
	return 0;
}

/* The new segment came to nothing: a disk that stays full must not fill with empty files. */
static void drop_segment(struct journal *journal)
{
	struct journal_segment *last = TAILQ_LAST(&journal->segments, journal_segments);
	char name[JOURNAL_NAME_SIZE];

	if (journal->fd >= 0)
		seal(journal);
	journal_segment_name(last->number, last->base, name);
	if (unlinkat(journal->directory_fd, name, 0) == 0)
		free_segment(journal, last);
}

/* A new segment that begins with the state, so that older ones can go. */
static int begin_segment(struct journal *journal)
{
	struct record state = state_record(journal, &journal->state);
	int err = create_segment(journal);

	if (err != 0)
		return err;
	err = append(journal, &state, true);
	if (err == 0 && journal->options.disk->sync(journal->directory_fd) != 0)
		err = errno;
	if (err != 0)
		drop_segment(journal);
	return err;
}

/* A segment that takes another record. */
static int make_ready(struct journal *journal)
{
	const struct journal_segment *last = TAILQ_LAST(&journal->segments, journal_segments);
	int err = 0;

	if (journal->fd >= 0 && last->size >= journal->options.segment_size)
		seal(journal);
	if (journal->fd < 0)
		err = begin_segment(journal);
	return err == 0 ? write_void(journal) : err;
}

/* Write one record and let it count. */
static int put(struct journal *journal, const struct record *record, bool sync)
{
	int err = make_ready(journal);

	if (err == 0)
		err = append(journal, record, sync);
	if (err == 0)
		journal_apply(journal, record);
	return err;
}

int journal_accept(struct journal *journal, const struct record *scan,
		   const struct journal_scan **ret_scan)
{
	struct record record = *scan;
	int err;

	record.type = RECORD_SCAN;
	record.at_ms = journal->options.now_ms();
	record.sequence = journal->state.sequence + 1;
	record.pharmacy_id = journal->state.pharmacy_id;
	record.quantity = journal->state.quantity;
	record.movement = bytes_of(journal->state.movement);
	uuid7_next(&journal->ids, record.at_ms, record.id);
	err = put(journal, &record, true);
	if (err == 0)
		*ret_scan = TAILQ_LAST(&journal->waiting, journal_scans);
	return err;
}

int journal_change(struct journal *journal, const struct journal_state *state)
{
	struct journal_state wanted = *state; /* it may be the journal's own */
	struct record record = state_record(journal, &wanted);

	return put(journal, &record, true);
}

int journal_probe(struct journal *journal)
{
	return journal_change(journal, &journal->state);
}

int journal_answer(struct journal *journal, const struct journal_scan *scan, const char *outcome,
		   const char *problem, const char *detail)
{
	struct record record = {
		.type = RECORD_ANSWER,
		.sequence = scan->record.sequence,
		.at_ms = journal->options.now_ms(),
		.outcome = bytes_of(outcome),
		.problem = bytes_of(problem),
		.detail = bytes_of(detail),
	};

	memcpy(record.id, scan->record.id, UUID_SIZE);
	return put(journal, &record, false);
}

bool journal_put_off(struct journal *journal, unsigned patience)
{
	struct journal_scan *scan = TAILQ_FIRST(&journal->waiting);

	if (scan == NULL || ++scan->vain < patience || TAILQ_NEXT(scan, entry) == NULL)
		return false;
	TAILQ_REMOVE(&journal->waiting, scan, entry);
	TAILQ_INSERT_TAIL(&journal->waiting, scan, entry);
	return true;
}

int journal_settle(struct journal *journal, const struct journal_scan *scan)
{
	return journal_answer(journal, scan, "settled", "", "");
}

/* --- what nobody needs any more --- */

static size_t total_size(const struct journal *journal)
{
	const struct journal_segment *segment;
	size_t size = 0;

	TAILQ_FOREACH(segment, &journal->segments, entry)
	size += segment->size;
	return size;
}

static bool is_old(const struct journal *journal, const char *name)
{
	struct stat file;

	return fstatat(journal->directory_fd, name, &file, 0) == 0 &&
	       journal->options.now_ms() - (int64_t)file.st_mtime * 1000 > journal->options.keep_ms;
}

/* The scans of a segment that goes are noted no more. */
static void forget_noted(struct journal *journal, const struct journal_segment *segment)
{
	struct journal_scan *scan, *next;

	for (scan = TAILQ_FIRST(&journal->noted); scan != NULL; scan = next) {
		next = TAILQ_NEXT(scan, entry);
		if (scan->segment == segment) {
			TAILQ_REMOVE(&journal->noted, scan, entry);
			journal_scan_free(scan);
		}
	}
}

/* Oldest first, so that an answer never goes before its scan. */
size_t journal_prune(struct journal *journal)
{
	struct journal_segment *first;
	size_t count = 0;
	char name[JOURNAL_NAME_SIZE];

	while ((first = TAILQ_FIRST(&journal->segments)) != NULL && first->needed == 0 &&
	       TAILQ_NEXT(first, entry) != NULL) {
		journal_segment_name(first->number, first->base, name);
		if (!is_old(journal, name) && total_size(journal) <= journal->options.keep_size)
			break;
		/* The answers that say so must not be lost with it. */
		if (journal->fd < 0 || journal->options.disk->sync(journal->fd) != 0 ||
		    unlinkat(journal->directory_fd, name, 0) != 0)
			break;
		forget_noted(journal, first);
		free_segment(journal, first);
		count++;
	}
	return count;
}
