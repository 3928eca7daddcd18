/*
 * What can be wrong with a scan: one list of name, contract code, text. The
 * code is what programs read and never changes; the text is for a person and
 * says what is wrong and what to do.
 */
#ifndef SCANNER_SCAN_ERROR_H
#define SCANNER_SCAN_ERROR_H

#define SCAN_ERRORS(_)                                                                            \
	_(SCAN_EMPTY, "empty", "The scan holds no data: scan again.")                             \
	_(SCAN_TOO_LONG, "too_long",                                                              \
	  "The scan is longer than any symbol: scan one symbol at a time.")                       \
	_(SCAN_TOO_MANY, "too_long",                                                              \
	  "The scan holds more elements than any label: scan one symbol at a time.")              \
	_(SCAN_CONTROL, "transport",                                                              \
	  "A control character stands inside the data: check the scanner's settings.")            \
	_(SCAN_PREFIX, "transport",                                                               \
	  "The data begins like an AIM prefix but is none: check the scanner's settings.")        \
	_(SCAN_FAULT, "transport",                                                                \
	  "Letters or signs changed on the way: Caps Lock off, or set the scanner up again.")     \
	_(SCAN_CUT, "transport",                                                                  \
	  "Of the scanner's prefix and suffix only one came: the scan is cut, scan again.")       \
	_(SCAN_PROFILE, "transport",                                                              \
	  "The device's profile cannot be: name a known fault, and texts of 31 bytes at most.")   \
	_(SCAN_ENCODING, "transport", "The scan's base64 cannot be read: send it again.")         \
	_(SCAN_MH10, "transport",                                                                 \
	  "This is an ISO/IEC 15434 message (MH10.8.2, PPN), not GS1: enter the pack by hand.")   \
	_(SCAN_NO_AI, "unknown_ai",                                                               \
	  "No GS1 application identifier begins here: scan again or scan another symbol.")        \
	_(SCAN_NO_VALUE, "syntax", "An element has no value: scan again.")                        \
	_(SCAN_TOO_SHORT, "syntax",                                                               \
	  "A value is too short for its application identifier: scan again.")                     \
	_(SCAN_OVERLONG, "syntax",                                                                \
	  "A value is too long for its application identifier: a separator may be lost.")         \
	_(SCAN_SEPARATOR, "syntax",                                                               \
	  "Two separators follow each other: check the scanner's settings.")                      \
	_(SCAN_BRACKET, "syntax",                                                                 \
	  "The bracketed form is (AI)value or [AI]value: check the brackets.")                    \
	_(SCAN_LINK, "syntax",                                                                    \
	  "The web address names a GS1 key but breaks the rules of links: scan another symbol.")  \
	_(SCAN_LINK_PATH, "syntax",                                                               \
	  "The qualifiers in the web address do not fit its key: scan another symbol.")           \
	_(SCAN_LINK_QUERY, "syntax",                                                              \
	  "An element in the query of the web address may not stand there: scan another symbol.") \
	_(SCAN_LENGTH, "syntax", "The number of digits does not fit the symbol: scan again.")     \
	_(SCAN_NOT_DIGITS, "syntax", "Only digits may stand in this symbol: scan again.")         \
	_(SCAN_TRACE, "syntax", "A drug trace code has 20 digits, the first an 8: scan again.")   \
	_(SCAN_CHECK_DIGIT, "check_digit",                                                        \
	  "The check digit is wrong: scan again or compare the digits with the pack.")            \
	_(SCAN_CHECK_PAIR, "check_digit",                                                         \
	  "The check characters are wrong: scan again or compare them with the pack.")            \
	_(SCAN_CHARACTER, "content",                                                              \
	  "A character is not allowed in this value: check the scanner's keyboard layout.")       \
	_(SCAN_DATE, "content", "There is no such date: compare it with the pack.")               \
	_(SCAN_TIME, "content", "There is no such time of day: compare it with the pack.")        \
	_(SCAN_CODE, "content",                                                                   \
	  "The value is not in the list of codes it must come from: compare it with the pack.")   \
	_(SCAN_VALUE, "content",                                                                  \
	  "The value breaks a rule of its application identifier: compare it with the pack.")     \
	_(SCAN_MUTEX, "mutex",                                                                    \
	  "Two elements of the scan exclude each other: scan one item at a time.")                \
	_(SCAN_REPEAT, "repeat",                                                                  \
	  "An element comes twice with different values: scan one item at a time.")               \
	_(SCAN_ASSOCIATION, "association",                                                        \
	  "A digital signature stands with a key that has no serial: report the label.")

enum scan_error {
	SCAN_OK,
#define SCAN_ERROR_NAME(name, code, text) name,
	SCAN_ERRORS(SCAN_ERROR_NAME)
#undef SCAN_ERROR_NAME
};

/* The contract's stable code of an error; "ok" for 0. */
const char *scan_error_code(int err);

/* One English sentence: what is wrong and what to do. */
const char *scan_error_text(int err);

#endif
