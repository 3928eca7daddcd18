/*
 * `yaoku parse` on any bytes: each line, plain or JSON, has one answer, and the
 * answer is a JSON object of the contract's form.
 */
#include <stdbool.h>
#include <string.h>

#include <jansson.h>

#include "scanner/parse_command.h"
#include "scanner/scan.h"
#include "fuzz.h"

#define TODAY 20779 /* 2026-11-22 */

/* Lines as a reader counts them: what stands behind the last line end is one too. */
static size_t count_lines(const uint8_t *data, size_t size)
{
	size_t lines = size > 0 && data[size - 1] != '\n' ? 1 : 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (word != NULL && strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static void check_error(const json_t *error)
{
	static const char *const codes[] = { "check_digit", "syntax",    "content",
					     "mutex",       "repeat",    "association",
					     "unknown_ai",  "transport", "empty",
					     "too_long",    NULL };
	const json_t *at = json_object_get(error, "at");

	fuzz_check(is_one_of(json_string_value(json_object_get(error, "code")), codes));
	fuzz_check(json_is_integer(at) && json_integer_value(at) >= 0);
	fuzz_check(json_integer_value(at) <= SCAN_INPUT_MAX);
	fuzz_check(json_is_string(json_object_get(error, "detail")));
}

static void check_answer(const char *line, size_t len)
{
	static const char *const kinds[] = { "gs1",          "gtin",  "sscc", "trace_code",
					     "digital_link", "other", NULL };
	json_t *answer = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *ok = json_object_get(answer, "ok");

	fuzz_check(json_is_boolean(ok));
	if (json_is_true(ok)) {
		fuzz_check(is_one_of(json_string_value(json_object_get(answer, "kind")), kinds));
		fuzz_check(json_is_boolean(json_object_get(answer, "ambiguous")));
		fuzz_check(json_is_array(json_object_get(answer, "hints")));
	} else {
		check_error(json_object_get(answer, "error"));
	}
	json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *answers = NULL;
	size_t len = 0, lines = 0;
	FILE *in = size > 0 ? fmemopen((void *)data, size, "r") : fopen("/dev/null", "r");
	FILE *out = open_memstream(&answers, &len);

	fuzz_check(in != NULL && out != NULL);
	fuzz_check(parse_command(in, out, TODAY) == 0);
	fclose(in);
	fclose(out);
	for (const char *line = answers; line < answers + len; lines++) {
		const char *end = memchr(line, '\n', (size_t)(answers + len - line));

		fuzz_check(end != NULL);
		check_answer(line, (size_t)(end - line));
		line = end + 1;
	}
	fuzz_check(lines == count_lines(data, size));
	free(answers);
	return 0;
}
