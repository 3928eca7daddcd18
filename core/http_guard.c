/*
 * A byte-wise state machine, one function for each state. Bytes arrive in any
 * pieces, so a state keeps nothing but what struct http_guard holds.
 */
#include "core/http_guard.h"

#include <string.h>
#include <strings.h>

#include "core/err.h"

enum state {
	IN_METHOD,
	IN_TARGET,
	IN_VERSION,
	AT_LF,   /* after a line's CR */
	AT_LINE, /* first byte of a header line */
	IN_NAME,
	BEFORE_VALUE,
	IN_VALUE,
	AT_LAST_LF, /* after the CR of the empty line */
};

/* Headers with a rule of their own. */
enum header {
	HEADER_OTHER,
	HEADER_HOST,
	HEADER_CONTENT_LENGTH,
	HEADER_TRANSFER_ENCODING,
	HEADER_EXPECT,
};

struct header_rule {
	const char *name;
	enum header header;
	bool is_list; /* may come more than once; RFC 9110 joins the values with commas */
};

/* A name that is not here may come once, and its value has no rule. */
static const struct header_rule header_rules[] = {
	{ "host", HEADER_HOST, false },
	{ "content-length", HEADER_CONTENT_LENGTH, false },
	{ "transfer-encoding", HEADER_TRANSFER_ENCODING, false },
	{ "expect", HEADER_EXPECT, false },
	{ "accept", HEADER_OTHER, true },
	{ "accept-encoding", HEADER_OTHER, true },
	{ "accept-language", HEADER_OTHER, true },
	{ "cache-control", HEADER_OTHER, true },
	{ "forwarded", HEADER_OTHER, true },
	{ "via", HEADER_OTHER, true },
};

static const struct {
	const char *name;
	enum http_method method;
} methods[] = {
	{ "GET", HTTP_GET },
	{ "POST", HTTP_POST },
	{ "PUT", HTTP_PUT },
	{ "DELETE", HTTP_DELETE },
};

void http_guard_init(struct http_guard *guard, size_t max_head, size_t max_body)
{
	/* `word` and `seen` are guarded by their lengths: not worth clearing on every request. */
	memset(guard, 0, offsetof(struct http_guard, word));
	guard->max_head = max_head;
	guard->max_body = max_body;
}

static void refuse(struct http_guard *guard, int err, const char *reason)
{
	guard->err = err;
	guard->reason = reason;
}

static void bad(struct http_guard *guard, const char *reason)
{
	refuse(guard, ERR_BAD_FRAMING, reason);
}

/* RFC 9110 5.6.2. */
static bool is_token(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Add a byte to the word; false when the word is longer than any that matters. */
static bool word_add(struct http_guard *guard, char c)
{
	if (guard->word_length == sizeof(guard->word) - 1)
		return false;
	guard->word[guard->word_length++] = c;
	return true;
}

/* The word as a string; the next byte starts a new one. */
static const char *word_end(struct http_guard *guard)
{
	guard->word[guard->word_length] = '\0';
	guard->word_length = 0;
	return guard->word;
}

/* --- the request line --- */

static void end_method(struct http_guard *guard)
{
	const char *word = word_end(guard);

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(word, methods[i].name) == 0)
			guard->method = methods[i].method;
	}
	if (guard->method == 0)
		refuse(guard, ERR_METHOD_NOT_ALLOWED, "method");
	guard->state = IN_TARGET;
	guard->line_length = 0;
}

