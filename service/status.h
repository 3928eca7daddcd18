/* What operators ask: alive, ready, metrics. */
#ifndef SERVICE_STATUS_H
#define SERVICE_STATUS_H

#include <stdbool.h>

#include "core/http.h"

struct access;
struct db;

struct status {
	struct db *db;
	struct access *access;
	bool demo;         /* ready only when the demo district is loaded */
	bool open_metrics; /* metrics need no key */
};

/* An http_handler for /healthz, /readyz and /metrics; `status` is the struct. */
void status_answer(struct http_call *call, void *status);

/* True when status_answer() is for this path. */
bool status_has(const char *path);

#endif
