/*
 * The profiles of workstations in a worker's memory, by pharmacy and name: what
 * every scan that names a workstation is looked up in. Built whole, and thrown
 * away whole when something has changed.
 */
#ifndef INVENTORY_WORKSTATION_TABLE_H
#define INVENTORY_WORKSTATION_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "scanner/profile.h"

struct workstation_table;

/* An empty table with room for `rows`. Never NULL. Release with workstation_table_free(). */
struct workstation_table *workstation_table_new(size_t rows);

/* Release. Accepts NULL. */
void workstation_table_free(struct workstation_table *table);

/* Add a copy; at most so often as there is room, and a name once in a pharmacy (asserted). */
void workstation_table_add(struct workstation_table *table, int32_t pharmacy, const char *name,
			   const struct scan_profile *profile);

/* The profile of this workstation, or NULL. Lives as long as the table. */
const struct scan_profile *workstation_table_find(const struct workstation_table *table,
						  int32_t pharmacy, const char *name);

#endif
