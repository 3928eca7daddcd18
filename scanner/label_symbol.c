/*
 * libzint encodes, nothing else: reading, checking, measures and drawing are
 * ours. Its own checks are switched off where ours are newer, and every warning
 * is an error.
 */
#include <string.h>
#include <zint.h>

#include "scanner/label_symbol.h"

/* GS1: our parser has read the elements by the current dictionary, libzint's is of 2022. */
#define GS1_INPUT (GS1_MODE | GS1NOCHECK_MODE)

static const struct {
	int symbology;
	int input_mode;
	int option_1;
	int option_3;
} encoders[] = {
	[LABEL_GS1_DATAMATRIX] = { BARCODE_DATAMATRIX, GS1_INPUT, -1, DM_SQUARE },
	[LABEL_GS1_128] = { BARCODE_GS1_128, GS1_INPUT, -1, 0 },
	[LABEL_GS1_QR] = { BARCODE_QRCODE, GS1_INPUT, 2 /* error correction M */, 0 },
	[LABEL_EAN_13] = { BARCODE_EANX_CHK, DATA_MODE, -1, 0 },
	[LABEL_ITF_14] = { BARCODE_ITF14, DATA_MODE, -1, 0 },
	[LABEL_CODE_128] = { BARCODE_CODE128, DATA_MODE, -1, 0 },
};

static bool encode(struct zint_symbol *zint, const struct label *label)
{
	enum label_kind kind = label->symbology->kind;
	size_t len = strlen(label->source);

	zint->symbology = encoders[kind].symbology;
	zint->input_mode = encoders[kind].input_mode;
	zint->option_1 = encoders[kind].option_1;
	zint->option_3 = encoders[kind].option_3;
	zint->warn_level = WARN_FAIL_ALL;
	if (kind == LABEL_ITF_14)
		len--; /* libzint makes the check digit itself */
	return ZBarcode_Encode(zint, (const unsigned char *)label->source, (int)len) == 0 &&
	       zint->rows <= LABEL_ROWS_MAX;
}

bool label_symbol_make(struct label_symbol *ret_symbol, const struct label *label)
{
	struct zint_symbol *zint = ZBarcode_Create();
	bool made;

	_Static_assert(sizeof(ret_symbol->module[0]) == sizeof(zint->encoded_data[0]), "a row");
	if (zint == NULL)
		return false;
	made = encode(zint, label);
	if (made) {
		ret_symbol->rows = (unsigned)zint->rows;
		ret_symbol->columns = (unsigned)zint->width;
		memcpy(ret_symbol->module, zint->encoded_data, sizeof(ret_symbol->module));
	}
	ZBarcode_Delete(zint);
	return made;
}

bool label_symbol_is_dark(const struct label_symbol *symbol, unsigned row, unsigned column)
{
	return (symbol->module[row][column / 8] >> column % 8 & 1) != 0;
}

unsigned label_symbol_run(const struct label_symbol *symbol, unsigned row, unsigned *column)
{
	unsigned from = *column, to;

	while (from < symbol->columns && !label_symbol_is_dark(symbol, row, from))
		from++;
	for (to = from; to < symbol->columns && label_symbol_is_dark(symbol, row, to);)
		to++;
	*column = from;
	return to - from;
}
