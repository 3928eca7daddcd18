/*
 * A group of scans as the arrays that schema/function/07_post_scans.sql takes.
 */
#ifndef INVENTORY_SCAN_COLUMNS_H
#define INVENTORY_SCAN_COLUMNS_H

#include "core/db.h"
#include "core/db_array.h"
#include "inventory/scan_reading.h"
#include "inventory/scan_request.h"

#define SCAN_COLUMNS 23

/* The arrays, kept between groups for their memory. */
struct scan_columns {
	struct db_array array[SCAN_COLUMNS];
	bool used[SCAN_COLUMNS]; /* holds something other than NULL */
};

/* One scan as it is posted. */
struct scan_row {
	const struct scan_request *request;
	const struct scan_reading *reading;
	int32_t pharmacy_id, operator_id, sender_id;
};

void scan_columns_init(struct scan_columns *columns);
void scan_columns_done(struct scan_columns *columns);

/* Start an empty group. */
void scan_columns_reset(struct scan_columns *columns);

/* Add one scan to every array. */
void scan_columns_add(struct scan_columns *columns, const struct scan_row *row);

/* The arrays as arguments $1 to $23, valid until the next add or reset; one with only NULLs is given empty. */
void scan_columns_args(struct scan_columns *columns, struct db_arg ret_args[SCAN_COLUMNS]);

#endif
