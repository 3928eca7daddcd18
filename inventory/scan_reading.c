#include "inventory/scan_reading.h"

#include <string.h>

#include "core/utf8.h"
#include "core/value.h"
#include "scanner/aim.h"
#include "scanner/scan.h"

#define DAY_US ((int64_t)24 * 60 * 60 * 1000000)
#define WAITED_DAYS_MAX 400

/* What an unknown code is remembered by: its text, when it is short and printable. */
static const char *code_text(struct arena *arena, const char *text, size_t length)
{
	size_t characters;

	if (length == 0 || length > SCAN_LOOKUP_MAX)
		return NULL;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ')
			return NULL;
	if (!utf8_count(text, length, &characters))
		return NULL;
	return arena_copy(arena, text, length);
}

/* Without the device's habits, so that a code is the same text at every workstation; text knows no separators. */
static const char *request_text(struct arena *arena, const struct scan_request *request,
				const struct scan_profile *profile)
{
	const char *code = request->code;
	size_t length = request->code_length, taken, at;
	struct scan_profile habits;
	char *text;

	if (profile == NULL || length > SCAN_INPUT_MAX)
		return code_text(arena, code, length);
	habits = *profile;
	habits.separator[0] = '\0';
	text = arena_alloc(arena, length + 1);
	if (scan_profile_strip(&habits, &code, &length, &taken, &at) != 0 ||
	    scan_profile_undo(&habits, code, length, text, &length, &at) != 0)
		return code_text(arena, request->code, request->code_length);
	return code_text(arena, text, length);
}

/* The same text whether scanners send AIM prefixes or not, and from whatever symbol. */
static const char *without_prefix(const char *text)
{
	if (text == NULL || text[0] != ']')
		return text;
	return text[AIM_PREFIX] != '\0' ? text + AIM_PREFIX : NULL;
}

/* Identifiers that stand on the second symbol of a box, whose first has the GTIN. */
static bool is_of_half(const struct gs1_element *element)
{
	static const char *const of_half[] = { "10",  "11",  "13",  "15",   "16",
					       "17",  "20",  "21",  "22",   "240",
					       "241", "250", "251", "7003", "7004" };

	for (size_t i = 0; i < sizeof(of_half) / sizeof(of_half[0]); i++)
		if (strcmp(element->ai, of_half[i]) == 0)
			return true;
	return false;
}

/*
 * Lot, expiry or serial without a product: what another symbol of the box left out. Many a shop's own number reads as a
 * lot or a serial too, so the symbol must say that it is GS1, or a day must stand beside them.
 */
static bool is_half(const struct scan_code *code)
{
	const struct aim_symbology *symbology = code->symbology != NULL ?
							aim_named(code->symbology) :
							NULL;

	if (code->kind != SCAN_GS1 ||
	    (code->lot[0] == '\0' && code->serial[0] == '\0' && code->expiry == SCAN_NO_DATE))
		return false;
	for (size_t i = 0; i < code->message.count; i++)
		if (!is_of_half(&code->message.element[i]))
			return false;
	return (symbology != NULL && symbology->carrier == AIM_GS1) ||
	       (code->expiry != SCAN_NO_DATE && code->message.count > 1);
}

static void take_half(struct arena *arena, const struct scan_code *code,
		      struct scan_reading *reading)
{
	reading->problem = "half";
	if (code->serial[0] != '\0')
		reading->pack = arena_printf(arena, "21%s", code->serial);
}

static void take_identity(struct arena *arena, const struct scan_request *request,
			  const struct scan_profile *profile, const struct scan_code *code,
			  struct scan_reading *reading)
{
	if (is_half(code)) {
		take_half(arena, code, reading);
	} else if (code->sscc[0] != '\0') {
		reading->problem = "package";
		reading->pack = arena_printf(arena, "00%s", code->sscc);
	} else if (code->kind == SCAN_TRACE_CODE) {
		reading->lookup = arena_copy(arena, code->trace_code, 7);
		reading->pack = arena_copy(arena, code->trace_code, strlen(code->trace_code));
	} else if (code->gtin[0] != '\0') {
		reading->lookup = arena_copy(arena, code->gtin, strlen(code->gtin));
		if (code->serial[0] != '\0')
			reading->pack = arena_printf(arena, "01%s21%s", code->gtin, code->serial);
	} else {
		reading->lookup = request_text(arena, request, profile);
		if (code->kind == SCAN_OTHER)
			reading->lookup = without_prefix(reading->lookup);
	}
}

