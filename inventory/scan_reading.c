#include "inventory/scan_reading.h"

#include <string.h>

#include "core/utf8.h"
#include "core/value.h"
#include "scanner/aim.h"
#include "scanner/scan.h"

/* What an unknown code is remembered by: its text, when it is short and printable. */
static const char *code_text(struct arena *arena, const struct scan_request *request)
{
	size_t characters;

	if (request->code_length == 0 || request->code_length > SCAN_LOOKUP_MAX)
		return NULL;
	for (size_t i = 0; i < request->code_length; i++)
		if ((unsigned char)request->code[i] < ' ')
			return NULL;
	if (!utf8_count(request->code, request->code_length, &characters))
		return NULL;
	return arena_copy(arena, request->code, request->code_length);
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
			  const struct scan_code *code, struct scan_reading *reading)
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
		reading->lookup = code_text(arena, request);
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

void scan_reading_make(struct arena *arena, const struct scan_request *request, int32_t today,
		       struct scan_reading *ret_reading)
{
	struct scan_options options = { .today = today, .symbology = request->symbology };
	struct scan_reading reading = { 0 };
	struct scan_code code;
	size_t at;
	int err;

	take_request(request, &reading);
	err = scan_decode(request->code, request->code_length, &options, &code, &at);
	if (err != 0) {
		reading.lookup = code_text(arena, request);
		reading.problem = "bad_code";
		reading.detail = arena_printf(arena, "%s (byte %zu)", scan_error_text(err), at);
	} else {
		take_identity(arena, request, &code, &reading);
		if (reading.problem != NULL || reading.lookup == NULL || code.gtin[0] != '\0')
			take_lot(arena, &code, &reading);
	}
	if (err == 0 && code.ambiguous) {
		reading.problem = "needs_review";
		reading.detail = "a separator may be lost: compare lot and serial with the pack";
	}
	reading.alone = reading.problem != NULL && (strcmp(reading.problem, "half") == 0 ||
						    strcmp(reading.problem, "package") == 0);
	*ret_reading = reading;
}
