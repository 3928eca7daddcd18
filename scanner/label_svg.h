/*
 * SVG in millimetres. Its user units are the dots of the printer, so each module
 * covers whole dots when the page is printed at that resolution unscaled.
 */
#ifndef SCANNER_LABEL_SVG_H
#define SCANNER_LABEL_SVG_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/label_layout.h"

/* Write the label. False when writing fails. */
bool label_svg(FILE *out, const struct label *label, const struct label_symbol *symbol,
	       const struct label_layout *layout);

#endif
