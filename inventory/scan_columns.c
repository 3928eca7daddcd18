#include "inventory/scan_columns.h"

#include <string.h>

#include "core/value.h"

/* The parameters of post_scans in their order. */
enum column {
	COLUMN_ID,
	COLUMN_PHARMACY,
	COLUMN_PAYLOAD,
	COLUMN_KIND,
	COLUMN_LOOKUP,
	COLUMN_PACK,
	COLUMN_LOT,
	COLUMN_EXPIRY,
	COLUMN_DAY_KNOWN,
	COLUMN_QUANTITY,
	COLUMN_ORDER,
	COLUMN_REASON,
	COLUMN_WORKSTATION,
	COLUMN_SEQUENCE,
	COLUMN_SCANNED_AT,
	COLUMN_OPERATOR,
	COLUMN_SENDER,
	COLUMN_PROBLEM,
	COLUMN_DETAIL,
	COLUMN_SYMBOLOGY,
	COLUMN_RAW,
	COLUMN_PRODUCT,
	COLUMN_CONTENT,
};

static const enum db_array_type types[SCAN_COLUMNS] = {
	[COLUMN_ID] = DB_ARRAY_UUID,
	[COLUMN_PHARMACY] = DB_ARRAY_INT4,
	[COLUMN_PAYLOAD] = DB_ARRAY_UUID,
	[COLUMN_KIND] = DB_ARRAY_TEXT,
	[COLUMN_LOOKUP] = DB_ARRAY_TEXT,
	[COLUMN_PACK] = DB_ARRAY_TEXT,
	[COLUMN_LOT] = DB_ARRAY_TEXT,
	[COLUMN_EXPIRY] = DB_ARRAY_DATE,
	[COLUMN_DAY_KNOWN] = DB_ARRAY_BOOL,
	[COLUMN_QUANTITY] = DB_ARRAY_INT4,
	[COLUMN_ORDER] = DB_ARRAY_INT8,
	[COLUMN_REASON] = DB_ARRAY_TEXT,
	[COLUMN_WORKSTATION] = DB_ARRAY_TEXT,
	[COLUMN_SEQUENCE] = DB_ARRAY_INT8,
	[COLUMN_SCANNED_AT] = DB_ARRAY_TIMESTAMPTZ,
	[COLUMN_OPERATOR] = DB_ARRAY_INT4,
	[COLUMN_SENDER] = DB_ARRAY_INT4,
	[COLUMN_PROBLEM] = DB_ARRAY_TEXT,
	[COLUMN_DETAIL] = DB_ARRAY_TEXT,
	[COLUMN_SYMBOLOGY] = DB_ARRAY_TEXT,
	[COLUMN_RAW] = DB_ARRAY_BYTEA,
	[COLUMN_PRODUCT] = DB_ARRAY_INT4,
	[COLUMN_CONTENT] = DB_ARRAY_INT4,
};

void scan_columns_init(struct scan_columns *columns)
{
	for (size_t i = 0; i < SCAN_COLUMNS; i++)
		db_array_init(&columns->array[i], types[i]);
	memset(columns->used, 0, sizeof(columns->used));
}

void scan_columns_done(struct scan_columns *columns)
{
	for (size_t i = 0; i < SCAN_COLUMNS; i++)
		db_array_done(&columns->array[i]);
}

void scan_columns_reset(struct scan_columns *columns)
{
	for (size_t i = 0; i < SCAN_COLUMNS; i++)
		db_array_reset(&columns->array[i]);
	memset(columns->used, 0, sizeof(columns->used));
}

static void put_text(struct scan_columns *columns, enum column column, const char *text)
{
	if (text == NULL) {
		db_array_add_null(&columns->array[column]);
		return;
	}
	db_array_add_text(&columns->array[column], text, strlen(text));
	columns->used[column] = true;
}

static void put_int4(struct scan_columns *columns, enum column column, int64_t number)
{
	db_array_add_int4(&columns->array[column], (int32_t)number);
	columns->used[column] = true;
}

