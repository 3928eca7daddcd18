/*
 * ZPL II: the printer draws the symbol from the content, with its own knowledge
 * of its dots. Only a GS1 QR code goes as picture, because ^BQ has no FNC1.
 */
#ifndef SCANNER_LABEL_ZPL_H
#define SCANNER_LABEL_ZPL_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/label_layout.h"

/* Write the label. False when writing fails. */
bool label_zpl(FILE *out, const struct label *label, const struct label_symbol *symbol,
	       const struct label_layout *layout);

#endif
