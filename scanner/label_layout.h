/*
 * Where things stand on a label, in dots of the printer. Everything is a whole
 * number of dots: a module of two and a half would print as two here and three
 * there, and that ruins a symbol.
 *
 * The text stands below bars and beside a matrix: readers look for a matrix
 * along the middle of what they see, and there it then is.
 */
#ifndef SCANNER_LABEL_LAYOUT_H
#define SCANNER_LABEL_LAYOUT_H

#include "scanner/label.h"
#include "scanner/label_symbol.h"

struct label_layout {
	unsigned dpi;
	unsigned width, height; /* of the label, quiet zones and text included */
	unsigned module;        /* edge of a module */
	unsigned row;           /* height of a row of modules: of the bars, or a module */
	unsigned left, top;     /* of the first module */
	unsigned bearer;        /* of ITF-14: bars above and below, for a beam askew; or 0 */
	unsigned text_left, text_top;
	unsigned letter; /* height of a letter's box; it is three fifths as wide */
	unsigned line;   /* from one line of text to the next */
	unsigned columns, lines;
};

/* Lay a label out for a printer of this resolution. */
void label_layout_make(struct label_layout *ret_layout, const struct label *label,
		       const struct label_symbol *symbol, unsigned dpi);

/*
 * The end of the line of text that begins at `from`: at most `columns`
 * characters, elements kept whole where they fit a line.
 */
size_t label_layout_line_end(const struct label *label, unsigned columns, size_t from);

/* Width of so many letters. */
unsigned label_layout_text_width(const struct label_layout *layout, size_t letters);

/* Where a line of so many letters begins. */
unsigned label_layout_line_left(const struct label_layout *layout, size_t letters);

#endif
