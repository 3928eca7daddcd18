/* Approval number, national drug code, insurance code. */
#include <string.h>

#include "scanner/check_digit.h"
#include "scanner/drug_code.h"

#define APPROVAL_DIGITS 8

static bool is_one_of(const char *const *words, const char *s, size_t len)
{
	for (; *words != NULL; words++)
		if (strlen(*words) == len && memcmp(*words, s, len) == 0)
			return true;
	return false;
}

bool approval_number_is_valid(const char *s, size_t len)
{
	static const char words[] = "国药准字";
	static const char *const ours[] = { "H",  "Z",  "S",  "J",  "B",  "T",  "F",
					    "HJ", "ZJ", "SJ", "HC", "ZC", "SC", NULL };
	static const char *const imports[] = { "H",  "Z",  "S",   "HC",  "ZC",  "SC", "BH",
					       "BZ", "BS", "BHC", "BZC", "BSC", NULL };
	size_t head = sizeof(words) - 1;

	if (len <= APPROVAL_DIGITS || !all_digits(s + len - APPROVAL_DIGITS, APPROVAL_DIGITS))
		return false;
	len -= APPROVAL_DIGITS;
	if (len > head && memcmp(s, words, head) == 0)
		return is_one_of(ours, s + head, len - head);
	return is_one_of(imports, s, len);
}

bool national_drug_code_is_valid(const char *s, size_t len)
{
	return len == 14 && memcmp(s, "869", 3) == 0 && check_digit_is_right(s, len);
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool insurance_code_is_valid(const char *s, size_t len)
{
	if (len < 20 || len > 27 || !is_capital(s[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_capital(s[i]) && (s[i] < '0' || s[i] > '9'))
			return false;
	return true;
}
