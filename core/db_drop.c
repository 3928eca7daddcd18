/* One fault at a time, for the process. */
#include "core/db_drop.h"

#include <stdio.h>
#include <string.h>

static enum db_drop_point armed;
static char armed_pool[32];
static unsigned left;

void db_drop_at(const char *pool, enum db_drop_point point, unsigned nth)
{
	snprintf(armed_pool, sizeof(armed_pool), "%s", pool);
	left = nth;
	armed = nth > 0 ? point : DB_DROP_NEVER;
}

bool db_drop_parse(const char *text)
{
	static const char *const words[] = { "", "send", "sent", "rows", "sync" };
	char pool[32], word[8];
	unsigned nth;

	if (sscanf(text, "%31[^:]:%7[^:]:%u", pool, word, &nth) != 3)
		return false;
	for (int i = 1; i < (int)(sizeof(words) / sizeof(words[0])); i++) {
		if (strcmp(word, words[i]) == 0) {
			db_drop_at(pool, (enum db_drop_point)i, nth);
			return true;
		}
	}
	return false;
}

bool db_drop_is_due(const char *pool, enum db_drop_point point)
{
	if (armed != point || strcmp(pool, armed_pool) != 0 || --left > 0)
		return false;
	armed = DB_DROP_NEVER;
	return true;
}
