/* Each function reads its inputs and calls the policy's arithmetic; no formula stands here. */
#include "replenish/calc_models.h"

#include <float.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "replenish/consumption.h"
#include "replenish/distribution.h"
#include "replenish/forecast.h"
#include "replenish/lot_size.h"
#include "replenish/reorder.h"
#include "replenish/shortage_cost.h"

/* Whole numbers as integers; what cannot be said as null. */
static json_t *number(double value)
{
	if (!isfinite(value))
		return json_null();
	return value == floor(value) && fabs(value) < 9e15 ? json_integer((json_int_t)value) :
							     json_real(value);
}

static json_t *number_list(const double *value, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, number(value[i]));
	return list;
}

/* ---- lot sizes ---- */

static struct lot_costs lot_costs_of(struct calc_inputs *in)
{
	return (struct lot_costs){ calc_amount(in, "fixed_cost"), calc_positive(in, "holding_cost"),
				   calc_positive(in, "demand_rate") };
}

static json_t *eoq(struct calc_inputs *in)
{
	struct lot_costs costs = lot_costs_of(in);
	double quantity = lot_economic(&costs);

	return json_pack("{sfsf}", "order_quantity", quantity, "cost",
			 quantity > 0 ? lot_cost(&costs, quantity) : 0);
}

static json_t *eoq_cost(struct calc_inputs *in)
{
	struct lot_costs costs = lot_costs_of(in);

	return json_pack("{sf}", "cost", lot_cost(&costs, calc_positive(in, "order_quantity")));
}

static json_t *eoq_backorder(struct calc_inputs *in)
{
	struct lot_costs costs = lot_costs_of(in);
	double stockout = calc_positive(in, "stockout_cost");
	double quantity = calc_range_or(in, "order_quantity",
					lot_backorder_quantity(&costs, stockout), DBL_MIN, DBL_MAX);
	double fraction = calc_range_or(in, "stockout_fraction",
					lot_backorder_fraction(&costs, stockout), 0, 1);

	return json_pack("{sfsfsf}", "order_quantity", quantity, "stockout_fraction", fraction,
			 "cost", lot_backorder_cost(&costs, stockout, quantity, fraction));
}

static json_t *eoq_all_units_discount(struct calc_inputs *in)
{
	struct lot_costs costs = { calc_amount(in, "fixed_cost"),
				   calc_positive(in, "holding_cost_rate"),
				   calc_positive(in, "demand_rate") };
	struct calc_series from = calc_series_of(in, "breakpoints", LOT_ITEMS_MAX, 0);
	struct calc_series cost = calc_series_or_number(in, "unit_costs", from.count, DBL_MIN);
	struct lot_price prices[LOT_ITEMS_MAX];
	struct lot_discount best;

	for (size_t i = 0; i < from.count; i++) {
		prices[i] = (struct lot_price){ from.value[i], cost.value[i] };
		if (from.value[i] < (i > 0 ? from.value[i - 1] : 0))
			calc_refuse(in, "breakpoints", "do not rise");
	}
	best = lot_all_units_discount(&costs, prices, from.count);
	return json_pack("{sfsIsf}", "order_quantity", best.quantity, "region",
			 (json_int_t)best.region, "cost", best.cost);
}

static json_t *wagner_whitin(struct calc_inputs *in)
{
	struct calc_series demand = calc_series_of(in, "demand", LOT_PERIODS_MAX, 0);
	struct calc_series fixed = calc_series_or_number(in, "fixed_cost", demand.count, 0);
	struct calc_series holding = calc_series_or_number(in, "holding_cost", demand.count, 0);
	double quantities[LOT_PERIODS_MAX];
	double cost = lot_wagner_whitin(demand.value, fixed.value, holding.value, demand.count,
					quantities);

	return json_pack("{sosf}", "order_quantities", number_list(quantities, demand.count),
			 "cost", cost);
}

