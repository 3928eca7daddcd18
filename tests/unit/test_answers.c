/* workstation/answers.c: what is asked, and which answers count. */
#include "workstation/answers.h"

#include "test_rows.h"

#define ID "00000000-0000-7000-8000-000000000001"

static const uint8_t id[UUID_SIZE] = { 0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1 };

static const struct {
	struct row row;
	struct record scan;
	const char *expected; /* behind the id */
} asked[] = {
	{ ROW("the least"),
	  { .code = { "0109", 4 },
	    .movement = { "dispense", 8 },
	    .workstation = { "till", 4 },
	    .sequence = 1 },
	  "\"movement\":\"dispense\",\"code\":\"0109\",\"workstation\":\"till\",\"sequence\":1,"
	  "\"scanned_at\":\"1970-01-01T00:00:00.000Z\"}" },
	{ ROW("everything"),
	  { .code = { "a", 1 },
	    .movement = { "receive", 7 },
	    .workstation = { "药\"", 4 },
	    .sequence = 12,
	    .at_ms = 1767225600007,
	    .quantity = 3,
	    .pharmacy_id = 4,
	    .operator_id = 5 },
	  "\"movement\":\"receive\",\"code\":\"a\",\"quantity\":3,\"workstation\":\"药\\\"\",\"sequence\":12,"
	  "\"scanned_at\":\"2026-01-01T00:00:00.007Z\",\"pharmacy_id\":4,\"operator_id\":5}" },
	{ ROW("a separator travels as base64"),
	  { .code = { "10A\x1d"
		      "21",
		      6 } },
	  "\"movement\":\"\",\"code_base64\":\"MTBBHTIx\",\"workstation\":\"\",\"sequence\":0,"
	  "\"scanned_at\":\"1970-01-01T00:00:00.000Z\"}" },
	{ ROW("not UTF-8"),
	  { .code = { "\xff\xfe", 2 } },
	  "\"movement\":\"\",\"code_base64\":\"//4=\",\"workstation\":\"\",\"sequence\":0,"
	  "\"scanned_at\":\"1970-01-01T00:00:00.000Z\"}" },
	{ ROW("a NUL"),
	  { .code = { "a\0", 2 } },
	  "\"movement\":\"\",\"code_base64\":\"YQA=\",\"workstation\":\"\",\"sequence\":0,"
	  "\"scanned_at\":\"1970-01-01T00:00:00.000Z\"}" },
	{ ROW("a clock before 1970 says nothing"),
	  { .code = { "a", 1 }, .at_ms = -1 },
	  "\"movement\":\"\",\"code\":\"a\",\"workstation\":\"\",\"sequence\":0}" },
	{ ROW("nor one beyond the year 9999"),
	  { .code = { "a", 1 }, .at_ms = INT64_MAX },
	  "\"movement\":\"\",\"code\":\"a\",\"workstation\":\"\",\"sequence\":0}" },
};

#define HEAD "{\"id\":\"" ID "\","

static void test_asking(void **state)
{
	(void)state;
	foreach(r, asked) {
		struct record scan = r->scan;
		struct text body = { 0 };

		memcpy(scan.id, id, UUID_SIZE);
		answers_put_scan(&body, &scan);
		row_check(r, strncmp(body.data, HEAD, strlen(HEAD)) == 0, "%s", body.data);
		row_check(r, strcmp(body.data + strlen(HEAD), r->expected) == 0, "%s",
			  body.data + strlen(HEAD));
		text_done(&body);
	}
}

#define RESULT(rest) "{\"results\":[{\"id\":\"" ID "\"," rest "}]}"

