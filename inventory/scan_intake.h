/*
 * Scans on their way into the ledger: group posting.
 *
 * Scans that arrive while a commit is under way wait and are posted together by the next one, whichever
 * call they came in; so many clerks share one commit and each has an own answer. The next group is sent before the
 * answers of the last are written, so that the database never waits for us. A group that fails for one of its scans is
 * posted again in halves until the culprit stands alone.
 *
 * One intake in each worker; the route's handler finds it by itself.
 */
#ifndef INVENTORY_SCAN_INTAKE_H
#define INVENTORY_SCAN_INTAKE_H

#include <stddef.h>

#include "core/http.h"

struct event_base;

/* Open the worker's intake with a connection of its own; once in a process. Close after the server has drained. */
void scan_intake_open(struct event_base *base, const char *conninfo);

/* Fail what still waits and release. A no-op when it is not open. */
void scan_intake_close(void);

/*
 * POST /scans: one object or an array of at most 1,000; each has its own outcome.
 *
 *   scan_post ──► waiting ──► group ──► on_posted ──► 200 with results in order
 *      └─► 400                  └─► post again, in halves if need be; 503 when the outcome is unknown
 */
void scan_post(struct http_call *call, void *arg);

#endif
