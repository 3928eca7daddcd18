/* One label, drawn: the formats, and the way from content to bytes. */
#ifndef SCANNER_LABEL_DRAW_H
#define SCANNER_LABEL_DRAW_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/label.h"

/* Resolutions of label printers, dots per inch: 8, 12 and 24 dots a millimetre. */
#define LABEL_DPIS "203 300 600"
#define LABEL_DPI 300 /* unless told */

struct label_format;

/* The format of this name, svg, png or zpl; or NULL. */
const struct label_format *label_format(const char *name);

/* Its media type. */
const char *label_format_media_type(const struct label_format *format);

/*
 * Draw a label that label_read() accepted. `dpi` is one of LABEL_DPIS. False
 * when memory is short or writing fails; what was written is then worth nothing.
 */
bool label_draw(FILE *out, const struct label *label, const struct label_format *format,
		unsigned dpi);

#endif
