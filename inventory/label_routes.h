/* GET /labels: one label, drawn from its content. */
#ifndef INVENTORY_LABEL_ROUTES_H
#define INVENTORY_LABEL_ROUTES_H

#include "core/endpoint.h"

extern const struct endpoint label_routes[];

#endif
