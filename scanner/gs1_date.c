/* The calendar, and GS1's six digits in it. */
#include "scanner/gs1_date.h"

static int pair(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/*
 * Years are counted from March, so that a leap day is the last of its year;
 * an era is the 400 years after which the calendar repeats.
 */
int32_t date_days(int year, int month, int day)
{
	int from_march = month > 2 ? month - 3 : month + 9;
	int y = month > 2 ? year : year - 1;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * from_march + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

void date_civil(int32_t days, int *ret_year, int *ret_month, int *ret_day)
{
	int shifted = days + 719468;
	int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int day_of_era = shifted - era * 146097;
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int from_march = (5 * day_of_year + 2) / 153;

	*ret_day = day_of_year - (153 * from_march + 2) / 5 + 1;
	*ret_month = from_march < 10 ? from_march + 3 : from_march - 9;
	*ret_year = era * 400 + year_of_era + (*ret_month <= 2);
}

int date_month_length(int year, int month)
{
	static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : lengths[month - 1];
}

static void put_digits(char *text, int number, int digits)
{
	while (digits-- > 0) {
		text[digits] = (char)('0' + number % 10);
		number /= 10;
	}
}

void date_text(int32_t days, char ret_text[11])
{
	int year, month, day;

	date_civil(days, &year, &month, &day);
	put_digits(ret_text, year, 4);
	ret_text[4] = '-';
	put_digits(ret_text + 5, month, 2);
	ret_text[7] = '-';
	put_digits(ret_text + 8, day, 2);
	ret_text[10] = '\0';
}

bool gs1_date_is_valid(const char yymmdd[6], bool month_allowed, size_t *reterr_at)
{
	int month = pair(yymmdd + 2);
	int day = pair(yymmdd + 4);

	if (month < 1 || month > 12) {
		*reterr_at = 2;
		return false;
	}
	if (day > date_month_length(2000 + pair(yymmdd), month) || (day == 0 && !month_allowed)) {
		*reterr_at = 4;
		return false;
	}
	return true;
}

static int full_year(int yy, int this_year)
{
	int ahead = yy - this_year % 100;
	int century = this_year - this_year % 100;

	if (ahead >= 51)
		century -= 100;
	else if (ahead <= -50)
		century += 100;
	return century + yy;
}

int32_t gs1_date_days(const char yymmdd[6], int32_t today, bool *ret_day_known)
{
	int year, month, day;

	date_civil(today, &year, &month, &day);
	year = full_year(pair(yymmdd), year);
	month = pair(yymmdd + 2);
	day = pair(yymmdd + 4);
	*ret_day_known = day != 0;
	if (day == 0)
		day = date_month_length(year, month);
	return date_days(year, month, day);
}
