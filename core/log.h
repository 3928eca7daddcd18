/*
 * Structured log: one logfmt line an event, written to standard error in one
 * piece, time in UTC. An event is a constant sentence; what varies are typed
 * fields, so nothing a client sent can forge a line or a field:
 *
 *	log_info("worker started", LOG_INT("worker", index), LOG_TEXT("listen", address));
 *	time=2026-01-31T10:00:00.123Z level=info worker=1 msg="worker started" …
 *
 * Safe in every process and thread; the settings below belong to the process.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

enum log_kind {
	LOG_KIND_TEXT,
	LOG_KIND_BYTES,
	LOG_KIND_INT,
};

/* One key and its value. Borrowed for the call only; made by the macros below. */
struct log_field {
	const char *key; /* lower case, no spaces: a constant of ours */
	enum log_kind kind;
	const char *text; /* NULL is written as null */
	size_t length;    /* bytes at text; LOG_KIND_BYTES only */
	int64_t number;
};

#define LOG_TEXT(k, v) ((struct log_field){ .key = (k), .kind = LOG_KIND_TEXT, .text = (v) })
#define LOG_BYTES(k, v, n) \
	((struct log_field){ .key = (k), .kind = LOG_KIND_BYTES, .text = (v), .length = (n) })
#define LOG_INT(k, v) \
	((struct log_field){ .key = (k), .kind = LOG_KIND_INT, .number = (int64_t)(v) })
#define LOG_BOOL(k, v) LOG_TEXT(k, (v) ? "true" : "false")
#define LOG_REQUEST(id) LOG_TEXT("request", id)
/* What errno says; evaluated where it stands. */
#define LOG_ERRNO(number) LOG_TEXT("error", strerrordesc_np(number))

#define log_at(level, message, ...)                  \
	log_event(level, (const struct log_field[]){ \
				 LOG_TEXT("msg", message), ##__VA_ARGS__, { .key = NULL } })
#define log_error(message, ...) log_at(LOG_LEVEL_ERROR, message, ##__VA_ARGS__)
#define log_warning(message, ...) log_at(LOG_LEVEL_WARNING, message, ##__VA_ARGS__)
#define log_info(message, ...) log_at(LOG_LEVEL_INFO, message, ##__VA_ARGS__)
#define log_debug(message, ...) log_at(LOG_LEVEL_DEBUG, message, ##__VA_ARGS__)

/* Longest line, newline included; a longer one is cut and ends in "…". */
#define LOG_LINE_MAX 4096

/* Write one line if `level` is at or above the threshold. `fields` ends with a NULL key. */
void log_event(enum log_level level, const struct log_field *fields);

/* Lines less urgent than `level` are dropped from now on. At start: info. */
void log_set_level(enum log_level level);

/* Every line from now on carries worker=`index`; 0, as at start, leaves it out. */
void log_set_worker(int index);

/* "error", "warning", "info" or "debug" as a level. False, *ret_level untouched, for other words. */
bool log_level_parse(const char *word, enum log_level *ret_level);

/*
 * Format one line, newline included, as log_event() would write it at `now_ms`
 * (milliseconds since 1970). Returns its length, at most LOG_LINE_MAX.
 */
size_t log_format(char line[LOG_LINE_MAX], int64_t now_ms, enum log_level level,
		  const struct log_field *fields);

/* Format a word and fields in the same manner, newline included, for a program's standard output. Returns its length. */
size_t log_format_event(char line[LOG_LINE_MAX], const char *event, const struct log_field *fields);

#endif
