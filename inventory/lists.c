#include "inventory/lists.h"

#include "schema/queries.h"

#define NUMBER_MAX INT32_MAX
#define KINDS                                                                                        \
	"opening receive dispense return return_supplier write_off quarantine release transfer_out " \
	"transfer_in adjust preparation"
#define STATES "usable quarantined recalled expired in_transit"
#define PACK_STATES "in_stock quarantined dispensed returned written_off in_transit"

/* The fields stand in the order of the statement's parameters. */
#define PHARMACY                                                                     \
	{                                                                            \
		.name = "pharmacy_id", .source = FIELD_QUERY, .type = FIELD_PHARMACY \
	}
#define PRODUCT                                                                               \
	{                                                                                     \
		.name = "product_id", .source = FIELD_QUERY, .type = FIELD_INTEGER, .min = 1, \
		.max = NUMBER_MAX                                                             \
	}
#define LOT                                                                                   \
	{                                                                                     \
		.name = "lot", .source = FIELD_QUERY, .type = FIELD_TEXT, .min = 1, .max = 50 \
	}
#define SEARCH                                                                                    \
	{                                                                                         \
		.name = "search", .source = FIELD_QUERY, .type = FIELD_TEXT, .min = 1, .max = 100 \
	}
#define CURSOR                                                                \
	{                                                                     \
		.name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR \
	}
#define LIMIT                                                               \
	{                                                                   \
		.name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT \
	}
#define END                  \
	{                    \
		.name = NULL \
	}

static const struct field stock_fields[] = {
	PHARMACY,
	PRODUCT,
	LOT,
	{ .name = "expiring_within_days",
	  .source = FIELD_QUERY,
	  .type = FIELD_INTEGER,
	  .min = 0,
	  .max = 36500 },
	{ .name = "state", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = STATES },
	SEARCH,
	CURSOR,
	LIMIT,
	END,
};

static const struct field movement_fields[] = {
	PHARMACY,
	PRODUCT,
	{ .name = "kind", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = KINDS },
	{ .name = "from", .source = FIELD_QUERY, .type = FIELD_DATE },
	{ .name = "to", .source = FIELD_QUERY, .type = FIELD_DATE },
	LOT,
	CURSOR,
	LIMIT,
	END,
};

static const struct field page_fields[] = { CURSOR, LIMIT, END };

static const struct field product_fields[] = { SEARCH, PRODUCT, CURSOR, LIMIT, END };

static const struct field pack_fields[] = {
	PHARMACY,
	PRODUCT,
	{ .name = "state", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = PACK_STATES },
	{ .name = "trace_code", .source = FIELD_QUERY, .type = FIELD_TEXT, .min = 1, .max = 100 },
	CURSOR,
	LIMIT,
	END,
};

static const struct field scan_fields[] = {
	PHARMACY,
	{ .name = "outcome", .source = FIELD_QUERY, .type = FIELD_CHOICE, .choices = "held" },
	CURSOR,
	LIMIT,
	END,
};

static const struct field pharmacy_fields[] = { PHARMACY, END };

static const struct field report_fields[] = {
	{ .name = "from", .source = FIELD_QUERY, .type = FIELD_DATE, .required = true },
	{ .name = "to", .source = FIELD_QUERY, .type = FIELD_DATE, .required = true },
	{ .name = "group_by",
	  .source = FIELD_QUERY,
	  .type = FIELD_CHOICE,
	  .choices = "pharmacy product supplier month" },
	PHARMACY,
	END,
};

const struct endpoint inventory_lists[] = {
	{ .method = HTTP_GET,
	  .path = "/api/v1/stock",
	  .roles = ROLE_STAFF,
	  .statement = &sql_stock_list,
	  .shape = SHAPE_LIST,
	  .fields = stock_fields,
	  .summary = "stock by lot and state" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/movements",
	  .roles = ROLE_STAFF,
	  .statement = &sql_movement_list,
	  .shape = SHAPE_LIST,
	  .fields = movement_fields,
	  .summary = "the ledger, newest first" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/pharmacies",
	  .roles = ROLE_ANY,
	  .statement = &sql_pharmacy_list,
	  .shape = SHAPE_LIST,
	  .fields = page_fields,
	  .summary = "the pharmacies in scope" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/products",
	  .roles = ROLE_ANY,
	  .statement = &sql_product_list,
	  .shape = SHAPE_LIST,
	  .fields = product_fields,
	  .summary = "the medicines" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/packs",
	  .roles = ROLE_STAFF,
	  .statement = &sql_pack_list,
	  .shape = SHAPE_LIST,
	  .fields = pack_fields,
	  .summary = "serialised packs" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/scans",
	  .roles = ROLE_STAFF,
	  .statement = &sql_scan_list,
	  .shape = SHAPE_LIST,
	  .fields = scan_fields,
	  .summary = "held scans, oldest first" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/overview",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .statement = &sql_overview,
	  .shape = SHAPE_OBJECT,
	  .slow = true,
	  .fields = pharmacy_fields,
	  .summary = "the figures at the head of the stock overview" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/reports",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .statement = &sql_report_list,
	  .shape = SHAPE_LIST,
	  .summary = "the reports there are" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/reports/turnover",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .statement = &sql_report_turnover,
	  .shape = SHAPE_LIST,
	  .slow = true,
	  .fields = report_fields,
	  .summary = "inventory turnover" },
	{ .method = HTTP_GET,
	  .path = "/api/v1/reports/expiry-loss",
	  .roles = ROLE_MANAGER | ROLE_ADMIN,
	  .statement = &sql_report_expiry_loss,
	  .shape = SHAPE_LIST,
	  .slow = true,
	  .fields = report_fields,
	  .summary = "what expiry has cost" },
	{ .path = NULL },
};
