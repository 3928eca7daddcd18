/*
 * The codes that Chinese master data gives a medicine. They name a licence or a
 * product, never a pack: whoever scans or types one is told what it is. All of
 * them are checks of a field's form; only the national code has a check digit.
 */
#ifndef SCANNER_DRUG_CODE_H
#define SCANNER_DRUG_CODE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * 批准文号, approval number. 国药准字, one of H (chemical) Z (traditional) S
 * (biological) J (import) or of the older B T F, and 8 digits; since the
 * registration rules of 2020 also HJ ZJ SJ for imports and HC ZC SC for Hong
 * Kong, Macao and Taiwan. Older imports have no words: H, Z or S, perhaps a C,
 * perhaps a B for bulk before it, and 8 digits. In UTF-8.
 */
bool approval_number_is_valid(const char *s, size_t len);

/*
 * 国家药品编码本位码, national drug code: 14 digits, 86 for China, 9 for
 * medicines, company, product, and a check digit as that of a GTIN.
 */
bool national_drug_code_is_valid(const char *s, size_t len);

/*
 * 医保药品编码, insurance code: a capital letter for the class and 19 to 26
 * capitals and digits; nothing in it can be checked.
 */
bool insurance_code_is_valid(const char *s, size_t len);

#endif
