/* Digital Links: which addresses are some, what they hold, where they are wrong. */
#include <stdio.h>

#include "test_rows.h"

#include "scanner/digital_link.h"
#include "scanner/scan_error.h"

#define SITE "https://id.gs1.org"
#define ITEM SITE "/01/09501101530003"

enum { NO_LINK = -1 };

struct link_row {
	struct row row;
	const char *url;
	const char *elements; /* NULL when it must fail */
	int err;              /* NO_LINK = an address without a key */
	bool lenient;
};

static const struct link_row rows[] = {
	{ ROW("key"), ITEM, "01=09501101530003;", 0, false },
	{ ROW("key, qualifiers, attribute"), ITEM "/10/AB/21/SN1?17=271231",
	  "01=09501101530003;10=AB;21=SN1;17=271231;", 0, false },
	{ ROW("stem before the key"), "http://a.b/shop/01/09501101530003", "01=09501101530003;", 0,
	  false },
	{ ROW("capital scheme"), "HTTPS://A/01/09501101530003", "01=09501101530003;", 0, false },
	{ ROW("mixed scheme"), "Https://a/01/09501101530003", NULL, NO_LINK, false },
	{ ROW("other scheme"), "ftp://a/01/09501101530003", NULL, NO_LINK, false },
	{ ROW("port and address"), "https://[2001:db8::1]:8443/01/09501101530003",
	  "01=09501101530003;", 0, false },
	{ ROW("no host"), "https:///01/09501101530003", NULL, NO_LINK, false },
	{ ROW("the host is no path"), "https://01/09501101530003", NULL, NO_LINK, false },
	{ ROW("underscore in the host"), "https://a_b/01/09501101530003", NULL, SCAN_LINK, false },
	{ ROW("no key"), SITE "/about/us", NULL, NO_LINK, false },
	{ ROW("word key"), SITE "/gtin/09501101530003", NULL, NO_LINK, false },
	{ ROW("slash at the end"), ITEM "/", NULL, NO_LINK, false },
	{ ROW("doubled slash"), SITE "/01//09501101530003", NULL, NO_LINK, false },
	{ ROW("rightmost key counts"), SITE "/00/x/01/09501101530003", "01=09501101530003;", 0,
	  false },
	{ ROW("tobacco serial instead of the others"), ITEM "/235/T?10=A",
	  "01=09501101530003;235=T;10=A;", 0, false },
	{ ROW("qualifiers in wrong order"), ITEM "/21/S/10/A", NULL, SCAN_LINK_PATH, false },
	{ ROW("qualifiers of two alternatives"), ITEM "/10/A/235/T", NULL, SCAN_LINK_PATH, false },
	{ ROW("no qualifier of this key"), ITEM "/99/A", NULL, SCAN_LINK_PATH, false },
	{ ROW("key without qualifiers"), SITE "/00/106141412345678908/10/A", NULL, SCAN_LINK_PATH,
	  false },
	{ ROW("qualifier without value"), ITEM "/10/", NULL, SCAN_NO_VALUE, false },
	{ ROW("qualifier in the query"), ITEM "?10=A", NULL, SCAN_LINK_QUERY, false },
	{ ROW("no attribute"), ITEM "?03=09501101530003", NULL, SCAN_LINK_QUERY, false },
	{ ROW("attribute twice"), ITEM "?99=A&99=A", NULL, SCAN_LINK_QUERY, false },
	{ ROW("key again in the query"), ITEM "?01=09501101530003", NULL, SCAN_LINK_QUERY, false },
	{ ROW("unknown number"), ITEM "?89=A", NULL, SCAN_NO_AI, false },
	{ ROW("number of no digits"), ITEM "?=1", NULL, SCAN_NO_AI, false },
	{ ROW("words and empty parameters"), ITEM "?&&linkType=all&99=A&&x",
	  "01=09501101530003;99=A;", 0, false },
	{ ROW("attribute without value"), ITEM "?99=", NULL, SCAN_NO_VALUE, false },
	{ ROW("fragment"), ITEM "?99=A#17=1", "01=09501101530003;99=A;", 0, false },
	{ ROW("percent encoding"), ITEM "/10/A%2fB%2D?99=%25", "01=09501101530003;10=A/B-;99=%;", 0,
	  false },
	{ ROW("percent sign alone"), ITEM "/10/A%2", "01=09501101530003;10=A%2;", 0, false },
	{ ROW("encoded NUL"), ITEM "/10/A%00", NULL, SCAN_CHARACTER, false },
	{ ROW("plus in the path is a plus"), ITEM "/10/A+B", "01=09501101530003;10=A+B;", 0,
	  false },
	{ ROW("plus in the query is a blank"), ITEM "?99=A+B", NULL, SCAN_CHARACTER, false },
	{ ROW("character that no address has"), ITEM "?99=A^B", NULL, SCAN_LINK, false },
	{ ROW("wrong check digit"), SITE "/01/09501101530004", NULL, SCAN_CHECK_DIGIT, false },
	{ ROW("short GTIN"), SITE "/01/9501101530003", NULL, SCAN_TOO_SHORT, false },
	{ ROW("short GTIN, lenient"), SITE "/01/9501101530003", "01=09501101530003;", 0, true },
	{ ROW("value too long even for us"),
	  SITE "/8004/1234567890123456789012345678901234567890"
	       "123456789012345678901234567890123456789012345678901234567890",
	  NULL, SCAN_OVERLONG, false },
};

