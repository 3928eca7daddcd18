#include "simulation/simulate_report.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "simulation/comparison.h"

/* One figure of one policy over all seeds. */
struct column {
	double value[EXPERIMENT_SEEDS];
	struct estimate estimate;
};

static int find_policy(const struct experiment *experiment, const char *name)
{
	for (int i = 0; i < experiment->policies; i++)
		if (strcmp(experiment->policy[i].name, name) == 0)
			return i;
	return -1;
}

static struct column column_of(const struct experiment *experiment, const struct results *results,
			       int policy, enum figure figure)
{
	int best = find_policy(experiment, "clairvoyant");
	struct column column;

	for (int seed = 0; seed < experiment->seeds; seed++) {
		const struct outcome *outcomes = results->outcome[seed];

		column.value[seed] = figure_of(figure, &outcomes[policy], &outcomes[0],
					       best >= 0 ? &outcomes[best] : NULL);
	}
	column.estimate = estimate_of(column.value, (size_t)experiment->seeds);
	return column;
}

static double fill_of_class(const struct experiment *experiment, const struct results *results,
			    int policy, int class)
{
	double sum = 0;

	for (int seed = 0; seed < experiment->seeds; seed++)
		sum += results->outcome[seed][policy].fill_class[class];
	return sum / experiment->seeds;
}

static bool is_conserved(const struct experiment *experiment, const struct results *results,
			 int policy)
{
	bool conserved = true;

	for (int seed = 0; seed < experiment->seeds; seed++)
		conserved &= results->outcome[seed][policy].conserved;
	return conserved;
}

/* ---- for people ---- */

static const char *const class_heads[FILL_CLASSES] = { "<10", "<25", "<60", "60+", "critical" };

static void print_figure(FILE *out, const struct figure_text *text, double value)
{
	double shown = value * text->scale;

	if (isnan(shown))
		fprintf(out, " %11s", "-");
	else if (text->is_change)
		fprintf(out, " %+11.*f", text->decimals, shown);
	else
		fprintf(out, " %11.*f", text->decimals, shown);
}

static void print_heads(FILE *out)
{
	fprintf(out, "%-14s", "policy");
	for (int figure = 0; figure < FIGURES; figure++)
		fprintf(out, " %11s", figure_texts[figure].head);
	fputs("  conserved\n", out);
}

enum part { PART_MEAN, PART_LOW, PART_HIGH };

static void print_row(FILE *out, const struct experiment *experiment, const struct results *results,
		      int policy, enum part part)
{
	for (int figure = 0; figure < FIGURES; figure++) {
		struct column column = column_of(experiment, results, policy, (enum figure)figure);
		const double value[] = { column.estimate.mean, column.estimate.low,
					 column.estimate.high };

		print_figure(out, &figure_texts[figure], value[part]);
	}
}

static void print_policy(FILE *out, const struct experiment *experiment,
			 const struct results *results, int policy)
{
	bool conserved = is_conserved(experiment, results, policy);

	fprintf(out, "%-14s", experiment->policy[policy].name);
	print_row(out, experiment, results, policy, PART_MEAN);
	fprintf(out, "  %s\n", conserved ? "yes" : "NO: these figures mean nothing");
	if (experiment->seeds < 2 || policy == 0)
		return;
	fprintf(out, "%14s", "95 % from");
	print_row(out, experiment, results, policy, PART_LOW);
	fprintf(out, "\n%14s", "to");
	print_row(out, experiment, results, policy, PART_HIGH);
	fputc('\n', out);
}

static void print_classes(FILE *out, const struct experiment *experiment,
			  const struct results *results)
{
	fprintf(out, "\n%-14s", "fill % by price");
	for (int class = 0; class < FILL_CLASSES; class ++)
		fprintf(out, " %9s", class_heads[class]);
	if (experiment->stress == STRESS_SURGE)
		fprintf(out, " %9s", "surge");
	fputc('\n', out);
	for (int policy = 0; policy < experiment->policies; policy++) {
		double surge = 0;

		fprintf(out, "%-15s", experiment->policy[policy].name);
		for (int class = 0; class < FILL_CLASSES; class ++)
			fprintf(out, " %9.2f",
				100 * fill_of_class(experiment, results, policy, class));
		for (int seed = 0; seed < experiment->seeds; seed++)
			surge += results->outcome[seed][policy].surge_fill / experiment->seeds;
		if (experiment->stress == STRESS_SURGE)
			fprintf(out, " %9.2f", 100 * surge);
		fputc('\n', out);
	}
}

