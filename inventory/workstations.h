/*
 * Workstations and the habits of their scanners.
 *
 * Each worker has all profiles in memory: read at the start, again when a notice
 * says that one has changed, and every half minute in case a notice was missed.
 * So a scan costs one look-up, and none when it names no workstation.
 */
#ifndef INVENTORY_WORKSTATIONS_H
#define INVENTORY_WORKSTATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/db.h"
#include "core/endpoint.h"
#include "scanner/profile.h"

struct event_base;

/* The channel to LISTEN on; what comes there is for workstations_notice(). */
#define WORKSTATIONS_CHANNEL "yaoku_workstations"

/* Begin to know the profiles; once in a process. `db` is asked and must outlive what is under way. */
void workstations_open(struct event_base *base, struct db *db);

/* Release, once `db` is closed. A no-op when it is not open. */
void workstations_close(void);

/* Something has changed, or may have: read them again. */
void workstations_notice(void);

/* True once they have been read; before that no scan of a workstation can be read right. */
bool workstations_are_known(void);

/* The profile of this workstation, or NULL when it has none to undo. Lives until the loop runs again. */
const struct scan_profile *workstations_find(int32_t pharmacy, const char *name);

/* The routes below /workstations; ended by a row without path. */
extern const struct endpoint workstation_routes[];

/* Ask `statement`, as db_ask(), where the profiles are asked for. */
void workstations_ask(const struct db_scope *scope, const struct db_statement *statement,
		      const struct db_arg *args, size_t count, db_done *done, void *arg);

/* Read the profiles now; `done` runs once, when they are read or could not be. */
void workstations_read(void (*done)(void *arg), void *arg);

#endif
