/*
 * What openapi.yaml is compared with, and what the tests that go over every
 * route are made from; so it prints the table that serves, and knows no route
 * by itself.
 */
#include "service/routes_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "core/json.h"
#include "service/routes.h"

static const char *method_name(enum http_method method)
{
	switch (method) {
	case HTTP_GET:
		return "GET";
	case HTTP_POST:
		return "POST";
	case HTTP_PUT:
		return "PUT";
	case HTTP_DELETE:
		return "DELETE";
	}
	return NULL;
}

/* NULL: the handler makes the answer. */
static const char *shape_name(const struct endpoint *route)
{
	switch (route->shape) {
	case SHAPE_LIST:
		return "list";
	case SHAPE_OBJECT:
		return "object";
	case SHAPE_COMMAND:
		return "command";
	}
	return NULL;
}

static const char *source_name(enum field_source source)
{
	switch (source) {
	case FIELD_PATH:
		return "path";
	case FIELD_QUERY:
		return "query";
	case FIELD_BODY:
		return "body";
	}
	return NULL;
}

static const char *type_name(enum field_type type)
{
	static const char *const names[] = {
		[FIELD_TEXT] = "text",         [FIELD_INTEGER] = "integer",
		[FIELD_DECIMAL] = "decimal",   [FIELD_BOOLEAN] = "boolean",
		[FIELD_UUID] = "uuid",         [FIELD_DATE] = "date",
		[FIELD_TIME] = "time",         [FIELD_CHOICE] = "choice",
		[FIELD_CODES] = "codes",       [FIELD_ITEMS] = "items",
		[FIELD_CURSOR] = "cursor",     [FIELD_LIMIT] = "limit",
		[FIELD_PHARMACY] = "pharmacy",
	};

	return names[type];
}

static void put_member(struct text *text, const char *name, const char *value)
{
	text_printf(text, "\"%s\":", name);
	json_put_string(text, value);
}

static void put_words(struct text *text, const char *words)
{
	const char *comma = "";

	text_puts(text, ",\"choices\":[");
	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		text_puts(text, comma);
		json_put_bytes(text, words, length);
		comma = ",";
		words += length;
		words += strspn(words, " ");
	}
	text_puts(text, "]");
}

static void put_fields(struct text *text, const struct field *fields);

static void put_field(struct text *text, const struct field *field)
{
	text_puts(text, "{");
	put_member(text, "name", field->name);
	text_puts(text, ",");
	put_member(text, "in", source_name(field->source));
	text_puts(text, ",");
	put_member(text, "type", type_name(field->type));
	text_printf(text, ",\"required\":%s", field->required ? "true" : "false");
	if (field->min != 0 || field->max != 0)
		text_printf(text, ",\"min\":%" PRId64 ",\"max\":%" PRId64, field->min, field->max);
	if (field->choices != NULL)
		put_words(text, field->choices);
	if (field->items != NULL) {
		text_puts(text, ",\"items\":");
		put_fields(text, field->items);
	}
	text_puts(text, "}");
}

static void put_fields(struct text *text, const struct field *fields)
{
	const char *comma = "";

	text_puts(text, "[");
	for (; fields->name != NULL; fields++) {
		text_puts(text, comma);
		put_field(text, fields);
		comma = ",";
	}
	text_puts(text, "]");
}

static void put_roles(struct text *text, unsigned roles)
{
	const char *comma = "";

	text_puts(text, "\"roles\":[");
	for (unsigned role = 1; role <= roles; role <<= 1) {
		if ((roles & role) == 0)
			continue;
		text_puts(text, comma);
		json_put_string(text, access_role_name((enum role)role));
		comma = ",";
	}
	text_puts(text, "]");
}

static void put_route(struct text *text, const struct endpoint *route)
{
	text_puts(text, "{");
	put_member(text, "method", method_name(route->method));
	text_puts(text, ",");
	put_member(text, "path", route->path);
	text_puts(text, ",");
	put_roles(text, route->roles);
	text_puts(text, ",");
	put_member(text, "summary", route->summary);
	text_puts(text, ",");
	put_member(text, "shape", shape_name(route));
	text_puts(text, ",\"fields\":");
	if (route->fields != NULL)
		put_fields(text, route->fields);
	else
		text_puts(text, "null");
	text_puts(text, "}\n");
}

int routes_command(int argc, char **argv)
{
	struct text text = { 0 };
	int status;

	if (argc > 1) {
		fprintf(stderr, "yaoku: routes takes no argument \"%.60s\"\n", argv[1]);
		return 2;
	}
	for (const struct endpoint *const *table = service_tables; *table != NULL; table++) {
		for (const struct endpoint *route = *table; route->path != NULL; route++)
			put_route(&text, route);
	}
	fwrite(text.data, 1, text.length, stdout);
	status = fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 3;
	text_done(&text);
	return status;
}
