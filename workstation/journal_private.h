/* What the journal's two halves share: journal.c writes, journal_read.c reads what is there at the start. */
#ifndef WORKSTATION_JOURNAL_PRIVATE_H
#define WORKSTATION_JOURNAL_PRIVATE_H

#include "workstation/journal.h"

struct journal_segment {
	TAILQ_ENTRY(journal_segment) entry;
	uint64_t number; /* their order */
	uint64_t base;   /* of the places of its records, random */
	size_t size;
	size_t needed; /* scans of it that wait or have an answer that only the journal has */
};

TAILQ_HEAD(journal_segments, journal_segment);

struct journal {
	struct journal_options options;
	struct journal_state state;
	struct uuid7 ids;
	struct journal_segments segments;
	struct journal_scans waiting, noted;
	size_t waiting_count;
	size_t damaged, torn;
	int directory_fd; /* locked */
	int fd;           /* of the last segment; -1: the next record begins a new one */
	bool voided;      /* `void_id` must be written before the next record */
	uint8_t void_id[UUID_SIZE];
};

/* The segments of the directory and what they say. Returns 0 or an errno. */
int journal_load(struct journal *journal);

/* A segment at the end of the list. */
struct journal_segment *journal_segment_add(struct journal *journal, uint64_t number,
					    uint64_t base);

#define JOURNAL_NAME_SIZE 48

/* The file name of a segment. */
void journal_segment_name(uint64_t number, uint64_t base, char ret_name[JOURNAL_NAME_SIZE]);

/* Take one record, of the last segment, into account, as it happens or as it is read. */
void journal_apply(struct journal *journal, const struct record *record);

/* Release a scan. */
void journal_scan_free(struct journal_scan *scan);

#endif
