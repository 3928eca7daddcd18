/*
 * What a worker knows of cookies and keys it has seen in the last seconds, so
 * that a scan asks the database nothing about its sender. Keyed by the SHA-256
 * of the cookie or key; only those that were found valid are kept, so a
 * stranger cannot fill it. Of fixed size: the oldest of four neighbours gives way.
 */
#ifndef ACCESS_IDENTITY_H
#define ACCESS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "access/token.h"
#include "core/endpoint.h"

/* Known for so long at most when no notice says that something has changed. */
#define IDENTITY_TTL_MS 5000

struct identity {
	uint8_t digest[TOKEN_HASH_SIZE];
	uint64_t loaded_ms;  /* 0: empty */
	uint64_t touched_ms; /* when we last put a session's idle end off */
	bool refreshing;     /* the database has been asked again */
	bool program;        /* by key; else by cookie */
	enum role role;      /* one bit */
	int32_t account;
	int32_t pharmacy; /* 0: none */
	int32_t supplier; /* 0: none */
	char name[256];   /* UTF-8, as shown to others */
	char csrf[TOKEN_SIZE];
};

struct identity_cache;

/* An empty cache. Never NULL. Release with identity_cache_free(). */
struct identity_cache *identity_cache_new(void);

/* Release. Accepts NULL. */
void identity_cache_free(struct identity_cache *cache);

/* The identity, or NULL when it is unknown or too old. Valid until the next put or clear. */
struct identity *identity_cache_find(struct identity_cache *cache,
				     const uint8_t digest[TOKEN_HASH_SIZE], uint64_t now_ms);

/* Keep a copy of what was found at `now_ms`; replaces what was known of its digest. */
struct identity *identity_cache_put(struct identity_cache *cache, const struct identity *identity,
				    uint64_t now_ms);

/* Forget one, or everything. */
void identity_cache_remove(struct identity_cache *cache, const uint8_t digest[TOKEN_HASH_SIZE]);
void identity_cache_clear(struct identity_cache *cache);

#endif
