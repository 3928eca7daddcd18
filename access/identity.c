#include "access/identity.h"

#include <stdlib.h>
#include <string.h>

#define SETS 1024
#define WAYS 4

struct identity_cache {
	struct identity sets[SETS][WAYS];
};

struct identity_cache *identity_cache_new(void)
{
	struct identity_cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		abort();
	return cache;
}

void identity_cache_free(struct identity_cache *cache)
{
	if (cache == NULL)
		return;
	identity_cache_clear(cache);
	free(cache);
}

/* The digest is a good hash already. */
static struct identity *set_of(struct identity_cache *cache, const uint8_t *digest)
{
	return cache->sets[(digest[0] | digest[1] << 8) % SETS];
}

static struct identity *match(struct identity_cache *cache, const uint8_t *digest)
{
	struct identity *set = set_of(cache, digest);

	for (int i = 0; i < WAYS; i++) {
		if (set[i].loaded_ms != 0 && memcmp(set[i].digest, digest, TOKEN_HASH_SIZE) == 0)
			return &set[i];
	}
	return NULL;
}

struct identity *identity_cache_find(struct identity_cache *cache,
				     const uint8_t digest[TOKEN_HASH_SIZE], uint64_t now_ms)
{
	struct identity *known = match(cache, digest);

	return known != NULL && now_ms - known->loaded_ms <= IDENTITY_TTL_MS ? known : NULL;
}

struct identity *identity_cache_put(struct identity_cache *cache, const struct identity *identity,
				    uint64_t now_ms)
{
	struct identity *place = match(cache, identity->digest);
	struct identity *set = set_of(cache, identity->digest);
	uint64_t touched_ms = place != NULL ? place->touched_ms : 0;

	if (place == NULL) {
		place = &set[0];
		for (int i = 1; i < WAYS; i++) {
			if (set[i].loaded_ms < place->loaded_ms)
				place = &set[i];
		}
	}
	*place = *identity;
	place->loaded_ms = now_ms;
	place->touched_ms = touched_ms;
	place->refreshing = false;
	return place;
}

void identity_cache_remove(struct identity_cache *cache, const uint8_t digest[TOKEN_HASH_SIZE])
{
	struct identity *known = match(cache, digest);

	if (known != NULL)
		explicit_bzero(known, sizeof(*known));
}

void identity_cache_clear(struct identity_cache *cache)
{
	explicit_bzero(cache, sizeof(*cache));
}
