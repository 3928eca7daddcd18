/* The calls of the set-up page: what is kept, what arrived means, keep it, forget it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/err.h"
#include "core/http.h"
#include "core/json.h"
#include "core/utf8.h"
#include "core/value.h"
#include "inventory/workstations.h"
#include "scanner/parse_answer.h"
#include "scanner/profile_derive.h"
#include "scanner/scan.h"
#include "schema/queries.h"

#define NAME_MAX_CHARACTERS 100 /* as the workstation of a scan */
#define ARRIVED_MAX 1000        /* characters of base64 */

/* What arrived when the test symbol was scanned, and what follows from it. */
struct set_up {
	const char *base64;
	const char *bytes;
	size_t length;
	int32_t today;
	struct profile_derivation derivation;
};

/* Decode and derive; 0, or ERR_* with *reterr_detail. */
static int derive(struct http_call *call, const char *base64, struct set_up *ret_set_up,
		  const char **reterr_detail)
{
	size_t length = strlen(base64), characters;
	uint8_t *bytes = arena_alloc(http_call_arena(call), length / 4 * 3 + 1);
	long count = value_base64(base64, length, bytes);

	*reterr_detail = "arrived_base64: must be base64 of UTF-8";
	if (count < 0 || !utf8_count((const char *)bytes, (size_t)count, &characters))
		return ERR_INVALID_MEMBER;
	*ret_set_up = (struct set_up){
		.base64 = base64,
		.bytes = (const char *)bytes,
		.length = (size_t)count,
		.today = (int32_t)(time(NULL) / (24 * 60 * 60)),
	};
	profile_derive(ret_set_up->bytes, ret_set_up->length, ret_set_up->today,
		       &ret_set_up->derivation);
	return 0;
}

/* --- POST /workstations/derive --- */

static void put_profile(struct text *text, const struct scan_profile *profile)
{
	text_puts(text, "{\"prefix\":");
	json_put_string(text, profile->prefix);
	text_puts(text, ",\"suffix\":");
	json_put_string(text, profile->suffix);
	text_puts(text, ",\"separator\":");
	json_put_string(text, profile->separator);
	text_puts(text, ",\"fault\":");
	json_put_string(text, keyboard_fault_name(profile->fault));
	text_puts(text, "}");
}

static void put_findings(struct text *text, const struct profile_derivation *derivation)
{
	text_puts(text, "[");
	for (size_t i = 0; i < derivation->count; i++) {
		const struct profile_finding *finding = &derivation->finding[i];

		text_printf(text, "%s{\"code\":\"%s\",\"remedy\":\"%s\",\"at\":%zu,\"length\":%zu",
			    i > 0 ? "," : "", profile_finding_code(finding->kind),
			    profile_remedy_name(finding->remedy), finding->at, finding->len);
		text_puts(text, ",\"detail\":");
		json_put_string(text, profile_finding_text(finding->kind));
		text_puts(text, "}");
	}
	text_puts(text, "]");
}

/* As `yaoku parse` answers, for a scan of this workstation from now on. */
static void put_reading(struct text *text, const struct set_up *set_up)
{
	const struct scan_options options = { .today = set_up->today,
					      .profile = &set_up->derivation.profile };
	struct scan_code code;
	char *line = NULL;
	size_t at, length = 0;
	FILE *out = open_memstream(&line, &length);
	int err;

	if (out == NULL)
		abort();
	err = scan_decode(set_up->bytes, set_up->length, &options, &code, &at);
	if (err == 0)
		parse_answer(out, &code);
	else
		parse_answer_error(out, err, at);
	if (fclose(out) != 0)
		abort();
	text_add(text, line, length - 1); /* without the line end */
	free(line);
}

static void answer_derivation(struct http_call *call, const struct set_up *set_up)
{
	const struct profile_derivation *derivation = &set_up->derivation;
	struct text text = { 0 };

	text_printf(&text, "{\"usable\":%s,\"exact\":%s,\"profile\":",
		    derivation->usable ? "true" : "false", derivation->exact ? "true" : "false");
	put_profile(&text, &derivation->profile);
	text_puts(&text, ",\"findings\":");
	put_findings(&text, derivation);
	text_puts(&text, ",\"content\":");
	json_put_string(&text, PROFILE_TEST_CONTENT);
	text_puts(&text, ",\"expected\":");
	json_put_string(&text, PROFILE_TEST_SCAN);
	text_puts(&text, ",\"reading\":");
	put_reading(&text, set_up);
	text_puts(&text, "}");
	http_reply_text(call, 200, "application/json", &text);
}

static void derive_post(struct http_call *call, void *arg)
{
	struct field_values values = { 0 };
	const char *detail = NULL;
	struct set_up set_up;
	int err = fields_decode(call, endpoint_of(call)->fields, &values, &detail);

	(void)arg;
	if (err == 0)
		err = derive(call, values.value[0], &set_up, &detail);
	if (err != 0)
		http_fail(call, err, detail);
	else
		answer_derivation(call, &set_up);
}

