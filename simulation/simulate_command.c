#include "simulation/simulate_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "simulation/book.h"
#include "simulation/memory.h"
#include "simulation/simulate_report.h"

#define PRODUCTS 1200

static const struct conduct *const conducts[] = {
	&conduct_manual, &conduct_best_manual, &conduct_minmax,
	&conduct_engine, &conduct_clairvoyant,
};

/* What was asked for, and what the experiment points to. */
struct request {
	struct experiment experiment;
	struct engine_settings engine;
	bool json;
	bool progress; /* as lines, for a program */
	char error[160];
};

/* A number in [low, high]; the whole text. */
static bool read_number(const char *text, double low, double high, double *ret_number)
{
	char *end;
	double number = strtod(text, &end);

	if (end == text || *end != '\0' || !(number >= low && number <= high))
		return false;
	*ret_number = number;
	return true;
}

static bool take_seeds(struct request *request, const char *text)
{
	unsigned long first, last;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	first = last = strtoul(text, &end, 10);
	if (*end == '-')
		last = strtoul(end + 1, &end, 10);
	if (*end != '\0' || last < first || last - first >= EXPERIMENT_SEEDS)
		return false;
	request->experiment.seeds = 0;
	for (unsigned long seed = first; seed <= last; seed++)
		request->experiment.seed[request->experiment.seeds++] = seed;
	return true;
}

static bool take_pharmacies(struct request *request, const char *text)
{
	double number;

	if (!read_number(text, 3, 1000, &number))
		return false;
	request->experiment.pharmacies = (int)number;
	return true;
}

static void add_policy(struct experiment *experiment, const struct conduct *conduct)
{
	experiment->policy[experiment->policies++] = *conduct;
}

/* Figures are relative to manual, so it always runs, and the clairvoyant for the closeness. */
static bool take_policy(struct request *request, const char *text)
{
	struct experiment *experiment = &request->experiment;

	if (experiment->policies >= EXPERIMENT_POLICIES - 1)
		return false;
	if (experiment->policies == 0)
		add_policy(experiment, &conduct_manual);
	for (size_t i = 0; i < sizeof(conducts) / sizeof(*conducts); i++) {
		if (strcmp(conducts[i]->name, text) != 0)
			continue;
		if (conducts[i] != &conduct_manual)
			add_policy(experiment, conducts[i]);
		return true;
	}
	return false;
}

static bool take_stress(struct request *request, const char *text)
{
	if (strcmp(text, "surge") == 0)
		request->experiment.stress = STRESS_SURGE;
	else if (strcmp(text, "outage") == 0)
		request->experiment.stress = STRESS_OUTAGE;
	else
		return false;
	return true;
}

static bool take_fill_rate(struct request *request, const char *text)
{
	double per_cent;

	if (!read_number(text, 50, 99.999, &per_cent))
		return false;
	request->experiment.settings.fill_rate = per_cent / 100;
	return true;
}

static bool take_order_cost(struct request *request, const char *text)
{
	return read_number(text, 0, 1e6, &request->experiment.settings.order_cost);
}

static bool take_cover_max(struct request *request, const char *text)
{
	return read_number(text, 1, 365, &request->experiment.settings.cover_max);
}

static bool take_outage_value(struct request *request, const char *text)
{
	return read_number(text, 0, 1e9, &request->experiment.settings.outage_value);
}

static bool take_json(struct request *request, const char *text)
{
	(void)text;
	request->json = true;
	return true;
}

static bool take_progress(struct request *request, const char *text)
{
	(void)text;
	request->progress = true;
	return true;
}

static bool take_no_transfers(struct request *request, const char *text)
{
	(void)text;
	request->engine.sharing = NULL;
	return true;
}

static const struct simulate_option {
	const char *name;
	const char *value; /* what it takes, NULL: nothing */
	bool (*take)(struct request *request, const char *text);
} options[] = {
	{ "--seed", "a seed, or a range such as 1-10", take_seeds },
	{ "--pharmacies", "3 to 1000", take_pharmacies },
	{ "--policy", "manual, best-manual, minmax, engine or clairvoyant", take_policy },
	{ "--stress", "surge or outage", take_stress },
	{ "--fill-rate", "per cent, 50 to 99.999", take_fill_rate },
	{ "--order-cost", "money for an order line", take_order_cost },
	{ "--cover-max", "days, 1 to 365", take_cover_max },
	{ "--outage-value", "money that a pack not short is worth", take_outage_value },
	{ "--no-transfers", NULL, take_no_transfers },
	{ "--json", NULL, take_json },
	{ "--progress", NULL, take_progress },
};

static const struct simulate_option *find_option(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

static bool take_arguments(struct request *request, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct simulate_option *option = find_option(argv[i]);
		const char *value = "";

		if (option == NULL) {
			snprintf(request->error, sizeof(request->error), "there is no \"%.60s\"",
				 argv[i]);
			return false;
		}
		if (option->value != NULL)
			value = i + 1 < argc ? argv[++i] : "";
		if (!option->take(request, value)) {
			snprintf(request->error, sizeof(request->error), "%s takes %s",
				 option->name, option->value);
			return false;
		}
	}
	return true;
}

/* All policies when none is named; the clairvoyant whenever closeness can be said. */
static void complete(struct request *request)
{
	struct experiment *experiment = &request->experiment;
	bool all = experiment->policies == 0;

	for (size_t i = 0; all && i < sizeof(conducts) / sizeof(*conducts); i++)
		add_policy(experiment, conducts[i]);
	if (!all && experiment->policies > 1 &&
	    strcmp(experiment->policy[experiment->policies - 1].name, "clairvoyant") != 0)
		add_policy(experiment, &conduct_clairvoyant);
	for (int i = 0; i < experiment->policies; i++)
		if (experiment->policy[i].order == conduct_engine.order)
			experiment->policy[i].settings = &request->engine;
}

static void say_line(double share, void *arg)
{
	(void)arg;
	fprintf(stderr, "progress %.3f\n", share);
}

static void say_bar(double share, void *arg)
{
	int done = (int)(share * 40);

	(void)arg;
	fprintf(stderr, "\r%.*s%.*s %3.0f %%", done, "########################################",
		40 - done, "........................................", share * 100);
	if (share >= 1)
		fputc('\n', stderr);
}

static int run(struct request *request)
{
	struct results *results = allocate(1, sizeof(*results));
	void (*said)(double, void *) = isatty(STDERR_FILENO) ? say_bar : NULL;
	bool conserved = true;

	if (experiment_run(&request->experiment, request->progress ? say_line : said, NULL,
			   results) != 0) {
		fprintf(stderr, "yaoku: the simulation broke off: %s\n", strerror(errno));
		free(results);
		return 3;
	}
	if (request->json)
		simulate_print_json(stdout, &request->experiment, results);
	else
		simulate_print(stdout, &request->experiment, results);
	for (int seed = 0; seed < request->experiment.seeds; seed++)
		for (int i = 0; i < request->experiment.policies; i++)
			conserved &= results->outcome[seed][i].conserved;
	free(results);
	return conserved ? 0 : 1;
}

int simulate_command(int argc, char **argv)
{
	struct request request = {
		.experiment = { .seed = { 1 },
				.seeds = 1,
				.pharmacies = 20,
				.products = PRODUCTS,
				.settings = policy_defaults },
		.engine = { NULL, &share_defaults },
	};

	request.engine.policy = &request.experiment.settings;
	if (!take_arguments(&request, argc, argv)) {
		fprintf(stderr, "yaoku: simulate: %s\n", request.error);
		return 2;
	}
	complete(&request);
	return run(&request);
}
