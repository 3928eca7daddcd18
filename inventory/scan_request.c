#include "inventory/scan_request.h"

#include <jansson.h>
#include <openssl/sha.h>
#include <string.h>

#include "core/err.h"
#include "core/json.h"
#include "core/utf8.h"
#include "core/value.h"

enum member_type {
	MEMBER_TEXT,
	MEMBER_WORD,
	MEMBER_UUID,
	MEMBER_DATE,
	MEMBER_TIME,
	MEMBER_INTEGER,
	MEMBER_CODE,
	MEMBER_BASE64
};

/* One member of a scan. `limit`: the longest text in characters, or the greatest number; `least`: the smallest. */
struct member {
	const char *name;
	enum member_type type;
	size_t offset;
	bool required;
	int64_t least, limit;
};

#define AT(field) offsetof(struct scan_request, field)

static const struct member members[] = {
	{ "id", MEMBER_UUID, AT(id), true, 0, 0 },
	{ "movement", MEMBER_WORD, AT(movement), true, 0, 0 },
	{ "code", MEMBER_CODE, AT(code), false, 0, SCAN_CODE_MAX },
	{ "code_base64", MEMBER_BASE64, AT(code), false, 0, SCAN_CODE_MAX },
	{ "symbology", MEMBER_TEXT, AT(symbology), false, 1, 40 },
	{ "quantity", MEMBER_INTEGER, AT(quantity), false, 1, SCAN_QUANTITY_MAX },
	{ "lot", MEMBER_TEXT, AT(lot), false, 1, 50 },
	{ "expiry", MEMBER_DATE, AT(expiry), false, 0, 0 },
	{ "order_id", MEMBER_INTEGER, AT(order_id), false, 1, INT64_MAX },
	{ "reason", MEMBER_TEXT, AT(reason), false, 1, 500 },
	{ "workstation", MEMBER_TEXT, AT(workstation), false, 1, 100 },
	{ "sequence", MEMBER_INTEGER, AT(sequence), false, 0, INT64_MAX },
	{ "scanned_at", MEMBER_TIME, AT(scanned_at), false, 0, 0 },
	{ "pharmacy_id", MEMBER_INTEGER, AT(pharmacy_id), false, 1, INT32_MAX },
	{ "operator_id", MEMBER_INTEGER, AT(operator_id), false, 1, INT32_MAX },
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static const char *const words[] = { "receive",   "dispense",   "return", "return_supplier",
				     "write_off", "quarantine", "release" };

/* One decoding under way; `detail` is set where it fails. */
struct decoder {
	struct arena *arena;
	const char *place; /* "[3]." in an array, "" for one object */
	const char *detail;
};

static int refuse(struct decoder *decoder, int err, const char *name, const char *why)
{
	decoder->detail = arena_printf(decoder->arena, "%s%s%s%s", decoder->place, name,
				       *why != '\0' ? ": " : "", why);
	return err;
}

/* A text for people: not empty, not too long, no control characters. */
static bool text_fits(const char *text, int64_t limit)
{
	size_t count;

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return utf8_count(text, strlen(text), &count) && count > 0 && count <= (size_t)limit;
}

static int read_integer(struct decoder *decoder, const struct member *member, json_t *value,
			void *ret)
{
	if (!json_is_integer(value) || json_integer_value(value) < member->least ||
	    json_integer_value(value) > member->limit)
		return refuse(decoder, ERR_INVALID_MEMBER, member->name,
			      arena_printf(decoder->arena,
					   "must be a whole number from %lld to %lld",
					   (long long)member->least, (long long)member->limit));
	*(int64_t *)ret = json_integer_value(value);
	return 0;
}

static int read_base64(struct decoder *decoder, const struct member *member, json_t *value,
		       struct scan_request *request)
{
	size_t length = json_string_length(value);
	uint8_t *data = arena_alloc(decoder->arena, length / 4 * 3 + 1);
	long count = value_base64(json_string_value(value), length, data);

	if (count < 0)
		return refuse(decoder, ERR_INVALID_MEMBER, member->name, "must be base64");
	request->code = (const char *)data;
	request->code_length = (size_t)count;
	return 0;
}

static bool is_movement(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], text) == 0)
			return true;
	return false;
}

/* What is wrong with a text for its member, or NULL. */
static const char *text_fault(const struct member *member, const char *text)
{
	uint8_t uuid[16];
	int32_t days;
	int64_t moment;

	switch (member->type) {
	case MEMBER_UUID:
		return value_uuid(text, uuid) ? NULL : "must be a UUID";
	case MEMBER_WORD:
		return is_movement(text) ?
			       NULL :
			       "must be receive, dispense, return, return_supplier, write_off, quarantine or release";
	case MEMBER_DATE:
		return value_date(text, &days) ? NULL : "must be a day that exists, as YYYY-MM-DD";
	case MEMBER_TIME:
		return value_time(text, &moment) ? NULL : "must be a time as RFC 3339 has it";
	case MEMBER_TEXT:
		return text_fits(text, member->limit) ?
			       NULL :
			       "is empty, too long, or has control characters";
	case MEMBER_CODE:
	case MEMBER_BASE64:
	case MEMBER_INTEGER:
		break;
	}
	return NULL;
}

static int read_member(struct decoder *decoder, const struct member *member, json_t *value,
		       struct scan_request *request)
{
	void *ret = (char *)request + member->offset;
	const char *fault;