static void in_method(struct http_guard *guard, char c)
{
	if (c == ' ' && guard->word_length > 0)
		end_method(guard);
	else if (c < 'A' || c > 'Z')
		bad(guard, "method is no word");
	else if (!word_add(guard, c))
		refuse(guard, ERR_METHOD_NOT_ALLOWED, "method");
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One of the two digits after a percent sign. An escaped slash would move the path's borders. */
static void in_escape(struct http_guard *guard, char c)
{
	int value = hex_value(c);

	if (value < 0) {
		bad(guard, "percent escape");
		return;
	}
	guard->escaped = (uint8_t)(guard->escaped << 4 | value);
	if (--guard->escape != 0)
		return;
	if (guard->escaped < 0x20 || guard->escaped == 0x7f)
		bad(guard, "escaped control character");
	else if (!guard->in_query && (guard->escaped == '/' || guard->escaped == '\\'))
		bad(guard, "escaped slash in path");
}

/* RFC 3986, and in a query what browsers leave unescaped (WHATWG URL, query percent-encode set). */
static bool is_target_character(char c, bool in_query)
{
	return c > ' ' && c < 0x7f && strchr(in_query ? "\"#<>" : "\"#<>\\^`{|}", c) == NULL;
}

static void in_target(struct http_guard *guard, char c)
{
	if (c == ' ' && guard->line_length > 0 && guard->escape == 0) {
		guard->state = IN_VERSION;
		return;
	}
	if (guard->line_length++ == 0 && c != '/')
		bad(guard, "target is not a path");
	else if (guard->line_length > HTTP_GUARD_TARGET_MAX)
		refuse(guard, ERR_URI_TOO_LONG, "target length");
	else if (guard->escape != 0)
		in_escape(guard, c);
	else if (c == '%')
		guard->escape = 2;
	else if (!is_target_character(c, guard->in_query))
		bad(guard, "character in target");
	else if (c == '?')
		guard->in_query = true;
}

static void in_version(struct http_guard *guard, char c)
{
	const char *word;

	if (c != '\r') {
		if (!word_add(guard, c))
			bad(guard, "version");
		return;
	}
	word = word_end(guard);
	if (strcmp(word, "HTTP/1.1") != 0 && strcmp(word, "HTTP/1.0") != 0)
		bad(guard, "version");
	guard->state = AT_LF;
}

/* --- header lines --- */

static void at_lf(struct http_guard *guard, char c)
{
	if (c != '\n')
		bad(guard, "CR without LF");
	guard->state = AT_LINE;
}

static void in_name(struct http_guard *guard, char c);

static void at_line(struct http_guard *guard, char c)
{
	if (c == '\r') {
		guard->state = AT_LAST_LF;
	} else if (c == ' ' || c == '\t') {
		bad(guard, "folded line");
	} else {
		guard->word_length = 0;
		guard->line_length = 0;
		guard->state = IN_NAME;
		in_name(guard, c);
	}
}

/* FNV-1a. Names that collide refuse a request that nobody sends by accident. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (const char *p = name; *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	return hash;
}

/* Note the name among those seen; false when it was there. */
static bool see_name(struct http_guard *guard, const char *name)
{
	uint32_t hash = hash_of(name);

	for (size_t i = 0; i < guard->headers; i++) {
		if (guard->seen[i] == hash)
			return false;
	}
	guard->seen[guard->headers++] = hash;
	return true;
}

static const struct header_rule *rule_of(const char *name)
{
	static const struct header_rule other = { "", HEADER_OTHER, false };

	for (size_t i = 0; i < sizeof(header_rules) / sizeof(header_rules[0]); i++) {
		if (strcmp(name, header_rules[i].name) == 0)
			return &header_rules[i];
	}
	return &other;
}

static void end_name(struct http_guard *guard)
{
	const char *name = word_end(guard);
	const struct header_rule *rule = rule_of(name);

	guard->header = (uint8_t)rule->header;
	guard->state = BEFORE_VALUE;
	if (guard->headers == HTTP_GUARD_HEADERS_MAX)
		refuse(guard, ERR_HEADERS_TOO_LARGE, "number of headers");
	else if (rule->header == HEADER_TRANSFER_ENCODING)
		bad(guard, "transfer encoding");
	else if (!see_name(guard, name) && !rule->is_list)
		bad(guard, "header twice");
}

static void in_name(struct http_guard *guard, char c)
{
	if (c == ':' && guard->word_length > 0)
		end_name(guard);
	else if (!is_token((unsigned char)c))
		bad(guard, "character in header name");
	else if (!word_add(guard, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c))
		bad(guard, "length of header name");
}

static void end_host(struct http_guard *guard, const char *value)
{
	size_t plain = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789-._~:[]");

	guard->has_host = true;
	if (plain == 0 || value[plain] != '\0')
		bad(guard, "host");
}

static void end_content_length(struct http_guard *guard, const char *value)
{
	size_t digits = strspn(value, "0123456789");

	guard->has_length = true;
	if (digits == 0 || value[digits] != '\0') {
		bad(guard, "content length");
		return;
	}
	if (digits > 18) {
		refuse(guard, ERR_TOO_LARGE, "content length");
		return;
	}
	for (size_t i = 0; i < digits; i++)
		guard->content_length = guard->content_length * 10 + (uint64_t)(value[i] - '0');
}

static void end_value(struct http_guard *guard)
{
	const char *value;

	while (guard->word_length > 0 && guard->word[guard->word_length - 1] == ' ')
		guard->word_length--;
	value = word_end(guard);
	guard->state = AT_LF;
	if (guard->header == HEADER_HOST)
		end_host(guard, value);
	else if (guard->header == HEADER_CONTENT_LENGTH)
		end_content_length(guard, value);
	else if (guard->header == HEADER_EXPECT && strcasecmp(value, "100-continue") != 0)
		bad(guard, "expectation");
}

static void in_value(struct http_guard *guard, char c)
{
	unsigned char byte = (unsigned char)c;

	if (c == '\r') {
		end_value(guard);
	} else if ((byte < 0x20 && c != '\t') || byte == 0x7f) {
		bad(guard, c == '\n' ? "LF without CR" : "control character in header");
	} else if (guard->header != HEADER_OTHER && !word_add(guard, c)) {
		bad(guard, "length of header value");
	}
}

static void before_value(struct http_guard *guard, char c)
{
	if (c == ' ' || c == '\t')
		return;
	guard->state = IN_VALUE;
	in_value(guard, c);
}

/* The head is whole: what can be said only now. */
static void at_last_lf(struct http_guard *guard, char c)
{
	if (c != '\n')
		bad(guard, "CR without LF");
	else if (!guard->has_host)
		bad(guard, "no host");
	else if (guard->content_length > guard->max_body)
		refuse(guard, ERR_TOO_LARGE, "body length");
	else if (guard->method == HTTP_GET && guard->content_length > 0)
		bad(guard, "body of a GET");
	else
		guard->complete = true;
}

static void step(struct http_guard *guard, char c)
{
	static void (*const states[])(struct http_guard *, char) = {
		[IN_METHOD] = in_method,       [IN_TARGET] = in_target,
		[IN_VERSION] = in_version,     [AT_LF] = at_lf,
		[AT_LINE] = at_line,           [IN_NAME] = in_name,
		[BEFORE_VALUE] = before_value, [IN_VALUE] = in_value,
		[AT_LAST_LF] = at_last_lf,
	};

	states[guard->state](guard, c);
}

/* Most bytes of a head are values nobody looks at here: skip them in one go. */
static size_t skip_value(const struct http_guard *guard, const char *data, size_t length)
{
	size_t at = 0;

	if (guard->state != IN_VALUE || guard->header != HEADER_OTHER)
		return 0;
	while (at < length && (unsigned char)data[at] >= 0x20 && data[at] != 0x7f)
		at++;
	return at;
}

size_t http_guard_feed(struct http_guard *guard, const char *data, size_t length)
{
	size_t at = 0;

	if (guard->err != 0 || guard->complete)
		return 0;
	guard->started = guard->started || length > 0;
	while (at < length && guard->err == 0 && !guard->complete) {
		size_t skipped = skip_value(guard, data + at, length - at);

		at += skipped;
		guard->length += skipped;
		if (at < length) {
			guard->length++;
			step(guard, data[at++]);
		}
		if (guard->length > guard->max_head && guard->err == 0)
			refuse(guard, ERR_HEADERS_TOO_LARGE, "head length");
	}
	return at;
}

/* --- origin --- */

/* True for "http://HOST" or, over TLS, "https://HOST". */
static bool is_own_origin(const struct http_origin *request)
{
	const char *scheme = request->tls ? "https://" : "http://";
	size_t length = strlen(scheme);

	return request->host != NULL && strncmp(request->origin, scheme, length) == 0 &&
	       strcasecmp(request->origin + length, request->host) == 0;
}

/* The media type without parameters is `type`. */
static bool is_media_type(const char *content_type, const char *type)
{
	size_t length = strlen(type);

	return strncasecmp(content_type, type, length) == 0 &&
	       (content_type[length] == '\0' || content_type[length] == ';' ||
		content_type[length] == ' ');
}

int http_origin_check(const struct http_origin *request)
{
	if (request->method == HTTP_GET)
		return 0;
	if (request->fetch_site != NULL && strcmp(request->fetch_site, "same-origin") != 0)
		return ERR_CROSS_ORIGIN;
	if (request->origin != NULL && !is_own_origin(request))
		return ERR_CROSS_ORIGIN;
	if (!request->has_body)
		return 0;
	if (request->content_type == NULL ||
	    (!is_media_type(request->content_type, "application/json") &&
	     !is_media_type(request->content_type, "text/csv")))
		return ERR_UNSUPPORTED_MEDIA;
	return 0;
}
