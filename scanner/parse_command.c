/* Lines in, plain or JSON; answers out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/parse_answer.h"
#include "scanner/parse_command.h"
#include "scanner/scan.h"

static void answer(FILE *out, const char *data, size_t len, const struct scan_options *options)
{
	struct scan_code code;
	size_t at;
	int err = scan_decode(data, len, options, &code, &at);

	if (err == 0)
		parse_answer(out, &code);
	else
		parse_answer_error(out, err, at);
}

static int base64_value(char c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c != '\0' ? strchr(alphabet, c) : NULL;

	return found != NULL ? (int)(found - alphabet) : -1;
}

/* Decode in place: the bytes are fewer than the characters. False: not base64, or cut. */
static bool decode_base64(char *text, size_t *len)
{
	size_t end = *len, n = 0;
	unsigned int bits = 0, count = 0;

	while (end > 0 && text[end - 1] == '=')
		end--;
	for (size_t i = 0; i < end; i++) {
		int value = base64_value(text[i]);

		if (value < 0)
			return false;
		bits = (bits << 6 | (unsigned int)value) & 0xffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			text[n++] = (char)(bits >> count & 0xff);
		}
	}
	*len = n;
	return count < 6;
}

static const char *text_member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static bool is_lenient(const json_t *object, const json_t *config)
{
	const char *mode = text_member(object, "mode");

	return json_is_true(json_object_get(config, "lenient")) ||
	       (mode != NULL && strcmp(mode, "lenient") == 0);
}

static void answer_base64(FILE *out, const json_t *input, const struct scan_options *options)
{
	size_t len = json_string_length(input);
	char *bytes = malloc(len + 1);

	if (bytes == NULL)
		abort();
	memcpy(bytes, json_string_value(input), len);
	if (decode_base64(bytes, &len))
		answer(out, bytes, len, options);
	else
		parse_answer_error(out, SCAN_ENCODING, 0);
	free(bytes);
}

static bool read_profile(const json_t *config, struct scan_profile *ret_profile)
{
	return scan_profile_set(text_member(config, "prefix"), text_member(config, "suffix"),
				text_member(config, "separator"), text_member(config, "fault"),
				ret_profile);
}

static void answer_object(FILE *out, const json_t *object, int32_t today)
{
	const json_t *config = json_object_get(object, "config");
	const json_t *text = json_object_get(object, "input");
	const json_t *bytes = json_object_get(object, "input_base64");
	struct scan_profile profile;
	struct scan_options options = {
		.today = today,
		.symbology = text_member(object, "symbology"),
		.profile = &profile,
		.lenient = is_lenient(object, config),
		.bracketed = true,
	};

	if (!read_profile(config, &profile))
		parse_answer_error(out, SCAN_PROFILE, 0);
	else if (json_is_string(text))
		answer(out, json_string_value(text), json_string_length(text), &options);
	else if (json_is_string(bytes))
		answer_base64(out, bytes, &options);
	else
		parse_answer_error(out, SCAN_EMPTY, 0);
}

/* A scan may begin with a brace too: only what reads as a JSON object is one. */
void parse_line(FILE *out, const char *line, size_t len, int32_t today)
{
	const struct scan_options options = { .today = today, .bracketed = true };
	json_t *object = NULL;

	if (len > 0 && line[0] == '{')
		object = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
	if (json_is_object(object))
		answer_object(out, object, today);
	else
		answer(out, line, len, &options);
	json_decref(object);
}

int parse_command(FILE *in, FILE *out, int32_t today)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!ferror(out) && (len = getline(&line, &size, in)) >= 0) {
		size_t bytes = (size_t)len;

		if (bytes > 0 && line[bytes - 1] == '\n')
			bytes--;
		parse_line(out, line, bytes, today);
		fflush(out);
	}
	free(line);
	return feof(in) && !ferror(out) ? 0 : -1;
}
