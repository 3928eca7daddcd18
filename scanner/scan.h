/*
 * One scan, whatever it is: the entry point of the scanner folder. It finds out
 * what kind of code the bytes are and fills one plain struct.
 *
 * A prefix or a named symbology decides where there is one. Otherwise the order
 * is: web address, Chinese trace code, bare number with a right check digit,
 * element string, plain text. The order matters: many trace codes and EAN-13
 * also read as element strings.
 */
#ifndef SCANNER_SCAN_H
#define SCANNER_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/gs1.h"
#include "scanner/profile.h"
#include "scanner/scan_error.h"

#define SCAN_INPUT_MAX 8192
#define SCAN_HINTS_MAX 8
#define SCAN_NO_DATE INT32_MIN

enum scan_kind {
	SCAN_OTHER,      /* text without meaning to us; still worth keeping */
	SCAN_GS1,        /* an element string, with or without brackets */
	SCAN_GTIN,       /* a bare trade item number */
	SCAN_SSCC,       /* a bare logistic unit number */
	SCAN_TRACE_CODE, /* 药品追溯码 */
	SCAN_DIGITAL_LINK,
};

enum scan_hint_kind {
	SCAN_HINT_COMPANION,     /* an element's companions are not in this scan */
	SCAN_HINT_AMBIGUOUS,     /* a value may have swallowed its successors */
	SCAN_HINT_ASSUMED_SSCC,  /* 18 bare digits; the check digit fits */
	SCAN_HINT_ASSUMED_UPC_E, /* 6 to 8 bare digits, expanded */
	SCAN_HINT_CARRIER,       /* GS1 content in a symbol that does not say so */
	SCAN_HINT_FAULT,         /* nothing proves the characters that the device's fault alters */
	SCAN_HINT_APPROVAL,      /* an approval number: names a licence, no pack */
	SCAN_HINT_NATIONAL,      /* 14 bare digits; may be a national drug code */
	SCAN_HINT_INSURANCE,     /* an insurance code: names a product, no pack */
};

struct scan_hint {
	enum scan_hint_kind kind;
	uint8_t element; /* index of the element meant; 0 where none is */
};

struct scan_options {
	int32_t today;                      /* days since 1970-01-01 of the scan, for the century */
	const char *symbology;              /* AIM prefix or name; NULL = not known */
	const struct scan_profile *profile; /* the device's habits; NULL = it has none */
	bool lenient;                       /* repeated separators; short GTINs in links */
	bool bracketed;                     /* typed or pasted by a person: (01)… is read too */
};

/* Plain value; strings that are not there are "". Nothing inside to release. */
struct scan_code {
	enum scan_kind kind;
	const char *symbology; /* static name, NULL = not known */
	char gtin[15];         /* (01), else (02) (03) (8006) (8026) or a bare number */
	char sscc[19];         /* (00) or a bare number */
	char lot[21];          /* (10), case as scanned */
	char serial[21];       /* (21), case as scanned */
	char trace_code[31];
	int32_t expiry;        /* (17), else (7003): last usable day; SCAN_NO_DATE */
	bool expiry_day_known; /* false: only the month is printed */
	int32_t quantity;      /* (30), else (37); 0 = not there */
	bool ambiguous;        /* have a person confirm */
	uint8_t hint_count;
	struct scan_hint hint[SCAN_HINTS_MAX];
	struct gs1_message message; /* all elements in order; none for trace code and text */
};

/*
 * Decode one scan; `data` need not be NUL-terminated. Line ends, tabs, NUL, 0x16 and zero-width
 * characters around it, and a leading GS, are not part of it, nor are the habits of the device,
 * which are taken back first. Returns 0 and fills *ret_code, or an enum scan_error with the
 * offset in `data` of the first offending byte in *reterr_at; then *ret_code is undefined.
 */
int scan_decode(const char *data, size_t len, const struct scan_options *options,
		struct scan_code *ret_code, size_t *reterr_at);

/* The contract's word for a kind: "gs1", "gtin", … */
const char *scan_kind_name(enum scan_kind kind);

/* A stable word for a hint. */
const char *scan_hint_name(enum scan_hint_kind kind);

/* Write one English sentence for a hint of `code`, cut to `size` bytes with its NUL. */
void scan_hint_text(const struct scan_code *code, const struct scan_hint *hint, char *ret_text,
		    size_t size);

#endif
