/*
 * What is answered by one statement is a row here and nothing else; the feed
 * has a handler because it waits.
 */
#include "replenish/routes.h"

#include "replenish/feed.h"
#include "schema/queries.h"

#define STATUSES "open confirmed shipped received declined cancelled"
#define ID_MAX INT64_MAX
#define NUMBER_MAX INT32_MAX
#define LEVEL_MAX 1000000 /* as shelf.maximum in the schema */

static const struct field page_fields[] = {
	{ .name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR },
	{ .name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT },
	{ .name = NULL },
};

static const struct field order_list_fields[] = {
	{ .name = "status", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = STATUSES },
	{ .name = "pharmacy_id", .source = FIELD_QUERY, .type = FIELD_PHARMACY },
	{ .name = "supplier_id",
	  .source = FIELD_QUERY,
	  .type = FIELD_INTEGER,
	  .min = 1,
	  .max = NUMBER_MAX },
	{ .name = "overdue", .source = FIELD_QUERY, .type = FIELD_BOOLEAN },
	{ .name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR },
	{ .name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT },
	{ .name = NULL },
};

static const struct field order_id_fields[] = {
	{ .name = "id",
	  .source = FIELD_PATH,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = ID_MAX },
	{ .name = NULL },
};

static const struct field reason_fields[] = {
	{ .name = "id",
	  .source = FIELD_PATH,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = ID_MAX },
	{ .name = "reason",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = 500 },
	{ .name = NULL },
};

/* Quantities are judged line by line by the statement, so that every refused line is named. */
static const struct field confirm_items[] = {
	{ .name = "line",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = NUMBER_MAX },
	{ .name = "quantity", .source = FIELD_BODY, .type = FIELD_INTEGER, .required = true },
	{ .name = "promised_on", .source = FIELD_BODY, .type = FIELD_DATE },
	{ .name = NULL },
};

static const struct field confirm_fields[] = {
	{ .name = "id",
	  .source = FIELD_PATH,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = ID_MAX },
	{ .name = "lines",
	  .source = FIELD_BODY,
	  .type = FIELD_ITEMS,
	  .required = true,
	  .items = confirm_items },
	{ .name = NULL },
};

static const struct field ship_items[] = {
	{ .name = "line",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = NUMBER_MAX },
	{ .name = "lot",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = 50 },
	{ .name = "expiry", .source = FIELD_BODY, .type = FIELD_DATE, .required = true },
	{ .name = "quantity", .source = FIELD_BODY, .type = FIELD_INTEGER, .required = true },
	{ .name = "trace_codes", .source = FIELD_BODY, .type = FIELD_CODES },
	{ .name = NULL },
};

static const struct field package_items[] = {
	{ .name = "code",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 18,
	  .max = 100 },
	{ .name = "contains", .source = FIELD_BODY, .type = FIELD_CODES, .required = true },
	{ .name = NULL },
};

static const struct field ship_fields[] = {
	{ .name = "id",
	  .source = FIELD_PATH,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = ID_MAX },
	{ .name = "sscc", .source = FIELD_BODY, .type = FIELD_TEXT, .min = 18, .max = 18 },
	{ .name = "lines",
	  .source = FIELD_BODY,
	  .type = FIELD_ITEMS,
	  .required = true,
	  .items = ship_items },
	{ .name = "packages", .source = FIELD_BODY, .type = FIELD_ITEMS, .items = package_items },
	{ .name = NULL },
};

/* feed_poll() reads them by their place. */
static const struct field poll_fields[] = {
	{ .name = "status", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = STATUSES },
	{ .name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR },
	{ .name = "wait", .source = FIELD_QUERY, .type = FIELD_INTEGER, .min = 0, .max = 30 },
	{ .name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT },
	{ .name = NULL },
};

static const struct field threshold_list_fields[] = {
	{ .name = "pharmacy_id", .source = FIELD_QUERY, .type = FIELD_PHARMACY },
	{ .name = "product_id",
	  .source = FIELD_QUERY,
	  .type = FIELD_INTEGER,
	  .min = 1,
	  .max = NUMBER_MAX },
	{ .name = "search", .source = FIELD_QUERY, .type = FIELD_TEXT, .min = 1, .max = 100 },
	{ .name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR },
	{ .name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT },
	{ .name = NULL },
};