	if (member->type == MEMBER_INTEGER)
		return read_integer(decoder, member, value, ret);
	if (!json_is_string(value))
		return refuse(decoder, ERR_INVALID_MEMBER, member->name, "must be a string");
	if (member->type == MEMBER_CODE || member->type == MEMBER_BASE64) {
		if (request->code != NULL)
			return refuse(decoder, ERR_INVALID_MEMBER, member->name,
				      "give code or code_base64, not both");
		if (member->type == MEMBER_BASE64)
			return read_base64(decoder, member, value, request);
		request->code_length = json_string_length(value);
	}
	fault = text_fault(member, json_string_value(value));
	if (fault != NULL)
		return refuse(decoder, ERR_INVALID_MEMBER, member->name, fault);
	*(const char **)ret = arena_copy(decoder->arena, json_string_value(value),
					 json_string_length(value));
	return 0;
}

static const struct member *find_member(const char *name)
{
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

static int check_required(struct decoder *decoder, const struct scan_request *request)
{
	if (request->id == NULL)
		return refuse(decoder, ERR_MISSING_MEMBER, "id", "");
	if (request->movement == NULL)
		return refuse(decoder, ERR_MISSING_MEMBER, "movement", "");
	if (request->code == NULL)
		return refuse(decoder, ERR_MISSING_MEMBER, "code", "");
	if (request->code_length > SCAN_CODE_MAX)
		return refuse(decoder, ERR_INVALID_MEMBER, "code", "is longer than 8,192 bytes");
	return 0;
}

static int read_scan(struct decoder *decoder, json_t *object, struct scan_request *request)
{
	const char *name;
	json_t *value;
	int err;

	if (!json_is_object(object))
		return refuse(decoder, ERR_INVALID_JSON, "scan", "must be an object");
	*request = (struct scan_request){ .quantity = 1, .sequence = -1 };
	json_object_foreach(object, name, value)
	{
		const struct member *member = find_member(name);

		if (member == NULL)
			return refuse(decoder, ERR_UNKNOWN_MEMBER, name, "");
		if (json_is_null(value) && !member->required)
			continue;
		err = read_member(decoder, member, value, request);
		if (err != 0)
			return err;
	}
	return check_required(decoder, request);
}

static int read_scans(struct decoder *decoder, json_t *root, struct scan_request *requests,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_t *object = json_is_array(root) ? json_array_get(root, i) : root;
		int err;

		if (json_is_array(root))
			decoder->place = arena_printf(decoder->arena, "[%zu].", i);
		err = read_scan(decoder, object, &requests[i]);
		if (err != 0)
			return err;
	}
	return 0;
}

/* jansson says: duplicate object key near '"NAME"'. */
static const char *duplicate_name(struct decoder *decoder, const json_error_t *error)
{
	const char *from = strchr(error->text, '"');
	const char *to = from != NULL ? strchr(from + 1, '"') : NULL;

	return to != NULL ? arena_copy(decoder->arena, from + 1, (size_t)(to - from - 1)) :
			    "member";
}

static int json_fault(struct decoder *decoder, const json_error_t *error)
{
	if (json_error_code(error) == json_error_duplicate_key)
		return refuse(decoder, ERR_DUPLICATE_MEMBER, duplicate_name(decoder, error), "");
	return refuse(decoder, ERR_INVALID_JSON,
		      arena_printf(decoder->arena, "at byte %d", error->position), "");
}

int scan_requests_decode(struct arena *arena, const char *body, size_t length,
			 struct scan_request **ret_requests, size_t *ret_count, bool *ret_single,
			 const char **reterr_detail)
{
	struct decoder decoder = { .arena = arena, .place = "" };
	json_error_t error;
	json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, &error);
	size_t count = json_is_array(root) ? json_array_size(root) : 1;
	struct scan_request *requests = NULL;
	int err;

	if (root == NULL)
		err = json_fault(&decoder, &error);
	else if (count == 0 || count > SCAN_REQUESTS_MAX)
		err = refuse(&decoder, ERR_INVALID_MEMBER, "scans", "send 1 to 1,000 at a time");
	else {
		requests = arena_alloc(arena, count * sizeof(*requests));
		err = read_scans(&decoder, root, requests, count);
	}
	if (err == 0) {
		*ret_requests = requests;
		*ret_count = count;
		*ret_single = !json_is_array(root);
	} else {
		*reterr_detail = decoder.detail;
	}
	json_decref(root);
	return err;
}

/* Add one part with its length, so that no two requests read alike. */
static void add_part(struct text *text, const void *data, size_t length)
{
	uint32_t size = (uint32_t)length;

	text_add(text, (const char *)&size, sizeof(size));
	text_add(text, data, length);
}

static void add_string(struct text *text, const char *string)
{
	add_part(text, string, string != NULL ? strlen(string) : 0);
}

void scan_request_payload(const struct scan_request *request, uint8_t ret_payload[16])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	struct text text = { 0 };

	add_string(&text, request->movement);
	add_part(&text, request->code, request->code_length);
	add_string(&text, request->symbology);
	add_part(&text, &request->quantity, sizeof(request->quantity));
	add_string(&text, request->lot);
	add_string(&text, request->expiry);
	add_part(&text, &request->order_id, sizeof(request->order_id));
	add_string(&text, request->reason);
	SHA256((const unsigned char *)text.data, text.length, digest);
	memcpy(ret_payload, digest, 16);
	text_done(&text);
}
