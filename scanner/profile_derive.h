/*
 * Finding out a scanner's habits from one scan of the test symbol, byte by byte.
 *
 * Whatever is not what a well-set scanner sends becomes a finding: its code is
 * stable, its remedy says who can do something about it. Nothing is guessed: a
 * separator that is lost, or that could be data, is the scanner's to mend.
 */
#ifndef SCANNER_PROFILE_DERIVE_H
#define SCANNER_PROFILE_DERIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/profile.h"

/*
 * The content of the test symbol, a GS1 DataMatrix: signs, and letters of both cases on keys
 * that layouts move.
 */
#define PROFILE_TEST_CONTENT "[01]09501101530003[17]271231[10]aB-1/x_9[21]Zz0"

/* What a scanner sends for it that is set as it should be, but for the line end. */
#define PROFILE_TEST_SCAN             \
	"]d2010950110153000317271231" \
	"10aB-1/x_9\x1d"              \
	"21Zz0"

#define PROFILE_FINDINGS_MAX 8

/* Who can mend it. */
enum profile_remedy {
	PROFILE_MENDS,   /* the profile takes it back */
	PROFILE_ADVISES, /* it does no harm; better to change it on the scanner */
	PROFILE_HOLDS,   /* with the profile, scans that it may have changed are held */
	PROFILE_CANNOT, /* scanner, keyboard or input method must be changed; there is no profile */
};

/* name, stable code, a sentence for programs; pages have words of their own. */
#define PROFILE_FINDINGS(_)                                                                        \
	_(PROFILE_NOTHING, "nothing", "Nothing arrived.")                                          \
	_(PROFILE_AIM_OFF, "aim_off",                                                              \
	  "No AIM prefix: switch it on, it says what kind of symbol was read.")                    \
	_(PROFILE_AIM_APART, "aim_apart",                                                          \
	  "The AIM prefix comes, but something stands between it and the data: remove that.")      \
	_(PROFILE_AIM_WRONG, "aim_wrong",                                                          \
	  "The AIM prefix is not that of a GS1 DataMatrix: scan the test symbol, and switch "      \
	  "GS1 on.")                                                                               \
	_(PROFILE_PREFIX, "prefix", "Something stands before each scan: it is taken off.")         \
	_(PROFILE_SUFFIX, "suffix", "Something stands behind each scan: it is taken off.")         \
	_(PROFILE_NO_END, "no_end",                                                                \
	  "Neither Enter nor Tab ends the scan: set the suffix to Enter.")                         \
	_(PROFILE_GS_SUBSTITUTE, "gs_substitute", "Another text comes in the place of GS.")        \
	_(PROFILE_GS_LEADING, "gs_leading", "A separator comes before the data too.")              \
	_(PROFILE_GS_LOST, "gs_lost",                                                              \
	  "The separator GS is lost: have the scanner send control characters as Ctrl+key, "       \
	  "or | in the place of GS.")                                                              \
	_(PROFILE_GS_DATA, "gs_data",                                                              \
	  "What comes in the place of GS can be data too: have the scanner send GS or |.")         \
	_(PROFILE_GS_LAYOUT, "gs_layout",                                                          \
	  "With two keyboard layouts | is not certain to be the separator: set both to US, "       \
	  "or have the scanner send GS.")                                                          \
	_(PROFILE_CASE_SWAPPED, "case_swapped",                                                    \
	  "Upper and lower case change places: switch Caps Lock off.")                             \
	_(PROFILE_CASE_LOST, "case_lost",                                                          \
	  "All letters arrive in one case: switch the scanner's case conversion off.")             \
	_(PROFILE_LAYOUT, "layout",                                                                \
	  "The computer has another keyboard layout than the scanner: set both to US.")            \
	_(PROFILE_IME, "ime",                                                                      \
	  "Full-width or Chinese characters arrive: switch the input method off.")                 \
	_(PROFILE_CUT, "cut", "A part of the symbol is missing at one end.")                       \
	_(PROFILE_LOSES, "loses", "Characters are lost on the way: have the scanner type slower.") \
	_(PROFILE_TWICE, "twice", "Two scans arrived as one: scan once, and set a suffix.")        \
	_(PROFILE_OTHER_SYMBOL, "other_symbol", "This is another symbol than the test symbol.")    \
	_(PROFILE_DIFFERS, "differs", "What arrived is like no fault that is known.")

enum profile_finding_kind {
#define PROFILE_FINDING_NAME(name, code, text) name,
	PROFILE_FINDINGS(PROFILE_FINDING_NAME)
#undef PROFILE_FINDING_NAME
};

struct profile_finding {
	enum profile_finding_kind kind;
	enum profile_remedy remedy;
	size_t at, len; /* the bytes meant, in what arrived */
};

/* Plain value. */
struct profile_derivation {
	struct scan_profile profile; /* plain when it is not usable */
	bool usable;                 /* no finding is one that a profile cannot deal with */
	bool exact; /* with the profile, what arrived is read as the test symbol, for certain */
	size_t count;
	struct profile_finding finding[PROFILE_FINDINGS_MAX];
};

/*
 * Compare what arrived when the test symbol was scanned; `today` as in scan_options. Never
 * fails.
 */
void profile_derive(const char *arrived, size_t len, int32_t today,
		    struct profile_derivation *ret_derivation);

/* The stable code of a finding, such as "gs_lost". */
const char *profile_finding_code(enum profile_finding_kind kind);

/* One English sentence. */
const char *profile_finding_text(enum profile_finding_kind kind);

/* "profile", "advice", "held" or "device". */
const char *profile_remedy_name(enum profile_remedy remedy);

#endif
