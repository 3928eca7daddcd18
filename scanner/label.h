/*
 * What a label says: its content, read and checked by the parser before
 * anything is drawn. The drawing program must not be more lenient than the
 * scanner, else a label leaves the printer that no scan will bring back.
 */
#ifndef SCANNER_LABEL_H
#define SCANNER_LABEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A GS1 symbol of as many characters is 30 mm wide at most; a bar code holds
 * LABEL_BARS_MAX: so many GS1 allows in a GS1-128 symbol, FNC1 within it counted
 * (General Specifications 5.4), and wider ones no scanner's beam spans.
 */
#define LABEL_CONTENT_MAX 400
#define LABEL_BARS_MAX 48

enum label_kind {
	LABEL_GS1_DATAMATRIX,
	LABEL_GS1_128,
	LABEL_GS1_QR,
	LABEL_EAN_13,
	LABEL_ITF_14,
	LABEL_CODE_128,
};

/* One row: how a symbology is named and how large GS1 wants it. */
struct label_symbology {
	enum label_kind kind;
	const char *name;   /* as in the command and the call */
	const char *title;  /* as people say it */
	bool is_gs1;        /* content has application identifiers */
	unsigned module_um; /* narrowest module, µm */
	unsigned bars;      /* height of the bars in modules; 0: a matrix of square modules */
	unsigned quiet_left, quiet_right, quiet_above; /* clear space in modules; below as above */
};

/* Plain value: nothing inside to release. The texts are printable ASCII, but for FNC1. */
struct label {
	const struct label_symbology *symbology;
	/* GS1: "[01]…[10]…", else as `data`. */
	char source[LABEL_CONTENT_MAX + 1];
	/* What a scanner will send: GS1 with 0x1d where FNC1 stands behind a value, the
	 * leading one left out; numbers with their check digit. */
	char data[LABEL_CONTENT_MAX + 1];
	/* For people: as `source` with round brackets, as GS1 prints it. Of the same length. */
	char text[LABEL_CONTENT_MAX + 1];
};

/* The symbology of this name, or NULL. */
const struct label_symbology *label_symbology(const char *name);

/* Row `index` of the table, or NULL behind the last. */
const struct label_symbology *label_symbology_row(size_t index);

/*
 * Read the content of a label: for GS1 symbologies in brackets, [01]…[17]…[10]…;
 * for EAN-13 and ITF-14 digits with or without the check digit; for Code 128
 * printable ASCII. Returns 0, or an enum scan_error with the offset of the first
 * offending byte; *ret_label is then undefined.
 */
int label_read(struct label *ret_label, const struct label_symbology *symbology,
	       const char *content, size_t len, size_t *reterr_at);

/*
 * Write what is wrong with a label's content, with the place and what to do: one
 * English sentence, cut to `size` bytes with its NUL.
 */
void label_error_text(int err, size_t at, char *ret_text, size_t size);

#endif
