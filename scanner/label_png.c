/* Drawn dot by dot, compressed by libpng. */
#include "scanner/label_png.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/label_font.h"

/* The picture while it is drawn: a bit for each dot, 1 is white. */
struct picture {
	unsigned width, height;
	size_t stride; /* bytes of a row */
	unsigned char *bits;
};

static void blacken(struct picture *picture, unsigned x, unsigned y, unsigned width,
		    unsigned height)
{
	for (unsigned row = y; row < y + height; row++)
		for (unsigned column = x; column < x + width; column++)
			picture->bits[row * picture->stride + column / 8] &= (unsigned char)~(
				0x80U >> column % 8);
}

static void draw_symbol(struct picture *picture, const struct label_symbol *symbol,
			const struct label_layout *layout)
{
	unsigned width = symbol->columns * layout->module;

	for (unsigned row = 0; row < symbol->rows; row++) {
		unsigned run;

		for (unsigned column = 0; (run = label_symbol_run(symbol, row, &column)) > 0;
		     column += run)
			blacken(picture, layout->left + column * layout->module,
				layout->top + row * layout->row, run * layout->module, layout->row);
	}
	blacken(picture, layout->left, layout->top - layout->bearer, width, layout->bearer);
	blacken(picture, layout->left, layout->top + layout->row, width, layout->bearer);
}

/* A letter fills its box: each dot of it shows the dot of the font that it lies on. */
static void draw_letter(struct picture *picture, const struct label_layout *layout, char c,
			unsigned left, unsigned top)
{
	unsigned width = label_layout_text_width(layout, 1);

	for (unsigned y = 0; y < layout->letter; y++)
		for (unsigned x = 0; x < width; x++)
			if (label_font_is_dark(c, x * LABEL_FONT_COLUMNS / width,
					       y * LABEL_FONT_ROWS / layout->letter))
				blacken(picture, left + x, top + y, 1, 1);
}

static void draw_text(struct picture *picture, const struct label *label,
		      const struct label_layout *layout)
{
	size_t len = strlen(label->text), end;
	unsigned top = layout->text_top;

	for (size_t from = 0; from < len; from = end, top += layout->line) {
		unsigned left;

		end = label_layout_line_end(label, layout->columns, from);
		left = label_layout_line_left(layout, end - from);
		for (size_t i = from; i < end; i++)
			draw_letter(picture, layout, label->text[i],
				    left + label_layout_text_width(layout, i - from), top);
	}
}

/* libpng would print; the caller is told by the return instead. */
static void on_error(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static void write_picture(png_structp png, png_infop info, FILE *out, const struct picture *picture,
			  unsigned dpi)
{
	png_uint_32 per_metre = (dpi * 10000 + 127) / 254;

	png_init_io(png, out);
	png_set_IHDR(png, info, picture->width, picture->height, 1, PNG_COLOR_TYPE_GRAY,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
	png_write_info(png, info);
	for (unsigned row = 0; row < picture->height; row++)
		png_write_row(png, picture->bits + row * picture->stride);
	png_write_end(png, info);
}

static bool save(FILE *out, const struct picture *picture, unsigned dpi)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error,
						  on_warning);
	png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
	volatile bool saved = false;

	if (info != NULL && setjmp(png_jmpbuf(png)) == 0) {
		write_picture(png, info, out, picture, dpi);
		saved = true;
	}
	png_destroy_write_struct(&png, &info);
	return saved && ferror(out) == 0;
}

bool label_png(FILE *out, const struct label *label, const struct label_symbol *symbol,
	       const struct label_layout *layout)
{
	struct picture picture = { layout->width, layout->height, (layout->width + 7) / 8, NULL };
	size_t size = picture.stride * picture.height;
	bool saved;

	picture.bits = malloc(size);
	if (picture.bits == NULL)
		return false;
	memset(picture.bits, 0xff, size);
	draw_symbol(&picture, symbol, layout);
	draw_text(&picture, label, layout);
	saved = save(out, &picture, layout->dpi);
	free(picture.bits);
	return saved;
}