static int read_link(const struct link_row *r, struct gs1_message *msg, size_t *at)
{
	size_t len = strlen(r->url);
	struct link_parts parts;

	gs1_init(msg);
	if (!digital_link_find(r->url, len, &parts))
		return NO_LINK;
	return digital_link_read(msg, r->url, &parts, len, 0, r->lenient, at);
}

static void test_links(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct gs1_message msg;
		char text[256] = "";
		size_t n = 0, at = 0;
		int err = read_link(r, &msg, &at);

		row_check(r, err == r->err, "error %d, not %d", err, r->err);
		for (size_t i = 0; err == 0 && i < msg.count; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s=%s;",
					      msg.element[i].ai, gs1_value(&msg, &msg.element[i]));
		row_check(r, err != 0 || strcmp(text, r->elements) == 0, "elements %s", text);
	}
}

struct damage_row {
	struct row row;
	const char *url;
	bool damaged;
	size_t at;
};

static const struct damage_row damages[] = {
	{ ROW("slash at the end"), "https://a/01/09501101530003/", true, 10 },
	{ ROW("doubled slash"), "https://a/01//09501101530003", true, 10 },
	{ ROW("no host"), "https:///01/09501101530003", true, 9 },
	{ ROW("the host is no path"), "https://01/09501101530003", true, 8 },
	{ ROW("foreign identifier behind"), "https://a/01/09501101530003/89/A", true, 10 },
	{ ROW("word key"), "https://a/gtin/09501101530003", true, 10 },
	{ ROW("word key with a lot"), "https://a/gtin/09501101530003/lot/A", true, 10 },
	{ ROW("other word"), "https://a/zzz/09501101530003", false, 0 },
	{ ROW("wrong check digit"), "https://a/01/09501101530004/", false, 0 },
	{ ROW("date in a path"), "https://a/2024/01/15/00/news", false, 0 },
	{ ROW("weak key"), "https://a/401/2024-news/", false, 0 },
	{ ROW("key in the query"), "https://a/b?x=/01/09501101530003/", false, 0 },
	{ ROW("key in the fragment"), "https://a/b#/01/09501101530003/", false, 0 },
	{ ROW("host alone"), "https://a", false, 0 },
};

static void test_damages(void **state)
{
	(void)state;
	foreach(r, damages) {
		size_t len = strlen(r->url), at = 0;

		row_check(r, digital_link_is_url(r->url, len), "no address");
		row_check(r, digital_link_is_damaged(r->url, len, &at) == r->damaged, "not so");
		row_check(r, !r->damaged || at == r->at, "at byte %zu", at);
	}
}

static void test_error_position(void **state)
{
	static const char url[] = ITEM "/10/A B";
	struct gs1_message msg;
	struct link_parts parts;
	size_t at;

	(void)state;
	gs1_init(&msg);
	assert_true(digital_link_find(url, sizeof(url) - 1, &parts));
	assert_int_equal(digital_link_read(&msg, url, &parts, sizeof(url) - 1, 3, false, &at),
			 SCAN_LINK);
	assert_int_equal(at, 3 + strlen(ITEM "/10/A"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_error_position),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
