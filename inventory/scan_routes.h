/*
 * The routes by which stock moves: scans, held scans, undoing.
 */
#ifndef INVENTORY_SCAN_ROUTES_H
#define INVENTORY_SCAN_ROUTES_H

#include "core/endpoint.h"

extern const struct endpoint scan_routes[];

#endif
