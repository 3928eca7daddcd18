/* access/identity.c: found while fresh, forgotten when told, the oldest of a set gives way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/identity.h"

/* Digests that share a set, or not. */
static struct identity someone(uint8_t set, uint8_t number)
{
	return (struct identity){ .digest = { set, 0, number }, .account = number };
}

static void put(struct identity_cache *cache, uint8_t set, uint8_t number, uint64_t now)
{
	struct identity who = someone(set, number);

	identity_cache_put(cache, &who, now);
}

static struct identity *find(struct identity_cache *cache, uint8_t set, uint8_t number,
			     uint64_t now)
{
	struct identity who = someone(set, number);

	return identity_cache_find(cache, who.digest, now);
}

static void test_fresh_then_old(void **state)
{
	struct identity_cache *cache = identity_cache_new();

	(void)state;
	assert_null(find(cache, 1, 1, 1000));
	put(cache, 1, 1, 1000);
	assert_int_equal(find(cache, 1, 1, 1000 + IDENTITY_TTL_MS)->account, 1);
	assert_null(find(cache, 1, 1, 1001 + IDENTITY_TTL_MS));
	identity_cache_free(cache);
}

static void test_remove_and_clear(void **state)
{
	struct identity_cache *cache = identity_cache_new();
	struct identity one = someone(1, 1);

	(void)state;
	put(cache, 1, 1, 1000);
	put(cache, 1, 2, 1000);
	identity_cache_remove(cache, one.digest);
	assert_null(find(cache, 1, 1, 1000));
	assert_non_null(find(cache, 1, 2, 1000));
	identity_cache_clear(cache);
	assert_null(find(cache, 1, 2, 1000));
	identity_cache_free(cache);
}

static void test_oldest_gives_way_and_touch_is_kept(void **state)
{
	struct identity_cache *cache = identity_cache_new();

	(void)state;
	for (uint8_t i = 1; i <= 4; i++)
		put(cache, 7, i, 1000u + i);
	find(cache, 7, 1, 1005)->touched_ms = 77;
	put(cache, 7, 1, 1010);
	assert_int_equal(find(cache, 7, 1, 1010)->touched_ms, 77);
	put(cache, 7, 5, 1011);
	assert_null(find(cache, 7, 2, 1011));
	for (uint8_t i = 3; i <= 5; i++)
		assert_non_null(find(cache, 7, i, 1011));
	assert_null(find(cache, 8, 3, 1011));
	identity_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fresh_then_old),
		cmocka_unit_test(test_remove_and_clear),
		cmocka_unit_test(test_oldest_gives_way_and_touch_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
