/*
 * Bring a database to what this program expects: migrations once each and in
 * order, functions whenever their text changed, the demo district once. Each
 * script is one transaction that also records it. Starters wait for each other.
 */
#ifndef SERVICE_MIGRATE_H
#define SERVICE_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

struct database;

struct migrate_request {
	const struct database *database;
	bool demo;             /* load the demo district too, unless it is there */
	const char *demo_date; /* its last day; NULL: today */
	bool beyond_loopback;  /* strangers can come: refuse a database with the demo district */
	unsigned wait_seconds; /* how long to try to connect */
};

/*
 * Blocks until done. Returns 0; ERR_DATABASE_DOWN when there is no connection;
 * ERR_CONFLICT when the database does not fit this program (a migration edited
 * since it was applied, or one that only a newer program knows), a script
 * fails, or beyond_loopback refuses; with one line in reterr_text.
 */
int migrate_run(const struct migrate_request *request, char *reterr_text, size_t size);

#endif
