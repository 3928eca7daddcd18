/* Reading GS1 Digital Links. */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/digital_link.h"
#include "scanner/gtin.h"
#include "scanner/scan_error.h"

/* Where in an address a character may stand; those that are not here, nowhere. */
enum { IN_PATH = 1, IN_HOST = 2 };

/* clang-format off */
static const unsigned char places_of[256] = {
	['A' ... 'Z'] = IN_HOST | IN_PATH, ['a' ... 'z'] = IN_HOST | IN_PATH,
	['0' ... '9'] = IN_HOST | IN_PATH, ['-'] = IN_HOST | IN_PATH, ['.'] = IN_HOST | IN_PATH,
	[':'] = IN_HOST | IN_PATH, ['['] = IN_HOST | IN_PATH, [']'] = IN_HOST | IN_PATH,
	['/'] = IN_PATH, ['_'] = IN_PATH, ['~'] = IN_PATH, ['?'] = IN_PATH, ['#'] = IN_PATH,
	['@'] = IN_PATH, ['!'] = IN_PATH, ['$'] = IN_PATH, ['&'] = IN_PATH, ['\''] = IN_PATH,
	['('] = IN_PATH, [')'] = IN_PATH, ['*'] = IN_PATH, ['+'] = IN_PATH, [','] = IN_PATH,
	[';'] = IN_PATH, ['='] = IN_PATH, ['%'] = IN_PATH,
};
/* clang-format on */

/* What the steps of one reading share. */
struct reading {
	struct gs1_message *msg;
	const char *url;
	size_t at;    /* offset of the address in the scan */
	size_t first; /* index of the key's element */
	bool lenient;
};

static size_t scheme_length(const char *url, size_t len)
{
	static const char *const schemes[] = { "https://", "HTTPS://", "http://", "HTTP://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (len >= n && memcmp(url, schemes[i], n) == 0)
			return n;
	}
	return 0;
}

bool digital_link_is_url(const char *url, size_t len)
{
	return scheme_length(url, len) != 0;
}

/* Offset of the first `c` in [from, to), or `to`. */
static size_t offset_of(const char *url, char c, size_t from, size_t to)
{
	const char *found = memchr(url + from, c, to - from);

	return found != NULL ? (size_t)(found - url) : to;
}

/* Offset of the last slash in [from, to), or `to`. */
static size_t last_slash(const char *url, size_t from, size_t to)
{
	for (size_t i = to; i-- > from;)
		if (url[i] == '/')
			return i;
	return to;
}

static bool split(const char *url, size_t len, struct link_parts *parts)
{
	size_t fragment;

	parts->host = scheme_length(url, len);
	if (parts->host == 0)
		return false;
	parts->path = offset_of(url, '/', parts->host, len);
	fragment = offset_of(url, '#', parts->path, len);
	parts->path_end = offset_of(url, '?', parts->path, fragment);
	parts->query = parts->path_end < fragment ? parts->path_end + 1 : parts->path_end;
	parts->query_end = fragment;
	return parts->path > parts->host && parts->path < len;
}

/* From the end backwards, pair by pair, until a pair's identifier is a key. */
bool digital_link_find(const char *url, size_t len, struct link_parts *ret_parts)
{
	size_t end;

	if (!split(url, len, ret_parts))
		return false;
	end = ret_parts->path_end;
	for (;;) {
		size_t value = last_slash(url, ret_parts->path, end);
		size_t ai = last_slash(url, ret_parts->path, value);
		const struct gs1_ai *rule;

		if (value == end || ai == value)
			return false;
		rule = gs1_ai_named(url + ai + 1, value - ai - 1);
		if (rule == NULL)
			return false;
		ret_parts->key = ai;
		if (rule->qualifiers != NULL)
			return true;
		end = ai;
	}
}

