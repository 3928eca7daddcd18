/* access/throttle.c: sixty tries, one more each second. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/throttle.h"

static void spend(struct throttle *t, const char *address, int tries, uint64_t now)
{
	for (int i = 0; i < tries; i++)
		assert_int_equal(throttle_take(t, address, now), 0);
}

static void test_sixty_then_one_each_second(void **state)
{
	struct throttle *t = throttle_new();

	(void)state;
	spend(t, "192.0.2.1", 60, 1000);
	assert_int_equal(throttle_take(t, "192.0.2.1", 1000), 1);
	assert_in_range(throttle_take(t, "192.0.2.1", 1900), 1, 1);
	spend(t, "192.0.2.1", 1, 2000);
	assert_int_equal(throttle_take(t, "192.0.2.1", 2000), 1);
	spend(t, "192.0.2.1", 60, 1000000);
	throttle_free(t);
}

static void test_addresses_stand_alone(void **state)
{
	struct throttle *t = throttle_new();

	(void)state;
	spend(t, "192.0.2.1", 60, 1000);
	spend(t, "2001:db8:1::1", 60, 1000);
	assert_int_not_equal(throttle_take(t, "192.0.2.1", 1000), 0);
	throttle_free(t);
}

static void test_ipv6_network_is_one(void **state)
{
	struct throttle *t = throttle_new();

	(void)state;
	spend(t, "2001:db8::1", 30, 1000);
	spend(t, "2001:db8::ffff:2", 30, 1000);
	assert_int_not_equal(throttle_take(t, "2001:db8::3", 1000), 0);
	throttle_free(t);
}

static void test_success_gives_its_try_back(void **state)
{
	struct throttle *t = throttle_new();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		spend(t, "192.0.2.1", 1, 1000);
		throttle_give(t, "192.0.2.1");
	}
	spend(t, "192.0.2.1", 60, 1000);
	assert_int_not_equal(throttle_take(t, "192.0.2.1", 1000), 0);
	throttle_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sixty_then_one_each_second),
		cmocka_unit_test(test_addresses_stand_alone),
		cmocka_unit_test(test_ipv6_network_is_one),
		cmocka_unit_test(test_success_gives_its_try_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
