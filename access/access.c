/*
 * Admission: credential ─► who (known, or asked) ─► may they? ─► proceed.
 *
 *	admit ──► lookup ──► on_found ──► decide ──► endpoint_proceed
 *	  └─ known ────────────────────────┘  └─► 401, 403
 *
 * Someone who keeps asking is looked up again before the old answer expires, so
 * that a busy workstation never waits for it.
 */
#include "access/access_private.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/err.h"
#include "core/log.h"
#include "core/loop.h"
#include "schema/queries.h"

#define TOUCH_MS 60000
#define REFRESH_MS (IDENTITY_TTL_MS / 2)
#define KEYID_MAX 40

/* What a request shows: a cookie, or a key's two halves. */
struct credential {
	bool program;
	uint8_t digest[TOKEN_HASH_SIZE]; /* of the whole; what the cache is keyed by */
	uint8_t secret_hash[TOKEN_HASH_SIZE];
	char keyid[KEYID_MAX + 1];
};

/* One question to the database about a credential. Freed by its continuation. */
struct lookup {
	struct access *access;
	struct http_call *call; /* NULL: to refresh what is known */
	const struct endpoint *endpoint;
	struct credential credential;
	unsigned generation;
};

static const struct {
	enum role role;
	const char *name;
} roles[] = {
	{ ROLE_CLERK, "clerk" }, { ROLE_MANAGER, "manager" }, { ROLE_SUPPLIER, "supplier" },
	{ ROLE_ADMIN, "admin" }, { ROLE_METRICS, "metrics" },
};

#define ROLES (sizeof(roles) / sizeof(roles[0]))

const char *access_role_name(enum role role)
{
	for (size_t i = 0; i < ROLES; i++) {
		if (roles[i].role == role)
			return roles[i].name;
	}
	return "";
}

enum role access_role_of(const char *name)
{
	for (size_t i = 0; i < ROLES; i++) {
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	}
	return 0;
}

const char *access_cookie_name(const struct http_call *call)
{
	return http_call_is_tls(call) ? "__Host-yaoku_session" : "yaoku_session";
}

/* --- the credential --- */

static int read_key(const char *header, struct credential *ret)
{
	const char *key, *dot;

	if (strncasecmp(header, "Bearer ", 7) != 0)
		return ERR_UNAUTHENTICATED;
	key = header + 7 + strspn(header + 7, " ");
	dot = strchr(key, '.');
	if (dot == NULL || dot == key || dot - key > KEYID_MAX || dot[1] == '\0')
		return ERR_UNAUTHENTICATED;
	ret->program = true;
	snprintf(ret->keyid, sizeof(ret->keyid), "%.*s", (int)(dot - key), key);
	token_hash(dot + 1, strlen(dot + 1), ret->secret_hash);
	token_hash(key, strlen(key), ret->digest);
	return 0;
}

/* A key in the Authorization header counts before a cookie. */
static int read_credential(struct http_call *call, struct credential *ret)
{
	const char *header = http_call_header(call, "Authorization");
	const char *cookie;

	if (header != NULL)
		return read_key(header, ret);
	cookie = http_call_cookie(call, access_cookie_name(call));
	if (cookie == NULL || !token_is_wellformed(cookie))
		return ERR_UNAUTHENTICATED;
	ret->program = false;
	token_hash(cookie, strlen(cookie), ret->digest);
	return 0;
}

/* --- may they? --- */

/* Writes known by a cookie must come from a page of ours: same origin, and the token it was told. */
static int check_cookie_write(struct http_call *call, const struct identity *who)
{
	const char *token = http_call_header(call, "X-CSRF-Token");
	int err = http_guard_origin(call);

	if (err != 0 || http_call_method(call) == HTTP_GET)
		return err;
	return token != NULL && token_is_same(token, who->csrf) ? 0 : ERR_CSRF;
}

/* A manager may do what the clerk may. */
static bool has_role(const struct identity *who, unsigned wanted)
{
	unsigned has = who->role == ROLE_MANAGER ? ROLE_MANAGER | ROLE_CLERK : who->role;

	return (has & wanted) != 0;
}

