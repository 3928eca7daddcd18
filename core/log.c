/*
 * The log line is built in one buffer on the stack and written by one write(2),
 * so lines of several processes never mix (PIPE_BUF is LOG_LINE_MAX on Linux).
 * Values are quoted unless plain; control bytes, C1 controls and bytes that are
 * not UTF-8 become \xNN, so a line is always one line of valid UTF-8.
 */
#include "core/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/utf8.h"

static const char *const level_words[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

static enum log_level threshold = LOG_LEVEL_INFO;
static int worker;

/* Room is kept for the mark of a cut line: closing quote, "…" and newline. */
#define TAIL 5

struct line {
	char *data;
	size_t length;
	bool cut;
	bool cut_in_quotes;
};

static void put(struct line *l, const char *data, size_t length)
{
	if (l->cut || l->length + length > LOG_LINE_MAX - TAIL) {
		l->cut = true;
		return;
	}
	memcpy(l->data + l->length, data, length);
	l->length += length;
}

static void put_text(struct line *l, const char *text)
{
	put(l, text, strlen(text));
}

static void put_int(struct line *l, int64_t number)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)number);

	put(l, digits, (size_t)n);
}

/* Code points that end a line, move the cursor or turn the text around for some reader. */
static bool is_control(const unsigned char *p, size_t length)
{
	if (length == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	if (length == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	/* U+2028 to U+202E */
	return length == 3 && p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae;
}

static void put_escape(struct line *l, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	const char escape[4] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };

	if (byte == '\n')
		put(l, "\\n", 2);
	else if (byte == '\r')
		put(l, "\\r", 2);
	else if (byte == '\t')
		put(l, "\\t", 2);
	else
		put(l, escape, sizeof(escape));
}

static void put_quoted(struct line *l, const char *data, size_t length)
{
	const unsigned char *p = (const unsigned char *)data;
	const unsigned char *end = p + length;

	put(l, "\"", 1);
	while (p < end && !l->cut) {
		size_t n = utf8_sequence((const char *)p, (size_t)(end - p));

		if (n == 0 || is_control(p, n)) {
			put_escape(l, *p++);
			while (n > 1 && n-- > 1)
				put_escape(l, *p++);
			continue;
		}
		if (*p == '"' || *p == '\\')
			put(l, "\\", 1);
		put(l, (const char *)p, n);
		p += n;
	}
	put(l, "\"", 1);
	l->cut_in_quotes = l->cut;
}

static bool is_plain(const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\')
			return false;
	}
	return length > 0;
}

static void put_field(struct line *l, const struct log_field *field)
{
	size_t length = field->length;

	put(l, " ", 1);
	put_text(l, field->key);
	put(l, "=", 1);
	if (field->kind == LOG_KIND_INT) {
		put_int(l, field->number);
		return;
	}
	if (field->text == NULL) {
		put_text(l, "null");
		return;
	}
	if (field->kind == LOG_KIND_TEXT)
		length = strlen(field->text);
	if (is_plain(field->text, length))
		put(l, field->text, length);
	else
		put_quoted(l, field->text, length);
}

/* The rest of a line; its length. */
static size_t put_fields(struct line *l, const struct log_field *fields)
{
	for (const struct log_field *f = fields; f->key != NULL && !l->cut; f++)
		put_field(l, f);
	if (l->cut)
		memcpy(l->data + l->length, "…", 3);
	l->length += l->cut ? 3 : 0;
	if (l->cut_in_quotes)
		l->data[l->length++] = '"';
	l->data[l->length++] = '\n';
	return l->length;
}

static void put_time(struct line *l, int64_t now_ms)
{
	time_t seconds = (time_t)(now_ms / 1000);
	char text[40], ms[8];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	put(l, text, strftime(text, sizeof(text), "time=%Y-%m-%dT%H:%M:%S", &utc));
	put(l, ms, (size_t)snprintf(ms, sizeof(ms), ".%03dZ", (int)(now_ms % 1000)));
}

size_t log_format(char line[LOG_LINE_MAX], int64_t now_ms, enum log_level level,
		  const struct log_field *fields)
{
	struct line l = { .data = line };

	put_time(&l, now_ms);
	put_text(&l, " level=");
	put_text(&l, level_words[level]);
	if (worker > 0)
		put_field(&l, &LOG_INT("worker", worker));
	return put_fields(&l, fields);
}

size_t log_format_event(char line[LOG_LINE_MAX], const char *event, const struct log_field *fields)
{
	struct line l = { .data = line };

	put_text(&l, event);
	return put_fields(&l, fields);
}

void log_event(enum log_level level, const struct log_field *fields)
{
	int saved_errno = errno;
	char line[LOG_LINE_MAX];
	struct timespec now;
	size_t length;

	if (level > threshold)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	length = log_format(line, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, level,
			    fields);
	/* A log that cannot be written must not stop the service. */
	(void)!write(STDERR_FILENO, line, length);
	errno = saved_errno;
}

void log_set_level(enum log_level level)
{
	threshold = level;
}

void log_set_worker(int index)
{
	worker = index;
}

bool log_level_parse(const char *word, enum log_level *ret_level)
{
	for (size_t i = 0; i < sizeof(level_words) / sizeof(level_words[0]); i++) {
		if (strcmp(word, level_words[i]) == 0) {
			*ret_level = (enum log_level)i;
			return true;
		}
	}
	return false;
}
