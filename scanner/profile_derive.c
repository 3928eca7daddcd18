/*
 * The test symbol has two parts, with GS between them:
 *
 *	prefix  AIM  (separator)  HEAD  separator  TAIL  suffix
 *
 * For each fault, both parts are looked for as the fault makes them arrive. Found: what stands
 * around them are the habits. Not found: in what way does it differ?
 */
#include <string.h>

#include "scanner/gs1_content.h"
#include "scanner/profile_derive.h"
#include "scanner/scan_input.h"

#define AIM "]d2"
#define HEAD                       \
	"010950110153000317271231" \
	"10aB-1/x_9"
#define TAIL "21Zz0"
#define TYPED_MAX (sizeof(HEAD) * KEYBOARD_CHAR_MAX)
#define AIM_TYPED_MAX (AIM_PREFIX * KEYBOARD_CHAR_MAX)
#define CUT_MIN 4 /* so much of a part, at its end, is no accident */

/* A stretch of what arrived, or of what is expected. */
struct piece {
	const char *at;
	size_t len;
};

/* The scan taken apart. */
struct parts {
	enum keyboard_fault fault;
	struct piece prefix, aim, lead, head, separator, tail, suffix;
};

static const struct {
	const char *code, *text;
} findings[] = {
#define PROFILE_FINDING_ROW(name, code, text) { code, text },
	PROFILE_FINDINGS(PROFILE_FINDING_ROW)
#undef PROFILE_FINDING_ROW
};

const char *profile_finding_code(enum profile_finding_kind kind)
{
	return findings[kind].code;
}

const char *profile_finding_text(enum profile_finding_kind kind)
{
	return findings[kind].text;
}

const char *profile_remedy_name(enum profile_remedy remedy)
{
	static const char *const names[] = { "profile", "advice", "held", "device" };

	return names[remedy];
}

/* ---- pieces ---- */

static struct piece piece_of(const char *from, const char *to)
{
	return (struct piece){ from, (size_t)(to - from) };
}

static const char *end_of(struct piece piece)
{
	return piece.at + piece.len;
}

static bool is_same(struct piece piece, const char *text)
{
	return piece.len == strlen(text) && memcmp(piece.at, text, piece.len) == 0;
}

static bool ends_with(struct piece piece, struct piece tail)
{
	return piece.len >= tail.len && memcmp(end_of(piece) - tail.len, tail.at, tail.len) == 0;
}

/* `part` within `whole`; at NULL when it is not there. */
static struct piece find(struct piece whole, struct piece part)
{
	return (struct piece){ memmem(whole.at, whole.len, part.at, part.len), part.len };
}

/* What arrives when `text` is typed. */
static struct piece type(enum keyboard_fault fault, const char *text, char buffer[TYPED_MAX])
{
	struct piece typed = { buffer, 0 };

	for (; *text != '\0'; text++)
		typed.len += keyboard_type(fault, *text, buffer + typed.len);
	return typed;
}

/* ---- taking apart ---- */

/* Exactly this many characters were typed. */
static bool is_typed(enum keyboard_fault fault, struct piece arrived, size_t count)
{
	char c;

	for (size_t i = 0, n = 0; i <= arrived.len; n++) {
		size_t width = i < arrived.len ?
				       keyboard_undo(fault, arrived.at + i, arrived.len - i, &c) :
				       0;

		if (width == 0)
			return i == arrived.len && n == count;
		i += width;
	}
	return false;
}

/*
 * The sign that begins an AIM prefix, and the two characters behind it, at the end of what came
 * before the data.
 */
static struct piece find_aim(enum keyboard_fault fault, struct piece before)
{
	char buffer[TYPED_MAX];
	struct piece sign = type(fault, "]", buffer);

	for (size_t len = sign.len + 2; len <= before.len && len <= AIM_TYPED_MAX; len++) {
		struct piece aim = { end_of(before) - len, len };

		if (memcmp(aim.at, sign.at, sign.len) == 0 && is_typed(fault, aim, AIM_PREFIX))
			return aim;
	}
	return (struct piece){ end_of(before), 0 };
}

/* Separators right before the data, as some scanners send the first FNC1. */
static struct piece find_lead(struct piece before, struct piece separator)
{
	static const struct piece gs = { "\x1d", 1 };
	struct piece rest = before;

	for (;;) {
		if (separator.len > 0 && ends_with(rest, separator))
			rest.len -= separator.len;
		else if (ends_with(rest, gs))
			rest.len -= gs.len;
		else
			return piece_of(end_of(rest), end_of(before));
	}
}