static json_t *jrp_silver(struct calc_inputs *in)
{
	double shared = calc_amount(in, "shared_fixed_cost"), cycle, cost;
	struct calc_series fixed = calc_series_of(in, "individual_fixed_costs", LOT_ITEMS_MAX,
						  DBL_MIN);
	struct calc_series holding = calc_series_or_number(in, "holding_costs", fixed.count,
							   DBL_MIN);
	struct calc_series demand = calc_series_or_number(in, "demand_rates", fixed.count, DBL_MIN);
	struct lot_costs items[LOT_ITEMS_MAX];
	int multiples[LOT_ITEMS_MAX];
	json_t *list = json_array();

	for (size_t i = 0; i < fixed.count; i++)
		items[i] = (struct lot_costs){ fixed.value[i], holding.value[i], demand.value[i] };
	cost = lot_joint_replenishment(shared, items, fixed.count, &cycle, multiples);
	for (size_t i = 0; i < fixed.count; i++)
		json_array_append_new(list, json_integer(multiples[i]));
	return json_pack("{sfsosf}", "base_cycle_time", cycle, "multiples", list, "cost", cost);
}

/* ---- shortage costs ---- */

static struct shortage_costs shortage_costs_of(struct calc_inputs *in)
{
	return (struct shortage_costs){ calc_positive(in, "holding_cost"),
					calc_positive(in, "stockout_cost"),
					calc_range_or(in, "fixed_cost", 0, 0, DBL_MAX) };
}

/* Sums over whole packs go on for as long as these allow. */
#define MEAN_MAX 1e4
#define LEVEL_MAX 1e6
#define LEAD_TIME_MAX 100
#define EXACT_MEAN_MAX 500 /* of a period, where policies are searched for */
#define PROBABILITIES_MAX 10000

static double lead_time_or_none(struct calc_inputs *in)
{
	return calc_range_or(in, "lead_time", 0, 0, LEAD_TIME_MAX);
}

static json_t *newsvendor_of_normal(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double periods = lead_time_or_none(in) + 1;
	double mean = calc_number(in, "demand_mean") * periods;
	double sd = calc_positive(in, "demand_sd") * sqrt(periods);
	double level = calc_range_or(in, "base_stock_level", newsvendor_normal(&costs, mean, sd),
				     -DBL_MAX, DBL_MAX);

	return json_pack("{sfsf}", "base_stock_level", level, "cost",
			 newsvendor_normal_cost(&costs, mean, sd, level));
}

static json_t *newsvendor_of_poisson(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double mean = calc_range(in, "demand_mean", 0, MEAN_MAX);
	struct count_law demand = count_of_poisson(mean * (lead_time_or_none(in) + 1));
	double level = calc_has(in, "base_stock_level") ?
			       calc_range(in, "base_stock_level", 0, LEVEL_MAX) :
			       (double)newsvendor_count(&costs, &demand);

	return json_pack("{sosf}", "base_stock_level", number(level), "cost",
			 newsvendor_count_cost(&costs, &demand, level));
}

static json_t *newsvendor_of_pmf(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	struct demand_mass mass[PROBABILITIES_MAX];
	size_t count = calc_masses(in, "demand_pmf", PROBABILITIES_MAX, mass);
	double level = calc_range_or(in, "base_stock_level", newsvendor_mass(&costs, mass, count),
				     -DBL_MAX, DBL_MAX);

	return json_pack("{sosf}", "base_stock_level", number(level), "cost",
			 newsvendor_mass_cost(&costs, mass, count, level));
}

static json_t *losses(double n, double x, double mean)
{
	return json_pack("{sfsf}", "n", n, "n_bar", x - mean + n);
}

static json_t *normal_losses(struct calc_inputs *in)
{
	double x = calc_number(in, "x"), mean = calc_number(in, "mean");

	return losses(normal_loss(x, mean, calc_positive(in, "sd")), x, mean);
}

static json_t *count_losses(struct calc_inputs *in, const struct count_law *law)
{
	double x = calc_range(in, "x", -LEVEL_MAX, LEVEL_MAX);

	return losses(count_loss(law, x), x, law->mean);
}

static json_t *poisson_losses(struct calc_inputs *in)
{
	struct count_law law = count_of_poisson(calc_range(in, "mean", 0, LEVEL_MAX));

	return count_losses(in, &law);
}

static json_t *nbinom_losses(struct calc_inputs *in)
{
	double size = calc_range(in, "r", DBL_MIN, LEVEL_MAX);
	struct count_law law = count_of_negative_binomial(size, calc_share(in, "p"));

	return count_losses(in, &law);
}

static json_t *gamma_losses(struct calc_inputs *in)
{
	double x = calc_number(in, "x"), shape = calc_range(in, "shape", DBL_MIN, 1e6);
	double scale = calc_positive(in, "scale");

	return losses(gamma_loss(x, shape, scale), x, shape * scale);
}

