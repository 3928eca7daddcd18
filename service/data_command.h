/*
 * The commands that work with the data: verify, report, user, key. Each takes
 * the options that say where the data is (--data or --database), opens the
 * database, also of a running service, and hands over to the folder that knows.
 */
#ifndef SERVICE_DATA_COMMAND_H
#define SERVICE_DATA_COMMAND_H

/* `yaoku verify`; see inventory/verify_command.h. Returns the exit code. */
int data_command_verify(int argc, char **argv);

/* `yaoku report NAME --from DATE --to DATE …`; see inventory/report_command.h. Returns the exit code. */
int data_command_report(int argc, char **argv);

/* `yaoku user …` and `yaoku key …`; see access/account_command.h. Returns the exit code. */
int data_command_account(int argc, char **argv);

#endif