static bool take_apart(enum keyboard_fault fault, struct piece arrived, struct parts *parts)
{
	char head[TYPED_MAX], tail[TYPED_MAX];
	struct piece typed_tail = type(fault, TAIL, tail);
	struct piece before, rest;

	parts->fault = fault;
	parts->head = find(arrived, type(fault, HEAD, head));
	if (parts->head.at == NULL)
		return false;
	rest = piece_of(end_of(parts->head), end_of(arrived));
	parts->tail = find(rest, typed_tail);
	if (parts->tail.at == NULL)
		return false;
	parts->separator = piece_of(rest.at, parts->tail.at);
	parts->suffix = piece_of(end_of(parts->tail), end_of(arrived));
	before = piece_of(arrived.at, parts->head.at);
	parts->lead = find_lead(before, parts->separator);
	parts->aim = find_aim(fault, piece_of(before.at, parts->lead.at));
	parts->prefix = piece_of(before.at, parts->aim.at);
	return parts->prefix.len <= PROFILE_TEXT_MAX && parts->separator.len <= PROFILE_TEXT_MAX;
}

/* A British layout moves nothing in the symbol; it shows in what comes for GS: £ for #, # for \. */
static bool is_british(struct piece separator)
{
	static const struct piece signs[] = { { "£", 2 }, { "¬", 2 }, { "#x1", 3 } };

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (find(separator, signs[i]).at != NULL)
			return true;
	return false;
}

static bool take_apart_any(struct piece arrived, struct parts *parts)
{
	for (int fault = KEYBOARD_PLAIN; fault < KEYBOARD_GB; fault++) {
		if (!take_apart((enum keyboard_fault)fault, arrived, parts))
			continue;
		if (fault == KEYBOARD_PLAIN && is_british(parts->separator))
			parts->fault = KEYBOARD_GB;
		return true;
	}
	return false;
}

/* ---- what is found ---- */

static void add(struct profile_derivation *d, struct piece arrived, enum profile_finding_kind kind,
		enum profile_remedy remedy, struct piece where)
{
	if (d->count < PROFILE_FINDINGS_MAX)
		d->finding[d->count++] = (struct profile_finding){ kind, remedy,
								   (size_t)(where.at - arrived.at),
								   where.len };
	d->usable = d->usable && remedy != PROFILE_CANNOT;
}

/* A value of an element may hold it: GS1 General Specifications 7.11. */
static bool is_data(char c)
{
	static const struct gs1_part any_text = { 'X', 1, 1, false, GS1_CHECK_ANY };
	size_t at;

	return gs1_content_check(&any_text, &c, 1, &at) == 0;
}

/*
 * Could data look like this? What a layout leaves uncertain could; a word between < and > is no
 * accident.
 */
static bool may_be_data(enum keyboard_fault fault, struct piece text)
{
	char meant = '\0', first = '\0';

	for (size_t i = 0; i < text.len;) {
		size_t width = keyboard_undo(fault, text.at + i, text.len - i, &meant);

		if (width == 0)
			return true;
		if (!is_data(meant))
			return false;
		first = i == 0 ? meant : first;
		i += width;
	}
	return first != '<' || meant != '>' || text.len < 4;
}

/* A | where the layout has another sign on its key: what else types it is not known. */
static bool is_bar_off_key(const struct parts *parts)
{
	return keyboard_is_layout(parts->fault) && is_same(parts->separator, "|");
}

static void judge_separator(struct profile_derivation *d, struct piece arrived,
			    const struct parts *parts)
{
	struct piece separator = parts->separator;

	if (separator.len == 0)
		add(d, arrived, PROFILE_GS_LOST, PROFILE_CANNOT, separator);
	else if (is_same(separator, "\x1d"))
		return;
	else if (may_be_data(parts->fault, separator))
		add(d, arrived, is_bar_off_key(parts) ? PROFILE_GS_LAYOUT : PROFILE_GS_DATA,
		    PROFILE_CANNOT, separator);
	else
		add(d, arrived, PROFILE_GS_SUBSTITUTE, PROFILE_MENDS, separator);
}

static void judge_front(struct profile_derivation *d, struct piece arrived,
			const struct parts *parts)
{
	char typed[TYPED_MAX];
	struct piece aim = type(parts->fault, AIM, typed);

	if (parts->prefix.len > 0)
		add(d, arrived, PROFILE_PREFIX, PROFILE_MENDS, parts->prefix);
	if (parts->aim.len == 0)
		add(d, arrived,
		    find(parts->prefix, aim).at != NULL ? PROFILE_AIM_APART : PROFILE_AIM_OFF,
		    PROFILE_ADVISES, parts->aim);
	else if (parts->aim.len != aim.len || memcmp(parts->aim.at, aim.at, aim.len) != 0)
		add(d, arrived, PROFILE_AIM_WRONG, PROFILE_CANNOT, parts->aim);
	if (parts->lead.len > 0)
		add(d, arrived, PROFILE_GS_LEADING, PROFILE_MENDS, parts->lead);
}

