/* Request memory: what is promised of every piece. */
#include "core/arena.h"
#include "test_rows.h"

struct size_row {
	struct row row;
	size_t size;
	int pieces;
};

static const struct size_row sizes[] = {
	{ ROW("nothing"), 0, 10 },
	{ ROW("one byte"), 1, 5000 },
	{ ROW("odd"), 37, 1000 },
	{ ROW("just a block"), 4096, 5 },
	{ ROW("more than a block"), 4097, 5 },
	{ ROW("a body"), 1 << 20, 3 },
};

/* Zeroed, aligned, and nobody else's: what was written before is still there. */
static void test_pieces(void **state)
{
	static unsigned char *pieces[5000];

	(void)state;
	foreach(r, sizes) {
		struct arena *arena = arena_new();

		for (int i = 0; i < r->pieces; i++) {
			pieces[i] = arena_alloc(arena, r->size);
			row_check(r, (uintptr_t)pieces[i] % _Alignof(max_align_t) == 0,
				  "alignment");
			for (size_t k = 0; k < r->size; k++)
				row_check(r, pieces[i][k] == 0, "byte %zu of piece %d", k, i);
			memset(pieces[i], i & 0xff, r->size);
		}
		for (int i = 0; i < r->pieces; i++)
			row_check(r,
				  r->size == 0 || (pieces[i][0] == (i & 0xff) &&
						   pieces[i][r->size - 1] == (i & 0xff)),
				  "piece %d was overwritten", i);
		arena_free(arena);
	}
}

static void test_strings(void **state)
{
	struct arena *arena = arena_new();
	char *copy = arena_copy(arena, "abcdef", 3);

	(void)state;
	assert_string_equal(copy, "abc");
	assert_string_equal(arena_copy(arena, NULL, 0), "");
	assert_string_equal(arena_printf(arena, "%s-%d", copy, 7), "abc-7");
	assert_int_equal(strlen(arena_printf(arena, "%10000s", "x")), 10000);
	arena_free(arena);
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
