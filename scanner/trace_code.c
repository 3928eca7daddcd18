/* The 20-digit drug trace code. */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/trace_code.h"

bool trace_code_is_valid(const char *s, size_t len)
{
	return len == TRACE_CODE_DIGITS && s[0] == '8' && all_digits(s, len);
}

/* Offset of the first character that is no digit, or `len`. */
static size_t first_other(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

bool trace_code_is_damaged(const char *s, size_t len, size_t *ret_at)
{
	size_t other = first_other(s, len);

	if (len == 0)
		return false;
	if (other < len) {
		*ret_at = other;
		return len == TRACE_CODE_DIGITS && s[0] == '8' &&
		       all_digits(s + other + 1, len - other - 1);
	}
	*ret_at = s[0] != '8' ? 0 : len;
	if (len > TRACE_CODE_DIGITS)
		*ret_at = TRACE_CODE_DIGITS;
	return s[0] == '8' ? len == TRACE_CODE_DIGITS - 1 || len == TRACE_CODE_DIGITS + 1 :
			     len == TRACE_CODE_DIGITS;
}

void trace_code_drug(const char *code, char ret_drug[TRACE_CODE_DRUG_DIGITS + 1])
{
	memcpy(ret_drug, code, TRACE_CODE_DRUG_DIGITS);
	ret_drug[TRACE_CODE_DRUG_DIGITS] = '\0';
}
