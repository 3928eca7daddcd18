/*
 * Habits of scanners, and finding them out. A row says what arrives when the test symbol is
 * scanned; what must hold for every row that has a profile: read with it, the symbol is what is
 * printed.
 */
#include <stdio.h>
#include <time.h>

#include "test_rows.h"

#include "scanner/profile_derive.h"
#include "scanner/scan.h"

#define GS "\x1d"
#define BODY                       \
	"010950110153000317271231" \
	"10aB-1/x_9"
#define TAIL "21Zz0"
#define TODAY 20779 /* 2026-11-22 */

struct derive_row {
	struct row row;
	const char *arrived;
	const char *findings; /* CODE:REMEDY, divided by blanks */
	bool usable, exact;
	struct scan_profile profile;
};

static const struct derive_row rows[] = {
	{ ROW("as it should be"), PROFILE_TEST_SCAN "\r", "", true, true, { .suffix = "\r" } },
	{ ROW("Tab"), PROFILE_TEST_SCAN "\t", "", true, true, { .suffix = "\t" } },
	{ ROW("CR LF"), PROFILE_TEST_SCAN "\r\n", "", true, true, { .suffix = "\r\n" } },
	{ ROW("LF"), PROFILE_TEST_SCAN "\n", "", true, true, { .suffix = "\n" } },
	{ ROW("no end"), PROFILE_TEST_SCAN, "no_end:advice", true, true, { .suffix = "" } },
	{ ROW("AIM prefix off"),
	  BODY GS TAIL "\r",
	  "aim_off:advice",
	  true,
	  true,
	  { .suffix = "\r" } },
	{ ROW("Zebra's prefix"),
	  "A" PROFILE_TEST_SCAN "\r",
	  "prefix:profile",
	  true,
	  true,
	  { .prefix = "A", .suffix = "\r" } },
	{ ROW("prefix and suffix of signs, AIM off"),
	  "**" BODY GS TAIL "##\t",
	  "prefix:profile aim_off:advice suffix:profile",
	  true,
	  true,
	  { .prefix = "**", .suffix = "##\t" } },
	{ ROW("text between AIM prefix and data"),
	  "]d2ABC" BODY GS TAIL "\r",
	  "prefix:profile aim_apart:advice",
	  true,
	  true,
	  { .prefix = "]d2ABC", .suffix = "\r" } },
	{ ROW("leading separator"),
	  "]d2" GS BODY GS TAIL "\r",
	  "gs_leading:profile",
	  true,
	  true,
	  { .suffix = "\r" } },
	{ ROW("leading separator alone"),
	  GS BODY GS TAIL "\r",
	  "aim_off:advice gs_leading:profile",
	  true,
	  true,
	  { .suffix = "\r" } },
	{ ROW("leading separator, replaced"),
	  "]d2|" BODY "|" TAIL "\r",
	  "gs_leading:profile gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "|" } },
	{ ROW("GS as a blank"),
	  "]d2" BODY " " TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = " " } },
	{ ROW("GS as |"),
	  "]d2" BODY "|" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "|" } },
	{ ROW("GS as #"),
	  "]d2" BODY "#" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "#" } },
	{ ROW("GS as ~"),
	  "]d2" BODY "~" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "~" } },
	{ ROW("GS as {GS}"),
	  "]d2" BODY "{GS}" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "{GS}" } },
	{ ROW("GS as <GS>"),
	  "]d2" BODY "<GS>" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "<GS>" } },
	{ ROW("GS as \\x1D"),
	  "]d2" BODY "\\x1D" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "\\x1D" } },
	{ ROW("GS as ^]"),
	  "]d2" BODY "^]" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "^]" } },
	{ ROW("GS as the words Ctrl+]"),
	  "]d2" BODY "Ctrl+]" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "Ctrl+]" } },
	{ ROW("GS as the sign for it"),
	  "]d2" BODY "␝" TAIL "\r",
	  "gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "␝" } },
	{ ROW("GS as what Alt+029 leaves"),
	  "]d2" BODY "029" TAIL "\r",
	  "gs_data:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("GS as a hyphen"),
	  "]d2" BODY "-" TAIL "\r",
	  "gs_data:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("GS as letters"),
	  "]d2" BODY "GS" TAIL "\r",
	  "gs_data:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("GS as the beginning of an AIM prefix"),
	  "]d2" BODY "]d" TAIL "\r",
	  "gs_substitute:profile differs:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("GS lost"), "]d2" BODY TAIL "\r", "gs_lost:device", false, false, { .prefix = "" } },
	{ ROW("GS lost, AIM off"),
	  BODY TAIL "\r",
	  "aim_off:advice gs_lost:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("Caps Lock"),
	  "]D2010950110153000317271231"
	  "10Ab-1/X_9" GS "21zZ0\r",
	  "case_swapped:profile",
	  true,
	  true,
	  { .suffix = "\r", .fault = KEYBOARD_CAPS } },
	{ ROW("Caps Lock, AIM off"),
	  "010950110153000317271231"
	  "10Ab-1/X_9" GS "21zZ0\r",
	  "aim_off:advice case_swapped:held",
	  true,
	  false,
	  { .suffix = "\r", .fault = KEYBOARD_CAPS } },
	{ ROW("lower case"),
	  "]d2010950110153000317271231"
	  "10ab-1/x_9|21zz0\r",
	  "case_lost:held gs_substitute:profile",
	  true,
	  false,
	  { .suffix = "\r", .separator = "|", .fault = KEYBOARD_LOWER } },
	{ ROW("upper case"),
	  "]D2010950110153000317271231"
	  "10AB-1/X_9" GS "21ZZ0\r",
	  "case_lost:held",
	  true,
	  false,
	  { .suffix = "\r", .fault = KEYBOARD_UPPER } },
	{ ROW("German"),
	  "+d2010950110153000317271231"
	  "10aBß1-x?9" GS "21Yy0\r",
	  "layout:profile",
	  true,
	  true,
	  { .suffix = "\r", .fault = KEYBOARD_DE } },
	{ ROW("German, AIM off"),
	  "010950110153000317271231"
	  "10aBß1-x?9" GS "21Yy0\r",
	  "aim_off:advice layout:held",
	  true,
	  false,
	  { .suffix = "\r", .fault = KEYBOARD_DE } },
	{ ROW("German, GS as {GS}"),
	  "+d2010950110153000317271231"
	  "10aBß1-x?9ÜGS*21Yy0\r",
	  "layout:profile gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "ÜGS*", .fault = KEYBOARD_DE } },
	{ ROW("German, a | that is on another key there"),
	  "+d2010950110153000317271231"
	  "10aBß1-x?9|21Yy0\r",
	  "layout:profile gs_layout:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("French"),
	  "$déà&àç(à&&à&(\"ààà\"&èéè&é\"&&àqB)&!x°ç" GS "é&Wwà\r",
	  "layout:profile",
	  true,
	  true,
	  { .suffix = "\r", .fault = KEYBOARD_FR } },
	{ ROW("French, Alt+029 remains"),
	  "$déà&àç(à&&à&(\"ààà\"&èéè&é\"&&àqB)&!x°çàéçé&Wwà\r",
	  "layout:profile gs_data:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("Spanish"),
	  "+d2010950110153000317271231"
	  "10aB'1-x?9" GS "21Zz0\r",
	  "layout:profile",
	  true,
	  true,
	  { .suffix = "\r", .fault = KEYBOARD_ES } },
	{ ROW("British, by its £"),
	  "]d2" BODY "£" TAIL "\r",
	  "layout:profile gs_substitute:profile",
	  true,
	  true,
	  { .suffix = "\r", .separator = "£", .fault = KEYBOARD_GB } },
	{ ROW("Caps Lock on a German layout"),
	  "+D2010950110153000317271231"
	  "10Abß1-X?9" GS "21yY0\r",
	  "case_swapped:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("zero-width space before"),
	  "\xe2\x80\x8b" PROFILE_TEST_SCAN "\r",
	  "prefix:profile",
	  true,
	  true,
	  { .prefix = "\xe2\x80\x8b", .suffix = "\r" } },
	{ ROW("another AIM prefix"),
	  "]d1" BODY GS TAIL "\r",
	  "aim_wrong:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("nothing"), "", "nothing:device", false, false, { .prefix = "" } },
	{ ROW("Enter alone"), "\r\n", "nothing:device", false, false, { .prefix = "" } },
	{ ROW("second half missing"),
	  "]d20109501101530003172\r",
	  "cut:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("up to the separator"),
	  "]d2" BODY "\r",
	  "cut:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("first half missing"),
	  "aB-1/x_9" GS "21Zz0\r",
	  "cut:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("tail alone"), "21Zz0\r", "cut:device", false, false, { .prefix = "" } },
	{ ROW("a digit lost"),
	  "]d201095010153000317271231"
	  "10aB-1/x_9" GS "21Zz0\r",
	  "loses:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("many lost"),
	  "]d201951015300031721231"
	  "0aB-/x_9" GS "2Zz0\r",
	  "loses:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("two scans in one"),
	  PROFILE_TEST_SCAN PROFILE_TEST_SCAN "\r",
	  "twice:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("two scans, one line each"),
	  PROFILE_TEST_SCAN "\r" PROFILE_TEST_SCAN "\r",
	  "twice:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("a pack"), "6901234567892\r", "other_symbol:device", false, false, { .prefix = "" } },
	{ ROW("a trace code"),
	  "81012350000000157474\r",
	  "other_symbol:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("full-width letters"),
	  "０１０９５０１１０１５３０００３\r",
	  "ime:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("pinyin became words"),
	  "010950110153000317271231"
	  "10啊B\r",
	  "ime:device",
	  false,
	  false,
	  { .prefix = "" } },
	{ ROW("something typed"), "hello\r", "differs:device", false, false, { .prefix = "" } },
	{ ROW("a prefix longer than any"),
	  "a very long prefix of a scanner"
	  "]d2" BODY GS TAIL "\r",
	  "prefix:profile",
	  true,
	  true,
	  { .prefix = "a very long prefix of a scanner", .suffix = "\r" } },
};

static struct profile_derivation derive(const char *arrived, size_t len)
{
	struct profile_derivation d;

	profile_derive(arrived, len, TODAY, &d);
	return d;
}

static void test_derive(void **state)
{
	(void)state;
	foreach(r, rows) {
		struct profile_derivation d = derive(r->arrived, strlen(r->arrived));
		char found[256] = "";
		size_t n = 0;

		for (size_t i = 0; i < d.count; i++) {
			n += (size_t)snprintf(found + n, sizeof(found) - n, "%s%s:%s",
					      i > 0 ? " " : "",
					      profile_finding_code(d.finding[i].kind),
					      profile_remedy_name(d.finding[i].remedy));
			row_check(r, d.finding[i].at + d.finding[i].len <= strlen(r->arrived),
				  "finding %zu is outside", i);
			row_check(r, profile_finding_text(d.finding[i].kind)[0] != '\0', "no text");
		}
		row_check(r, strcmp(found, r->findings) == 0, "findings %s", found);
		row_check(r, d.usable == r->usable && d.exact == r->exact, "usable %d, exact %d",
			  d.usable, d.exact);
		row_check(r, strcmp(d.profile.prefix, r->profile.prefix) == 0, "prefix %s",
			  d.profile.prefix);
		row_check(r, strcmp(d.profile.suffix, r->profile.suffix) == 0, "suffix %s",
			  d.profile.suffix);
		row_check(r, strcmp(d.profile.separator, r->profile.separator) == 0, "separator %s",
			  d.profile.separator);
		row_check(r, d.profile.fault == r->profile.fault, "fault %s",
			  keyboard_fault_name(d.profile.fault));
	}
}

/* A NUL around the scan, as some drivers leave it, is not in the way. */
static void test_nul(void **state)
{
	static const char arrived[] = "\0" PROFILE_TEST_SCAN "\r\0";
	struct profile_derivation d = derive(arrived, sizeof(arrived));

	(void)state;
	assert_true(d.exact);
	assert_int_equal(d.count, 0);
}

/* ---- applying ---- */

struct apply_row {
	struct row row;
	struct scan_profile profile;
	const char *scan;
	int err;
	size_t at;
	const char *lot; /* NULL = not asked */
	bool ambiguous;
};

static const struct apply_row applied[] = {
	{ ROW("prefix is taken off once"), { .prefix = "A" }, "AA10B", 0, 0, NULL, false },
	{ ROW("prefix that is not there"), { .prefix = "*" }, "]C110B", 0, 0, "B", false },
	{ ROW("prefix before AIM"), { .prefix = "*" }, "*]C110B", 0, 0, "B", false },
	{ ROW("suffix behind which Enter is gone"),
	  { .suffix = "##\r" },
	  "]C110B##",
	  0,
	  0,
	  "B",
	  false },
	{ ROW("suffix as part of the data"), { .suffix = "9\r" }, "]C110B99", 0, 0, "B9", false },
	{ ROW("offset behind a prefix"),
	  { .prefix = "**" },
	  "**]C117271301",
	  SCAN_DATE,
	  9,
	  NULL,
	  false },
	{ ROW("offset behind a wide separator"),
	  { .separator = "{GS}" },
	  "]C110B{GS}17271301",
	  SCAN_DATE,
	  14,
	  NULL,
	  false },
	{ ROW("offset in a layout of two bytes"),
	  { .fault = KEYBOARD_FR },
	  "$C&&àB" GS "&èéè&\"à&",
	  SCAN_DATE,
	  15,
	  NULL,
	  false },
	{ ROW("a key that is not there"),
	  { .fault = KEYBOARD_DE },
	  "+C110B@",
	  SCAN_FAULT,
	  6,
	  NULL,
	  false },
	{ ROW("the layout has been mended meanwhile"),
	  { .fault = KEYBOARD_DE },
	  "]C110B",
	  SCAN_FAULT,
	  0,
	  NULL,
	  false },
	{ ROW("Caps Lock is off meanwhile"),
	  { .fault = KEYBOARD_CAPS },
	  "]d210aB",
	  SCAN_FAULT,
	  0,
	  NULL,
	  false },
	{ ROW("Caps Lock is on"), { .fault = KEYBOARD_CAPS }, "]D210aB", 0, 0, "Ab", false },
	{ ROW("Caps Lock, nothing proves it"),
	  { .fault = KEYBOARD_CAPS },
	  "10aB",
	  0,
	  0,
	  "Ab",
	  true },
	{ ROW("Caps Lock, no letters"), { .fault = KEYBOARD_CAPS }, "1012-4", 0, 0, "12-4", false },
	{ ROW("upper, letters"), { .fault = KEYBOARD_UPPER }, "]D210AB", 0, 0, "AB", true },
	{ ROW("upper, digits"), { .fault = KEYBOARD_UPPER }, "]D21012", 0, 0, "12", false },
	{ ROW("lower, GS1-128"), { .fault = KEYBOARD_LOWER }, "]c110a1", 0, 0, "a1", true },
	{ ROW("lower, EAN"), { .fault = KEYBOARD_LOWER }, "6901234567892", 0, 0, "", false },
	{ ROW("lower, EAN by a prefix that is another in lower case"),
	  { .fault = KEYBOARD_LOWER },
	  "]e01012345678904",
	  0,
	  0,
	  "",
	  false },
	{ ROW("the same misread"),
	  { .fault = KEYBOARD_LOWER },
	  "]e01012345678903",
	  SCAN_CHECK_DIGIT,
	  15,
	  NULL,
	  false },
	{ ROW("Caps Lock is off meanwhile, EAN"),
	  { .fault = KEYBOARD_CAPS },
	  "]E01012345678904",
	  0,
	  0,
	  "",
	  false },
	{ ROW("Caps Lock, a prefix that proves nothing"),
	  { .fault = KEYBOARD_CAPS },
	  "]E010aB",
	  0,
	  0,
	  "Ab",
	  true },
	{ ROW("upper, text"), { .fault = KEYBOARD_UPPER }, "SHELF", 0, 0, "", true },
	{ ROW("a pack on a German layout"),
	  { .fault = KEYBOARD_DE },
	  "6901234567892",
	  0,
	  0,
	  "",
	  false },
	{ ROW("a trace code on a French layout"),
	  { .fault = KEYBOARD_FR },
	  "_&à&é\"(ààààààà&(è'è'",
	  0,
	  0,
	  "",
	  false },
	{ ROW("a suffix, and the prefix is missing"),
	  { .prefix = "*", .suffix = "9\r" },
	  "]C110B9\r",
	  SCAN_CUT,
	  0,
	  NULL,
	  false },
	{ ROW("a prefix, and the suffix is missing"),
	  { .prefix = "*", .suffix = "#" },
	  "\n*]C110B\r",
	  SCAN_CUT,
	  8,
	  NULL,
	  false },
	{ ROW("neither prefix nor suffix"),
	  { .prefix = "*", .suffix = "#" },
	  "]C110B",
	  0,
	  0,
	  "B",
	  false },
	{ ROW("prefix alone"), { .prefix = "A" }, "A\r", SCAN_EMPTY, 0, NULL, false },
};

static void test_apply(void **state)
{
	(void)state;
	foreach(r, applied) {
		const struct scan_options options = { .today = TODAY, .profile = &r->profile };
		struct scan_code code;
		size_t at;
		int err = scan_decode(r->scan, strlen(r->scan), &options, &code, &at);

		row_check(r, err == r->err, "error %s", scan_error_text(err));
		row_check(r, err == 0 || at == r->at, "at %zu", at);
		row_check(r, err != 0 || code.ambiguous == r->ambiguous, "ambiguous %d",
			  code.ambiguous);
		row_check(r, err != 0 || r->lot == NULL || strcmp(code.lot, r->lot) == 0, "lot %s",
			  code.lot);
	}
}

static void test_set(void **state)
{
	struct scan_profile profile;

	(void)state;
	assert_true(scan_profile_set(NULL, NULL, NULL, NULL, &profile));
	assert_true(scan_profile_is_plain(&profile));
	assert_true(scan_profile_set("A", "\r", "|", "caps", &profile));
	assert_false(scan_profile_is_plain(&profile));
	assert_int_equal(profile.fault, KEYBOARD_CAPS);
	assert_false(scan_profile_set("A", NULL, NULL, "klingon", &profile));
	assert_false(
		scan_profile_set("12345678901234567890123456789012", NULL, NULL, NULL, &profile));
}

/* ---- any scanner ---- */

static uint32_t random_state;

static uint32_t pick(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

static const char *one_of(const char *const *texts, size_t count)
{
	return texts[pick((uint32_t)count)];
}

#define ONE_OF(texts) one_of(texts, sizeof(texts) / sizeof(*(texts)))

/* A scanner, and the computer it is plugged into. */
struct device {
	const char *prefix, *separator, *suffix;
	bool aim, lead;
	enum keyboard_fault fault;
};

/* A dead key's sign stands before the next character where the two make no letter. */
static size_t type_text(const struct device *device, const char *text, char *out)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		size_t width = keyboard_type(device->fault, *text, out + n);

		if (width == 0)
			memcpy(out + n, "´", width = 2);
		n += width;
	}
	return n;
}

/* What arrives when `data`, with GS as a byte, is scanned. */
static size_t scan_with(const struct device *device, const char *data, char *out)
{
	size_t n = type_text(device, device->prefix, out);

	if (device->aim)
		n += type_text(device, "]d2", out + n);
	if (device->lead)
		n += type_text(device, device->separator, out + n);
	for (; *data != '\0'; data++) {
		const char one[] = { *data, '\0' };

		n += type_text(device, *data == GS[0] ? device->separator : one, out + n);
	}
	n += type_text(device, device->suffix, out + n);
	out[n] = '\0';
	return n;
}

static struct device any_device(void)
{
	static const char *const prefixes[] = { "", "", "A", "*", "@@", "~", "pre ", "]X0", "(a)" };
	static const char *const separators[] = { GS,       GS,   "",     " ",    "|",
						  "#",      "~",  "{GS}", "<GS>", "\\x1D",
						  "Ctrl+]", "^]", "029",  ";" };
	static const char *const suffixes[] = { "\r", "\n", "\t", "\r\n", "", "#\r", "//\t" };

	return (struct device){
		.prefix = ONE_OF(prefixes),
		.separator = ONE_OF(separators),
		.suffix = ONE_OF(suffixes),
		.aim = pick(2) == 0,
		.lead = pick(3) == 0,
		.fault = (enum keyboard_fault)pick(KEYBOARD_FAULTS),
	};
}

/* Another symbol with every character that a lot and a serial may hold. */
static void any_pack(char lot[21], char serial[21])
{
	static const char set[] = "!\"%&'()*+,-./0123456789:;<=>?"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

	for (int i = 0; i < 20; i++) {
		lot[i] = set[pick(sizeof(set) - 1)];
		serial[i] = set[pick(sizeof(set) - 1)];
	}
	lot[1 + pick(20)] = '\0';
	serial[1 + pick(20)] = '\0';
}

static bool has_nowhere(const char *text, const char *part)
{
	return part[0] == '\0' || strstr(text, part) == NULL;
}

/*
 * Whatever is scanned with a derived profile: it reads as printed, or a person is asked. Never
 * as another.
 */
static int read_other_pack(const struct device *device, const struct scan_profile *profile)
{
	const struct scan_options options = { .today = TODAY, .profile = profile };
	char lot[21], serial[21], data[96], arrived[512];
	struct scan_code code;
	size_t at, len;

	any_pack(lot, serial);
	/* A separator of signs that data may hold too is a risk that the person took with it. */
	if (!has_nowhere(lot, device->separator) || !has_nowhere(serial, device->separator))
		return 0;
	snprintf(data, sizeof(data),
		 "010950110153000317271231"
		 "10%s" GS "21%s",
		 lot, serial);
	len = scan_with(device, data, arrived);
	if (scan_decode(arrived, len, &options, &code, &at) != 0 || code.ambiguous)
		return 0;
	if (strcmp(code.lot, lot) != 0 || strcmp(code.serial, serial) != 0)
		fail_msg("%s|%s was read as %s|%s (fault %s, separator %s)", lot, serial, code.lot,
			 code.serial, keyboard_fault_name(device->fault), device->separator);
	return 1;
}

static void test_any_device(void **state)
{
	const char *wanted = getenv("SEED");
	int read = 0, usable = 0;

	(void)state;
	random_state = wanted != NULL ? (uint32_t)strtoul(wanted, NULL, 10) : (uint32_t)time(NULL);
	print_message("SEED=%u\n", random_state);
	for (int i = 0; i < 20000; i++) {
		struct device device = any_device();
		char arrived[512];
		struct profile_derivation d;
		size_t len = scan_with(&device, BODY GS TAIL, arrived);

		d = derive(arrived, len);
		/* Two habits may look like a third; but what is called usable must be right. */
		if (!d.usable)
			continue;
		usable++;
		if (!d.exact && device.fault != KEYBOARD_PLAIN && device.fault != KEYBOARD_GB) {
			bool held = false;

			for (size_t k = 0; k < d.count; k++)
				held = held || d.finding[k].remedy == PROFILE_HOLDS;
			assert_true(held);
		}
		read += read_other_pack(&device, &d.profile);
	}
	assert_true(usable > 8000);
	assert_true(read > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_derive),     cmocka_unit_test(test_nul),
		cmocka_unit_test(test_apply),      cmocka_unit_test(test_set),
		cmocka_unit_test(test_any_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
