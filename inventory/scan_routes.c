#include "inventory/scan_routes.h"

#include "inventory/scan_intake.h"
#include "schema/queries.h"

static const struct field bind_fields[] = {
	{ .name = "id", .source = FIELD_PATH, .type = FIELD_UUID, .required = true },
	{ .name = "product_id",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = INT32_MAX },
	{ .name = "lot", .source = FIELD_BODY, .type = FIELD_TEXT, .min = 1, .max = 50 },
	{ .name = "expiry", .source = FIELD_BODY, .type = FIELD_DATE },
	{ .name = "remember", .source = FIELD_BODY, .type = FIELD_BOOLEAN },
	/* times the greatest quantity it still fits an int */
	{ .name = "units", .source = FIELD_BODY, .type = FIELD_INTEGER, .min = 1, .max = 10000 },
	{ .name = "remember_lot", .source = FIELD_BODY, .type = FIELD_BOOLEAN },
	{ 0 },
};

static const struct field dismiss_fields[] = {
	{ .name = "id", .source = FIELD_PATH, .type = FIELD_UUID, .required = true },
	{ .name = "reason",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = 500 },
	{ 0 },
};

static const struct field reverse_fields[] = {
	{ .name = "movement",
	  .source = FIELD_PATH,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = INT64_MAX },
	{ .name = "id", .source = FIELD_BODY, .type = FIELD_UUID, .required = true },
	{ .name = "reason",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = 500 },
	{ 0 },
};

const struct endpoint scan_routes[] = {
	{ .method = HTTP_POST,
	  .path = "/api/v1/scans",
	  .roles = ROLE_STAFF,
	  .handler = scan_post,
	  .summary = "Post scans" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/scans/{id}/bind",
	  .roles = ROLE_STAFF,
	  .shape = SHAPE_COMMAND,
	  .statement = &sql_scan_bind,
	  .fields = bind_fields,
	  .summary = "Say what a held scan was" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/scans/{id}/dismiss",
	  .roles = ROLE_STAFF,
	  .shape = SHAPE_COMMAND,
	  .statement = &sql_scan_dismiss,
	  .fields = dismiss_fields,
	  .summary = "Dismiss a held scan" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/movements/{movement}/reverse",
	  .roles = ROLE_STAFF,
	  .shape = SHAPE_COMMAND,
	  .statement = &sql_movement_reverse,
	  .fields = reverse_fields,
	  .summary = "Undo a movement" },
	{ 0 },
};
