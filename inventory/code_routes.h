/*
 * Learned codes: what people have said of codes that the master data do not have, and who takes it
 * into the district or back.
 */
#ifndef INVENTORY_CODE_ROUTES_H
#define INVENTORY_CODE_ROUTES_H

#include "core/endpoint.h"

/* Ended by a row without path. */
extern const struct endpoint code_routes[];

#endif
