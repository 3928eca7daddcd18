/* Dates as GS1 writes them, YYMMDD, and days as the program counts them. */
#ifndef SCANNER_GS1_DATE_H
#define SCANNER_GS1_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Days since 1970-01-01 of a day in the Gregorian calendar. */
int32_t date_days(int year, int month, int day);

/* The Gregorian day that is `days` after 1970-01-01. */
void date_civil(int32_t days, int *ret_year, int *ret_month, int *ret_day);

/* Days of a month, 28 to 31. */
int date_month_length(int year, int month);

/* "YYYY-MM-DD" and a NUL for a day in the years 0 to 9999. */
void date_text(int32_t days, char ret_text[11]);

/*
 * Six digits that name a day. With `month_allowed` DD = 00 stands for a whole
 * month. The century does not matter: every fourth year of 1901 to 2099 is a
 * leap year. False: *reterr_at is the offset of the wrong pair of digits.
 */
bool gs1_date_is_valid(const char yymmdd[6], bool month_allowed, size_t *reterr_at);

/*
 * The day a valid YYMMDD names, seen from `today`: GS1 reads the year as the
 * one of that ending at most 50 years ahead and 49 back (GS1 General
 * Specifications 7.12). DD = 00 gives the last day of the month and *ret_day_known
 * false.
 */
int32_t gs1_date_days(const char yymmdd[6], int32_t today, bool *ret_day_known);

#endif
