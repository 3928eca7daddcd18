/*
 * Profiles on any bytes: what arrives is derived from, and read with. An input is a device and
 * a scan:
 *
 *	PREFIX TAB SUFFIX TAB SEPARATOR TAB FAULT LF SCAN
 *
 * Without a line end all is scan, of a device without habits.
 */
#include <stdbool.h>
#include <string.h>

#include "scanner/profile_derive.h"
#include "scanner/scan.h"
#include "fuzz.h"

#define TODAY 20779
#define ARRIVED_MAX (4 * (PROFILE_TEXT_MAX + 1) * KEYBOARD_CHAR_MAX + 256)

struct attempt {
	struct scan_profile device;
	char words[160];
	const char *scan;
	size_t len;
};

static void set_up(struct attempt *a, const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
	size_t head = end != NULL ? (size_t)(end - text) : 0;
	char *rest = a->words;
	const char *field[4];

	memset(a, 0, sizeof(*a));
	a->scan = end != NULL ? end + 1 : text;
	a->len = size - (size_t)(a->scan - text);
	if (end != NULL)
		memcpy(a->words, text, head < sizeof(a->words) ? head : sizeof(a->words) - 1);
	for (int i = 0; i < 4; i++) {
		const char *word = strsep(&rest, "\t");

		field[i] = word != NULL && word[0] != '\0' ? word : NULL;
	}
	scan_profile_set(field[0], field[1], field[2], field[3], &a->device);
}

static bool is_bounded(const char text[PROFILE_TEXT_MAX + 1])
{
	return memchr(text, '\0', PROFILE_TEXT_MAX + 1) != NULL;
}

static void check_finding(const struct profile_finding *finding, size_t len)
{
	fuzz_check(finding->at <= len && finding->len <= len - finding->at);
	fuzz_check(profile_finding_code(finding->kind)[0] != '\0');
	fuzz_check(profile_finding_text(finding->kind)[0] != '\0');
	fuzz_check(profile_remedy_name(finding->remedy)[0] != '\0');
}

/* What a caller of profile_derive() may rely on, whatever arrived. */
static struct profile_derivation check_derive(const char *arrived, size_t len)
{
	char *exact = malloc(len);
	struct profile_derivation d, again;
	bool cannot = false;

	if (len > 0)
		memcpy(exact, arrived, len);
	profile_derive(exact, len, TODAY, &d);
	profile_derive(exact, len, TODAY, &again);
	free(exact);
	fuzz_check(memcmp(&d, &again, sizeof(d)) == 0);
	fuzz_check(d.count <= PROFILE_FINDINGS_MAX);
	fuzz_check(is_bounded(d.profile.prefix) && is_bounded(d.profile.suffix) &&
		   is_bounded(d.profile.separator));
	for (size_t i = 0; i < d.count; i++) {
		check_finding(&d.finding[i], len);
		cannot = cannot || d.finding[i].remedy == PROFILE_CANNOT;
	}
	fuzz_check(d.usable == !cannot && (d.usable || scan_profile_is_plain(&d.profile)));
	fuzz_check(!d.exact || d.usable);
	return d;
}

/* Undoing writes no more than there was, and every byte has a place it came from, in order. */
static void check_undo(const struct scan_profile *profile, const char *data, size_t len)
{
	char *text = malloc(len);
	size_t n, at, before = 0;

	if (scan_profile_undo(profile, data, len, text, &n, &at) != 0) {
		fuzz_check(at < len);
		free(text);
		return;
	}
	fuzz_check(n <= len);
	for (size_t i = 0; i < n; i++) {
		size_t origin = scan_profile_origin(profile, data, len, i);

		fuzz_check(origin < len && (i == 0 || origin > before));
		before = origin;
	}
	fuzz_check(scan_profile_origin(profile, data, len, n) == len);
	free(text);
}

static void check_decode(const struct attempt *a)
{
	const struct scan_options options = { .today = TODAY, .profile = &a->device };
	struct scan_code code;
	size_t at = SIZE_MAX;

	if (scan_decode(a->scan, a->len, &options, &code, &at) != 0)
		fuzz_check(at <= a->len || (a->len > SCAN_INPUT_MAX && at == SCAN_INPUT_MAX));
}

static size_t type_text(enum keyboard_fault fault, const char *text, char *out)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x80)
			n += keyboard_type(fault, *text, out + n);
	return n;
}

/*
 * The test symbol as this device sends it: a profile that is usable reads it, or has it looked
 * at.
 */
static void check_device(const struct scan_profile *device)
{
	char arrived[ARRIVED_MAX];
	struct profile_derivation d;
	size_t n = type_text(device->fault, device->prefix, arrived);

	for (const char *c = PROFILE_TEST_SCAN; *c != '\0'; c++) {
		const char one[] = { *c, '\0' };

		n += type_text(device->fault,
			       *c == '\x1d' && device->separator[0] != '\0' ? device->separator :
									      one,
			       arrived + n);
	}
	n += type_text(device->fault, device->suffix, arrived + n);
	d = check_derive(arrived, n);
	if (d.usable && !d.exact) {
		bool held = false;

		for (size_t i = 0; i < d.count; i++)
			held = held || d.finding[i].remedy == PROFILE_HOLDS;
		fuzz_check(held);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attempt a;

	set_up(&a, data, size);
	check_derive(a.scan, a.len);
	if (a.len > 0 && a.len <= 1024)
		check_undo(&a.device, a.scan, a.len);
	check_decode(&a);
	check_device(&a.device);
	return 0;
}
