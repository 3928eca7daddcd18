#include "replenish/calc_command.h"

#include <jansson.h>
#include <stdlib.h>

#include "replenish/calc_models.h"

#define DIGITS 17 /* a double written so is read back the same */

/* Takes `detail` over. */
static json_t *error(const char *code, json_t *detail)
{
	return json_pack("{s{ssso}}", "error", "code", code, "detail", detail);
}

/* json_pack() gives NULL for a number that is none. */
static json_t *run(const struct calc_model *model, const json_t *inputs)
{
	struct calc_inputs in = { .object = inputs };
	json_t *answer = model->run(&in);

	if (in.wrong != NULL) {
		json_decref(answer);
		answer = error("invalid_input", json_sprintf("%s %s", in.wrong, in.why));
	} else if (answer == NULL) {
		answer = error("out_of_range",
			       json_sprintf("%s has no finite result here", model->name));
	}
	calc_done(&in);
	return answer;
}

static json_t *calculate(const json_t *question)
{
	const char *name = json_string_value(json_object_get(question, "model"));
	const json_t *inputs = json_object_get(question, "inputs");
	const struct calc_model *model = name != NULL ? calc_model_named(name) : NULL;

	if (name == NULL || !json_is_object(inputs))
		return error("syntax", json_string("a line is {\"model\":…,\"inputs\":{…}}"));
	if (model == NULL)
		return error("unknown_model", json_sprintf("there is no model \"%.60s\"", name));
	return run(model, inputs);
}

void calc_line(FILE *out, const char *line, size_t len)
{
	json_error_t why;
	json_t *question = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
	json_t *answer = question != NULL ? calculate(question) :
					    error("syntax", json_string(why.text));

	json_dumpf(answer, out, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
	fputc('\n', out);
	json_decref(answer);
	json_decref(question);
}

int calc_command(FILE *in, FILE *out)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!ferror(out) && (len = getline(&line, &size, in)) >= 0) {
		size_t bytes = (size_t)len;

		if (bytes > 0 && line[bytes - 1] == '\n')
			bytes--;
		if (bytes > 0)
			calc_line(out, line, bytes);
		fflush(out);
	}
	free(line);
	return feof(in) && !ferror(out) ? 0 : -1;
}