void simulate_print(FILE *out, const struct experiment *experiment, const struct results *results)
{
	fprintf(out, "%d pharmacies, %d products, %d pairs, %d seed%s, %.0f s; all made up\n\n",
		results->sites, experiment->products, results->pairs, experiment->seeds,
		experiment->seeds == 1 ? "" : "s", results->seconds);
	print_heads(out);
	for (int policy = 0; policy < experiment->policies; policy++)
		print_policy(out, experiment, results, policy);
	print_classes(out, experiment, results);
	fprintf(out,
		"\ninventory, turnover, write-off and gain against %s; closeness: of the way to the "
		"clairvoyant's inventory\n",
		experiment->policy[0].name);
}

/* ---- as JSON ---- */

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *figure_json(const struct column *column, int seeds)
{
	json_t *list = json_array();

	for (int seed = 0; seed < seeds; seed++)
		json_array_append_new(list, number(column->value[seed]));
	return json_pack("{sosososo}", "mean", number(column->estimate.mean), "low",
			 number(column->estimate.low), "high", number(column->estimate.high),
			 "by_seed", list);
}

static json_t *outcome_json(const struct outcome *outcome)
{
	return json_pack("{sfsfsfsfsfsfsfsfsfsb}", "inventory", outcome->inventory, "turnover",
			 outcome->turnover, "write_off", outcome->write_off, "fill", outcome->fill,
			 "line_fill", outcome->line_fill, "stock_out", outcome->stock_out,
			 "response", outcome->response, "lines", outcome->lines_a_year, "transfers",
			 outcome->transfer_share, "conserved", outcome->conserved);
}

static json_t *policy_json(const struct experiment *experiment, const struct results *results,
			   int policy)
{
	json_t *object = json_pack("{ss}", "policy", experiment->policy[policy].name);
	json_t *seeds = json_array(), *classes = json_object();

	for (int figure = 0; figure < FIGURES; figure++) {
		struct column column = column_of(experiment, results, policy, (enum figure)figure);

		json_object_set_new(object, figure_texts[figure].name,
				    figure_json(&column, experiment->seeds));
	}
	for (int class = 0; class < FILL_CLASSES; class ++)
		json_object_set_new(classes, class_heads[class],
				    number(fill_of_class(experiment, results, policy, class)));
	for (int seed = 0; seed < experiment->seeds; seed++)
		json_array_append_new(seeds, outcome_json(&results->outcome[seed][policy]));
	json_object_set_new(object, "fill_by_class", classes);
	json_object_set_new(object, "outcomes", seeds);
	json_object_set_new(object, "conserved",
			    json_boolean(is_conserved(experiment, results, policy)));
	return object;
}

static json_t *worlds_json(const struct experiment *experiment, const struct results *results)
{
	json_t *list = json_array();

	for (int seed = 0; seed < experiment->seeds; seed++)
		json_array_append_new(
			list,
			json_pack("{sIso}", "seed", (json_int_t)experiment->seed[seed],
				  "fingerprint",
				  json_sprintf("%016llx",
					       (unsigned long long)results->fingerprint[seed])));
	return list;
}

void simulate_print_json(FILE *out, const struct experiment *experiment,
			 const struct results *results)
{
	static const char *const stresses[] = { "none", "surge", "outage" };
	json_t *policies = json_array(), *document;

	for (int policy = 0; policy < experiment->policies; policy++)
		json_array_append_new(policies, policy_json(experiment, results, policy));
	document = json_pack("{sbsisisisssosfso}", "made_up", 1, "pharmacies", results->sites,
			     "products", experiment->products, "pairs", results->pairs, "stress",
			     stresses[experiment->stress], "worlds",
			     worlds_json(experiment, results), "seconds", results->seconds,
			     "policies", policies);
	json_dumpf(document, out, JSON_COMPACT | JSON_REAL_PRECISION(10));
	fputc('\n', out);
	json_decref(document);
}
