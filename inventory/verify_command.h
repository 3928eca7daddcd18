/*
 * `yaoku verify`: the ledger's sums are its stock, and the hash chain is whole
 * up to its unsealed tail. The rules: schema/function/60_verify_ledger.sql.
 */
#ifndef INVENTORY_VERIFY_COMMAND_H
#define INVENTORY_VERIFY_COMMAND_H

#include <stdio.h>

/*
 * Check the database of `conninfo`, with the rights of yaoku_auditor, and print a line for each rule, then
 * the length of the unsealed tail; a broken rule's line is followed by its first bad row. Returns the
 * exit code: 0 all rules hold, 1 one does not, 3 the database cannot be reached or asked (one line on
 * standard error).
 */
int verify_command(const char *conninfo, FILE *out);

#endif
