/* Letters for pictures: 5 by 7 dots in a cell of 6 by 8, printable ASCII. */
#ifndef SCANNER_LABEL_FONT_H
#define SCANNER_LABEL_FONT_H

#include <stdbool.h>

#define LABEL_FONT_COLUMNS 6
#define LABEL_FONT_ROWS 8

/* The dot of a printable ASCII character's cell is dark. */
bool label_font_is_dark(char c, unsigned column, unsigned row);

#endif