/*
 * PUT /workstations: this worker reads the profiles again before it answers, so that the next scan on
 * the same connection meets the new one; the others are told by the notice.
 *
 *   workstation_put ──► on_put ──► on_known ──► 200
 *      └─► 400, 409       └─► 404
 */
enum { PUT_NAME, PUT_PHARMACY, PUT_ARRIVED };

struct put_op {
	struct http_call *call;
	const char *body;
};

static void on_known(void *arg)
{
	struct put_op *op = arg;

	http_reply_json(op->call, op->body);
}

/* Columns: problem, detail, body. */
static void on_put(struct db_reply *reply, void *arg)
{
	struct put_op *op = arg;

	if (db_reply_err(reply) != 0 || db_reply_value(reply, 0, 0) != NULL) {
		endpoint_answer(op->call, reply, SHAPE_COMMAND);
		return;
	}
	op->body = arena_copy(http_call_arena(op->call), db_reply_value(reply, 0, 2),
			      db_reply_length(reply, 0, 2));
	workstations_read(on_known, op);
}

static const char *why_not(const struct profile_derivation *derivation)
{
	for (size_t i = 0; i < derivation->count; i++)
		if (derivation->finding[i].remedy == PROFILE_CANNOT)
			return profile_finding_text(derivation->finding[i].kind);
	return NULL;
}

static void workstation_put(struct http_call *call, void *arg)
{
	struct put_op *op = http_call_alloc(call, sizeof(*op));
	struct field_values values = { 0 };
	const char *detail = NULL;
	struct set_up set_up;
	int err = fields_decode(call, endpoint_of(call)->fields, &values, &detail);

	(void)arg;
	op->call = call;
	if (err == 0)
		err = derive(call, values.value[PUT_ARRIVED], &set_up, &detail);
	if (err != 0) {
		http_fail(call, err, detail);
	} else if (!set_up.derivation.usable) {
		http_fail_code(call, 409, "no_profile", why_not(&set_up.derivation));
	} else {
		const struct scan_profile *profile = &set_up.derivation.profile;
		const struct db_arg args[] = {
			{ .value = values.value[PUT_NAME] },
			{ .value = values.value[PUT_PHARMACY] },
			{ .value = profile->prefix },
			{ .value = profile->suffix },
			{ .value = profile->separator },
			{ .value = keyboard_fault_name(profile->fault) },
			{ .value = set_up.base64 },
		};

		workstations_ask(http_call_scope(call), &sql_workstation_put, args,
				 sizeof(args) / sizeof(*args), on_put, op);
	}
}

/* --- the table --- */

static const struct field list_fields[] = {
	{ .name = "pharmacy_id", .source = FIELD_QUERY, .type = FIELD_PHARMACY },
	{ .name = "cursor", .source = FIELD_QUERY, .type = FIELD_CURSOR },
	{ .name = "limit", .source = FIELD_QUERY, .type = FIELD_LIMIT },
	{ .name = NULL },
};

static const struct field put_fields[] = {
	{ .name = "name",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = NAME_MAX_CHARACTERS },
	{ .name = "pharmacy_id", .source = FIELD_BODY, .type = FIELD_PHARMACY },
	{ .name = "arrived_base64",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = ARRIVED_MAX },
	{ .name = NULL },
};

static const struct field derive_fields[] = {
	{ .name = "arrived_base64",
	  .source = FIELD_BODY,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = ARRIVED_MAX },
	{ .name = NULL },
};

static const struct field delete_fields[] = {
	{ .name = "name",
	  .source = FIELD_PATH,
	  .type = FIELD_TEXT,
	  .required = true,
	  .min = 1,
	  .max = NAME_MAX_CHARACTERS },
	{ .name = "pharmacy_id", .source = FIELD_QUERY, .type = FIELD_PHARMACY },
	{ .name = NULL },
};

const struct endpoint workstation_routes[] = {
	{ .method = HTTP_GET,
	  .path = "/api/v1/workstations",
	  .roles = ROLE_STAFF,
	  .statement = &sql_workstation_list,
	  .shape = SHAPE_LIST,
	  .fields = list_fields,
	  .summary = "Workstations whose scanner has been set up" },
	{ .method = HTTP_PUT,
	  .path = "/api/v1/workstations",
	  .roles = ROLE_STAFF,
	  .handler = workstation_put,
	  .fields = put_fields,
	  .summary = "Keep the profile of a workstation's scanner" },
	{ .method = HTTP_POST,
	  .path = "/api/v1/workstations/derive",
	  .roles = ROLE_STAFF,
	  .handler = derive_post,
	  .fields = derive_fields,
	  .summary = "What a scan of the test symbol says of its scanner" },
	{ .method = HTTP_DELETE,
	  .path = "/api/v1/workstations/{name}",
	  .roles = ROLE_STAFF,
	  .statement = &sql_workstation_delete,
	  .shape = SHAPE_COMMAND,
	  .fields = delete_fields,
	  .summary = "Forget the profile of a workstation's scanner" },
	{ .path = NULL },
};
