#include "workstation/answers.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/utf8.h"

/* --- asking --- */

/* As text it must be UTF-8 and without control characters; everything else travels as base64. */
static bool is_text(struct bytes code)
{
	size_t count;

	for (size_t i = 0; i < code.length; i++)
		if ((unsigned char)code.data[i] < ' ' || code.data[i] == 0x7f)
			return false;
	return utf8_count(code.data, code.length, &count);
}

static void put_code(struct text *body, struct bytes code)
{
	unsigned char base64[(RECORD_CODE_MAX + 2) / 3 * 4 + 1];
	int length;

	if (is_text(code)) {
		text_puts(body, ",\"code\":");
		json_put_bytes(body, code.data, code.length);
		return;
	}
	length = EVP_EncodeBlock(base64, (const unsigned char *)code.data, (int)code.length);
	text_puts(body, ",\"code_base64\":");
	json_put_bytes(body, (const char *)base64, (size_t)length);
}

static void put_moment(struct text *body, int64_t at_ms)
{
	time_t seconds = (time_t)(at_ms / 1000);
	char text[32];
	struct tm utc;

	if (gmtime_r(&seconds, &utc) == NULL || at_ms < 0 || utc.tm_year > 9999 - 1900)
		return;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	text_printf(body, ",\"scanned_at\":\"%s.%03dZ\"", text, (int)(at_ms % 1000));
}

static void put_number(struct text *body, const char *name, uint32_t number)
{
	if (number != 0)
		text_printf(body, ",\"%s\":%" PRIu32, name, number);
}

void answers_put_scan(struct text *body, const struct record *scan)
{
	char id[UUID_TEXT_SIZE];

	uuid7_text(scan->id, id);
	text_printf(body, "{\"id\":\"%s\",\"movement\":", id);
	json_put_bytes(body, scan->movement.data, scan->movement.length);
	put_code(body, scan->code);
	if (scan->quantity > 1)
		put_number(body, "quantity", scan->quantity);
	text_puts(body, ",\"workstation\":");
	json_put_bytes(body, scan->workstation.data, scan->workstation.length);
	text_printf(body, ",\"sequence\":%" PRIu64, scan->sequence);
	put_moment(body, scan->at_ms);
	put_number(body, "pharmacy_id", scan->pharmacy_id);
	put_number(body, "operator_id", scan->operator_id);
	text_puts(body, "}");
}

/* --- the answer --- */

json_t *answers_read(const char *body, size_t length)
{
	json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(root) && json_is_array(json_object_get(root, "results")))
		return root;
	json_decref(root);
	return NULL;
}

/* The text of a member, "" when it is null or not there, NULL when it is something else. */
static const char *text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return value == NULL || json_is_null(value) ? "" : json_string_value(value);
}

static bool is_outcome(const char *word)
{
	return word != NULL && (strcmp(word, "posted") == 0 || strcmp(word, "replayed") == 0 ||
				strcmp(word, "held") == 0 || strcmp(word, "rejected") == 0);
}

static bool read_result(const json_t *result, struct answer *ret_answer)
{
	const json_t *problem = json_object_get(result, "problem");
	struct answer answer = {
		.outcome = text_of(result, "outcome"),
		.problem = text_of(problem, "code"),
		.detail = text_of(problem, "detail"),
		.product = text_of(json_object_get(result, "product"), "name"),
	};

	if (!is_outcome(answer.outcome) || answer.problem == NULL)
		return false;
	if (problem != NULL && !json_is_null(problem) && answer.problem[0] == '\0')
		return false;
	answer.detail = answer.detail != NULL ? answer.detail : "";
	answer.product = answer.product != NULL ? answer.product : "";
	*ret_answer = answer;
	return true;
}

bool answers_find(const json_t *answers, const uint8_t id[UUID_SIZE], struct answer *ret_answer)
{
	const json_t *results = json_object_get(answers, "results"), *found = NULL;
	char wanted[UUID_TEXT_SIZE];

	uuid7_text(id, wanted);
	for (size_t i = 0; i < json_array_size(results); i++) {
		const json_t *result = json_array_get(results, i);
		const char *one = text_of(result, "id");

		if (one == NULL || strcasecmp(one, wanted) != 0)
			continue;
		if (found != NULL)
			return false;
		found = result;
	}
	return found != NULL && read_result(found, ret_answer);
}

static bool is_refusal(const char *code)
{
	static const char *const codes[] = { "invalid_json",   "unknown_member", "duplicate_member",
					     "missing_member", "invalid_member", "too_large" };

	for (size_t i = 0; code != NULL && i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

bool answers_refusal(const char *body, size_t length, char ret_code[64], char ret_detail[300])
{
	json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
	const char *code = text_of(root, "code");
	const char *detail = text_of(root, "detail");
	bool refused = is_refusal(code);

	if (refused) {
		snprintf(ret_code, 64, "%s", code);
		snprintf(ret_detail, 300, "%s", detail != NULL ? detail : "");
	}
	json_decref(root);
	return refused;
}

bool answers_pharmacy(const char *body, size_t length, uint32_t *ret_pharmacy_id)
{
	json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
	const json_t *id = json_object_get(json_object_get(root, "user"), "pharmacy_id");
	bool whole = json_is_null(id) || json_is_integer(id);
	json_int_t number = json_integer_value(id);

	json_decref(root);
	if (whole)
		*ret_pharmacy_id = number > 0 && number <= INT32_MAX ? (uint32_t)number : 0;
	return whole;
}