static struct normal_demand normal_demand_of(struct calc_inputs *in)
{
	return (struct normal_demand){ calc_positive(in, "demand_mean"),
				       calc_positive(in, "demand_sd"),
				       calc_positive(in, "lead_time") };
}

static json_t *rq_cost_normal(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	struct normal_demand demand = normal_demand_of(in);

	return json_pack("{sf}", "cost",
			 reorder_cost_normal(&costs, &demand, calc_number(in, "reorder_point"),
					     calc_positive(in, "order_quantity")));
}

static json_t *rq_optimal_r(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	struct normal_demand demand = normal_demand_of(in);

	return json_pack("{sf}", "reorder_point",
			 reorder_best_point(&costs, &demand, calc_positive(in, "order_quantity")));
}

static json_t *rq_eil(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	struct normal_demand demand = normal_demand_of(in);
	struct reorder_policy policy = reorder_expected_level(&costs, &demand);

	return json_pack("{sfsfsf}", "reorder_point", policy.point, "order_quantity",
			 policy.quantity, "cost", policy.cost);
}

static json_t *rq_eoqss(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	struct normal_demand demand = normal_demand_of(in);
	struct reorder_policy policy = reorder_eoq_safety_stock(&costs, &demand);

	return json_pack("{sfsf}", "reorder_point", policy.point, "order_quantity",
			 policy.quantity);
}

static json_t *rq_cost_poisson(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double mean = calc_range(in, "demand_mean", DBL_MIN, MEAN_MAX);
	double lead_time = lead_time_or_none(in);
	int64_t point = calc_whole(in, "reorder_point", -(int64_t)MEAN_MAX, (int64_t)MEAN_MAX);
	int64_t quantity = calc_whole(in, "order_quantity", 1, 10000);

	return json_pack("{sf}", "cost",
			 reorder_cost_poisson(&costs, mean, lead_time, point, quantity));
}

static json_t *rq_poisson_exact(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double mean = calc_range(in, "demand_mean", DBL_MIN, EXACT_MEAN_MAX);
	struct reorder_policy policy = reorder_best_poisson(&costs, mean, lead_time_or_none(in));

	return json_pack("{sososf}", "reorder_point", number(policy.point), "order_quantity",
			 number(policy.quantity), "cost", policy.cost);
}

static json_t *ss_poisson_exact(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double mean = calc_range(in, "demand_mean", DBL_MIN, EXACT_MEAN_MAX);
	struct up_to_policy policy = up_to_best_poisson(&costs, mean, lead_time_or_none(in));

	return json_pack("{sososf}", "s", number(policy.low), "S", number(policy.up_to), "cost",
			 policy.cost);
}

static json_t *ss_cost_poisson(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double mean = calc_range(in, "demand_mean", DBL_MIN, EXACT_MEAN_MAX);
	double lead_time = lead_time_or_none(in);
	int64_t low = calc_whole(in, "s", -100000, 100000);
	int64_t up_to = calc_whole(in, "S", low + 1, low + UP_TO_SPAN_MAX);

	return json_pack("{sf}", "cost", up_to_cost_poisson(&costs, mean, lead_time, low, up_to));
}

static json_t *ss_power_approx(struct calc_inputs *in)
{
	struct shortage_costs costs = shortage_costs_of(in);
	double mean = calc_positive(in, "demand_mean"), sd = calc_positive(in, "demand_sd");
	struct up_to_policy policy = up_to_power_approximation(&costs, mean, sd,
							       lead_time_or_none(in));

	return json_pack("{sfsf}", "s", policy.low, "S", policy.up_to);
}

/* ---- service levels ---- */

static json_t *safety_stock(struct calc_inputs *in)
{
	double z = normal_quantile(calc_share(in, "cycle_service_level"));
	double mean = calc_amount(in, "demand_mean"), lead_time = calc_amount(in, "lead_time");
	double stock = z * bridge_deviation(mean, calc_amount(in, "demand_sd"), lead_time, 0);

	return json_pack("{sfsf}", "safety_stock", stock, "reorder_point",
			 mean * lead_time + stock);
}

static json_t *safety_stock_z(struct calc_inputs *in)
{
	double sigma = bridge_deviation(0, calc_amount(in, "demand_sd"),
					calc_amount(in, "lead_time"), 0);

	return json_pack("{sf}", "safety_stock", calc_number(in, "z") * sigma);
}

