/* Check digits and check characters of the GS1 system. */
#include <string.h>

#include "scanner/check_digit.h"

size_t digit_run(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

bool all_digits(const char *s, size_t len)
{
	return digit_run(s, len) == len;
}

char check_digit(const char *s, size_t len)
{
	unsigned int sum = 0;
	unsigned int weight = 3;

	for (size_t i = len; i-- > 0; weight = 4 - weight)
		sum += (unsigned int)(s[i] - '0') * weight;
	return (char)('0' + (10 - sum % 10) % 10);
}

bool check_digit_is_right(const char *s, size_t len)
{
	return len >= 2 && all_digits(s, len) && s[len - 1] == check_digit(s, len - 1);
}

bool check_pair_is_right(const char *s, size_t len)
{
	static const char data_characters[] = "!\"%&'()*+,-./0123456789:;<=>?"
					      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
					      "abcdefghijklmnopqrstuvwxyz";
	static const char check_characters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	static const unsigned char primes[] = { 2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
						41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83 };
	unsigned int sum = 0;

	if (len < 2 || len - 2 > sizeof(primes))
		return false;
	for (size_t i = 0; i < len - 2; i++) {
		const char *found = s[i] != '\0' ? strchr(data_characters, s[i]) : NULL;

		if (found == NULL)
			return false;
		sum += (unsigned int)(found - data_characters) * primes[len - 3 - i];
	}
	sum %= 1021;
	return s[len - 2] == check_characters[sum / 32] && s[len - 1] == check_characters[sum % 32];
}

bool check_iban_is_right(const char *s, size_t len)
{
	unsigned int remainder = 0;

	if (len < 4)
		return false;
	/* The country and check digits, first to be read, are counted last. */
	for (size_t i = 0; i < len; i++) {
		char c = s[(i + 4) % len];

		if (c >= '0' && c <= '9')
			remainder = (remainder * 10 + (unsigned int)(c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			remainder = (remainder * 100 + (unsigned int)(c - 'A') + 10) % 97;
		else
			return false;
	}
	return remainder == 1;
}