static void judge_fault(struct profile_derivation *d, struct piece arrived,
			const struct parts *parts)
{
	enum profile_remedy proven = parts->aim.len > 0 ? PROFILE_MENDS : PROFILE_HOLDS;

	if (keyboard_is_lossy(parts->fault))
		add(d, arrived, PROFILE_CASE_LOST, PROFILE_HOLDS, parts->head);
	else if (keyboard_is_layout(parts->fault))
		add(d, arrived, PROFILE_LAYOUT, proven,
		    parts->fault == KEYBOARD_GB ? parts->separator : parts->head);
	else if (parts->fault == KEYBOARD_CAPS)
		add(d, arrived, PROFILE_CASE_SWAPPED, proven, parts->head);
}

static void judge_end(struct profile_derivation *d, struct piece arrived, const struct parts *parts)
{
	const char *text = parts->suffix.at;
	size_t len = parts->suffix.len;
	char last = len > 0 ? text[len - 1] : '\0';

	if (find(parts->suffix, parts->head).at != NULL || len > PROFILE_TEXT_MAX) {
		add(d, arrived, PROFILE_TWICE, PROFILE_CANNOT, parts->suffix);
		return;
	}
	scan_trim(&text, &len);
	if (len > 0)
		add(d, arrived, PROFILE_SUFFIX, PROFILE_MENDS, (struct piece){ text, len });
	if (last != '\r' && last != '\n' && last != '\t')
		add(d, arrived, PROFILE_NO_END, PROFILE_ADVISES, parts->suffix);
}

static void copy_text(char field[PROFILE_TEXT_MAX + 1], struct piece text)
{
	memcpy(field, text.at, text.len);
}

static void judge(struct profile_derivation *d, struct piece arrived, const struct parts *parts)
{
	judge_front(d, arrived, parts);
	judge_fault(d, arrived, parts);
	judge_separator(d, arrived, parts);
	judge_end(d, arrived, parts);
	if (!d->usable)
		return;
	d->profile.fault = parts->fault;
	copy_text(d->profile.prefix, parts->prefix);
	copy_text(d->profile.suffix, parts->suffix);
	if (!is_same(parts->separator, "\x1d"))
		copy_text(d->profile.separator, parts->separator);
}

/* ---- what is none of the known habits ---- */

/* Characters of Chinese text: U+3000 to U+9FFF, and the full-width forms. */
static bool is_chinese(struct piece arrived)
{
	for (size_t i = 0; i + 2 < arrived.len; i++) {
		unsigned char first = (unsigned char)arrived.at[i];
		unsigned char second = (unsigned char)arrived.at[i + 1];

		if ((first >= 0xe3 && first <= 0xe9) ||
		    (first == 0xef && second >= 0xbc && second <= 0xbf))
			return true;
	}
	return false;
}

/* It ends with the beginning of the head, or begins with the end of it or of the tail. */
static bool is_cut(enum keyboard_fault fault, struct piece arrived)
{
	char buffer[TYPED_MAX], tail_buffer[TYPED_MAX];
	struct piece head = type(fault, HEAD, buffer);
	struct piece tail = find(arrived, type(fault, TAIL, tail_buffer));

	if (tail.at == NULL && find(arrived, head).at != NULL)
		return true;
	for (size_t n = CUT_MIN; n < head.len; n++) {
		struct piece begins = { head.at, n };
		struct piece ends = { end_of(head) - n, n };

		if (tail.at == NULL && ends_with(arrived, begins))
			return true;
		if (tail.at != NULL && arrived.len >= n && memcmp(arrived.at, ends.at, n) == 0)
			return true;
	}
	return tail.at == arrived.at;
}

/* Characters of `typed` that arrived in order: the longest common subsequence. */
static size_t common(struct piece typed, struct piece arrived)
{
	unsigned char row[2 * TYPED_MAX + 1] = { 0 };

	for (size_t i = 0; i < arrived.len; i++) {
		unsigned char diagonal = 0;

		for (size_t j = 0; j < typed.len; j++) {
			unsigned char above = row[j + 1];

			if (arrived.at[i] == typed.at[j])
				row[j + 1] = (unsigned char)(diagonal + 1);
			else if (row[j] > above)
				row[j + 1] = row[j];
			diagonal = above;
		}
	}
	return row[typed.len];
}

