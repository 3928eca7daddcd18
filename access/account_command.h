/*
 * The commands `yaoku user …` and `yaoku key …`, also while the service runs:
 *
 *	user create NAME --role ROLE [--pharmacy ID] [--supplier ID] [--name TEXT]
 *	user password ID
 *	key create --kind agent|supplier|metrics [--pharmacy ID|--supplier ID] [--name TEXT]
 *	user|key list
 *	user|key disable ID
 *
 * A password is read as one line from standard input when that is not a
 * terminal, else made and printed once; so is a key.
 */
#ifndef ACCESS_ACCOUNT_COMMAND_H
#define ACCESS_ACCOUNT_COMMAND_H

struct db_sync;

/*
 * Run one on an open connection as the administrator. argv[0] is "user" or
 * "key". Returns the exit code: 0, 1 (refused, with the reason on standard
 * error), 2 (usage), 3 (the database was lost).
 */
int account_command(struct db_sync *db, int argc, char **argv);

/* One line an action, for the help. */
extern const char account_command_help[];

#endif
