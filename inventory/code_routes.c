#include "inventory/code_routes.h"

#include "schema/queries.h"

#define STATES "waiting district conflict revoked"

#define ID                                                                                   \
	{                                                                                    \
		.name = "id", .source = FIELD_PATH, .type = FIELD_INTEGER, .required = true, \
		.min = 1, .max = INT64_MAX                                                   \
	}
#define CURSOR                                                                \
	{                                                                     \
		.name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR \
	}
#define LIMIT                                                               \
	{                                                                   \
		.name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT \
	}

static const struct field list_fields[] = {
	{ .name = "state", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = STATES },
	{ .name = "search", .source = FIELD_QUERY, .type = FIELD_TEXT, .min = 1, .max = 100 },
	{ .name = "pharmacy_id", .source = FIELD_QUERY, .type = FIELD_PHARMACY },
	CURSOR,
	LIMIT,
	{ 0 },
};

static const struct field scans_fields[] = { ID, CURSOR, LIMIT, { 0 } };

static const struct field approve_fields[] = { ID, { 0 } };

static const struct field revoke_fields[] = {
	ID,
	{ .name = "reason",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = 500 },
	{ 0 },
};

const struct endpoint code_routes[] = {
	{ .method = HTTP_GET,
	  .path = "/api/v1/codes",
	  .roles = ROLE_STAFF,
	  .shape = SHAPE_LIST,
	  .statement = &sql_code_list,
	  .slow = true,
	  .fields = list_fields,
	  .summary = "learned codes, newest first" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/codes/{id}/scans",
	  .roles = ROLE_STAFF,
	  .shape = SHAPE_LIST,
	  .statement = &sql_code_scans,
	  .fields = scans_fields,
	  .summary = "the scans whose product a learned code named" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/codes/{id}/approve",
	  .roles = ROLE_ADMIN,
	  .shape = SHAPE_COMMAND,
	  .statement = &sql_code_approve,
	  .fields = approve_fields,
	  .summary = "Take a learned code into the district" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/codes/{id}/revoke",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .shape = SHAPE_COMMAND,
	  .statement = &sql_code_revoke,
	  .fields = revoke_fields,
	  .summary = "Revoke a learned code" },
	{ 0 },
};