static json_t *safety_stock_lt(struct calc_inputs *in)
{
	double z = normal_quantile(calc_share(in, "cycle_service_level"));
	double mean = calc_amount(in, "demand_mean"), lead_time = calc_amount(in, "lead_time");
	double sigma = bridge_deviation(mean, calc_amount(in, "demand_sd"), lead_time,
					calc_amount(in, "lead_time_sd"));

	return json_pack("{sfsfsf}", "sigma", sigma, "safety_stock", z * sigma, "reorder_point",
			 mean * lead_time + z * sigma);
}

static json_t *reorder_fillrate_normal(struct calc_inputs *in)
{
	return json_pack("{sf}", "reorder_point",
			 reorder_fill_normal(calc_share(in, "fill_rate"),
					     calc_positive(in, "order_quantity"),
					     calc_number(in, "leadtime_demand_mean"),
					     calc_positive(in, "leadtime_demand_sd")));
}

static json_t *reorder_fillrate_nbinom(struct calc_inputs *in)
{
	double fill_rate = calc_share(in, "fill_rate");
	double quantity = calc_positive(in, "order_quantity");
	double mean = calc_range(in, "leadtime_demand_mean", 0, MEAN_MAX);
	double variance = calc_amount(in, "leadtime_demand_var"), left;
	int64_t point = reorder_fill_count(fill_rate, quantity, mean, variance, &left);

	return json_pack("{sIsf}", "reorder_point", (json_int_t)point, "expected_short", left);
}

static json_t *rounded_order(struct calc_inputs *in)
{
	double quantity = round_order(calc_number(in, "need"), calc_positive(in, "multiple"),
				      calc_range_or(in, "moq", 0, 0, DBL_MAX),
				      calc_range_or(in, "cap", INFINITY, 0, DBL_MAX));

	return json_pack("{so}", "order_quantity", number(quantity));
}

/* ---- forecasts ---- */

static json_t *forecasts(double *after, size_t count)
{
	return json_pack("{soso}", "forecast_after_each_period", number_list(after, count), "next",
			 number(after[count - 1]));
}

static json_t *ses(struct calc_inputs *in)
{
	struct calc_series series = calc_series_of(in, "series", CALC_SERIES_MAX, -DBL_MAX);
	double alpha = calc_range(in, "alpha", 0, 1), *after = calc_memory(in, series.count);

	after[0] = series.value[0];
	for (size_t i = 1; i < series.count; i++)
		after[i] = ses_step(after[i - 1], series.value[i], alpha);
	return forecasts(after, series.count);
}

static json_t *croston_like(struct calc_inputs *in, enum croston_kind kind)
{
	struct calc_series series = calc_series_of(in, "series", CALC_SERIES_MAX, 0);
	struct croston state = { calc_range(in, "alpha", 0, 1), calc_range(in, "beta", 0, 1), 0, 0,
				 0 };
	bool by_mean = strstr(calc_text(in, "init"), "mean interval") != NULL;
	double first = by_mean ? mean_interval(series.value, series.count) : 0;
	double *after = calc_memory(in, series.count);

	for (size_t i = 0; i < series.count; i++) {
		croston_step(&state, series.value[i], first);
		after[i] = croston_forecast(&state, kind);
	}
	return forecasts(after, series.count);
}

static json_t *croston(struct calc_inputs *in)
{
	return croston_like(in, CROSTON_PLAIN);
}

static json_t *sba(struct calc_inputs *in)
{
	return croston_like(in, CROSTON_SBA);
}

static json_t *sbj(struct calc_inputs *in)
{
	return croston_like(in, CROSTON_SBJ);
}

/* A start in words stands for the first demand, and for whether the first period had one. */
static json_t *tsb(struct calc_inputs *in)
{
	struct calc_series series = calc_series_of(in, "series", CALC_SERIES_MAX, 0);
	struct tsb state = { calc_range(in, "alpha", 0, 1), calc_range(in, "beta", 0, 1), 0, 0 };
	double *after = calc_memory(in, series.count);
	size_t first = 0;

	while (first + 1 < series.count && series.value[first] <= 0)
		first++;
	state.size = calc_is_number(in, "init_size") ? calc_amount(in, "init_size") :
						       series.value[first];
	state.probability = calc_is_number(in, "init_probability") ?
				    calc_range(in, "init_probability", 0, 1) :
				    series.value[0] > 0;
	for (size_t i = 0; i < series.count; i++) {
		tsb_step(&state, series.value[i]);
		after[i] = tsb_forecast(&state);
	}
	return forecasts(after, series.count);
}

