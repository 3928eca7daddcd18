/* core/db_error.c: what each SQLSTATE means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/db_error.h"
#include "core/err.h"

static void test_table(void **state)
{
	static const struct {
		const char *sqlstate;
		int err;
		bool final;
	} cases[] = {
		{ "08006", ERR_DATABASE_DOWN, true },  { "57P01", ERR_DATABASE_DOWN, true },
		{ "57P03", ERR_DATABASE_DOWN, true },  { "25006", ERR_DATABASE_DOWN, true },
		{ "40001", ERR_SERIALIZATION, false }, { "40P01", ERR_SERIALIZATION, false },
		{ "55P03", ERR_SERIALIZATION, false }, { "57014", ERR_BUSY, false },
		{ "53100", ERR_BUSY, false },          { "53300", ERR_BUSY, false },
		{ "23505", ERR_DUPLICATE_KEY, false }, { "23503", ERR_CONFLICT, false },
		{ "42501", ERR_FORBIDDEN, false },     { "22P02", ERR_INVALID_MEMBER, false },
		{ "22012", ERR_INTERNAL, false },      { "42601", ERR_INTERNAL, false },
		{ "P0001", ERR_INTERNAL, false },      { "", ERR_INTERNAL, false },
		{ NULL, ERR_INTERNAL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (db_error_of(cases[i].sqlstate) != cases[i].err ||
		    db_error_is_final(cases[i].sqlstate) != cases[i].final)
			fail_msg("row %s", cases[i].sqlstate);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
