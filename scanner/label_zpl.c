/*
 * Each command's field data has rules of its own (ZPL II programming guide):
 *
 *	^BX  _1 is FNC1, __ an underscore; the _ is declared in the command
 *	^BC  >; and >: start in code set C and B, >5 and >6 change to C and B, >8 is FNC1,
 *	     >0 a >; in code set C the digits go in pairs
 *	^FH  \5E is the byte 0x5e, in whatever field follows
 */
#include "scanner/label_zpl.h"

#include <string.h>

#include "scanner/gs1.h"

#define COMMANDS "^~\\" /* what no field may hold as it is */

static void put_origin(FILE *out, unsigned x, unsigned y)
{
	fprintf(out, "^FO%u,%u", x, y);
}

/* Field data behind ^FH\: what would begin a command goes in hexadecimal. */
static void put_hex_escaped(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr(COMMANDS, text[i]) != NULL)
			fprintf(out, "\\%02X", (unsigned char)text[i]);
		else
			putc(text[i], out);
	}
}

/* ---- GS1 DataMatrix ---- */

static void put_data_matrix(FILE *out, const struct label *label, const struct label_symbol *symbol,
			    const struct label_layout *layout)
{
	(void)symbol;
	put_origin(out, layout->left, layout->top);
	fprintf(out, "^BXN,%u,200,,,,_^FD_1", layout->module);
	for (const char *c = label->data; *c != '\0'; c++) {
		if (*c == GS1_FNC1)
			fputs("_1", out);
		else if (*c == '_')
			fputs("__", out);
		else
			putc(*c, out);
	}
	fputs("^FS\n", out);
}

/* ---- Code 128, GS1-128 ---- */

static size_t digits_at(const char *s)
{
	return strspn(s, "0123456789");
}

/* Code set C pays from four digits on; of an odd number the first stays in B. */
static bool is_worth_pairs(const char *s)
{
	size_t digits = digits_at(s);

	return digits >= 4 && digits % 2 == 0;
}

static void put_set_b(FILE *out, char c)
{
	if (c == '>')
		fputs(">0", out);
	else
		put_hex_escaped(out, &c, 1);
}

/* The characters behind the start; `pairs`: code set C is in force. */
static void put_code_sets(FILE *out, const char *s, bool pairs)
{
	while (*s != '\0') {
		if (*s == GS1_FNC1) {
			fputs(">8", out);
			s++;
		} else if (pairs && digits_at(s) >= 2) {
			fwrite(s, 1, 2, out);
			s += 2;
		} else if (pairs || is_worth_pairs(s)) {
			fputs(pairs ? ">6" : ">5", out);
			pairs = !pairs;
		} else {
			put_set_b(out, *s++);
		}
	}
}

static void put_code_128(FILE *out, const struct label *label, const struct label_symbol *symbol,
			 const struct label_layout *layout)
{
	bool is_gs1 = label->symbology->is_gs1;
	bool pairs = is_gs1 || is_worth_pairs(label->data);

	(void)symbol;
	put_origin(out, layout->left, layout->top);
	fprintf(out, "^BY%u^BCN,%u,N,N,N,N", layout->module, layout->row);
	if (strpbrk(label->data, COMMANDS) != NULL)
		fputs("^FH\\", out);
	fprintf(out, "^FD%s%s", pairs ? ">;" : ">:", is_gs1 ? ">8" : "");
	put_code_sets(out, label->data, pairs);
	fputs("^FS\n", out);
}

/* ---- EAN-13, ITF-14 ---- */

/* The printer makes the check digit. */
static void put_ean_13(FILE *out, const struct label *label, const struct label_symbol *symbol,
		       const struct label_layout *layout)
{
	(void)symbol;
	put_origin(out, layout->left, layout->top);
	fprintf(out, "^BY%u^BEN,%u,N,N^FD%.12s^FS\n", layout->module, layout->row, label->data);
}

static void put_itf_14(FILE *out, const struct label *label, const struct label_symbol *symbol,
		       const struct label_layout *layout)
{
	unsigned width = symbol->columns * layout->module;
	unsigned below = layout->top + layout->row;

	put_origin(out, layout->left, layout->top - layout->bearer);
	fprintf(out, "^GB%u,%u,%u^FS\n", width, layout->bearer, layout->bearer);
	put_origin(out, layout->left, layout->top);
	fprintf(out, "^BY%u,3.0^B2N,%u,N,N,N^FD%s^FS\n", layout->module, layout->row, label->data);
	put_origin(out, layout->left, below);
	fprintf(out, "^GB%u,%u,%u^FS\n", width, layout->bearer, layout->bearer);
}

/* ---- GS1 QR ---- */

/* Eight dots from `dot` on in this row of modules, the leftmost highest. */
static unsigned eight_dots(const struct label_symbol *symbol, unsigned row, unsigned dot,
			   unsigned module)
{
	unsigned bits = 0;

	for (unsigned i = dot; i < dot + 8; i++) {
		unsigned column = i / module;

		bits = bits << 1 |
		       (column < symbol->columns && label_symbol_is_dark(symbol, row, column));
	}
	return bits;
}

static void put_picture(FILE *out, const struct label *label, const struct label_symbol *symbol,
			const struct label_layout *layout)
{
	unsigned width = (symbol->columns * layout->module + 7) / 8; /* bytes */
	unsigned height = symbol->rows * layout->module;

	(void)label;
	put_origin(out, layout->left, layout->top);
	fprintf(out, "^GFA,%u,%u,%u,", width * height, width * height, width);
	for (unsigned y = 0; y < height; y++)
		for (unsigned x = 0; x < width; x++)
			fprintf(out, "%02X",
				eight_dots(symbol, y / layout->module, x * 8, layout->module));
	fputs("^FS\n", out);
}

/* ---- the label ---- */

static void put_text(FILE *out, const struct label *label, const struct label_layout *layout)
{
	size_t len = strlen(label->text), end;
	unsigned y = layout->text_top;

	for (size_t from = 0; from < len; from = end, y += layout->line) {
		end = label_layout_line_end(label, layout->columns, from);
		put_origin(out, label_layout_line_left(layout, end - from), y);
		fprintf(out, "^A0N,%u,%u^FH\\^FD", layout->letter, layout->letter);
		put_hex_escaped(out, label->text + from, end - from);
		fputs("^FS\n", out);
	}
}

bool label_zpl(FILE *out, const struct label *label, const struct label_symbol *symbol,
	       const struct label_layout *layout)
{
	static void (*const put_symbol[])(FILE * out, const struct label *label,
					  const struct label_symbol *symbol,
					  const struct label_layout *layout) = {
		[LABEL_GS1_DATAMATRIX] = put_data_matrix,
		[LABEL_GS1_128] = put_code_128,
		[LABEL_GS1_QR] = put_picture,
		[LABEL_EAN_13] = put_ean_13,
		[LABEL_ITF_14] = put_itf_14,
		[LABEL_CODE_128] = put_code_128,
	};

	fprintf(out, "^XA^CI28^LH0,0^PW%u^LL%u\n", layout->width, layout->height);
	put_symbol[label->symbology->kind](out, label, symbol, layout);
	put_text(out, label, layout);
	fputs("^XZ\n", out);
	return ferror(out) == 0;
}
