/*
 * Symbologies: AIM identifiers (ISO/IEC 15424, the "]d2" a scanner may send
 * before the data), the names we give them, and what kind of data they carry.
 */
#ifndef SCANNER_AIM_H
#define SCANNER_AIM_H

#include <stddef.h>

#define AIM_PREFIX 3 /* "]", a letter, a modifier */

enum aim_carrier {
	AIM_ANY,          /* unknown: the data must speak for itself */
	AIM_TEXT,         /* anything; GS1 only as a link or by mistake */
	AIM_CODE_128,     /* the same, and the symbol of trace codes */
	AIM_GS1,          /* an element string */
	AIM_EAN13,        /* 13 digits; a composite component may follow */
	AIM_EAN13_ADDON,  /* 13 digits and an add-on of 2 or 5 */
	AIM_EAN8,         /* 8 digits; a composite component may follow */
	AIM_UPC,          /* EAN-13, UPC-A or UPC-E, said by name only */
	AIM_ITF,          /* 14 digits are a GTIN, anything else is text */
	AIM_ITF_STRIPPED, /* the same without the check digit */
};

struct aim_symbology {
	char letter;
	const char *modifiers; /* "" = not sent by scanners, known by name only */
	const char *name;      /* as `yaoku label` has it where that draws it */
	const char *alias;     /* another name in use; may be "" */
	enum aim_carrier carrier;
};

/* The symbology of a prefix at the start of `data`, or NULL when we know none. */
const struct aim_symbology *aim_find(const char *data, size_t len);

/*
 * The symbology that `text`, a prefix or a name, stands for; NULL when unknown.
 * Names are compared by their letters and digits only, whatever their case.
 */
const struct aim_symbology *aim_named(const char *text);

#endif
