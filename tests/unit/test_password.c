/* access/password.c and access/token.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/password.h"
#include "access/token.h"

static void test_hash_and_check(void **state)
{
	char one[PASSWORD_ENCODED_SIZE], two[PASSWORD_ENCODED_SIZE];

	(void)state;
	assert_int_equal(password_hash("correct horse", 13, one), 0);
	assert_int_equal(password_hash("correct horse", 13, two), 0);
	assert_ptr_equal(strstr(one, "$argon2id$v=19$m=19456,t=2,p=1$"), one);
	assert_string_not_equal(one, two);
	assert_true(password_is(one, "correct horse", 13));
	assert_false(password_is(one, "correct horsf", 13));
	assert_false(password_is(one, "", 0));
	assert_false(password_is("not an encoded string", "x", 1));
}

static void test_faults(void **state)
{
	static const struct {
		const char *password;
		const char *username;
		bool fine;
	} cases[] = {
		{ "seven77", NULL, false },
		{ "eight888", NULL, true },
		{ "八个汉字也可以的", NULL, true },
		{ "七个汉字不可以", NULL, false },
		{ "aaaaaaaaaaaa", NULL, false },
		{ "Password1", NULL, false },
		{ "wangxiaoming", "WangXiaoMing", false },
		{ "wangxiaoming", "other", true },
	};
	char longest[PASSWORD_MAX + 2] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = password_fault(cases[i].password, cases[i].username);

		if ((fault == NULL) != cases[i].fine)
			fail_msg("row %s: %s", cases[i].password, fault ? fault : "fine");
	}
	for (size_t i = 0; i < PASSWORD_MAX; i++)
		longest[i] = (char)('a' + i % 26);
	assert_null(password_fault(longest, NULL));
	longest[PASSWORD_MAX] = 'x';
	assert_non_null(password_fault(longest, NULL));
}

static void test_tokens(void **state)
{
	char one[TOKEN_SIZE], two[TOKEN_SIZE], keyid[KEYID_SIZE], stored[TOKEN_SIZE];
	uint8_t hash[TOKEN_HASH_SIZE];
	char hex[TOKEN_SIZE];

	(void)state;
	token_new(one);
	token_new(two);
	assert_true(token_is_wellformed(one));
	assert_false(token_is_wellformed("abc"));
	assert_false(token_is_same(one, two));
	assert_false(token_is_same(one, "abc"));
	assert_true(token_is_same(one, one));
	token_hash("abc", 3, hash); /* FIPS 180-2, B.1 */
	token_hex(hash, sizeof(hash), hex);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	key_make(keyid, one, stored);
	token_hash(one, strlen(one), hash);
	token_hex(hash, sizeof(hash), hex);
	assert_string_equal(stored, hex);
	assert_int_equal(strlen(keyid), KEYID_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_and_check),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
