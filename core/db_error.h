/*
 * What the server's SQLSTATE means to us: the one table that turns it into an
 * ERR_* and says whether the connection is still of use.
 */
#ifndef CORE_DB_ERROR_H
#define CORE_DB_ERROR_H

#include <stdbool.h>

/* The ERR_* of a SQLSTATE; ERR_INTERNAL for what is not in the table, also for NULL and "". */
int db_error_of(const char *sqlstate);

/*
 * True when nothing more should be asked on the connection that reported this
 * SQLSTATE: the server stops, is read-only, or has forgotten our statements.
 */
bool db_error_is_final(const char *sqlstate);

#endif