static void set_scope(struct db_scope *scope, const struct identity *who)
{
	snprintf(scope->account, sizeof(scope->account), "%d", who->account);
	if (who->role == ROLE_ADMIN)
		snprintf(scope->pharmacy, sizeof(scope->pharmacy), "*");
	else if (who->pharmacy != 0)
		snprintf(scope->pharmacy, sizeof(scope->pharmacy), "%d", who->pharmacy);
	if (who->supplier != 0)
		snprintf(scope->supplier, sizeof(scope->supplier), "%d", who->supplier);
	snprintf(scope->role, sizeof(scope->role), "%s", access_role_name(who->role));
}

/* The cache may change while the call waits, so the call gets copies. */
static void set_caller(struct http_call *call, const struct identity *who)
{
	struct access_caller *caller = http_call_alloc(call, sizeof(*caller));
	struct arena *arena = http_call_arena(call);

	caller->account = who->account;
	caller->role = who->role;
	caller->pharmacy = who->pharmacy;
	caller->supplier = who->supplier;
	caller->program = who->program;
	caller->name = arena_copy(arena, who->name, strlen(who->name));
	if (!who->program) {
		uint8_t *session = http_call_alloc(call, TOKEN_HASH_SIZE);

		memcpy(session, who->digest, TOKEN_HASH_SIZE);
		caller->session = session;
		caller->csrf = arena_copy(arena, who->csrf, strlen(who->csrf));
	}
	http_call_set_caller(call, caller);
}

static void refuse(struct http_call *call, int err)
{
	if (err == ERR_UNAUTHENTICATED)
		http_reply_header(call, "WWW-Authenticate", "Bearer realm=\"yaoku\"");
	else
		log_info("refused", LOG_REQUEST(http_call_id(call)),
			 LOG_TEXT("error", err_code(err)),
			 LOG_TEXT("account", http_call_scope(call)->account),
			 LOG_TEXT("path", http_call_path(call)));
	http_fail(call, err, NULL);
}

static void decide(struct http_call *call, const struct endpoint *endpoint,
		   const struct identity *who)
{
	int err = who->program ? 0 : check_cookie_write(call, who);

	set_scope(http_call_scope(call), who);
	if (err == 0 && !has_role(who, endpoint->roles))
		err = ERR_FORBIDDEN;
	if (err != 0) {
		refuse(call, err);
		return;
	}
	set_caller(call, who);
	endpoint_proceed(call);
}

/* --- who? --- */

static int32_t read_id(const struct db_reply *reply, int column)
{
	const char *text = db_reply_value(reply, 0, column);

	return text != NULL ? (int32_t)strtol(text, NULL, 10) : 0;
}

/* The columns of session_find.sql and key_find.sql. */
static void read_identity(const struct db_reply *reply, const struct credential *credential,
			  struct identity *ret_who)
{
	const char *csrf = db_reply_value(reply, 0, 5);

	*ret_who = (struct identity){
		.program = credential->program,
		.account = read_id(reply, 0),
		.role = access_role_of(db_reply_value(reply, 0, 1)),
		.pharmacy = read_id(reply, 2),
		.supplier = read_id(reply, 3),
	};
	memcpy(ret_who->digest, credential->digest, TOKEN_HASH_SIZE);
	snprintf(ret_who->name, sizeof(ret_who->name), "%s", db_reply_value(reply, 0, 4));
	snprintf(ret_who->csrf, sizeof(ret_who->csrf), "%s", csrf != NULL ? csrf : "");
}

static void on_touched(struct db_reply *reply, void *arg)
{
	(void)reply;
	(void)arg;
}

static struct db_arg hash_arg(const uint8_t hash[TOKEN_HASH_SIZE])
{
	return (struct db_arg){ .value = (const char *)hash,
				.length = TOKEN_HASH_SIZE,
				.binary = true };
}

/* Put a session's idle end off, at most once a minute; nobody waits for it. */
static void touch(struct access *access, struct identity *who, uint64_t now)
{
	struct db_arg arg = hash_arg(who->digest);

	if (who->program || now - who->touched_ms <= TOUCH_MS)
		return;
	who->touched_ms = now;
	db_ask(access->db, NULL, &sql_session_touch, &arg, 1, on_touched, NULL);
}

