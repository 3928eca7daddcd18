/*
 * What can be looked at: stock, the ledger, masters, packs, held scans, the
 * overview and the reports. Each is one statement; rows of a table, no code.
 */
#ifndef INVENTORY_LISTS_H
#define INVENTORY_LISTS_H

#include "core/endpoint.h"

extern const struct endpoint inventory_lists[];

#endif
