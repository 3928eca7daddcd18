/* workstation/record.c: what is written is read again, and nothing else. */
#include "workstation/record.h"

#include "test_rows.h"

static const struct {
	struct row row;
	struct record record;
} rows[] = {
	{ ROW("a scan"),
	  { .type = RECORD_SCAN,
	    .id = { 1, 2, 3 },
	    .sequence = 12,
	    .at_ms = 1700000000123,
	    .pharmacy_id = 7,
	    .operator_id = 9,
	    .quantity = 3,
	    .movement = { "dispense", 8 },
	    .workstation = { "till 1", 6 },
	    .code = { "01\x1d\0\xff", 5 } } },
	{ ROW("an empty scan"), { .type = RECORD_SCAN } },
	{ ROW("greatest numbers"),
	  { .type = RECORD_SCAN,
	    .sequence = UINT64_MAX,
	    .at_ms = INT64_MIN,
	    .pharmacy_id = UINT32_MAX,
	    .operator_id = UINT32_MAX,
	    .quantity = UINT32_MAX } },
	{ ROW("a state"),
	  { .type = RECORD_STATE,
	    .id = { 255 },
	    .sequence = 1,
	    .at_ms = 2,
	    .pharmacy_id = 3,
	    .quantity = 4,
	    .movement = { "receive", 7 },
	    .started = { "dispense", 8 } } },
	{ ROW("an answer"),
	  { .type = RECORD_ANSWER,
	    .id = { 9 },
	    .sequence = 1,
	    .at_ms = 2,
	    .outcome = { "held", 4 },
	    .problem = { "unknown_code", 12 },
	    .detail = { "没有", 6 } } },
	{ ROW("a void"), { .type = RECORD_VOID, .id = { 9 }, .sequence = 1, .at_ms = 2 } },
};

static bool same(const struct record *a, const struct record *b)
{
	struct text one = { 0 }, other = { 0 };
	bool equal;

	record_write(&one, 0, a);
	record_write(&other, 0, b);
	equal = one.length == other.length && memcmp(one.data, other.data, one.length) == 0;
	text_done(&one);
	text_done(&other);
	return equal;
}

static void test_round_trip(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct text text = { 0 };
		struct record got;
		size_t at = 5, skipped;

		text_puts(&text, "junk.");
		record_write(&text, 5, &r->record);
		row_check(r, record_next(text.data, text.length, 0, &at, &got, &skipped),
			  "not found");
		row_check(r, at == text.length && skipped == 0, "ends at %zu", at);
		row_check(r,
			  got.type == r->record.type && got.sequence == r->record.sequence &&
				  same(&got, &r->record),
			  "differs");
		text_done(&text);
	}
}

/* Any one bit of a record, or its place. */
static void test_damage_is_found(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct text text = { 0 };
		struct record got;
		size_t skipped;

		record_write(&text, 0, &r->record);
		for (size_t bit = 0; bit < 8 * text.length; bit++) {
			size_t at = 0;

			text.data[bit / 8] ^= (char)(1 << bit % 8);
			row_check(r, !record_next(text.data, text.length, 0, &at, &got, &skipped),
				  "bit %zu", bit);
			row_check(r, skipped == text.length && at == text.length, "skipped %zu",
				  skipped);
			text.data[bit / 8] ^= (char)(1 << bit % 8);
		}
		text.length = 0;
		record_write(&text, 1, &r->record);
		row_check(r,
			  !record_next(text.data, text.length, 0, &(size_t){ 0 }, &got, &skipped),
			  "found at another place");
		text_done(&text);
	}
}

/* A code that holds a record made for the very offset at which it stands, and damage around it. */
static void test_record_in_a_code(void **state)
{
	const uint64_t base = 0xfedcba9876543210;
	struct record forged = { .type = RECORD_SCAN, .sequence = 99 }, got;
	struct record scan = { .type = RECORD_SCAN };
	struct text inner = { 0 }, text = { 0 };
	size_t at = 0, skipped, offset;

	(void)state;
	record_write(&text, base, &scan);
	offset = text.length;
	text.length = 0;
	record_write(&inner, offset, &forged);
	scan.code = (struct bytes){ inner.data, inner.length };
	record_write(&text, base, &scan);
	assert_memory_equal(text.data + offset, inner.data, inner.length);
	text.data[30] ^= 1;
	assert_false(record_next(text.data, text.length, base, &at, &got, &skipped));
	text_done(&inner);
	text_done(&text);
}

static void test_long_texts_are_cut(void **state)
{
	static char many[2000];
	struct record answer = { .type = RECORD_ANSWER }, got;
	struct text text = { 0 };
	size_t at = 0, skipped;

	(void)state;
	memset(many, 'x', sizeof(many));
	answer.outcome = answer.problem = answer.detail = (struct bytes){ many, sizeof(many) };
	record_write(&text, 0, &answer);
	assert_true(record_next(text.data, text.length, 0, &at, &got, &skipped));
	assert_int_equal(got.outcome.length, 32);
	assert_int_equal(got.detail.length, 500);
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damage_is_found),
		cmocka_unit_test(test_record_in_a_code),
		cmocka_unit_test(test_long_texts_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
