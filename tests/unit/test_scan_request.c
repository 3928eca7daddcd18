/* The body of POST /scans: one rule a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"
#include "inventory/scan_request.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ID "\"id\":\"0190a5f0-0000-7000-8000-000000000001\","
#define MUST ID "\"movement\":\"dispense\",\"code\":\"8100\""

static const struct {
	const char *name, *body;
	int err;
	const char *detail; /* begins with */
	size_t count;
} rows[] = {
	{ "the least", "{" MUST "}", 0, NULL, 1 },
	{ "an array", "[{" MUST "},{" MUST "}]", 0, NULL, 2 },
	{ "null is absent", "{" MUST ",\"lot\":null}", 0, NULL, 1 },
	{ "a separator in the code", "{" ID "\"movement\":\"receive\",\"code\":\"10A\\u001d21B\"}",
	  0, NULL, 1 },
	{ "base64", "{" ID "\"movement\":\"receive\",\"code_base64\":\"/wA=\"}", 0, NULL, 1 },
	{ "an empty code is the parser's business",
	  "{" ID "\"movement\":\"receive\",\"code\":\"\"}", 0, NULL, 1 },
	{ "unknown member", "{" MUST ",\"colour\":1}", ERR_UNKNOWN_MEMBER, "colour", 0 },
	{ "unknown member in an array", "[{" MUST "},{" MUST ",\"x\":1}]", ERR_UNKNOWN_MEMBER,
	  "[1].x", 0 },
	{ "member twice", "{" MUST "," MUST "}", ERR_DUPLICATE_MEMBER, NULL, 0 },
	{ "no id", "{\"movement\":\"receive\",\"code\":\"1\"}", ERR_MISSING_MEMBER, "id", 0 },
	{ "no movement", "{" ID "\"code\":\"1\"}", ERR_MISSING_MEMBER, "movement", 0 },
	{ "no code", "{" ID "\"movement\":\"receive\"}", ERR_MISSING_MEMBER, "code", 0 },
	{ "id null", "{\"id\":null,\"movement\":\"receive\",\"code\":\"1\"}", ERR_INVALID_MEMBER,
	  "id", 0 },
	{ "id no UUID", "{\"id\":\"1\",\"movement\":\"receive\",\"code\":\"1\"}",
	  ERR_INVALID_MEMBER, "id", 0 },
	{ "movement unknown", "{" ID "\"movement\":\"steal\",\"code\":\"1\"}", ERR_INVALID_MEMBER,
	  "movement", 0 },
	{ "code a number", "{" ID "\"movement\":\"receive\",\"code\":1}", ERR_INVALID_MEMBER,
	  "code", 0 },
	{ "code twice over", "{" MUST ",\"code_base64\":\"/w==\"}", ERR_INVALID_MEMBER,
	  "code_base64", 0 },
	{ "base64 wrong", "{" ID "\"movement\":\"receive\",\"code_base64\":\"/\"}",
	  ERR_INVALID_MEMBER, "code_base64", 0 },
	{ "quantity 0", "{" MUST ",\"quantity\":0}", ERR_INVALID_MEMBER, "quantity", 0 },
	{ "quantity negative", "{" MUST ",\"quantity\":-1}", ERR_INVALID_MEMBER, "quantity", 0 },
	{ "quantity a fraction", "{" MUST ",\"quantity\":1.5}", ERR_INVALID_MEMBER, "quantity", 0 },
	{ "quantity huge", "{" MUST ",\"quantity\":1e9}", ERR_INVALID_MEMBER, "quantity", 0 },
	{ "expiry no day", "{" MUST ",\"expiry\":\"2026-02-30\"}", ERR_INVALID_MEMBER, "expiry",
	  0 },
	{ "scanned_at no moment", "{" MUST ",\"scanned_at\":\"2026-02-03\"}", ERR_INVALID_MEMBER,
	  "scanned_at", 0 },
	{ "lot empty", "{" MUST ",\"lot\":\"\"}", ERR_INVALID_MEMBER, "lot", 0 },
	{ "an empty array", "[]", ERR_INVALID_MEMBER, "scans", 0 },
	{ "not an object", "[1]", ERR_INVALID_JSON, "[0].scan", 0 },
	{ "no JSON", "{", ERR_INVALID_JSON, NULL, 0 },
	{ "two values", "{" MUST "}{}", ERR_INVALID_JSON, NULL, 0 },
	{ "a NUL inside", "{" ID "\"movement\":\"receive\",\"code\":\"a\\u0000b\"}",
	  ERR_INVALID_JSON, NULL, 0 },
	{ "not UTF-8", "{" ID "\"movement\":\"receive\",\"code\":\"\xff\"}", ERR_INVALID_JSON, NULL,
	  0 },
};

static void bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();
		struct scan_request *requests;
		const char *detail = "";
		size_t count = 0;
		bool single;

		print_message("%s\n", rows[i].name);
		assert_int_equal(scan_requests_decode(arena, rows[i].body, strlen(rows[i].body),
						      &requests, &count, &single, &detail),
				 rows[i].err);
		assert_int_equal(count, rows[i].count);
		if (rows[i].detail != NULL)
			assert_memory_equal(detail, rows[i].detail, strlen(rows[i].detail));
		arena_free(arena);
	}
}

/* Which members belong to what must not change under the same id. */
static void payload(void **state)
{
	static const struct {
		const char *name;
		struct scan_request request;
		bool same;
	} changed[] = {
		{ "nothing",
		  { .movement = "dispense", .code = "12", .code_length = 2, .quantity = 1 },
		  true },
		{ "workstation",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .workstation = "w" },
		  true },
		{ "sequence",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .sequence = 9 },
		  true },
		{ "movement",
		  { .movement = "receive", .code = "12", .code_length = 2, .quantity = 1 },
		  false },
		{ "code",
		  { .movement = "dispense", .code = "13", .code_length = 2, .quantity = 1 },
		  false },
		{ "quantity",
		  { .movement = "dispense", .code = "12", .code_length = 2, .quantity = 2 },
		  false },
		{ "lot",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .lot = "A" },
		  false },
		{ "expiry",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .expiry = "2027-01-01" },
		  false },
		{ "symbology",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .symbology = "A" },
		  false },
		{ "order",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .order_id = 3 },
		  false },
		{ "reason",
		  { .movement = "dispense",
		    .code = "12",
		    .code_length = 2,
		    .quantity = 1,
		    .reason = "A" },
		  false },
		{ "code and symbology run together",
		  { .movement = "dispense",
		    .code = "1",
		    .code_length = 1,
		    .symbology = "2",
		    .quantity = 1 },
		  false },
	};
	uint8_t first[16], other[16];

	(void)state;
	scan_request_payload(&changed[0].request, first);
	for (size_t i = 0; i < COUNT(changed); i++) {
		print_message("%s\n", changed[i].name);
		scan_request_payload(&changed[i].request, other);
		assert_int_equal(memcmp(first, other, sizeof(first)) == 0, changed[i].same);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bodies), cmocka_unit_test(payload) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