static int check_characters(const char *url, const struct link_parts *parts, size_t len,
			    size_t *reterr_at)
{
	for (size_t i = 0; i < len; i++) {
		int place = i >= parts->host && i < parts->path ? IN_HOST : IN_PATH;

		if ((places_of[(unsigned char)url[i]] & place) == 0) {
			*reterr_at = i;
			return SCAN_LINK;
		}
	}
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int hex_pair(const char *s)
{
	int high = hex_digit(s[0]);
	int low = hex_digit(s[1]);

	return high >= 0 && low >= 0 ? high * 16 + low : -1;
}

/*
 * Undo the percent encoding, and in a query the plus for a blank. A percent sign
 * without two hexadecimal digits stands for itself. Writes at most `size` bytes:
 * one more than any value may have, so that too long a value shows.
 */
static size_t decode(const char *s, size_t len, bool query, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < size; i++) {
		int byte = i + 2 < len ? hex_pair(s + i + 1) : -1;
		char c = s[i];

		if (c == '%' && byte >= 0) {
			c = (char)byte;
			i += 2;
		} else if (c == '+' && query) {
			c = ' ';
		}
		out[n++] = c;
	}
	return n;
}

/*
 * The key that a segment of the path names, if it is one with a check digit: by
 * chance any path has words and numbers.
 */
static const struct gs1_ai *strong_key(const char *segment, size_t len)
{
	static const struct {
		char word[6];
		char ai[5];
	} words[] = { { "gtin", "01" },   { "sscc", "00" },   { "itip", "8006" },
		      { "gln", "414" },   { "party", "417" }, { "gsrnp", "8017" },
		      { "gsrn", "8018" }, { "gdti", "253" },  { "gcn", "255" },
		      { "grai", "8003" }, { "gsin", "402" } };
	const struct gs1_ai *rule = gs1_ai_named(segment, len);

	for (size_t i = 0; rule == NULL && i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i].word) == len && memcmp(words[i].word, segment, len) == 0)
			rule = gs1_ai_named(words[i].ai, strlen(words[i].ai));
	return rule != NULL && rule->qualifiers != NULL && rule->part[0].set == 'N' ? rule : NULL;
}

bool digital_link_is_damaged(const char *url, size_t len, size_t *ret_at)
{
	size_t pos = scheme_length(url, len);
	size_t end = offset_of(url, '?', pos, offset_of(url, '#', pos, len));
	const struct gs1_ai *key = NULL;

	while (pos < end) {
		size_t slash = offset_of(url, '/', pos, end);
		char value[GS1_VALUE_MAX + 1] = "";
		size_t n, bad;

		if (slash > pos) {
			n = decode(url + pos, slash - pos, false, value, sizeof(value));
			if (key != NULL && gs1_check_value(key, value, n, &bad) == 0)
				return true;
			key = strong_key(url + pos, slash - pos);
			*ret_at = pos;
		}
		pos = slash + 1;
	}
	return false;
}

/* Old links drop the zeros in front of a GTIN. */
static size_t pad_gtin(char *value, size_t len)
{
	if (len != 8 && len != 12 && len != 13)
		return len;
	memmove(value + GTIN_DIGITS - len, value, len);
	memset(value, '0', GTIN_DIGITS - len);
	return GTIN_DIGITS;
}

/* The element whose identifier is at `ai` and whose value is [from, to). */
static int read_element(struct reading *r, const struct gs1_ai *rule, size_t ai, size_t from,
			size_t to, bool query, size_t *reterr_at)
{
	char value[GS1_VALUE_MAX + 1] = "";
	size_t len = decode(r->url + from, to - from, query, value, sizeof(value));
	size_t bad = 0;
	int err;

	if (r->lenient && strcmp(rule->stem, "01") == 0)
		len = pad_gtin(value, len);
	err = gs1_add(r->msg, r->url + ai, rule, r->at + ai, value, len, &bad);
	*reterr_at = from + (len == to - from ? bad : 0);
	return err;
}

