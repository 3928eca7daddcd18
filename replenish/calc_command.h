#ifndef REPLENISH_CALC_COMMAND_H
#define REPLENISH_CALC_COMMAND_H

#include <stddef.h>
#include <stdio.h>

/*
 * One line {"model":…,"inputs":{…}} to one line: the model's results, or
 * {"error":{"code":"syntax|unknown_model|invalid_input|out_of_range","detail":…}}.
 */
void calc_line(FILE *out, const char *line, size_t len);

/* The lines of `in`, each answered at once; empty ones are passed over. Returns 0, or -1 with errno when
 * lines cannot be read or answers cannot be written. */
int calc_command(FILE *in, FILE *out);

#endif
