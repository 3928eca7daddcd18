/* The symbol first, then the text below or beside it. */
#include "scanner/label_layout.h"

#include <string.h>

#define LETTER_UM 2400   /* GS1 wants 2 mm at least */
#define COLUMNS_MIN 24   /* a lot or serial of full length with its identifier */
#define BEARER_MODULES 2 /* for printing without plates: two narrow bars */

/* Fewest whole dots that are `um` micrometres or more. */
static unsigned dots(unsigned um, unsigned dpi)
{
	return (um * dpi + 25399) / 25400;
}

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

size_t label_layout_line_end(const struct label *label, unsigned columns, size_t from)
{
	size_t len = strlen(label->text), end = from + columns;

	if (end >= len)
		return len;
	for (size_t i = end; i > from; i--)
		if (label->source[i] == '[')
			return i;
	return end;
}

unsigned label_layout_text_width(const struct label_layout *layout, size_t letters)
{
	return (unsigned)letters * layout->letter * 3 / 5;
}

unsigned label_layout_line_left(const struct label_layout *layout, size_t letters)
{
	if (layout->text_left > 0)
		return layout->text_left;
	return (layout->width - label_layout_text_width(layout, letters)) / 2;
}

/* The symbol alone, with its quiet zones, at the top left. */
static void place_symbol(struct label_layout *layout, const struct label *label,
			 const struct label_symbol *symbol)
{
	const struct label_symbology *kind = label->symbology;
	unsigned module = dots(kind->module_um, layout->dpi);

	layout->module = module;
	layout->row = module * larger(kind->bars, 1);
	layout->bearer = kind->kind == LABEL_ITF_14 ? module * BEARER_MODULES : 0;
	layout->left = module * kind->quiet_left;
	layout->top = module * kind->quiet_above + layout->bearer;
	layout->width = module * (kind->quiet_left + symbol->columns + kind->quiet_right);
	layout->height = layout->top * 2 + layout->row * symbol->rows;
}

/* Break the text into lines; returns the letters of the longest. */
static size_t break_text(struct label_layout *layout, const struct label *label)
{
	size_t longest = 0, from = 0, len = strlen(label->text);

	layout->letter = dots(LETTER_UM, layout->dpi);
	layout->line = dots(LETTER_UM * 5 / 4, layout->dpi);
	layout->columns = larger(COLUMNS_MIN, layout->width * 5 / 3 / layout->letter);
	layout->lines = 0;
	while (from < len) {
		size_t end = label_layout_line_end(label, layout->columns, from);

		longest = end - from > longest ? end - from : longest;
		from = end;
		layout->lines++;
	}
	return longest;
}

/* Below, each line in the middle. */
static void place_below(struct label_layout *layout, unsigned text_width, unsigned text_height)
{
	layout->text_left = 0;
	layout->text_top = layout->height;
	layout->height += text_height + layout->module;
	if (text_width > layout->width) {
		layout->left += (text_width - layout->width) / 2;
		layout->width = text_width;
	}
}

/* Beside, both with their middles at one height. */
static void place_beside(struct label_layout *layout, unsigned text_width, unsigned text_height)
{
	unsigned height = larger(layout->height, text_height + 2 * layout->module);

	layout->top += (height - layout->height) / 2;
	layout->height = height;
	layout->text_left = layout->width;
	layout->text_top = (height - text_height) / 2;
	layout->width += text_width + layout->module;
}

void label_layout_make(struct label_layout *ret_layout, const struct label *label,
		       const struct label_symbol *symbol, unsigned dpi)
{
	unsigned text_width, text_height;

	ret_layout->dpi = dpi;
	place_symbol(ret_layout, label, symbol);
	text_width = label_layout_text_width(ret_layout, break_text(ret_layout, label));
	text_height = ret_layout->lines * ret_layout->line;
	if (label->symbology->bars > 0)
		place_below(ret_layout, text_width, text_height);
	else
		place_beside(ret_layout, text_width, text_height);
}
