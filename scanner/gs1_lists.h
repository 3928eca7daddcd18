/* Code lists that some AI values draw on: countries, currencies, packages, media. */
#ifndef SCANNER_GS1_LISTS_H
#define SCANNER_GS1_LISTS_H

#include <stdbool.h>
#include <stddef.h>

/* Three digits that ISO 3166-1 gives to a country. */
bool gs1_is_country(const char *s, size_t len);

/* Two capital letters that ISO 3166-1 gives to a country. */
bool gs1_is_country_letters(const char *s, size_t len);

/* Three digits that ISO 4217 gives to a currency. */
bool gs1_is_currency(const char *s, size_t len);

/* A GS1 package type code, 1 to 3 characters, for (7041). */
bool gs1_is_package(const char *s, size_t len);

/* Two digits that ICCBBA gives to a patient identification medium, for (7241). */
bool gs1_is_media(const char *s, size_t len);

#endif
