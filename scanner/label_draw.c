/* The formats. */
#include "scanner/label_draw.h"

#include <string.h>

#include "scanner/label_layout.h"
#include "scanner/label_png.h"
#include "scanner/label_svg.h"
#include "scanner/label_symbol.h"
#include "scanner/label_zpl.h"

struct label_format {
	const char *name;
	const char *media_type;
	bool (*write)(FILE *out, const struct label *label, const struct label_symbol *symbol,
		      const struct label_layout *layout);
};

static const struct label_format formats[] = {
	{ "svg", "image/svg+xml", label_svg },
	{ "png", "image/png", label_png },
	{ "zpl", "text/plain; charset=utf-8", label_zpl },
};

const struct label_format *label_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const char *label_format_media_type(const struct label_format *format)
{
	return format->media_type;
}

bool label_draw(FILE *out, const struct label *label, const struct label_format *format,
		unsigned dpi)
{
	struct label_symbol symbol;
	struct label_layout layout;

	if (!label_symbol_make(&symbol, label))
		return false;
	label_layout_make(&layout, label, &symbol, dpi);
	return format->write(out, label, &symbol, &layout) && fflush(out) == 0;
}
