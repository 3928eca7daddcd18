/* `yaoku label`: draw one label. */
#ifndef SCANNER_LABEL_COMMAND_H
#define SCANNER_LABEL_COMMAND_H

#include <stdio.h>

/*
 * Draw the label that the words ask for, argv[0] being the command's name. A file (--out) is
 * written whole or not at all. Returns the exit code: 0, 1 when the content is
 * wrong, 2 for wrong usage, 3 when the label cannot be written; errors are one
 * line on standard error.
 */
int label_command(int argc, char **argv);

/* The options and symbologies, for `yaoku help label`. */
void label_command_help(FILE *out);

#endif
