/* The words for kinds and hints. */
#include <stdio.h>

#include "scanner/scan.h"

const char *scan_kind_name(enum scan_kind kind)
{
	static const char *const names[] = { "other", "gs1",        "gtin",
					     "sscc",  "trace_code", "digital_link" };

	return names[kind];
}

const char *scan_hint_name(enum scan_hint_kind kind)
{
	static const char *const names[] = { "companion_missing", "separator_lost",
					     "assumed_sscc",      "assumed_upc_e",
					     "carrier_not_gs1",   "fault_unproven",
					     "approval_number",   "national_drug_code",
					     "insurance_code" };

	return names[kind];
}

/* "01 02+37" as a person reads it: "(01), or (02) with (37)". */
static void list_companions(const char *groups, char *text, size_t size)
{
	size_t n = 0;

	for (const char *p = groups; *p != '\0' && n + 16 < size; p++) {
		const char *before = p == groups ? "(" : "";

		if (*p == ' ')
			before = ") or (";
		else if (*p == '+')
			before = ") with (";
		n += (size_t)snprintf(text + n, size - n, "%s", before);
		if (*p != ' ' && *p != '+')
			text[n++] = *p;
	}
	snprintf(text + n, size - n, ")");
}

void scan_hint_text(const struct scan_code *code, const struct scan_hint *hint, char *ret_text,
		    size_t size)
{
	const struct gs1_element *element = &code->message.element[hint->element];
	char companions[160];

	switch (hint->kind) {
	case SCAN_HINT_COMPANION:
		list_companions(element->rule->comes_with, companions, sizeof(companions));
		snprintf(ret_text, size, "(%s) belongs with %s: scan the item's other symbol too.",
			 element->ai, companions);
		break;
	case SCAN_HINT_AMBIGUOUS:
		snprintf(ret_text, size,
			 "The value of (%s) may hold further elements: compare it with the pack.",
			 element->ai);
		break;
	case SCAN_HINT_ASSUMED_SSCC:
		snprintf(ret_text, size, "Eighteen digits without a prefix, taken for an SSCC.");
		break;
	case SCAN_HINT_ASSUMED_UPC_E:
		snprintf(ret_text, size, "A short number, taken for a UPC-E and expanded.");
		break;
	case SCAN_HINT_CARRIER:
		snprintf(ret_text, size, "GS1 data in a symbol that is not marked as GS1.");
		break;
	case SCAN_HINT_FAULT:
		snprintf(ret_text, size,
			 "The scanner changes letters or signs: compare them with the pack.");
		break;
	case SCAN_HINT_APPROVAL:
		snprintf(ret_text, size,
			 "An approval number names no pack: scan the pack, or search for it.");
		break;
	case SCAN_HINT_NATIONAL:
		snprintf(ret_text, size,
			 "Read as a GTIN, but it may be the national drug code: scan the pack.");
		break;
	case SCAN_HINT_INSURANCE:
		snprintf(ret_text, size,
			 "This may be an insurance code, which names no pack: scan the pack.");
		break;
	}
}
