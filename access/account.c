/*
 * The changes of users and keys that need a secret made or hashed; the others
 * are statements in access_routes. Who may change whom is decided by
 * schema/function/21_account.sql, in the transaction that changes it.
 */
#include "access/access_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/password.h"
#include "core/err.h"
#include "core/json.h"
#include "core/log.h"
#include "schema/queries.h"

/* A change that waits for the hasher. */
struct account_op {
	struct access *access;
	struct http_call *call;
	struct field_values values;
	char password[PASSWORD_MAX + 1]; /* the new one; wiped once it is with the hasher */
	bool own;                        /* the asker's: the present password must be right */
};

/* Decode the route's fields into an op; NULL when the call has been refused. */
static struct account_op *begin(struct http_call *call, struct access *access)
{
	struct account_op *op = http_call_alloc(call, sizeof(*op));
	const char *detail = NULL;
	int err = fields_decode(call, endpoint_of(call)->fields, &op->values, &detail);

	op->access = access;
	op->call = call;
	if (err != 0) {
		http_fail(call, err, detail);
		return NULL;
	}
	return op;
}

static void on_command(struct db_reply *reply, void *arg)
{
	endpoint_answer(arg, reply, SHAPE_COMMAND);
}

static void hash_password(struct account_op *op, hasher_done *done)
{
	int err = hasher_hash(op->access->hasher, op->password, done, op);

	explicit_bzero(op->password, sizeof(op->password));
	if (err != 0)
		http_fail(op->call, err, NULL);
}

/*
 * POST /users
 *
 *   user_post ──► on_user_hashed ──► on_command ──► 200
 */
enum {
	USER_USERNAME,
	USER_NAME,
	USER_ROLE,
	USER_PHARMACY,
	USER_SUPPLIER,
	USER_PASSWORD,
	USER_FIELDS
};

static void on_user_hashed(int err, bool right, const char *encoded, void *arg)
{
	struct account_op *op = arg;
	struct db_arg args[USER_FIELDS] = { 0 };

	(void)right;
	if (err != 0) {
		http_fail(op->call, err, NULL);
		return;
	}
	for (size_t i = 0; i < USER_FIELDS; i++)
		args[i].value = op->values.value[i];
	args[USER_PASSWORD].value = encoded;
	db_ask(op->access->db, http_call_scope(op->call), &sql_account_create, args, USER_FIELDS,
	       on_command, op->call);
}

void user_post(struct http_call *call, void *arg)
{
	struct account_op *op = begin(call, arg);
	const char *fault;

	if (op == NULL)
		return;
	fault = password_fault(op->values.value[USER_PASSWORD], op->values.value[USER_USERNAME]);
	if (fault != NULL) {
		http_fail(call, ERR_INVALID_MEMBER, fault);
		return;
	}
	snprintf(op->password, sizeof(op->password), "%s", op->values.value[USER_PASSWORD]);
	hash_password(op, on_user_hashed);
}

/*
 * POST /users/{id}/password: another's, or the own after the present one was right.
 *
 *   user_password ──► on_begun ──► on_present_checked ──► on_new_hashed ──► on_command ──► 200
 *      └─► 400, 429     │ └─► 404, 429       └─► 401          │
 *                       └── another's ────────────────────────┘
 */
enum { PASSWORD_ID, PASSWORD_NEW, PASSWORD_PRESENT };

static void on_new_hashed(int err, bool right, const char *encoded, void *arg)
{
	struct account_op *op = arg;
	const struct access_caller *caller = http_call_caller(op->call);
	struct db_arg args[] = {
		{ .value = op->values.value[PASSWORD_ID] },
		{ .value = encoded },
		{ .value = (const char *)caller->session,
		  .length = TOKEN_HASH_SIZE,
		  .binary = true },
	};

	(void)right;
	if (err != 0)
		http_fail(op->call, err, NULL);
	else
		db_ask(op->access->db, http_call_scope(op->call), &sql_account_password, args, 3,
		       on_command, op->call);
}

static void on_present_checked(int err, bool right, const char *encoded, void *arg)
{
	struct account_op *op = arg;

	(void)encoded;
	if (err == 0 && !right) {
		log_warning("password change failed", LOG_REQUEST(http_call_id(op->call)),
			    LOG_TEXT("address", http_call_peer(op->call)),
			    LOG_TEXT("account", op->values.value[PASSWORD_ID]));
		err = ERR_WRONG_PASSWORD;
	}
	if (err != 0) {
		http_fail(op->call, err, "current_password");
		return;
	}
	throttle_give(op->access->throttle, http_call_peer(op->call));
	hash_password(op, on_new_hashed);
}