/* What the person typed; a code that says more goes before it. */
static void take_request(const struct scan_request *request, struct scan_reading *reading)
{
	reading->lot = request->lot;
	reading->expiry = INT32_MIN;
	reading->expiry_day_known = true;
	if (request->expiry != NULL)
		value_date(request->expiry, &reading->expiry);
}

static void take_lot(struct arena *arena, const struct scan_code *code,
		     struct scan_reading *reading)
{
	if (code->lot[0] != '\0')
		reading->lot = arena_copy(arena, code->lot, strlen(code->lot));
	if (code->expiry != SCAN_NO_DATE) {
		reading->expiry = code->expiry;
		reading->expiry_day_known = code->expiry_day_known;
	}
}

/*
 * Its GTIN is that of goods in a package, or of an item that this is a piece of: how many
 * are meant only a person can say. A package with a number of its own is looked up by that.
 */
static bool is_no_pack(const struct scan_code *code)
{
	static const char *const of_others[] = { "02", "8006", "8026" };

	for (size_t i = 0; i < sizeof(of_others) / sizeof(of_others[0]); i++)
		if (code->sscc[0] == '\0' && gs1_find(&code->message, of_others[i]) != NULL)
			return true;
	return false;
}

/* How many of its product a trade item says that it holds, 0 to 99,999,999; -1 where it does not say. */
static int32_t content_of(const struct scan_code *code)
{
	if (gs1_find(&code->message, "01") == NULL || gs1_find(&code->message, "30") == NULL ||
	    code->sscc[0] != '\0' || gs1_find(&code->message, "37") != NULL)
		return -1;
	return code->quantity;
}

static void take_content(const struct scan_request *request, const struct scan_code *code,
			 struct scan_reading *reading)
{
	int32_t content = content_of(code);

	if (content == 0 || content > SCAN_QUANTITY_MAX / request->quantity) {
		reading->problem = "needs_review";
		reading->detail = "contradicts: how many it holds, (30), is 0 or too many";
	} else if (content > 0) {
		reading->content = content;
	}
}

/* Why a person must compare the code with the pack; NULL where there is no need. */
static const char *doubt_of(const struct scan_code *code)
{
	if (is_no_pack(code))
		return "goods_in_package: the code names goods in a package, or a piece: "
		       "scan its SSCC, or each pack";
	if (!code->ambiguous)
		return NULL;
	for (size_t i = 0; i < code->hint_count; i++)
		if (code->hint[i].kind == SCAN_HINT_FAULT)
			return "device_changes_letters: the scanner changes letters or signs: "
			       "compare lot and serial with the pack";
	return "separator_lost: a separator may be lost: "
	       "compare lot and serial with the pack";
}

/*
 * The day that the century of a code's dates follows from: that of the scan, which may have waited over New Year. A device's
 * clock that is far off says nothing.
 */
static int32_t scan_day(const struct scan_request *request, int32_t today)
{
	int64_t moment, day;

	if (request->scanned_at == NULL || !value_time(request->scanned_at, &moment))
		return today;
	day = moment / DAY_US;
	return day > today + 1 || day < today - WAITED_DAYS_MAX ? today : (int32_t)day;
}

void scan_reading_make(struct arena *arena, const struct scan_request *request,
		       const struct scan_profile *profile, int32_t today,
		       struct scan_reading *ret_reading)
{
	struct scan_options options = {
		.today = scan_day(request, today),
		.symbology = request->symbology,
		.profile = profile,
		.bracketed = true, /* a clerk whose scanner cannot read it types what is printed */
	};
	struct scan_reading reading = { 0 };
	const char *doubt;
	struct scan_code code;
	size_t at;
	int err;

	take_request(request, &reading);
	err = scan_decode(request->code, request->code_length, &options, &code, &at);
	if (err != 0) {
		reading.lookup = request_text(arena, request, profile);
		reading.problem = "bad_code";
		reading.detail = arena_printf(arena, "%s (byte %zu)", scan_error_text(err), at);
	} else {
		take_identity(arena, request, profile, &code, &reading);
		if (reading.problem != NULL || reading.lookup == NULL || code.gtin[0] != '\0')
			take_lot(arena, &code, &reading);
		take_content(request, &code, &reading);
	}
	doubt = err == 0 ? doubt_of(&code) : NULL;
	if (doubt != NULL) {
		reading.problem = "needs_review";
		reading.detail = doubt;
	}
	reading.alone = reading.problem != NULL && (strcmp(reading.problem, "half") == 0 ||
						    strcmp(reading.problem, "package") == 0);
	*ret_reading = reading;
}