/* Three quarters of the symbol's characters are there, and in order. */
static bool is_thinned(enum keyboard_fault fault, struct piece arrived)
{
	char buffer[2 * TYPED_MAX];
	struct piece typed = type(fault, HEAD, buffer);

	typed.len += type(fault, TAIL, buffer + typed.len).len;
	return common(typed, arrived) * 4 >= typed.len * 3;
}

/* Caps Lock on top of another layout: one after the other can be mended. */
static bool is_capped(enum keyboard_fault layout, struct piece arrived)
{
	char swapped[TYPED_MAX], buffer[TYPED_MAX];
	struct piece head = type(KEYBOARD_CAPS, HEAD, swapped);

	swapped[head.len] = '\0';
	return find(arrived, type(layout, swapped, buffer)).at != NULL;
}

static bool is_other_symbol(struct piece arrived, int32_t today)
{
	const struct scan_options options = { .today = today };
	struct scan_code code;
	size_t at;

	return scan_decode(arrived.at, arrived.len, &options, &code, &at) == 0 &&
	       (code.kind != SCAN_OTHER || code.symbology != NULL);
}

static enum profile_finding_kind tell_difference(struct piece arrived, int32_t today)
{
	struct piece core = arrived;

	scan_trim(&core.at, &core.len);
	if (core.len == 0)
		return PROFILE_NOTHING;
	if (is_chinese(core))
		return PROFILE_IME;
	for (int fault = KEYBOARD_PLAIN; fault < KEYBOARD_GB; fault++)
		if (is_cut((enum keyboard_fault)fault, core))
			return PROFILE_CUT;
	for (int layout = KEYBOARD_DE; layout < KEYBOARD_GB; layout++)
		if (is_capped((enum keyboard_fault)layout, core))
			return PROFILE_CASE_SWAPPED;
	if (is_other_symbol(core, today))
		return PROFILE_OTHER_SYMBOL;
	for (int fault = KEYBOARD_PLAIN; fault < KEYBOARD_GB; fault++)
		if (is_thinned((enum keyboard_fault)fault, core))
			return PROFILE_LOSES;
	return PROFILE_DIFFERS;
}

static bool is_same_text(const char *a, const char *b, char ignored)
{
	for (; *a != '\0' && (*a | ignored) == (*b | ignored); b++)
		a++;
	return *a == *b;
}

/* Read with the profile, it says what is printed; where the case is lost, but for that. */
static bool reads(const struct scan_profile *profile, struct piece arrived, int32_t today,
		  struct scan_code *code)
{
	const struct scan_options options = { .today = today, .profile = profile };
	char ignored = keyboard_is_lossy(profile->fault) ? 0x20 : 0;
	size_t at;

	return scan_decode(arrived.at, arrived.len, &options, code, &at) == 0 &&
	       code->message.count == 4 && is_same_text(code->gtin, "09501101530003", 0) &&
	       is_same_text(code->lot, "aB-1/x_9", ignored) &&
	       is_same_text(code->serial, "Zz0", ignored) &&
	       is_same_text(gs1_find(&code->message, "17"), "271231", 0);
}

/* The proof. Habits in each other's way, such as a separator like an AIM prefix, fail it. */
static void prove(struct profile_derivation *d, struct piece arrived, struct piece scan,
		  int32_t today)
{
	struct scan_code code;

	if (!d->usable)
		return;
	if (reads(&d->profile, scan, today, &code)) {
		d->exact = !code.ambiguous;
		return;
	}
	memset(&d->profile, 0, sizeof(d->profile));
	add(d, arrived, PROFILE_DIFFERS, PROFILE_CANNOT, scan);
}

void profile_derive(const char *arrived, size_t len, int32_t today,
		    struct profile_derivation *ret_derivation)
{
	const struct piece all = { arrived, len };
	struct piece scan = all;
	struct parts parts;

	memset(ret_derivation, 0, sizeof(*ret_derivation));
	ret_derivation->usable = true;
	while (scan.len > 0 && scan.at[0] == '\0')
		scan = (struct piece){ scan.at + 1, scan.len - 1 };
	while (scan.len > 0 && scan.at[scan.len - 1] == '\0')
		scan.len--;
	if (take_apart_any(scan, &parts))
		judge(ret_derivation, all, &parts);
	else
		add(ret_derivation, all, tell_difference(scan, today), PROFILE_CANNOT, scan);
	prove(ret_derivation, all, scan, today);
}
