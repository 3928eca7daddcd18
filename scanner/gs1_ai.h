/*
 * The GS1 application identifiers as a table: which exist, what their values
 * look like, what they may and must come with. The rows are in gs1_ai.def.
 */
#ifndef SCANNER_GS1_AI_H
#define SCANNER_GS1_AI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS1_AI_MAX 4     /* digits of the longest identifier */
#define GS1_PARTS_MAX 5  /* parts of the most divided value */
#define GS1_VALUE_MAX 90 /* characters of the longest value */

/* What the content of a part must satisfy beyond its length and characters. */
enum gs1_check {
	GS1_CHECK_NONE,
	GS1_CHECK_ANY,           /* nothing more */
	GS1_CHECK_DIGIT,         /* last digit: modulo 10 */
	GS1_CHECK_MODEL,         /* GMN: company prefix, last two: check characters */
	GS1_CHECK_MODEL_MIXED,   /* the same, and not digits only */
	GS1_CHECK_PREFIX,        /* begins with a company prefix: 4 digits at least */
	GS1_CHECK_DATE,          /* YYMMDD */
	GS1_CHECK_DATE_OR_MONTH, /* YYMMDD, DD = 00 is the whole month */
	GS1_CHECK_LONG_DATE,     /* YYYYMMDD */
	GS1_CHECK_HOUR,
	GS1_CHECK_MINUTE, /* or second */
	GS1_CHECK_HOUR_MINUTE,
	GS1_CHECK_COUNTRY,
	GS1_CHECK_COUNTRY_OR_999,
	GS1_CHECK_COUNTRY_LETTERS,
	GS1_CHECK_CURRENCY,
	GS1_CHECK_IBAN,
	GS1_CHECK_ZERO,
	GS1_CHECK_NOT_ZERO,
	GS1_CHECK_NO_LEADING_ZERO,
	GS1_CHECK_PERCENT, /* % only as %hh */
	GS1_CHECK_LATITUDE,
	GS1_CHECK_LONGITUDE,
	GS1_CHECK_YES_NO,
	GS1_CHECK_HYPHEN,
	GS1_CHECK_IMPORTER,
	GS1_CHECK_PACKAGE,
	GS1_CHECK_MEDIA,
	GS1_CHECK_SEX,
	GS1_CHECK_SEQUENCE, /* 1/3: the first of three */
	GS1_CHECK_WINDING,
	GS1_CHECK_PIECE, /* 0103: the first piece of three */
	GS1_CHECK_COUPON,
	GS1_CHECK_COUPON_OFFER,
};

/* A stretch of a value. A part that may be missing is whole when it is there. */
struct gs1_part {
	char set;    /* 'N', 'X', 'Y', 'Z'; 0 ends the parts */
	uint8_t min; /* characters */
	uint8_t max;
	bool optional;
	uint8_t check; /* enum gs1_check */
};

enum gs1_ai_use {
	GS1_FIXED = 1, /* predefined length: the next AI follows without a separator */
	GS1_QUERY = 2, /* may stand in the query of a Digital Link */
};

/* One row: an identifier, or those that differ in their last digit only. */
struct gs1_ai {
	char stem[GS1_AI_MAX + 1];
	char last[3];   /* first and last final digit behind the stem, or "" */
	uint8_t digits; /* of the whole identifier */
	uint8_t use;    /* bits of enum gs1_ai_use */
	struct gs1_part part[GS1_PARTS_MAX];
	const char *never_with; /* see gs1_ai.def for these three */
	const char *comes_with;
	const char *qualifiers; /* NULL when this is no Digital Link key */
};

/*
 * The identifier that `data` begins with, or NULL when there is none. GS1 fixes
 * an identifier's number of digits by its first two, so at most one can match.
 */
const struct gs1_ai *gs1_ai_find(const char *data, size_t len);

/* The identifier that `text` is, from its first to its last byte; or NULL. */
const struct gs1_ai *gs1_ai_named(const char *text, size_t len);

/* Fewest and most characters a value of this identifier has. */
size_t gs1_ai_min(const struct gs1_ai *ai);
size_t gs1_ai_max(const struct gs1_ai *ai);

/* The value has room to grow: only a separator or the end of the data ends it. */
bool gs1_ai_is_open(const struct gs1_ai *ai);

/* Row `index` of the table, or NULL behind the last: for tests and documentation. */
const struct gs1_ai *gs1_ai_row(size_t index);

#endif