static int read_path(struct reading *r, const struct link_parts *parts, size_t *reterr_at)
{
	size_t pos = parts->key;
	int err = 0;

	while (err == 0 && pos < parts->path_end) {
		size_t ai = pos + 1;
		size_t slash = offset_of(r->url, '/', ai, parts->path_end);
		const struct gs1_ai *rule = gs1_ai_named(r->url + ai, slash - ai);

		pos = offset_of(r->url, '/', slash + 1, parts->path_end);
		err = read_element(r, rule, ai, slash + 1, pos, false, reterr_at);
	}
	return err;
}

/*
 * The qualifiers read so far stand in the order of an alternative such as
 * "22 10 21" that ends at `len`, and `extra`, unless NULL, belongs to it too.
 */
static bool fits(const struct reading *r, size_t path_end, const char *alternative, size_t len,
		 const char *extra)
{
	const char *end = alternative + len;
	size_t next = r->first + 1;

	for (const char *word = alternative; word < end; word += strcspn(word, " |") + 1) {
		size_t n = strcspn(word, " |");
		const char *ai = next < path_end ? r->msg->element[next].ai : "";

		if (strlen(ai) == n && memcmp(ai, word, n) == 0)
			next++;
		if (extra != NULL && strlen(extra) == n && memcmp(extra, word, n) == 0)
			extra = NULL;
	}
	return next == path_end && extra == NULL;
}

static bool fits_any(const struct reading *r, size_t path_end, const char *extra)
{
	const char *alternative = r->msg->element[r->first].rule->qualifiers;

	for (;;) {
		size_t len = strcspn(alternative, "|");

		if (fits(r, path_end, alternative, len, extra))
			return true;
		if (alternative[len] == '\0')
			return false;
		alternative += len + 1;
	}
}

/* An element of the query is an attribute, new, and none that belongs in the path. */
static bool may_stand_in_query(const struct reading *r, size_t path_end)
{
	const struct gs1_element *element = &r->msg->element[r->msg->count - 1];

	if ((element->rule->use & GS1_QUERY) == 0 || fits_any(r, path_end, element->ai))
		return false;
	for (size_t i = r->first; i + 1 < r->msg->count; i++)
		if (strcmp(r->msg->element[i].ai, element->ai) == 0)
			return false;
	return true;
}

static int read_parameter(struct reading *r, size_t path_end, size_t from, size_t to,
			  size_t *reterr_at)
{
	size_t equals = offset_of(r->url, '=', from, to);
	const struct gs1_ai *rule;
	int err;

	/* Words belong to the resolver, and so do numbers without a value. */
	if (equals == to || !all_digits(r->url + from, equals - from))
		return 0;
	*reterr_at = from;
	rule = gs1_ai_named(r->url + from, equals - from);
	if (rule == NULL)
		return SCAN_NO_AI;
	err = read_element(r, rule, from, equals + 1, to, true, reterr_at);
	if (err != 0)
		return err;
	*reterr_at = from;
	return may_stand_in_query(r, path_end) ? 0 : SCAN_LINK_QUERY;
}

static int read_query(struct reading *r, const struct link_parts *parts, size_t *reterr_at)
{
	size_t path_end = r->msg->count;
	size_t pos = parts->query;
	int err = 0;

	while (err == 0 && pos < parts->query_end) {
		size_t end = offset_of(r->url, '&', pos, parts->query_end);

		err = read_parameter(r, path_end, pos, end, reterr_at);
		pos = end + 1;
	}
	return err;
}

int digital_link_read(struct gs1_message *msg, const char *url, const struct link_parts *parts,
		      size_t len, size_t at, bool lenient, size_t *reterr_at)
{
	struct reading r = { msg, url, at, msg->count, lenient };
	size_t bad = 0;
	int err;

	err = check_characters(url, parts, len, &bad);
	if (err == 0)
		err = read_path(&r, parts, &bad);
	if (err == 0 && !fits_any(&r, msg->count, NULL)) {
		bad = msg->element[r.first + 1].at - at;
		err = SCAN_LINK_PATH;
	}
	if (err == 0)
		err = read_query(&r, parts, &bad);
	*reterr_at = at + bad;
	return err;
}