static const struct field threshold_put_fields[] = {
	{ .name = "pharmacy_id", .source = FIELD_BODY, .type = FIELD_PHARMACY, .required = true },
	{ .name = "product_id",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .required = true,
	  .min = 1,
	  .max = NUMBER_MAX },
	{ .name = "minimum",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .min = INT32_MIN,
	  .max = LEVEL_MAX },
	{ .name = "maximum",
	  .source = FIELD_BODY,
	  .type = FIELD_INTEGER,
	  .min = INT32_MIN,
	  .max = LEVEL_MAX },
	{ .name = "reason", .source = FIELD_BODY, .type = FIELD_TEXT, .min = 1, .max = 500 },
	{ .name = NULL },
};

const struct endpoint replenish_routes[] = {
	{ .method = HTTP_GET,
	  .path = "/api/v1/thresholds",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .statement = &sql_threshold_list,
	  .shape = SHAPE_LIST,
	  .fields = threshold_list_fields,
	  .summary = "published thresholds and present levels" },
	{ .method = HTTP_PUT,
	  .path = "/api/v1/thresholds",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .statement = &sql_threshold_put,
	  .shape = SHAPE_COMMAND,
	  .fields = threshold_put_fields,
	  .summary = "publish a minimum and maximum by hand" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/suppliers",
	  .roles = ROLE_STAFF,
	  .statement = &sql_supplier_list,
	  .shape = SHAPE_LIST,
	  .fields = page_fields,
	  .summary = "the suppliers" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/orders",
	  .roles = ROLE_STAFF,
	  .statement = &sql_order_list,
	  .shape = SHAPE_LIST,
	  .fields = order_list_fields,
	  .summary = "orders, the newest first" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/orders/{id}",
	  .roles = ROLE_STAFF,
	  .statement = &sql_order_show,
	  .shape = SHAPE_OBJECT,
	  .fields = order_id_fields,
	  .summary = "one order with its lines and shipments" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/orders/{id}/cancel",
	  .roles = ROLE_STAFF,
	  .statement = &sql_order_cancel,
	  .shape = SHAPE_COMMAND,
	  .fields = reason_fields,
	  .summary = "cancel an order, or what is still to come of it" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/supplier/orders",
	  .roles = ROLE_SUPPLIER,
	  .handler = feed_poll,
	  .shape = SHAPE_LIST,
	  .fields = poll_fields,
	  .summary = "the supplier's feed of orders, with long poll" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/supplier/orders/{id}/confirm",
	  .roles = ROLE_SUPPLIER,
	  .statement = &sql_order_confirm,
	  .shape = SHAPE_COMMAND,
	  .fields = confirm_fields,
	  .summary = "confirm lines of an order" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/supplier/orders/{id}/ship",
	  .roles = ROLE_SUPPLIER,
	  .statement = &sql_order_ship,
	  .shape = SHAPE_COMMAND,
	  .fields = ship_fields,
	  .summary = "announce a shipment by lot" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/supplier/orders/{id}/decline",
	  .roles = ROLE_SUPPLIER,
	  .statement = &sql_order_decline,
	  .shape = SHAPE_COMMAND,
	  .fields = reason_fields,
	  .summary = "decline an order" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/supplier/stock",
	  .roles = ROLE_SUPPLIER,
	  .statement = &sql_supplier_stock,
	  .shape = SHAPE_LIST,
	  .fields = page_fields,
	  .summary = "published levels of what the supplier supplies" },
	{ .path = NULL },
};

/* A sweep orders for 500 shelves at most, so it comes oftener than the minute that is promised. */
const struct job replenish_jobs[] = {
	{ "relay", &sql_relay_orders, 200 },
	{ "sweep", &sql_sweep_levels, 20000 },
	{ .name = NULL },
};
