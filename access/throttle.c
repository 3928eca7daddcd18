/*
 * A fixed table indexed by a keyed hash of the address, so that it cannot grow
 * and nobody can aim at another's bucket. Two addresses that share a bucket
 * share its tries. An IPv6 network of 64 bits counts as one address: its owner
 * has as many as it likes.
 */
#include "access/throttle.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "access/token.h"

#define BUCKETS 4096
#define TRIES 60
#define REFILL_MS 1000

struct bucket {
	uint64_t updated_ms;
	uint64_t spent_ms; /* tries taken, each as the time it takes to come back */
};

struct throttle {
	uint8_t key[16];
	struct bucket buckets[BUCKETS];
};

struct throttle *throttle_new(void)
{
	struct throttle *throttle = calloc(1, sizeof(*throttle));

	if (throttle == NULL || RAND_bytes(throttle->key, sizeof(throttle->key)) != 1)
		abort();
	return throttle;
}

void throttle_free(struct throttle *throttle)
{
	free(throttle);
}

static struct bucket *bucket_of(struct throttle *throttle, const char *address)
{
	uint8_t keyed[sizeof(throttle->key) + sizeof(struct in6_addr)] = { 0 };
	uint8_t *network = keyed + sizeof(throttle->key);
	uint8_t hash[TOKEN_HASH_SIZE];

	memcpy(keyed, throttle->key, sizeof(throttle->key));
	if (inet_pton(AF_INET6, address, network) == 1 &&
	    !IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)network))
		memset(network + 8, 0, 8);
	else
		inet_pton(AF_INET, address, network);
	token_hash((const char *)keyed, sizeof(keyed), hash);
	return &throttle->buckets[(hash[0] | hash[1] << 8) % BUCKETS];
}

unsigned throttle_take(struct throttle *throttle, const char *address, uint64_t now_ms)
{
	struct bucket *bucket = bucket_of(throttle, address);
	uint64_t passed = now_ms - bucket->updated_ms;

	bucket->spent_ms = bucket->spent_ms > passed ? bucket->spent_ms - passed : 0;
	bucket->updated_ms = now_ms;
	if (bucket->spent_ms > (TRIES - 1) * REFILL_MS)
		return (unsigned)((bucket->spent_ms - (TRIES - 1) * REFILL_MS + 999) / 1000);
	bucket->spent_ms += REFILL_MS;
	return 0;
}

void throttle_give(struct throttle *throttle, const char *address)
{
	struct bucket *bucket = bucket_of(throttle, address);

	bucket->spent_ms = bucket->spent_ms > REFILL_MS ? bucket->spent_ms - REFILL_MS : 0;
}