static const struct {
	struct row row;
	const char *body;
	const char *outcome, *problem; /* NULL: the scan waits on */
} answered[] = {
	{ ROW("posted"), RESULT("\"outcome\":\"posted\",\"problem\":null"), "posted", "" },
	{ ROW("replayed, no problem member"), RESULT("\"outcome\":\"replayed\""), "replayed", "" },
	{ ROW("held"),
	  RESULT("\"outcome\":\"held\",\"problem\":{\"code\":\"unknown_code\",\"detail\":\"d\"}"),
	  "held", "unknown_code" },
	{ ROW("rejected"),
	  RESULT("\"outcome\":\"rejected\",\"problem\":{\"code\":\"wrong_pharmacy\"}"), "rejected",
	  "wrong_pharmacy" },
	{ ROW("id in capitals"),
	  "{\"results\":[{\"id\":\"00000000-0000-7000-8000-000000000001\",\"outcome\":\"posted\"}]}",
	  "posted", "" },
	{ ROW("among others"),
	  "{\"results\":[{\"id\":\"x\"},3,null,{\"id\":7},{\"id\":\"" ID
	  "\",\"outcome\":\"posted\"}]}",
	  "posted", "" },
	{ ROW("an outcome we do not know"), RESULT("\"outcome\":\"maybe\""), NULL, NULL },
	{ ROW("no outcome"), RESULT("\"problem\":null"), NULL, NULL },
	{ ROW("an outcome that is a number"), RESULT("\"outcome\":1"), NULL, NULL },
	{ ROW("a problem without a code"), RESULT("\"outcome\":\"rejected\",\"problem\":{}"), NULL,
	  NULL },
	{ ROW("a problem that is a text"), RESULT("\"outcome\":\"posted\",\"problem\":\"no\""),
	  NULL, NULL },
	{ ROW("the id lacks"), "{\"results\":[{\"outcome\":\"posted\"}]}", NULL, NULL },
	{ ROW("another id"),
	  "{\"results\":[{\"id\":\"00000000-0000-7000-8000-000000000002\",\"outcome\":\"posted\"}]}",
	  NULL, NULL },
	{ ROW("twice"),
	  "{\"results\":[{\"id\":\"" ID "\",\"outcome\":\"posted\"},{\"id\":\"" ID
	  "\",\"outcome\":\"held\"}]}",
	  NULL, NULL },
	{ ROW("a member twice"), RESULT("\"outcome\":\"held\",\"outcome\":\"posted\""), NULL,
	  NULL },
	{ ROW("no results"), "{\"results\":[]}", NULL, NULL },
	{ ROW("results that are an object"), "{\"results\":{}}", NULL, NULL },
	{ ROW("an array"), "[{\"id\":\"" ID "\",\"outcome\":\"posted\"}]", NULL, NULL },
	{ ROW("half an answer"), "{\"results\":[{\"id\":\"" ID "\",\"outcome\":\"posted\"}", NULL,
	  NULL },
	{ ROW("something behind it"), RESULT("\"outcome\":\"posted\"") "x", NULL, NULL },
	{ ROW("HTML"), "<html>", NULL, NULL },
	{ ROW("nothing"), "", NULL, NULL },
};

static void test_answers(void **state)
{
	(void)state;
	foreach(r, answered) {
		json_t *answers = answers_read(r->body, strlen(r->body));
		struct answer answer = { 0 };
		bool found = answers_find(answers, id, &answer);

		row_check(r, found == (r->outcome != NULL), "found: %d", found);
		row_check(r,
			  !found || (strcmp(answer.outcome, r->outcome) == 0 &&
				     strcmp(answer.problem, r->problem) == 0),
			  "%s %s", answer.outcome, answer.problem);
		json_decref(answers);
	}
}

static const struct {
	struct row row;
	const char *body, *code; /* NULL: says nothing of the scan */
} refusals[] = {
	{ ROW("a member"),
	  "{\"status\":400,\"code\":\"invalid_member\",\"detail\":\"[0].quantity\"}",
	  "invalid_member" },
	{ ROW("too large"), "{\"code\":\"too_large\"}", "too_large" },
	{ ROW("of another kind"), "{\"code\":\"busy\"}", NULL },
	{ ROW("a proxy's"), "<h1>400 Bad Request</h1>", NULL },
	{ ROW("no code"), "{\"detail\":\"x\"}", NULL },
	{ ROW("a code that is a number"), "{\"code\":400}", NULL },
	{ ROW("nothing"), "", NULL },
};

static void test_refusals(void **state)
{
	(void)state;
	foreach(r, refusals) {
		char code[64] = "", detail[300] = "";
		bool refused = answers_refusal(r->body, strlen(r->body), code, detail);

		row_check(r, refused == (r->code != NULL), "refused: %d", refused);
		row_check(r, !refused || strcmp(code, r->code) == 0, "%s", code);
	}
}

static const struct {
	struct row row;
	const char *body;
	bool whole;
	uint32_t pharmacy_id;
} sessions[] = {
	{ ROW("a pharmacy's key"), "{\"user\":{\"pharmacy_id\":7},\"csrf\":null}", true, 7 },
	{ ROW("a supplier's key"), "{\"user\":{\"pharmacy_id\":null}}", true, 0 },
	{ ROW("out of range"), "{\"user\":{\"pharmacy_id\":4294967297}}", true, 0 },
	{ ROW("a text"), "{\"user\":{\"pharmacy_id\":\"7\"}}", false, 0 },
	{ ROW("nobody"), "{}", false, 0 },
	{ ROW("HTML"), "<html>", false, 0 },
};

static void test_sessions(void **state)
{
	(void)state;
	foreach(r, sessions) {
		uint32_t pharmacy_id = 0;

		row_check(r, answers_pharmacy(r->body, strlen(r->body), &pharmacy_id) == r->whole,
			  "whole");
		row_check(r, pharmacy_id == r->pharmacy_id, "%u", pharmacy_id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asking),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
