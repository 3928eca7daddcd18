/*
 * "The connection drops here", as a parameter any test can take: the nth time
 * that a pool comes to a point, its connection is closed there.
 *
 *	YAOKU_DB_DROP=posting:sync:3 yaoku serve …
 *
 * loses the answer to the third group that was committed. Costs one comparison
 * while nothing is armed.
 */
#ifndef CORE_DB_DROP_H
#define CORE_DB_DROP_H

#include <stdbool.h>

enum db_drop_point {
	DB_DROP_NEVER,
	DB_DROP_SEND, /* before the question is sent */
	DB_DROP_SENT, /* it has been sent, nothing was read */
	DB_DROP_ROWS, /* its rows are here, the commit is not confirmed */
	DB_DROP_SYNC, /* it is committed, the answer not yet delivered */
};

/* Drop a connection of the pool of this name (a constant) at the nth coming to `point`; once. */
void db_drop_at(const char *pool, enum db_drop_point point, unsigned nth);

/* The same from a text "POOL:send|sent|rows|sync:N". Returns false, nothing armed, when it is not one. */
bool db_drop_parse(const char *text);

/* True when the connection of this pool must drop now. */
bool db_drop_is_due(const char *pool, enum db_drop_point point);

#endif
