/* The framing guard: each row is one rule, fed whole and byte by byte. */
#include <stdio.h>

#include "core/err.h"
#include "core/http_guard.h"
#include "test_rows.h"

#define MAX_HEAD 16384
#define MAX_BODY 1000

#define HEAD(lines) "GET / HTTP/1.1\r\nHost: a\r\n" lines "\r\n"
#define POST(lines) "POST /x HTTP/1.1\r\nHost: a\r\n" lines "\r\n"
#define GET(target) "GET " target " HTTP/1.1\r\nHost: a\r\n\r\n"

struct head_row {
	struct row row;
	const char *data;
	size_t length; /* 0: up to NUL */
	int err;
	uint64_t content_length;
};

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct head_row heads[] = {
	/* what every client sends */
	{ ROW("least head"), GET("/"), 0, 0, 0 },
	{ ROW("HTTP/1.0"), "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 0, 0, 0 },
	{ ROW("body"), POST("Content-Length: 17\r\n"), 0, 0, 17 },
	{ ROW("largest body"), POST("Content-Length: 1000\r\n"), 0, 0, 1000 },
	{ ROW("PUT"), "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", 0, 0, 1 },
	{ ROW("DELETE"), "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0, 0 },
	{ ROW("host with port"), "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0, 0, 0 },
	{ ROW("empty value"), HEAD("X-A:\r\n"), 0, 0, 0 },
	{ ROW("value with tab and UTF-8"), HEAD("X-A: a\t\xe8\x8d\xaf \r\n"), 0, 0, 0 },
	{ ROW("list header twice"), HEAD("Accept: a\r\nAccept: b\r\n"), 0, 0, 0 },
	{ ROW("expects to go on"), POST("Expect: 100-continue\r\n"), 0, 0, 0 },
	{ ROW("query as browsers leave it"), GET("/a?b={c}|[01]^`'"), 0, 0, 0 },
	{ ROW("escaped UTF-8"), GET("/%E8%8D%AF?x=%2F%5c"), 0, 0, 0 },

	/* length of the body */
	{ ROW("two lengths"), POST("Content-Length: 1\r\nContent-Length: 2\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("one length twice"), POST("Content-Length: 1\r\ncontent-length: 1\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("list of lengths"), POST("Content-Length: 5,5\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("length +5"), POST("Content-Length: +5\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("length -1"), POST("Content-Length: -1\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("length 0x5"), POST("Content-Length: 0x5\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("length 5 5"), POST("Content-Length: 5 5\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("empty length"), POST("Content-Length:\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("length beyond 64 bits"), POST("Content-Length: 18446744073709551617\r\n"), 0,
	  ERR_TOO_LARGE, 0 },
	{ ROW("one byte too large"), POST("Content-Length: 1001\r\n"), 0, ERR_TOO_LARGE, 0 },
	{ ROW("GET with body"), HEAD("Content-Length: 1\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("GET with length 0"), HEAD("Content-Length: 0\r\n"), 0, 0, 0 },

	/* transfer encodings */
	{ ROW("chunked"), POST("Transfer-Encoding: chunked\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("length and chunked"), POST("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("xchunked"), POST("Transfer-Encoding: xchunked\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("chunked, gzip"), POST("Transfer-Encoding: chunked, gzip\r\n"), 0, ERR_BAD_FRAMING,
	  0 },
	{ ROW("identity"), POST("transfer-encoding: identity\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("space before the colon"), POST("Transfer-Encoding : chunked\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },

	/* host */
	{ ROW("no host"), "GET / HTTP/1.1\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("no host in HTTP/1.0"), "GET / HTTP/1.0\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("two hosts"), HEAD("host: b\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("empty host"), "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("host with user"), "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("two words as host"), "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },

	/* lines */
	{ ROW("bare LF after the request line"), "GET / HTTP/1.1\nHost: a\r\n\r\n", 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("bare LF after a header"), "GET / HTTP/1.1\r\nHost: a\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("bare LF ends the head"), "GET / HTTP/1.1\r\nHost: a\r\n\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("bare CR in a value"), HEAD("X-A: a\rb\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("CR CR LF"), HEAD("X-A: a\r\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("folded with space"), HEAD("X-A: a\r\n b\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("folded with tab"), HEAD("X-A: a\r\n\tb\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("folded first line"), "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("no colon"), HEAD("X-A\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("no name"), HEAD(": a\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("space in a name"), HEAD("X A: a\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("tab in a name"), HEAD("X\tA: a\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("UTF-8 in a name"), HEAD("X-\xc3\xa9: a\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("NUL in a name"), BYTES(HEAD("X\0A: a\r\n")), ERR_BAD_FRAMING, 0 },
	{ ROW("NUL in a value"), BYTES(HEAD("X-A: a\0b\r\n")), ERR_BAD_FRAMING, 0 },
	{ ROW("escape character in a value"), HEAD("X-A: \x1b[2J\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("DEL in a value"), HEAD("X-A: \x7f\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("empty line first"), "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },

	/* headers twice */
	{ ROW("two Authorization"), HEAD("Authorization: a\r\nAuthorization: b\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("two Cookie"), HEAD("Cookie: a=1\r\nCookie: a=2\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("two X-CSRF-Token"), HEAD("X-CSRF-Token: a\r\nx-csrf-token: b\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("two Content-Type"), POST("Content-Type: a\r\nContent-Type: b\r\n"), 0,
	  ERR_BAD_FRAMING, 0 },
	{ ROW("two X-Role"), HEAD("X-Role: a\r\nX-Role: b\r\n"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("other expectation"), POST("Expect: the-best\r\n"), 0, ERR_BAD_FRAMING, 0 },

	/* request line */
	{ ROW("HEAD"), "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("HEAD with body"), "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n", 0,
	  ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("TRACE"), "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("CONNECT"), "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("OPTIONS *"), "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("PATCH"), "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("GETX"), "GETX / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("method in lower case"), "get / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("TLS on a plain port"), BYTES("\x16\x03\x01\x02\x00"), ERR_BAD_FRAMING, 0 },
	{ ROW("HTTP/2 preface"), "PRI * HTTP/2.0\r\n\r\n", 0, ERR_METHOD_NOT_ALLOWED, 0 },
	{ ROW("absolute target"), GET("http://b/"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("target without slash"), GET("a"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("two spaces"), "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("space in the target"), GET("/a b"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("tab in the target"), GET("/a\tb"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("raw UTF-8 in the target"), GET("/\xe8\x8d\xaf"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("fragment"), GET("/#a"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("brace in the path"), GET("/{id}"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("%00 in the path"), GET("/a%00b"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("%0a in the query"), GET("/?a=%0a"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("%7F in the query"), GET("/?a=%7F"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("%2F in the path"), GET("/a%2Fb"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("%5C in the path"), GET("/a%5Cb"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("escape that is none"), GET("/%zz"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("escape cut short"), GET("/%4"), 0, ERR_BAD_FRAMING, 0 },
	{ ROW("HTTP/1.2"), "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("HTTP/0.9"), "GET /\r\n", 0, ERR_BAD_FRAMING, 0 },
	{ ROW("word after the version"), "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", 0, ERR_BAD_FRAMING,
	  0 },
};

static size_t length_of(const struct head_row *r)
{
	return r->length != 0 ? r->length : strlen(r->data);
}

static void check(const struct head_row *r, const struct http_guard *guard, size_t read)
{
	row_check(r, guard->err == r->err, "%s (%s), not %s", err_code(guard->err),
		  guard->reason != NULL ? guard->reason : "", err_code(r->err));
	row_check(r, guard->complete == (r->err == 0), "complete");
	if (r->err != 0)
		return;
	row_check(r, read == length_of(r), "%zu bytes read", read);
	row_check(r, guard->content_length == r->content_length, "content length");
}

static void test_heads(void **state)
{
	struct http_guard guard;

	(void)state;
	foreach(r, heads) {
		http_guard_init(&guard, MAX_HEAD, MAX_BODY);
		check(r, &guard, http_guard_feed(&guard, r->data, length_of(r)));
	}
}

/* The outcome must not depend on where the network cut the bytes. */
static void test_byte_by_byte(void **state)
{
	struct http_guard guard;

	(void)state;
	foreach(r, heads) {
		size_t read = 0;

		http_guard_init(&guard, MAX_HEAD, MAX_BODY);
		for (size_t i = 0; i < length_of(r); i++)
			read += http_guard_feed(&guard, r->data + i, 1);
		check(r, &guard, read);
	}
}

static void test_body_is_not_read(void **state)
{
	static const char data[] = POST("Content-Length: 3\r\n") "\n\0\n";
	struct http_guard guard;
	size_t read;

	(void)state;
	http_guard_init(&guard, MAX_HEAD, MAX_BODY);
	read = http_guard_feed(&guard, data, sizeof(data) - 1);
	assert_int_equal(guard.err, 0);
	assert_int_equal(read, sizeof(data) - 1 - 3);
	assert_int_equal(http_guard_feed(&guard, "x", 1), 0);
}

struct size_row {
	struct row row;
	const char *before; /* then `count` times `piece` */
	const char *piece;
	size_t count;
	int err;
};

static const struct size_row sizes[] = {
	{ ROW("longest target"), "GET /", "a", HTTP_GUARD_TARGET_MAX - 1, 0 },
	{ ROW("target too long"), "GET /", "a", HTTP_GUARD_TARGET_MAX, ERR_URI_TOO_LONG },
	{ ROW("endless method"), "", "A", 200, ERR_METHOD_NOT_ALLOWED },
	{ ROW("endless version"), "GET / ", "1", 200, ERR_BAD_FRAMING },
	{ ROW("endless name"), "GET / HTTP/1.1\r\n", "n", 200, ERR_BAD_FRAMING },
	{ ROW("endless host"), "GET / HTTP/1.1\r\nHost: ", "h", 200, ERR_BAD_FRAMING },
	{ ROW("endless value"), "GET / HTTP/1.1\r\nX: ", "v", MAX_HEAD, ERR_HEADERS_TOO_LARGE },
	{ ROW("endless spaces"), "GET / HTTP/1.1\r\nX:", " ", MAX_HEAD, ERR_HEADERS_TOO_LARGE },
	{ ROW("endless headers"), "GET / HTTP/1.1\r\n", "Via: a\r\n", 3000, ERR_HEADERS_TOO_LARGE },
};

static void test_sizes(void **state)
{
	struct http_guard guard;

	(void)state;
	foreach(r, sizes) {
		http_guard_init(&guard, MAX_HEAD, MAX_BODY);
		http_guard_feed(&guard, r->before, strlen(r->before));
		for (size_t i = 0; i < r->count; i++)
			http_guard_feed(&guard, r->piece, strlen(r->piece));
		row_check(r, guard.err == r->err, "%s", err_code(guard.err));
	}
}

static void test_number_of_headers(void **state)
{
	struct http_guard guard;
	char line[32];

	(void)state;
	http_guard_init(&guard, MAX_HEAD, MAX_BODY);
	http_guard_feed(&guard, "GET / HTTP/1.1\r\n", 16);
	for (int i = 0; i <= HTTP_GUARD_HEADERS_MAX; i++) {
		assert_int_equal(guard.err, 0);
		http_guard_feed(&guard, line,
				(size_t)snprintf(line, sizeof(line), "X-%d: a\r\n", i));
	}
	assert_int_equal(guard.err, ERR_HEADERS_TOO_LARGE);
}

struct origin_row {
	struct row row;
	struct http_origin request;
	int err;
};

#define JSON_BODY .has_body = true, .content_type = "application/json; charset=utf-8"

static const struct origin_row origins[] = {
	{ ROW("GET from anywhere"), { HTTP_GET, .host = "a", .fetch_site = "cross-site" }, 0 },
	{ ROW("own page"),
	  { HTTP_POST, .host = "a:1", .origin = "http://a:1", .fetch_site = "same-origin",
	    JSON_BODY },
	  0 },
	{ ROW("no browser"), { HTTP_POST, .host = "a", JSON_BODY }, 0 },
	{ ROW("host in other case"), { HTTP_POST, .host = "A", .origin = "http://a" }, 0 },
	{ ROW("DELETE without body"), { HTTP_DELETE, .host = "a", .origin = "http://a" }, 0 },
	{ ROW("part of an import"),
	  { HTTP_PUT, .host = "a", .has_body = true, .content_type = "text/csv" },
	  0 },
	{ ROW("other site"),
	  { HTTP_POST, .host = "a", .fetch_site = "cross-site", JSON_BODY },
	  ERR_CROSS_ORIGIN },
	{ ROW("sister site"),
	  { HTTP_POST, .host = "a", .fetch_site = "same-site" },
	  ERR_CROSS_ORIGIN },
	{ ROW("typed in"), { HTTP_POST, .host = "a", .fetch_site = "none" }, ERR_CROSS_ORIGIN },
	{ ROW("other origin"), { HTTP_PUT, .host = "a", .origin = "http://b" }, ERR_CROSS_ORIGIN },
	{ ROW("other port"), { HTTP_PUT, .host = "a", .origin = "http://a:1" }, ERR_CROSS_ORIGIN },
	{ ROW("other scheme"),
	  { HTTP_PUT, .tls = true, .host = "a", .origin = "http://a" },
	  ERR_CROSS_ORIGIN },
	{ ROW("opaque origin"), { HTTP_DELETE, .host = "a", .origin = "null" }, ERR_CROSS_ORIGIN },
	{ ROW("form"),
	  { HTTP_POST, .host = "a", .has_body = true,
	    .content_type = "application/x-www-form-urlencoded" },
	  ERR_UNSUPPORTED_MEDIA },
	{ ROW("text"),
	  { HTTP_POST, .host = "a", .has_body = true, .content_type = "text/plain" },
	  ERR_UNSUPPORTED_MEDIA },
	{ ROW("no type"), { HTTP_POST, .host = "a", .has_body = true }, ERR_UNSUPPORTED_MEDIA },
	{ ROW("almost JSON"),
	  { HTTP_POST, .host = "a", .has_body = true, .content_type = "application/jsonp" },
	  ERR_UNSUPPORTED_MEDIA },
};

static void test_origins(void **state)
{
	(void)state;
	foreach(r, origins) {
		int err = http_origin_check(&r->request);

		row_check(r, err == r->err, "%s", err_code(err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_body_is_not_read),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_number_of_headers),
		cmocka_unit_test(test_origins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
