#include "replenish/calc_inputs.h"

#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the inputs have allocated, newest first. */
struct chunk {
	struct chunk *next;
	double value[];
};

void calc_done(struct calc_inputs *in)
{
	while (in->memory != NULL) {
		struct chunk *chunk = in->memory;

		in->memory = chunk->next;
		free(chunk);
	}
}

/* At least one, so that a refused list still has something to read. */
void *calc_memory(struct calc_inputs *in, size_t count)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + (count + 1) * sizeof(double));

	if (chunk == NULL)
		abort();
	chunk->next = in->memory;
	in->memory = chunk;
	return chunk->value;
}

void calc_refuse(struct calc_inputs *in, const char *name, const char *why)
{
	if (in->wrong != NULL)
		return;
	in->wrong = name;
	in->why = why;
}

static const json_t *member(const struct calc_inputs *in, const char *name)
{
	return json_object_get(in->object, name);
}

bool calc_has(const struct calc_inputs *in, const char *name)
{
	const json_t *value = member(in, name);

	return value != NULL && !json_is_null(value);
}

bool calc_is_number(const struct calc_inputs *in, const char *name)
{
	return json_is_number(member(in, name));
}

double calc_range(struct calc_inputs *in, const char *name, double low, double high)
{
	const json_t *value = member(in, name);
	double number = json_number_value(value);

	if (!json_is_number(value))
		calc_refuse(in, name, value == NULL ? "is missing" : "is not a number");
	else if (number < low || number > high)
		calc_refuse(in, name, "is out of range");
	else
		return number;
	return 1;
}

double calc_number(struct calc_inputs *in, const char *name)
{
	return calc_range(in, name, -DBL_MAX, DBL_MAX);
}

double calc_amount(struct calc_inputs *in, const char *name)
{
	return calc_range(in, name, 0, DBL_MAX);
}

double calc_positive(struct calc_inputs *in, const char *name)
{
	return calc_range(in, name, DBL_MIN, DBL_MAX);
}

double calc_share(struct calc_inputs *in, const char *name)
{
	return calc_range(in, name, DBL_MIN, 1 - DBL_EPSILON);
}

double calc_range_or(struct calc_inputs *in, const char *name, double absent, double low,
		     double high)
{
	return calc_has(in, name) ? calc_range(in, name, low, high) : absent;
}

int64_t calc_whole(struct calc_inputs *in, const char *name, int64_t low, int64_t high)
{
	double number = calc_range(in, name, (double)low, (double)high);

	if (number != floor(number))
		calc_refuse(in, name, "is not a whole number");
	return (int64_t)number;
}

const char *calc_text(const struct calc_inputs *in, const char *name)
{
	const char *text = json_string_value(member(in, name));

	return text != NULL ? text : "";
}

static bool take_number(const json_t *item, double low, double *ret_number)
{
	if (!json_is_number(item) || json_number_value(item) < low)
		return false;
	*ret_number = json_number_value(item);
	return true;
}

struct calc_series calc_series_of(struct calc_inputs *in, const char *name, size_t max, double low)
{
	const json_t *list = member(in, name);
	size_t count = json_array_size(list);
	double *values;

	if (count == 0 || count > max) {
		calc_refuse(in, name, count == 0 ? "is not a list of numbers" : "is too long");
		return (struct calc_series){ calc_memory(in, 1), 1 };
	}
	values = calc_memory(in, count);
	for (size_t i = 0; i < count; i++)
		if (!take_number(json_array_get(list, i), low, &values[i]))
			calc_refuse(in, name, "holds something else than numbers in range");
	return (struct calc_series){ values, count };
}

struct calc_series calc_series_or_number(struct calc_inputs *in, const char *name, size_t count,
					 double low)
{
	struct calc_series series;
	double *values;

	if (json_is_number(member(in, name))) {
		values = calc_memory(in, count);
		for (size_t i = 0; i < count; i++)
			values[i] = calc_range(in, name, low, DBL_MAX);
		return (struct calc_series){ values, count };
	}
	series = calc_series_of(in, name, count, low);
	if (series.count == count)
		return series;
	calc_refuse(in, name, "has another length than the demand");
	return (struct calc_series){ calc_memory(in, count), count };
}

const double *calc_rows(struct calc_inputs *in, const char *name, size_t max, size_t width,
			size_t *ret_rows)
{
	const json_t *list = member(in, name);
	size_t rows = json_array_size(list);
	double *values;

	if (!json_is_array(list) || rows > max) {
		calc_refuse(in, name, rows > max ? "is too long" : "is not a list");
		rows = 0;
	}
	values = calc_memory(in, rows * width);
	for (size_t i = 0; i < rows * width; i++) {
		const json_t *row = json_array_get(list, i / width);

		if (json_array_size(row) != width ||
		    !take_number(json_array_get(row, i % width), -DBL_MAX, &values[i]))
			calc_refuse(in, name, "holds a row that does not fit");
	}
	*ret_rows = rows;
	return values;
}

static int by_demand(const void *a, const void *b)
{
	const struct demand_mass *one = a, *other = b;

	return (one->demand > other->demand) - (one->demand < other->demand);
}

static bool take_mass(const char *key, const json_t *value, struct demand_mass *ret_mass)
{
	char *end;

	ret_mass->demand = strtod(key, &end);
	return end != key && *end == '\0' && isfinite(ret_mass->demand) &&
	       take_number(value, 0, &ret_mass->probability);
}

size_t calc_masses(struct calc_inputs *in, const char *name, size_t max,
		   struct demand_mass *ret_mass)
{
	json_t *object = json_object_get(in->object, name), *value;
	size_t count = 0;
	const char *key;
	double sum = 0;

	ret_mass[0] = (struct demand_mass){ 0, 1 };
	if (json_object_size(object) == 0 || json_object_size(object) > max) {
		calc_refuse(in, name, "is not an object of probabilities by demand");
		return 1;
	}
	json_object_foreach(object, key, value)
	{
		if (!take_mass(key, value, &ret_mass[count]))
			calc_refuse(in, name, "holds something else than probabilities by demand");
		sum += ret_mass[count++].probability;
	}
	if (fabs(sum - 1) > 1e-6)
		calc_refuse(in, name, "does not sum to 1");
	qsort(ret_mass, count, sizeof(*ret_mass), by_demand);
	return count;
}
