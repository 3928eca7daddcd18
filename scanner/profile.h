/*
 * The habits of one scanner: what it puts around a scan, what it sends in the
 * place of GS, and what the keyboard between it and us makes of its characters.
 * A profile takes them back, before a scan is read; it never adds anything.
 */
#ifndef SCANNER_PROFILE_H
#define SCANNER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/keyboard.h"

#define PROFILE_TEXT_MAX 31 /* bytes of a prefix, suffix or separator */

/* Plain value. All texts as they arrive, that is after the fault; "" = there is none. */
struct scan_profile {
	char prefix[PROFILE_TEXT_MAX + 1];    /* before the data, and before an AIM prefix */
	char suffix[PROFILE_TEXT_MAX + 1];    /* with the line end */
	char separator[PROFILE_TEXT_MAX + 1]; /* in the place of GS; "" = GS itself */
	enum keyboard_fault fault;
};

/*
 * Fill a profile from texts; NULL is "", a fault of NULL "none". False, and nothing written, when a
 * text is too long or there is no such fault.
 */
bool scan_profile_set(const char *prefix, const char *suffix, const char *separator,
		      const char *fault, struct scan_profile *ret_profile);

/* True when the profile takes nothing back. */
bool scan_profile_is_plain(const struct scan_profile *profile);

/*
 * Take the profile's prefix and suffix off *data, and line ends: these may be gone already, and
 * a code typed by hand has neither. Returns 0 with the bytes taken in front in *ret_taken; or
 * SCAN_CUT when one of the two is there and the other is not, with the offset where it is
 * missing in *reterr_at.
 */
int scan_profile_strip(const struct scan_profile *profile, const char **data, size_t *len,
		       size_t *ret_taken, size_t *reterr_at);

/*
 * Write to `ret_text`, which has room for `len` bytes, what was meant by data without prefix
 * and suffix: separators as GS, the fault undone; an AIM prefix that is another in the other
 * case as GS too. Returns 0, or SCAN_FAULT with the offset of what no key of this scanner makes
 * in *reterr_at: the fault is gone, or another.
 */
int scan_profile_undo(const struct scan_profile *profile, const char *data, size_t len,
		      char *ret_text, size_t *ret_len, size_t *reterr_at);

/* Where byte `pos` of what scan_profile_undo() wrote stands in `data`. */
size_t scan_profile_origin(const struct scan_profile *profile, const char *data, size_t len,
			   size_t pos);

#endif