static json_t *demand_class(struct calc_inputs *in)
{
	struct calc_series series = calc_series_of(in, "series", CALC_SERIES_MAX, 0);
	struct demand_class class = demand_class_of(series.value, series.count);

	return json_pack("{sososs?}", "adi", number(class.adi), "cv2", number(class.cv2), "cls",
			 class.name);
}

/* ---- months of stock ---- */

static json_t *openlmis_adjusted_consumption(struct calc_inputs *in)
{
	double consumed = calc_amount(in, "consumed"), days = calc_amount(in, "stockout_days");
	double months = calc_positive(in, "months");

	return json_pack(
		"{so}", "adjusted",
		number(openlmis_adjusted(consumed, days, months,
					 calc_range_or(in, "additional", 0, -DBL_MAX, DBL_MAX))));
}

static json_t *openlmis_average_consumption(struct calc_inputs *in)
{
	struct calc_series adjusted = calc_series_of(in, "adjusted", CALC_SERIES_MAX, 0);

	return json_pack("{so}", "average",
			 number(openlmis_average(adjusted.value, adjusted.count)));
}

static json_t *openlmis_order(struct calc_inputs *in)
{
	double maximum = openlmis_maximum(calc_amount(in, "average_consumption"),
					  calc_amount(in, "max_periods"));
	json_t *answer = json_pack("{so}", "max_stock", number(maximum));

	if (calc_has(in, "stock_on_hand"))
		json_object_set_new(answer, "order_quantity",
				    number(fmax(0, maximum - calc_amount(in, "stock_on_hand"))));
	return answer;
}

static json_t *msupply_amc(struct calc_inputs *in)
{
	return json_pack("{sf}", "amc",
			 msupply_average(calc_amount(in, "total_consumption"),
					 calc_positive(in, "lookback_months"),
					 calc_positive(in, "number_of_days"),
					 calc_amount(in, "days_out_of_stock")));
}

static json_t *msupply_suggestion(struct calc_inputs *in)
{
	return json_pack("{sf}", "suggested",
			 msupply_suggested(calc_amount(in, "min_mos"), calc_amount(in, "max_mos"),
					   calc_amount(in, "amc"),
					   calc_amount(in, "available_soh")));
}

static json_t *msh_consumption(struct calc_inputs *in)
{
	const struct msh_inputs inputs = {
		.total = calc_amount(in, "total"),
		.months = calc_positive(in, "months"),
		.stockout_days = calc_amount(in, "stockout_days"),
		.days_per_month = calc_range_or(in, "days_per_month", 30.5, 1, 31),
		.lead_time = calc_amount(in, "lead_time"),
		.procurement_period = calc_amount(in, "procurement_period"),
		.safety_stock = calc_range_or(in, "safety_stock", 0, 0, DBL_MAX),
		.on_hand = calc_amount(in, "on_hand"),
		.on_order = calc_range_or(in, "on_order", 0, 0, DBL_MAX),
	};
	struct msh_order order = msh_order_of(&inputs);

	if (isnan(order.consumption))
		calc_refuse(in, "stockout_days",
			    "leave no day with stock to measure consumption on");
	return json_pack("{sosososo}", "ca", number(order.consumption), "smin",
			 number(order.minimum), "smax", number(order.maximum), "order",
			 number(order.order));
}

/* ---- stock with an age ---- */

#define LOTS_MAX 10000

static enum issuing issuing_of(struct calc_inputs *in, const char *name)
{
	static const char *const words[] = {
		[ISSUE_FEFO] = "fefo",
		[ISSUE_FIFO] = "fifo",
		[ISSUE_LIFO] = "lifo",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(calc_text(in, name), words[i]) == 0)
			return (enum issuing)i;
	calc_refuse(in, name, "is none of fefo, fifo, lifo");
	return ISSUE_FEFO;
}

static double sum_of(const struct aged_lot *lots, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += lots[i].quantity;
	return sum;
}

