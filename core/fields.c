/*
 * Table against request: first what the request has and the table lacks, then
 * row by row what the table wants.
 */
#include "core/fields.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "core/err.h"
#include "core/field_types.h"

/* Tables nest twice at most; deeper documents are somebody's attempt at our stack. */
#define DEPTH_MAX 16

#define VALUES_MAX (sizeof(((struct field_values *)NULL)->value) / sizeof(char *))

/* What is being decoded; errors name the member in `detail`. */
struct decoder {
	const struct fields_request *request;
	struct arena *arena;
	const char *detail;
};

static int fail(struct decoder *d, int err, const char *prefix, const char *name)
{
	d->detail = arena_printf(d->arena, "%s%s", prefix, name);
	return err;
}

static const struct field *find(const struct field *fields, enum field_source source,
				const char *name)
{
	for (const struct field *f = fields; f->name != NULL; f++) {
		if (f->source == source && strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}

/* --- JSON --- */

static int decode_object(struct decoder *d, const json_t *object, const struct field *fields,
			 const char *prefix, const char **values);

static int decode_items(struct decoder *d, const struct field *field, const json_t *array,
			const char *prefix, const char **ret_value)
{
	const char *unused[VALUES_MAX];

	if (!json_is_array(array) || !field_count_fits(field, json_array_size(array)))
		return fail(d, ERR_INVALID_MEMBER, prefix, field->name);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);
		const char *name = arena_printf(d->arena, "%s%s[%zu]", prefix, field->name, i);
		int err;

		if (!json_is_object(item))
			return fail(d, ERR_INVALID_MEMBER, "", name);
		err = decode_object(d, item, field->items, arena_printf(d->arena, "%s.", name),
				    unused);
		if (err != 0)
			return err;
	}
	*ret_value = field_dump(d->arena, array);
	return 0;
}

static int decode_member(struct decoder *d, const struct field *field, const json_t *value,
			 const char *prefix, const char **ret_value)
{
	if (json_is_null(value))
		value = NULL;
	if (value == NULL)
		return field->required ? fail(d, ERR_MISSING_MEMBER, prefix, field->name) : 0;
	if (field->type == FIELD_ITEMS)
		return decode_items(d, field, value, prefix, ret_value);
	*ret_value = field_from_json(d->arena, field, value);
	return *ret_value != NULL ? 0 : fail(d, ERR_INVALID_MEMBER, prefix, field->name);
}

/* Rows of other sources keep their value; all of an item's rows are of the body. */
static int decode_object(struct decoder *d, const json_t *object, const struct field *fields,
			 const char *prefix, const char **values)
{
	/* jansson's iterator wants a document that is not const; it changes nothing. */
	for (void *at = json_object_iter((json_t *)(uintptr_t)object); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
		const char *name = json_object_iter_key(at);

		if (find(fields, FIELD_BODY, name) == NULL)
			return fail(d, ERR_UNKNOWN_MEMBER, prefix, name);
	}
	for (size_t i = 0; fields[i].name != NULL; i++) {
		int err;

		if (fields[i].source != FIELD_BODY)
			continue;
		assert(i < VALUES_MAX);
		err = decode_member(d, &fields[i], json_object_get(object, fields[i].name), prefix,
				    &values[i]);
		if (err != 0)
			return err;
	}
	return 0;
}

/* Brackets outside strings never nest deeper than DEPTH_MAX. */
static bool is_shallow(const char *data, size_t length)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < length && depth <= DEPTH_MAX; i++) {
		if (in_string && data[i] == '\\')
			i++;
		else if (data[i] == '"')
			in_string = !in_string;
		else if (!in_string && (data[i] == '{' || data[i] == '['))
			depth++;
		else if (!in_string && (data[i] == '}' || data[i] == ']'))
			depth--;
	}
	return depth <= DEPTH_MAX;
}

/* jansson says: duplicate object key near '"name"'. */
static const char *duplicate_name(struct decoder *d, const char *text)
{
	const char *start = strchr(text, '"');
	const char *end = strrchr(text, '"');

	return start != NULL && end > start ?
		       arena_copy(d->arena, start + 1, (size_t)(end - start - 1)) :
		       "";
}

static int parse_error(struct decoder *d, const json_error_t *error)
{
	if (json_error_code(error) == json_error_duplicate_key)
		return fail(d, ERR_DUPLICATE_MEMBER, "", duplicate_name(d, error->text));
	d->detail = arena_printf(d->arena, "line %d, column %d", error->line, error->column);
	return ERR_INVALID_JSON;
}

