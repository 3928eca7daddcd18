/* The 20-digit drug trace code. */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/trace_code.h"

bool trace_code_is_valid(const char *s, size_t len)
{
	return len == TRACE_CODE_DIGITS && s[0] == '8' && all_digits(s, len);
}

void trace_code_drug(const char *code, char ret_drug[TRACE_CODE_DRUG_DIGITS + 1])
{
	memcpy(ret_drug, code, TRACE_CODE_DRUG_DIGITS);
	ret_drug[TRACE_CODE_DRUG_DIGITS] = '\0';
}
