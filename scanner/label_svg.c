/* One path for all modules, and the text. */
#include "scanner/label_svg.h"

#include <string.h>

/*
 * A length as an attribute, a hair too short: what rasterises it takes the next
 * whole number of dots, and that must be ours in spite of its rounding.
 */
static void put_length(FILE *out, const char *name, unsigned dots, unsigned dpi)
{
	unsigned long long um10 = dots * 254000ULL / dpi - 1;

	fprintf(out, " %s=\"%llu.%04llumm\"", name, um10 / 10000, um10 % 10000);
}

/* XML's five; everything else on a label is printable ASCII. */
static void put_escaped(FILE *out, const char *text, size_t len)
{
	static const char special[] = "&<>\"'";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

	for (size_t i = 0; i < len; i++) {
		const char *found = strchr(special, text[i]);

		if (found != NULL)
			fputs(entities[found - special], out);
		else
			putc(text[i], out);
	}
}

static void put_rectangle(FILE *out, unsigned x, unsigned y, unsigned width, unsigned height)
{
	fprintf(out, "M%u %uh%uv%uh-%uz", x, y, width, height, width);
}

static void put_bearers(FILE *out, const struct label_symbol *symbol,
			const struct label_layout *layout)
{
	unsigned width = symbol->columns * layout->module;

	if (layout->bearer == 0)
		return;
	put_rectangle(out, layout->left, layout->top - layout->bearer, width, layout->bearer);
	put_rectangle(out, layout->left, layout->top + layout->row, width, layout->bearer);
}

static void put_modules(FILE *out, const struct label_symbol *symbol,
			const struct label_layout *layout)
{
	fputs("<path shape-rendering=\"crispEdges\" d=\"", out);
	put_bearers(out, symbol, layout);
	for (unsigned row = 0; row < symbol->rows; row++) {
		unsigned run;

		for (unsigned column = 0; (run = label_symbol_run(symbol, row, &column)) > 0;
		     column += run)
			put_rectangle(out, layout->left + column * layout->module,
				      layout->top + row * layout->row, run * layout->module,
				      layout->row);
	}
	fputs("\"/>\n", out);
}

/* textLength holds the text to its place whatever the font. */
static void put_text(FILE *out, const struct label *label, const struct label_layout *layout)
{
	size_t len = strlen(label->text), end;
	unsigned base = layout->text_top + layout->letter * 4 / 5;

	fprintf(out, "<g font-family=\"monospace\" font-size=\"%u\" xml:space=\"preserve\">\n",
		layout->letter);
	for (size_t from = 0; from < len; from = end, base += layout->line) {
		end = label_layout_line_end(label, layout->columns, from);
		fprintf(out,
			"<text x=\"%u\" y=\"%u\" textLength=\"%u\" "
			"lengthAdjust=\"spacingAndGlyphs\">",
			label_layout_line_left(layout, end - from), base,
			label_layout_text_width(layout, end - from));
		put_escaped(out, label->text + from, end - from);
		fputs("</text>\n", out);
	}
	fputs("</g>\n", out);
}

bool label_svg(FILE *out, const struct label *label, const struct label_symbol *symbol,
	       const struct label_layout *layout)
{
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\"", out);
	put_length(out, "width", layout->width, layout->dpi);
	put_length(out, "height", layout->height, layout->dpi);
	fprintf(out, " viewBox=\"0 0 %u %u\" role=\"img\">\n<title>%s</title>\n<desc>",
		layout->width, layout->height, label->symbology->title);
	put_escaped(out, label->text, strlen(label->text));
	fprintf(out, "</desc>\n<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/>\n", layout->width,
		layout->height);
	put_modules(out, symbol, layout);
	put_text(out, label, layout);
	fputs("</svg>\n", out);
	return ferror(out) == 0;
}
