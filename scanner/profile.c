/* Stripping, and undoing one character or separator after the other. */
#include <string.h>

#include "scanner/profile.h"
#include "scanner/scan_input.h"

static bool fits(const char *text)
{
	return text == NULL || strlen(text) <= PROFILE_TEXT_MAX;
}

static void copy(char field[PROFILE_TEXT_MAX + 1], const char *text)
{
	memset(field, 0, PROFILE_TEXT_MAX + 1);
	if (text != NULL)
		memcpy(field, text, strlen(text));
}

bool scan_profile_set(const char *prefix, const char *suffix, const char *separator,
		      const char *fault, struct scan_profile *ret_profile)
{
	enum keyboard_fault found = KEYBOARD_PLAIN;

	if (!fits(prefix) || !fits(suffix) || !fits(separator) ||
	    (fault != NULL && !keyboard_fault_named(fault, &found)))
		return false;
	copy(ret_profile->prefix, prefix);
	copy(ret_profile->suffix, suffix);
	copy(ret_profile->separator, separator);
	ret_profile->fault = found;
	return true;
}

bool scan_profile_is_plain(const struct scan_profile *profile)
{
	return profile->prefix[0] == '\0' && profile->suffix[0] == '\0' &&
	       profile->separator[0] == '\0' && profile->fault == KEYBOARD_PLAIN;
}

/* Line ends around a scan are no data, and often gone: the rest is compared. */
int scan_profile_strip(const struct scan_profile *profile, const char **data, size_t *len,
		       size_t *ret_taken, size_t *reterr_at)
{
	const char *prefix = profile->prefix, *suffix = profile->suffix;
	size_t prefix_len = strlen(prefix), suffix_len = strlen(suffix);
	size_t taken = scan_trim(data, len);
	bool begins, ends;

	scan_trim(&prefix, &prefix_len);
	scan_trim(&suffix, &suffix_len);
	begins = *len >= prefix_len && memcmp(*data, prefix, prefix_len) == 0;
	if (begins) {
		*data += prefix_len;
		*len -= prefix_len;
		taken += prefix_len;
	}
	ends = *len >= suffix_len && memcmp(*data + *len - suffix_len, suffix, suffix_len) == 0;
	if (prefix_len > 0 && suffix_len > 0 && begins != ends) {
		*reterr_at = begins ? taken + *len : taken;
		return SCAN_CUT;
	}
	if (ends)
		*len -= suffix_len;
	*ret_taken = taken + scan_trim(data, len);
	return 0;
}

/* Undo what stands at `s`: one byte is meant by the bytes that are returned, 0 when by none. */
static size_t step(const struct scan_profile *profile, const char *s, size_t len, char *ret_c)
{
	size_t width = strlen(profile->separator);

	if (width > 0 && len >= width && memcmp(s, profile->separator, width) == 0) {
		*ret_c = GS1_FNC1;
		return width;
	}
	return keyboard_undo(profile->fault, s, len, ret_c);
}

/*
 * An AIM prefix goes through the keyboard like the data, so its letter says what became of the
 * case: for most symbologies only one case is in use. Of E and e both are, with other meanings:
 * a prefix with these proves and tells nothing, and goes; a separator in front of the data is
 * none of it.
 */
static int check_aim(enum keyboard_fault fault, char *text, size_t len)
{
	char other[AIM_PREFIX];
	bool is_known, is_other_known;

	if (fault == KEYBOARD_PLAIN || keyboard_is_layout(fault))
		return 0;
	for (; len > 0 && text[0] == GS1_FNC1; len--)
		text++;
	if (len < AIM_PREFIX || text[0] != ']')
		return 0;
	memcpy(other, text, AIM_PREFIX);
	other[1] ^= 0x20;
	is_known = aim_find(text, AIM_PREFIX) != NULL;
	is_other_known = aim_find(other, AIM_PREFIX) != NULL;
	if (is_known && is_other_known)
		memset(text, GS1_FNC1, AIM_PREFIX);
	else if (is_other_known && fault == KEYBOARD_CAPS)
		return SCAN_FAULT;
	else if (is_other_known)
		text[1] = other[1];
	return 0;
}

int scan_profile_undo(const struct scan_profile *profile, const char *data, size_t len,
		      char *ret_text, size_t *ret_len, size_t *reterr_at)
{
	size_t n = 0;

	for (size_t i = 0; i < len;) {
		size_t width = step(profile, data + i, len - i, &ret_text[n]);

		if (width == 0) {
			*reterr_at = i;
			return SCAN_FAULT;
		}
		n++;
		i += width;
	}
	*ret_len = n;
	*reterr_at = 0;
	return check_aim(profile->fault, ret_text, n);
}

size_t scan_profile_origin(const struct scan_profile *profile, const char *data, size_t len,
			   size_t pos)
{
	size_t i = 0;
	char c;

	while (pos-- > 0 && i < len) {
		size_t width = step(profile, data + i, len - i, &c);

		i += width > 0 ? width : 1;
	}
	return i;
}
