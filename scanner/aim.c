/* The table of symbologies. */
#include <stdbool.h>
#include <string.h>

#include "scanner/aim.h"

static const struct aim_symbology symbologies[] = {
	{ 'C', "1", "gs1-128", "", AIM_GS1 },
	{ 'C', "024", "code-128", "", AIM_CODE_128 },
	{ 'd', "25", "gs1-datamatrix", "", AIM_GS1 },
	{ 'd', "01346", "data-matrix", "", AIM_TEXT },
	{ 'Q', "34", "gs1-qr", "gs1-qr-code", AIM_GS1 },
	{ 'Q', "01256", "qr", "qr-code", AIM_TEXT },
	{ 'J', "1", "gs1-dotcode", "", AIM_GS1 },
	{ 'J', "0234567", "dotcode", "", AIM_TEXT },
	{ 'e', "0", "gs1-databar", "gs1-composite", AIM_GS1 },
	{ 'e', "", "databar", "databar-expanded", AIM_GS1 },
	{ 'e', "", "databar-limited", "gs1-databar-expanded", AIM_GS1 },
	{ 'E', "0", "ean-13", "", AIM_EAN13 },
	{ 'E', "3", "ean-13", "", AIM_EAN13_ADDON },
	{ 'E', "4", "ean-8", "", AIM_EAN8 },
	{ 'E', "12", "ean-addon", "", AIM_TEXT },
	{ 'E', "", "upc-a", "ean-13/upc-a/upc-e", AIM_UPC },
	{ 'E', "", "upc-e", "", AIM_UPC },
	{ 'I', "01", "itf-14", "itf", AIM_ITF },
	{ 'I', "3", "itf-14", "", AIM_ITF_STRIPPED },
	{ 'L', "012345", "pdf417", "", AIM_TEXT },
	{ 'z', "0123456789", "aztec", "", AIM_TEXT },
	{ 'A', "01234567", "code-39", "", AIM_TEXT },
	{ 'F', "0124", "codabar", "", AIM_TEXT },
	{ 'G', "0", "code-93", "", AIM_TEXT },
};

#define SYMBOLOGIES (sizeof(symbologies) / sizeof(*symbologies))

const struct aim_symbology *aim_find(const char *data, size_t len)
{
	if (len < AIM_PREFIX || data[0] != ']' || data[2] == '\0')
		return NULL;
	for (size_t i = 0; i < SYMBOLOGIES; i++)
		if (symbologies[i].letter == data[1] &&
		    strchr(symbologies[i].modifiers, data[2]) != NULL)
			return &symbologies[i];
	return NULL;
}

/* The next letter or digit, letters in lower case; NUL at the end. */
static char next_letter(const char **text)
{
	for (; **text != '\0'; (*text)++) {
		char c = **text;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			(*text)++;
			return c;
		}
	}
	return '\0';
}

static bool same_letters(const char *a, const char *b)
{
	char from_a, from_b;

	do {
		from_a = next_letter(&a);
		from_b = next_letter(&b);
	} while (from_a == from_b && from_a != '\0');
	return from_a == from_b;
}

const struct aim_symbology *aim_named(const char *text)
{
	if (text[0] == ']')
		return aim_find(text, strlen(text));
	if (text[0] == '\0')
		return NULL;
	for (size_t i = 0; i < SYMBOLOGIES; i++)
		if (same_letters(text, symbologies[i].name) ||
		    (symbologies[i].alias[0] != '\0' && same_letters(text, symbologies[i].alias)))
			return &symbologies[i];
	return NULL;
}