static json_t *ewa(struct calc_inputs *in)
{
	size_t there, coming;
	const double *here = calc_rows(in, "on_hand", LOTS_MAX, 2, &there);
	const double *way = calc_rows(in, "pipeline", LOTS_MAX, 3, &coming);
	struct aged_lot *lots = calc_memory(in, 3 * (there + coming));
	double demand = calc_amount(in, "mean_daily_demand"), position, outdating, deficit;
	int days = (int)calc_whole(in, "horizon_L_plus_R", 1, 3650);

	for (size_t i = 0; i < there; i++)
		lots[i] = (struct aged_lot){ 0, here[2 * i], here[2 * i + 1] };
	for (size_t i = 0; i < coming; i++)
		lots[there + i] = (struct aged_lot){ way[3 * i], way[3 * i + 1], way[3 * i + 2] };
	position = sum_of(lots, there + coming);
	outdating = expected_outdating(lots, there + coming, demand, days - 1,
				       issuing_of(in, "issuing"));
	deficit = calc_amount(in, "safety_stock") + demand * days - (position - outdating);
	return json_pack("{sosfsfso}", "inventory_position", number(position), "expected_outdating",
			 outdating, "deficit", deficit, "order_quantity",
			 number(round_order(deficit, calc_positive(in, "batch"), 0, INFINITY)));
}

static json_t *issue(struct calc_inputs *in)
{
	size_t count;
	const double *rows = calc_rows(in, "lots_received_expiry_qty", LOTS_MAX, 3, &count);
	struct aged_lot *lots = calc_memory(in, 3 * count);
	double *taken = calc_memory(in, count), left;
	json_t *picks = json_array();

	for (size_t i = 0; i < count; i++)
		lots[i] = (struct aged_lot){ rows[3 * i], rows[3 * i + 1], rows[3 * i + 2] };
	left = issue_lots(lots, count, calc_amount(in, "quantity"), issuing_of(in, "rule"), taken);
	for (size_t i = 0; i < count; i++)
		if (taken[i] > 0)
			json_array_append_new(picks, json_pack("[oo]", number(lots[i].received),
							       number(taken[i])));
	return json_pack("{soso}", "picks", picks, "short", number(left));
}

const struct calc_model calc_models[] = {
	{ "eoq", eoq },
	{ "eoq_cost", eoq_cost },
	{ "eoq_backorder", eoq_backorder },
	{ "eoq_all_units_discount", eoq_all_units_discount },
	{ "wagner_whitin", wagner_whitin },
	{ "jrp_silver", jrp_silver },
	{ "newsvendor_normal", newsvendor_of_normal },
	{ "newsvendor_poisson", newsvendor_of_poisson },
	{ "newsvendor_pmf", newsvendor_of_pmf },
	{ "normal_loss", normal_losses },
	{ "poisson_loss", poisson_losses },
	{ "nbinom_loss", nbinom_losses },
	{ "gamma_loss", gamma_losses },
	{ "rq_cost_normal", rq_cost_normal },
	{ "rq_optimal_r", rq_optimal_r },
	{ "rq_eil", rq_eil },
	{ "rq_eoqss", rq_eoqss },
	{ "rq_cost_poisson", rq_cost_poisson },
	{ "rq_poisson_exact", rq_poisson_exact },
	{ "ss_poisson_exact", ss_poisson_exact },
	{ "ss_cost_poisson", ss_cost_poisson },
	{ "ss_power_approx", ss_power_approx },
	{ "safety_stock", safety_stock },
	{ "safety_stock_z", safety_stock_z },
	{ "safety_stock_lt", safety_stock_lt },
	{ "reorder_fillrate_normal", reorder_fillrate_normal },
	{ "reorder_fillrate_nbinom", reorder_fillrate_nbinom },
	{ "croston", croston },
	{ "sba", sba },
	{ "sbj", sbj },
	{ "tsb", tsb },
	{ "ses", ses },
	{ "demand_class", demand_class },
	{ "openlmis_adjusted_consumption", openlmis_adjusted_consumption },
	{ "openlmis_average_consumption", openlmis_average_consumption },
	{ "openlmis_order", openlmis_order },
	{ "msupply_suggested", msupply_suggestion },
	{ "msupply_amc", msupply_amc },
	{ "msh_consumption", msh_consumption },
	{ "ewa", ewa },
	{ "issue", issue },
	{ "round_order", rounded_order },
	{ NULL, NULL },
};

const struct calc_model *calc_model_named(const char *name)
{
	for (const struct calc_model *model = calc_models; model->name != NULL; model++)
		if (strcmp(model->name, name) == 0)
			return model;
	return NULL;
}
