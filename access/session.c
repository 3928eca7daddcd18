/*
 * Logging in, asking who one is, logging out.
 *
 * The password is checked by the hasher's thread; every try is counted before
 * that, so that many at once cannot slip through, and a right one takes its
 * count back. An unknown user costs the same look-ups and the same hash.
 */
#include "access/access_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/json.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/metrics.h"
#include "schema/queries.h"

/* Seconds a browser keeps the cookie: as long as a session may last at all. */
#define COOKIE_SECONDS 43200

/*
 * POST /session
 *
 *   session_post ──► on_begun ──► on_checked ──► on_started ──► 200 with the cookie
 *      └─► 400, 429     └─► 429      └─► 401        └─► 401 disabled meanwhile
 */
struct login_op {
	struct access *access;
	struct http_call *call;
	const char *username;
	char *password;
	const char *account; /* id as text; NULL: nobody of this name */
	const char *role;
	const char *pharmacy;
	const char *supplier;
	const char *name;
	char token[TOKEN_SIZE];
	char csrf[TOKEN_SIZE];
};

/* The body of POST and GET /session. Ids are numbers in text form, or NULL. */
static void reply_session(struct http_call *call, const char *account, const char *name,
			  const char *role, const char *pharmacy, const char *supplier,
			  const char *csrf)
{
	struct text text = { 0 };

	text_printf(&text, "{\"user\":{\"id\":%s,\"name\":", account);
	json_put_string(&text, name);
	text_puts(&text, ",\"role\":");
	json_put_string(&text, role);
	text_printf(&text, ",\"pharmacy_id\":%s,\"supplier_id\":%s},\"csrf\":",
		    pharmacy != NULL ? pharmacy : "null", supplier != NULL ? supplier : "null");
	json_put_string(&text, csrf);
	text_puts(&text, "}");
	http_reply_text(call, 200, "application/json", &text);
}

static void set_cookie(struct http_call *call, const char *token, int seconds)
{
	const char *secure = http_call_is_tls(call) ? "; Secure" : "";

	http_reply_header(call, "Set-Cookie",
			  arena_printf(http_call_arena(call),
				       "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s",
				       access_cookie_name(call), token, seconds, secure));
}

void access_refuse_for(struct http_call *call, const char *seconds)
{
	http_reply_header(call, "Retry-After", seconds);
	http_fail(call, ERR_TOO_MANY, NULL);
}

bool access_take_try(struct access *access, struct http_call *call)
{
	unsigned wait = throttle_take(access->throttle, http_call_peer(call), loop_now_ms());

	if (wait > 0)
		access_refuse_for(call, arena_printf(http_call_arena(call), "%u", wait));
	return wait == 0;
}

static void on_begun(struct db_reply *reply, void *arg);
static void on_checked(int err, bool right, const char *encoded, void *arg);
static void on_started(struct db_reply *reply, void *arg);

void session_post(struct http_call *call, void *arg)
{
	struct login_op *op = http_call_alloc(call, sizeof(*op));
	struct access *access = arg;
	struct field_values values;
	const char *detail = NULL;
	int err;

	err = http_guard_origin(call);
	if (err == 0)
		err = fields_decode(call, endpoint_of(call)->fields, &values, &detail);
	if (err == 0 && hasher_is_full(access->hasher))
		err = ERR_BUSY;
	if (err != 0) {
		http_fail(call, err, detail);
		return;
	}
	if (!access_take_try(access, call))
		return;
	op->access = access;
	op->call = call;
	op->username = values.value[0];
	op->password = arena_copy(http_call_arena(call), values.value[1], strlen(values.value[1]));
	db_ask(access->db, http_call_scope(call), &sql_session_begin,
	       (struct db_arg[]){ { .value = op->username }, { .value = http_call_peer(call) } }, 2,
	       on_begun, op);
}

/* A copy of a value that must outlive its reply; NULL stays NULL. */
static const char *keep(struct login_op *op, const struct db_reply *reply, int column)
{
	const char *value = db_reply_value(reply, 0, column);

	return value != NULL ? arena_copy(http_call_arena(op->call), value, strlen(value)) : NULL;
}

/* The columns of session_begin.sql. */
static void on_begun(struct db_reply *reply, void *arg)
{
	struct login_op *op = arg;
	int err = db_reply_err(reply);

	if (err != 0) {
		http_fail(op->call, err == ERR_OUTCOME_UNKNOWN ? ERR_DATABASE_DOWN : err, NULL);
		return;
	}
	if (strcmp(db_reply_value(reply, 0, 0), "0") != 0) {
		access_refuse_for(op->call, db_reply_value(reply, 0, 0));
		return;
	}
	op->account = keep(op, reply, 1);
	op->role = keep(op, reply, 3);
	op->pharmacy = keep(op, reply, 4);
	op->supplier = keep(op, reply, 5);
	op->name = keep(op, reply, 6);
	err = hasher_check(op->access->hasher, db_reply_value(reply, 0, 2), op->password,
			   on_checked, op);
	explicit_bzero(op->password, strlen(op->password));
	if (err != 0)
		http_fail(op->call, err, NULL);
}