/* A number that is absent at `none`. */
static void put_int8(struct scan_columns *columns, enum column column, int64_t number, int64_t none)
{
	if (number == none) {
		db_array_add_null(&columns->array[column]);
		return;
	}
	db_array_add_int8(&columns->array[column], number);
	columns->used[column] = true;
}

static void put_uuid(struct scan_columns *columns, enum column column, const uint8_t uuid[16])
{
	db_array_add_uuid(&columns->array[column], uuid);
	columns->used[column] = true;
}

static void put_expiry(struct scan_columns *columns, const struct scan_reading *reading)
{
	bool known = reading->expiry != INT32_MIN;

	if (known)
		db_array_add_date(&columns->array[COLUMN_EXPIRY], reading->expiry);
	else
		db_array_add_null(&columns->array[COLUMN_EXPIRY]);
	columns->used[COLUMN_EXPIRY] |= known;
	db_array_add_bool(&columns->array[COLUMN_DAY_KNOWN], reading->expiry_day_known);
	columns->used[COLUMN_DAY_KNOWN] |= known;
}

static void put_scanned_at(struct scan_columns *columns, const char *scanned_at)
{
	int64_t moment;

	if (scanned_at == NULL || !value_time(scanned_at, &moment)) {
		db_array_add_null(&columns->array[COLUMN_SCANNED_AT]);
		return;
	}
	db_array_add_timestamptz(&columns->array[COLUMN_SCANNED_AT], moment);
	columns->used[COLUMN_SCANNED_AT] = true;
}

void scan_columns_add(struct scan_columns *columns, const struct scan_row *row)
{
	const struct scan_request *request = row->request;
	const struct scan_reading *reading = row->reading;
	uint8_t uuid[16];

	value_uuid(request->id, uuid);
	put_uuid(columns, COLUMN_ID, uuid);
	put_int4(columns, COLUMN_PHARMACY, row->pharmacy_id);
	scan_request_payload(request, uuid);
	put_uuid(columns, COLUMN_PAYLOAD, uuid);
	put_text(columns, COLUMN_KIND, request->movement);
	put_text(columns, COLUMN_LOOKUP, reading->lookup);
	put_text(columns, COLUMN_PACK, reading->pack);
	put_text(columns, COLUMN_LOT, reading->lot);
	put_expiry(columns, reading);
	put_int4(columns, COLUMN_QUANTITY, request->quantity);
	put_int8(columns, COLUMN_ORDER, request->order_id, 0);
	put_text(columns, COLUMN_REASON, request->reason);
	put_text(columns, COLUMN_WORKSTATION, request->workstation);
	put_int8(columns, COLUMN_SEQUENCE, request->sequence, -1);
	put_scanned_at(columns, request->scanned_at);
	put_int4(columns, COLUMN_OPERATOR, row->operator_id);
	put_int4(columns, COLUMN_SENDER, row->sender_id);
	put_text(columns, COLUMN_PROBLEM, reading->problem);
	put_text(columns, COLUMN_DETAIL, reading->detail);
	put_text(columns, COLUMN_SYMBOLOGY, request->symbology);
	db_array_add_bytea(&columns->array[COLUMN_RAW], request->code, request->code_length);
	columns->used[COLUMN_RAW] = true;
	db_array_add_null(&columns->array[COLUMN_PRODUCT]);
	if (reading->content != 0)
		put_int4(columns, COLUMN_CONTENT, reading->content);
	else
		db_array_add_null(&columns->array[COLUMN_CONTENT]);
}

void scan_columns_args(struct scan_columns *columns, struct db_arg ret_args[SCAN_COLUMNS])
{
	for (size_t i = 0; i < SCAN_COLUMNS; i++) {
		if (!columns->used[i])
			db_array_reset(&columns->array[i]);
		ret_args[i] = db_array_arg(&columns->array[i]);
	}
}
