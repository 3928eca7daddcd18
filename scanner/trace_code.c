/* The 20-digit drug trace code. */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/trace_code.h"

bool trace_code_is_valid(const char *s, size_t len)
{
	return len == TRACE_CODE_DIGITS && s[0] == '8' && all_digits(s, len);
}

bool trace_code_is_damaged(const char *s, size_t len, size_t *ret_at)
{
	size_t digits = digit_run(s, len);

	if (digits == 0)
		return false;
	if (s[0] != '8') {
		*ret_at = 0;
		return digits == len && len == TRACE_CODE_DIGITS;
	}
	*ret_at = digits < TRACE_CODE_DIGITS ? digits : TRACE_CODE_DIGITS;
	if (digits == len)
		return len == TRACE_CODE_DIGITS - 1 || len == TRACE_CODE_DIGITS + 1;
	return len == TRACE_CODE_DIGITS && all_digits(s + digits + 1, len - digits - 1);
}

void trace_code_drug(const char *code, char ret_drug[TRACE_CODE_DRUG_DIGITS + 1])
{
	memcpy(ret_drug, code, TRACE_CODE_DRUG_DIGITS);
	ret_drug[TRACE_CODE_DRUG_DIGITS] = '\0';
}