static void ask_start(struct login_op *op)
{
	const char *old = http_call_cookie(op->call, access_cookie_name(op->call));
	const char *agent = http_call_header(op->call, "User-Agent");
	uint8_t hash[TOKEN_HASH_SIZE], old_hash[TOKEN_HASH_SIZE];
	struct db_arg args[] = {
		{ .value = op->username },
		{ .value = http_call_peer(op->call) },
		{ .value = op->account },
		{ .value = (const char *)hash, .length = sizeof(hash), .binary = true },
		{ .value = NULL, .length = sizeof(old_hash), .binary = true },
		{ .value = op->csrf },
		{ .value = agent != NULL ? agent : "" },
	};

	token_new(op->token);
	token_new(op->csrf);
	token_hash(op->token, strlen(op->token), hash);
	if (old != NULL) {
		token_hash(old, strlen(old), old_hash);
		args[4].value = (const char *)old_hash;
	}
	db_ask(op->access->db, http_call_scope(op->call), &sql_session_start, args, 7, on_started,
	       op);
}

static void on_checked(int err, bool right, const char *encoded, void *arg)
{
	struct login_op *op = arg;

	(void)encoded;
	if (err == 0 && (!right || op->account == NULL)) {
		metrics_add(METRIC_LOGINS_FAILED, 1);
		log_warning("log-in failed", LOG_REQUEST(http_call_id(op->call)),
			    LOG_TEXT("address", http_call_peer(op->call)),
			    LOG_TEXT("account", op->account));
		err = ERR_WRONG_PASSWORD;
	}
	if (err != 0) {
		http_fail(op->call, err, NULL);
		return;
	}
	ask_start(op);
}

static void on_started(struct db_reply *reply, void *arg)
{
	struct login_op *op = arg;
	int err = db_reply_err(reply);

	if (err == 0 && db_reply_value(reply, 0, 0) != NULL)
		err = err_of_code(db_reply_value(reply, 0, 0));
	if (err != 0) {
		http_fail(op->call, err, NULL);
		return;
	}
	throttle_give(op->access->throttle, http_call_peer(op->call));
	metrics_add(METRIC_LOGINS_OK, 1);
	log_info("logged in", LOG_REQUEST(http_call_id(op->call)), LOG_TEXT("account", op->account),
		 LOG_TEXT("address", http_call_peer(op->call)));
	set_cookie(op->call, op->token, COOKIE_SECONDS);
	reply_session(op->call, op->account, op->name, op->role, op->pharmacy, op->supplier,
		      op->csrf);
}

/* GET /session: the same as the log-in said, for a page that was loaded anew. */
void session_get(struct http_call *call, void *arg)
{
	const struct access_caller *caller = http_call_caller(call);
	struct arena *arena = http_call_arena(call);
	struct field_values none;
	const char *detail;
	int err = fields_decode(call, endpoint_of(call)->fields, &none, &detail);

	(void)arg;
	if (err != 0) {
		http_fail(call, err, detail);
		return;
	}
	reply_session(call, arena_printf(arena, "%d", caller->account), caller->name,
		      access_role_name(caller->role),
		      caller->pharmacy != 0 ? arena_printf(arena, "%d", caller->pharmacy) : NULL,
		      caller->supplier != 0 ? arena_printf(arena, "%d", caller->supplier) : NULL,
		      caller->csrf);
}

/*
 * DELETE /session
 *
 *   session_delete ──► on_ended ──► 204 and the cookie is taken back
 */
struct logout_op {
	struct access *access;
	struct http_call *call;
};

static void on_ended(struct db_reply *reply, void *arg)
{
	struct logout_op *op = arg;
	const struct access_caller *caller = http_call_caller(op->call);
	int err = db_reply_err(reply);

	if (err != 0) {
		http_fail(op->call, err, NULL);
		return;
	}
	op->access->generation++;
	identity_cache_remove(op->access->known, caller->session);
	set_cookie(op->call, "", 0);
	http_reply(op->call, 204, NULL, "", 0);
}

void session_delete(struct http_call *call, void *arg)
{
	const struct access_caller *caller = http_call_caller(call);
	struct logout_op *op = http_call_alloc(call, sizeof(*op));

	if (caller->program) {
		http_fail(call, ERR_FORBIDDEN, "a key has no session to end");
		return;
	}
	op->access = arg;
	op->call = call;
	db_ask(op->access->db, http_call_scope(call), &sql_session_end,
	       (struct db_arg[]){ { .value = (const char *)caller->session,
				    .length = TOKEN_HASH_SIZE,
				    .binary = true } },
	       1, on_ended, op);
}
