/*
 * The journal of a workstation: every scan is on disk before it counts, and its answer beside it.
 *
 * A directory of segments, `NUMBER-BASE.journal`, files of records (record.h) that are only ever appended to. A scan is
 * accepted when its record has been written and synced. What is read again: the good records; damage is passed
 * over and told. After a segment whose end is damaged, or that could not be written, the next one is begun, so nothing
 * is ever written behind something half-written. A segment is removed when all its scans have been answered, nobody
 * needs to look at them any more, and it is old or much.
 *
 * One process writes, by a lock on the directory; any number may read. Not for several threads.
 */
#ifndef WORKSTATION_JOURNAL_H
#define WORKSTATION_JOURNAL_H

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "workstation/record.h"

/* What the journal asks of the disk; tests put failing functions here. Each as in libc. */
struct journal_disk {
	ssize_t (*write)(int fd, const void *data, size_t length);
	int (*sync)(int fd);
	int (*truncate)(int fd, off_t length);
};

extern const struct journal_disk journal_disk;

struct journal_options {
	const char *directory;
	bool read_only;                  /* no lock, nothing is made or written */
	const struct journal_disk *disk; /* NULL: the real one */
	int64_t (*now_ms)(void);         /* milliseconds since 1970; NULL: the machine's clock */
	size_t segment_size;             /* a new one is begun beyond; 0: 1 MiB */
	int64_t keep_ms;                 /* answered scans are kept so long; 0: 30 days */
	size_t keep_size;                /* and in so many bytes at most; 0: 64 MiB */
};

/* A scan that waits for its answer, or whose answer somebody should see. Read only; the journal's. */
struct journal_scan {
	TAILQ_ENTRY(journal_scan) entry;
	struct journal_segment *segment;
	struct record record; /* its bytes belong to it */
	struct record answer; /* type 0 while it waits; its bytes belong to it */
	char *bytes, *answer_bytes;
	unsigned vain; /* times it was tried in vain, since the start */
};

TAILQ_HEAD(journal_scans, journal_scan);

/* What is the case between two scans, kept across starts. */
struct journal_state {
	uint64_t sequence;       /* of the last scan; 0: none yet */
	uint8_t last[UUID_SIZE]; /* its id */
	uint32_t pharmacy_id;    /* whose key it is; 0: not known yet */
	uint32_t quantity;       /* for the next scan only; else 1 */
	char movement[33];       /* of the next scans; empty: none was chosen yet */
	char started[33];        /* the movement that the agent was started with */
};

struct journal;

/*
 * Read the directory, which is made if need be, and be the one that writes. Returns 0 and the journal, to be released
 * with journal_close(); or an errno: EWOULDBLOCK when another process writes it, ENOENT when there is nothing to read.
 */
int journal_open(const struct journal_options *options, struct journal **ret_journal);

/* Release; nothing is lost. Accepts NULL. */
void journal_close(struct journal *journal);

/* Valid until the next call that writes. */
const struct journal_state *journal_state(const struct journal *journal);

/* Scans without a definite answer, in their order. */
const struct journal_scans *journal_waiting(const struct journal *journal);
size_t journal_waiting_count(const struct journal *journal);

/* Scans that were answered with anything but posted, in the order of the answers. */
const struct journal_scans *journal_noted(const struct journal *journal);

/* Damaged bytes in the middle of segments, and at the end of one: the torn record of a crash. Found at the start. */
size_t journal_damaged(const struct journal *journal);
size_t journal_torn(const struct journal *journal);

/*
 * Accept a scan: operator, movement, workstation and code are taken from `scan`, the rest is the journal's. Returns 0
 * and the scan, which waits, when it is on disk; or an errno, and then the scan is not there, nor will it be later.
 */
int journal_accept(struct journal *journal, const struct record *scan,
		   const struct journal_scan **ret_scan);

/*
 * Change what is the case between two scans; `state`'s sequence and last count for nothing. A pharmacy that was not
 * known becomes that of the scans that wait without one. Returns 0 when it is on disk, or an errno: nothing changed.
 */
int journal_change(struct journal *journal, const struct journal_state *state);

/* Write the present state: does the disk take anything? Returns 0 or an errno. */
int journal_probe(struct journal *journal);

/*
 * Keep the definite answer to a scan that waits; `scan` is gone afterwards, or stands under journal_noted(). Not
 * synced: a lost answer is asked for again. Returns 0, or an errno: it still waits.
 */
int journal_answer(struct journal *journal, const struct journal_scan *scan, const char *outcome,
		   const char *problem, const char *detail);

/*
 * The first scan that waits was tried in vain. From the `patience`th time on it goes behind the others, until the next
 * start; true when it did.
 */
bool journal_put_off(struct journal *journal, unsigned patience);

/* Somebody has seen a scan that is noted: forget it. Returns 0 or an errno. */
int journal_settle(struct journal *journal, const struct journal_scan *scan);

/* Remove segments that nobody needs; how many. */
size_t journal_prune(struct journal *journal);

#endif
