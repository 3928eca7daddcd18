/* The routes of access/: who is logged in, who may log in, and who changed what. */
#include "access/access_private.h"
#include "access/password.h"
#include "schema/queries.h"

#define NAME_MAX_CHARACTERS 60

static const struct field no_fields[] = { { .name = NULL } };

static const struct field login_fields[] = {
	{ "username", FIELD_BODY, FIELD_TEXT, .required = true, .min = 1, .max = 50 },
	{ "password", FIELD_BODY, FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MAX },
	{ .name = NULL },
};

static const struct field id_fields[] = {
	{ "id", FIELD_PATH, FIELD_INTEGER, .required = true, .min = 1, .max = INT32_MAX },
	{ .name = NULL },
};

static const struct field page_fields[] = {
	{ "pharmacy_id", FIELD_QUERY, FIELD_PHARMACY, .required = false },
	{ "cursor", FIELD_QUERY, FIELD_CURSOR, .required = false },
	{ "limit", FIELD_QUERY, FIELD_LIMIT, .required = false },
	{ .name = NULL },
};

static const struct field user_fields[] = {
	{ "username", FIELD_BODY, FIELD_TEXT, .required = true, .min = 2, .max = 50 },
	{ "name", FIELD_BODY, FIELD_TEXT, .required = true, .min = 1, .max = NAME_MAX_CHARACTERS },
	{ "role", FIELD_BODY, FIELD_CHOICE, .required = true,
	  .choices = "clerk manager supplier admin" },
	{ "pharmacy_id", FIELD_BODY, FIELD_PHARMACY, .required = false },
	{ "supplier_id", FIELD_BODY, FIELD_INTEGER, .min = 1, .max = INT32_MAX },
	{ "password", FIELD_BODY, FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MAX },
	{ .name = NULL },
};

static const struct field password_fields[] = {
	{ "id", FIELD_PATH, FIELD_INTEGER, .required = true, .min = 1, .max = INT32_MAX },
	{ "password", FIELD_BODY, FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MAX },
	{ "current_password", FIELD_BODY, FIELD_TEXT, .min = 1, .max = PASSWORD_MAX },
	{ .name = NULL },
};

static const struct field key_fields[] = {
	{ "name", FIELD_BODY, FIELD_TEXT, .required = true, .min = 1, .max = NAME_MAX_CHARACTERS },
	{ "kind", FIELD_BODY, FIELD_CHOICE, .required = true, .choices = "agent supplier metrics" },
	{ "pharmacy_id", FIELD_BODY, FIELD_PHARMACY, .required = false },
	{ "supplier_id", FIELD_BODY, FIELD_INTEGER, .min = 1, .max = INT32_MAX },
	{ .name = NULL },
};

static const struct field audit_fields[] = {
	{ "pharmacy_id", FIELD_QUERY, FIELD_PHARMACY, .required = false },
	{ "account_id", FIELD_QUERY, FIELD_INTEGER, .min = 1, .max = INT32_MAX },
	{ "action", FIELD_QUERY, FIELD_TEXT, .min = 1, .max = 60 },
	{ "from", FIELD_QUERY, FIELD_DATE, .required = false },
	{ "to", FIELD_QUERY, FIELD_DATE, .required = false },
	{ "cursor", FIELD_QUERY, FIELD_CURSOR, .required = false },
	{ "limit", FIELD_QUERY, FIELD_LIMIT, .required = false },
	{ .name = NULL },
};

#define MANAGERS (ROLE_MANAGER | ROLE_ADMIN)

const struct endpoint access_routes[] = {
	{ HTTP_POST, "/api/v1/session", 0, .handler = session_post, .fields = login_fields,
	  .summary = "Log in" },
	{ HTTP_GET, "/api/v1/session", ROLE_ANY, .handler = session_get, .fields = no_fields,
	  .summary = "Who is logged in, and the token for writes" },
	{ HTTP_DELETE, "/api/v1/session", ROLE_ANY, .handler = session_delete, .fields = no_fields,
	  .summary = "Log out" },
	{ HTTP_GET, "/api/v1/users", MANAGERS, .statement = &sql_account_list, .shape = SHAPE_LIST,
	  .fields = page_fields, .summary = "Users, with a manager those of the own pharmacy" },
	{ HTTP_POST, "/api/v1/users", MANAGERS, .handler = user_post, .fields = user_fields,
	  .summary = "Make a user" },
	{ HTTP_POST, "/api/v1/users/{id}/disable", MANAGERS, .statement = &sql_account_disable,
	  .shape = SHAPE_COMMAND, .fields = id_fields,
	  .summary = "Disable a user; the sessions end" },
	{ HTTP_POST, "/api/v1/users/{id}/password", ROLE_ANY, .handler = user_password,
	  .fields = password_fields,
	  .summary = "Change the own password, or a user's one manages" },
	{ HTTP_GET, "/api/v1/keys", MANAGERS, .statement = &sql_key_list, .shape = SHAPE_LIST,
	  .fields = page_fields, .summary = "Keys of programs" },
	{ HTTP_POST, "/api/v1/keys", MANAGERS, .handler = key_post, .fields = key_fields,
	  .summary = "Make a key; its secret is shown once" },
	{ HTTP_POST, "/api/v1/keys/{id}/disable", MANAGERS, .statement = &sql_key_disable,
	  .shape = SHAPE_COMMAND, .fields = id_fields, .summary = "Disable a key" },
	{ HTTP_GET, "/api/v1/audit", MANAGERS, .statement = &sql_audit_list, .shape = SHAPE_LIST,
	  .fields = audit_fields, .summary = "Who changed what, newest first" },
	{ .path = NULL },
};