static int decode_body(struct decoder *d, const struct field *fields, const char **values)
{
	const struct fields_request *request = d->request;
	const char *body = request->body_length > 0 ? request->body : "{}";
	size_t length = request->body_length > 0 ? request->body_length : 2;
	json_error_t error;
	json_t *document;
	int err;

	if (!is_shallow(body, length))
		return fail(d, ERR_INVALID_JSON, "", "nested too deep");
	document = json_loadb(body, length, JSON_REJECT_DUPLICATES, &error);
	if (document == NULL)
		return parse_error(d, &error);
	if (json_is_object(document))
		err = decode_object(d, document, fields, "", values);
	else
		err = fail(d, ERR_INVALID_JSON, "", "not an object");
	json_decref(document);
	return err;
}

/* --- path and query --- */

static const char *value_of(const struct http_parameter *parameters, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(parameters[i].name, name) == 0)
			return parameters[i].value;
	}
	return NULL;
}

static int check_query(struct decoder *d, const struct field *fields)
{
	const struct fields_request *request = d->request;

	for (size_t i = 0; i < request->queries; i++) {
		const char *name = request->query[i].name;
		const char *value = request->query[i].value;

		if (find(fields, FIELD_QUERY, name) != NULL)
			continue;
		/* endpoint_answer() reads it. */
		if (!request->is_list || strcmp(name, "format") != 0)
			return fail(d, ERR_UNKNOWN_MEMBER, "", name);
		if (strcmp(value, "json") != 0 && strcmp(value, "csv") != 0)
			return fail(d, ERR_INVALID_MEMBER, "", name);
	}
	return 0;
}

static int decode_text(struct decoder *d, const struct field *field, const char **ret_value)
{
	const struct fields_request *request = d->request;
	const char *text = field->source == FIELD_PATH ?
				   value_of(request->path, request->paths, field->name) :
				   value_of(request->query, request->queries, field->name);

	/* A form sends "lot=" for what was left empty. */
	if (text == NULL || *text == '\0')
		return field->required ? fail(d, ERR_MISSING_MEMBER, "", field->name) : 0;
	*ret_value = field_from_text(d->arena, field, text);
	return *ret_value != NULL ? 0 : fail(d, ERR_INVALID_MEMBER, "", field->name);
}

/* --- what a value is filled with --- */

/*
 * The pharmacy rule, for every call that has a FIELD_PHARMACY: the district ("*") may name any or
 * none; whoever belongs to one pharmacy gets that one and may name no other.
 */
static int fill_pharmacy(struct decoder *d, const struct field *field, const char **value)
{
	const char *own = d->request->pharmacy;

	if (strcmp(own, "*") == 0)
		return 0;
	if (*value == NULL)
		*value = *own != '\0' ? own : NULL;
	else if (strcmp(*value, own) != 0)
		return fail(d, ERR_WRONG_PHARMACY, "", field->name);
	return 0;
}

static int fill(struct decoder *d, const struct field *field, const char **value)
{
	if (field->type == FIELD_LIMIT && *value == NULL)
		*value = "100";
	if (field->type == FIELD_PHARMACY)
		return fill_pharmacy(d, field, value);
	return 0;
}

/* --- all of it --- */

/* A required pharmacy may be missing in the request when the scope will fill it in. */
static struct field as_asked(const struct field *field, const char *pharmacy)
{
	struct field asked = *field;

	if (field->type == FIELD_PHARMACY && *pharmacy != '\0' && strcmp(pharmacy, "*") != 0)
		asked.required = false;
	return asked;
}

/* The table as it applies to this caller, in the arena, with its length. */
static const struct field *table_for(struct decoder *d, const struct field *fields,
				     size_t *ret_count)
{
	struct field *table;
	size_t count = 0;

	while (fields != NULL && fields[count].name != NULL)
		count++;
	assert(count <= VALUES_MAX);
	table = arena_alloc(d->arena, (count + 1) * sizeof(*table));
	for (size_t i = 0; i < count; i++)
		table[i] = as_asked(&fields[i], d->request->pharmacy);
	*ret_count = count;
	return table;
}

static int read_all(struct decoder *d, const struct field *fields, struct field_values *values)
{
	const struct field *table = table_for(d, fields, &values->count);
	int err = check_query(d, table);

	for (size_t i = 0; i < values->count && err == 0; i++) {
		if (table[i].source != FIELD_BODY)
			err = decode_text(d, &table[i], &values->value[i]);
	}
	if (err == 0)
		err = decode_body(d, table, values->value);
	for (size_t i = 0; i < values->count && err == 0; i++)
		err = fill(d, &table[i], &values->value[i]);
	return err;
}

int fields_read(const struct fields_request *request, const struct field *fields,
		struct field_values *ret_values, const char **ret_detail)
{
	struct decoder d = { .request = request, .arena = request->arena };
	struct field_values values = { 0 };
	int err = read_all(&d, fields, &values);

	if (err == 0)
		*ret_values = values;
	else
		*ret_detail = d.detail;
	return err;
}
