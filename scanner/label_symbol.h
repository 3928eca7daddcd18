/* The modules of a symbol, dark and light, by libzint; without quiet zones and text. */
#ifndef SCANNER_LABEL_SYMBOL_H
#define SCANNER_LABEL_SYMBOL_H

#include <stdbool.h>

#include "scanner/label.h"

/* A QR code of the largest version; a bar code of LABEL_BARS_MAX characters is one row. */
#define LABEL_ROWS_MAX 177
#define LABEL_COLUMNS_MAX 1152

/* Plain value. */
struct label_symbol {
	unsigned rows;
	unsigned columns;
	unsigned char module[LABEL_ROWS_MAX]
			    [LABEL_COLUMNS_MAX / 8]; /* bit 0 of a byte is leftmost */
};

/* Encode a label. False when memory is short: what label_read() accepted can be encoded. */
bool label_symbol_make(struct label_symbol *ret_symbol, const struct label *label);

/* The module is dark. */
bool label_symbol_is_dark(const struct label_symbol *symbol, unsigned row, unsigned column);

/*
 * The run of dark modules in `row` that begins at *column or later: its first
 * column in *column; returns its length, 0 when no other follows.
 */
unsigned label_symbol_run(const struct label_symbol *symbol, unsigned row, unsigned *column);

#endif