static void on_found(struct db_reply *reply, void *arg)
{
	struct lookup *lookup = arg;
	struct access *access = lookup->access;
	uint64_t now = loop_now_ms();
	int err = db_reply_err(reply);
	struct identity who;

	if (err == 0 && db_reply_rows(reply) == 0) {
		identity_cache_remove(access->known, lookup->credential.digest);
		err = ERR_UNAUTHENTICATED;
	}
	if (err == 0) {
		read_identity(reply, &lookup->credential, &who);
		if (lookup->generation == access->generation)
			touch(access, identity_cache_put(access->known, &who, now), now);
	}
	if (lookup->call != NULL && err == 0)
		decide(lookup->call, lookup->endpoint, &who);
	else if (lookup->call != NULL) /* a read whose outcome is unknown has changed nothing */
		refuse(lookup->call, err == ERR_OUTCOME_UNKNOWN ? ERR_DATABASE_DOWN : err);
	OPENSSL_cleanse(&lookup->credential, sizeof(lookup->credential));
	free(lookup);
}

static void look_up(struct access *access, struct http_call *call, const struct endpoint *endpoint,
		    const struct credential *credential)
{
	struct lookup *lookup = malloc(sizeof(*lookup));
	struct db_arg args[2];

	if (lookup == NULL)
		abort();
	*lookup = (struct lookup){ .access = access,
				   .call = call,
				   .endpoint = endpoint,
				   .credential = *credential,
				   .generation = access->generation };
	if (credential->program) {
		args[0] = (struct db_arg){ .value = credential->keyid };
		args[1] = hash_arg(credential->secret_hash);
		db_ask(access->db, NULL, &sql_key_find, args, 2, on_found, lookup);
	} else {
		args[0] = hash_arg(credential->digest);
		db_ask(access->db, NULL, &sql_session_find, args, 1, on_found, lookup);
	}
}

/* Renew what is known before it is too old to use. */
static void refresh(struct access *access, struct identity *who,
		    const struct credential *credential, uint64_t now)
{
	if (now - who->loaded_ms <= REFRESH_MS || who->refreshing)
		return;
	who->refreshing = true;
	look_up(access, NULL, NULL, credential);
}

void access_admit(struct http_call *call, const struct endpoint *endpoint, void *arg)
{
	struct access *access = arg;
	struct db_scope *scope = http_call_scope(call);
	struct credential credential = { .program = false };
	uint64_t now = loop_now_ms();
	struct identity *who;
	int err;

	snprintf(scope->request, sizeof(scope->request), "%s", http_call_id(call));
	if (endpoint->roles == 0) {
		endpoint_proceed(call);
		return;
	}
	err = read_credential(call, &credential);
	if (err != 0) {
		refuse(call, err);
		return;
	}
	who = identity_cache_find(access->known, credential.digest, now);
	if (who == NULL) {
		look_up(access, call, endpoint, &credential);
		return;
	}
	refresh(access, who, &credential, now);
	touch(access, who, now);
	decide(call, endpoint, who);
}

/* --- beginning, end, notices --- */

struct access *access_open(struct event_base *base, struct db *db)
{
	struct access *access = calloc(1, sizeof(*access));

	if (access == NULL)
		abort();
	access->db = db;
	access->hasher = hasher_open(base);
	access->throttle = throttle_new();
	access->known = identity_cache_new();
	return access;
}

void access_close(struct access *access)
{
	if (access == NULL)
		return;
	hasher_close(access->hasher);
	throttle_free(access->throttle);
	identity_cache_free(access->known);
	free(access);
}

void access_forget(struct access *access)
{
	access->generation++;
	identity_cache_clear(access->known);
}

static bool read_digest(const char *hex, uint8_t ret_digest[TOKEN_HASH_SIZE])
{
	long length;
	unsigned char *bytes;

	if (!token_is_wellformed(hex))
		return false;
	bytes = OPENSSL_hexstr2buf(hex, &length);
	if (bytes == NULL)
		return false;
	memcpy(ret_digest, bytes, TOKEN_HASH_SIZE);
	OPENSSL_free(bytes);
	return true;
}

void access_notice(struct access *access, const char *payload)
{
	uint8_t digest[TOKEN_HASH_SIZE];

	if (!read_digest(payload, digest)) {
		access_forget(access);
		return;
	}
	access->generation++;
	identity_cache_remove(access->known, digest);
}