/* The columns of account_secret.sql. */
static void on_begun(struct db_reply *reply, void *arg)
{
	struct account_op *op = arg;
	int err = db_reply_err(reply);
	const char *problem = err == 0 ? db_reply_value(reply, 0, 0) : NULL;

	if (err != 0) {
		http_fail(op->call, err == ERR_OUTCOME_UNKNOWN ? ERR_DATABASE_DOWN : err, NULL);
		return;
	}
	if (problem != NULL) {
		http_fail(op->call, err_of_code(problem), NULL);
		return;
	}
	if (strcmp(db_reply_value(reply, 0, 1), "0") != 0) {
		access_refuse_for(op->call, db_reply_value(reply, 0, 1));
		return;
	}
	if (!op->own) {
		hash_password(op, on_new_hashed);
		return;
	}
	err = hasher_check(op->access->hasher, db_reply_value(reply, 0, 2),
			   op->values.value[PASSWORD_PRESENT], on_present_checked, op);
	if (err != 0)
		http_fail(op->call, err, NULL);
}

void user_password(struct http_call *call, void *arg)
{
	const struct access_caller *caller = http_call_caller(call);
	struct account_op *op = begin(call, arg);
	const char *fault;

	if (op == NULL)
		return;
	fault = password_fault(op->values.value[PASSWORD_NEW], NULL);
	op->own = strtol(op->values.value[PASSWORD_ID], NULL, 10) == caller->account;
	if (fault != NULL) {
		http_fail(call, ERR_INVALID_MEMBER, fault);
	} else if (op->own && op->values.value[PASSWORD_PRESENT] == NULL) {
		http_fail(call, ERR_MISSING_MEMBER, "current_password");
	} else if (hasher_is_full(op->access->hasher)) {
		http_fail(call, ERR_BUSY, NULL);
	} else if (!op->own || access_take_try(op->access, call)) {
		snprintf(op->password, sizeof(op->password), "%s", op->values.value[PASSWORD_NEW]);
		db_ask(op->access->db, http_call_scope(call), &sql_account_secret,
		       (struct db_arg[]){ { .value = op->values.value[PASSWORD_ID] },
					  { .value = http_call_peer(call) } },
		       2, on_begun, op);
	}
}

/*
 * POST /keys: the secret is in this answer and nowhere else.
 *
 *   key_post ──► on_key ──► 200
 */
struct key_op {
	struct http_call *call;
	char keyid[KEYID_SIZE];
	char secret[TOKEN_SIZE];
};

enum { KEY_KEYID, KEY_NAME, KEY_KIND, KEY_PHARMACY, KEY_SUPPLIER, KEY_SECRET, KEY_ARGS };

static void on_key(struct db_reply *reply, void *arg)
{
	struct key_op *op = arg;
	struct text text = { 0 };
	const char *body;

	if (db_reply_err(reply) != 0 || db_reply_value(reply, 0, 0) != NULL) {
		endpoint_answer(op->call, reply, SHAPE_COMMAND);
		return;
	}
	body = db_reply_value(reply, 0, 2);
	text_add(&text, body, strlen(body) - 1); /* an object that is not empty, without its } */
	text_printf(&text, ", \"key\": \"%s.%s\"}", op->keyid, op->secret);
	http_reply_text(op->call, 200, "application/json", &text);
}

void key_post(struct http_call *call, void *arg)
{
	struct access *access = arg;
	struct key_op *op = http_call_alloc(call, sizeof(*op));
	struct db_arg args[KEY_ARGS] = { 0 };
	struct field_values values;
	char stored[TOKEN_SIZE];
	const char *detail = NULL;
	int err = fields_decode(call, endpoint_of(call)->fields, &values, &detail);

	if (err != 0) {
		http_fail(call, err, detail);
		return;
	}
	op->call = call;
	key_make(op->keyid, op->secret, stored);
	args[KEY_KEYID].value = op->keyid;
	for (size_t i = 0; i < values.count; i++)
		args[KEY_NAME + i].value = values.value[i];
	args[KEY_SECRET].value = stored;
	db_ask(access->db, http_call_scope(call), &sql_key_create, args, KEY_ARGS, on_key, op);
}
