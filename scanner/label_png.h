/* PNG, one bit a pixel and one pixel a dot, with the resolution said in pHYs. */
#ifndef SCANNER_LABEL_PNG_H
#define SCANNER_LABEL_PNG_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/label_layout.h"

/* Write the label. False when writing fails or memory is short. */
bool label_png(FILE *out, const struct label *label, const struct label_symbol *symbol,
	       const struct label_layout *layout);

#endif
