#include "replenish/shortage_cost.h"

#include <math.h>
#include <stdlib.h>

#include "replenish/lot_size.h"

static double critical_ratio(const struct shortage_costs *costs)
{
	return costs->stockout / (costs->stockout + costs->holding);
}

/* Holding what is left of `level` and shortage of what exceeds it, n = expected shortage. */
static double level_cost(const struct shortage_costs *costs, double level, double mean, double n)
{
	return costs->holding * (level - mean + n) + costs->stockout * n;
}

double newsvendor_normal(const struct shortage_costs *costs, double mean, double sd)
{
	return mean + normal_quantile(critical_ratio(costs)) * sd;
}

double newsvendor_normal_cost(const struct shortage_costs *costs, double mean, double sd,
			      double level)
{
	return level_cost(costs, level, mean, normal_loss(level, mean, sd));
}

int64_t newsvendor_count(const struct shortage_costs *costs, const struct count_law *demand)
{
	return count_quantile(demand, critical_ratio(costs));
}

double newsvendor_count_cost(const struct shortage_costs *costs, const struct count_law *demand,
			     double level)
{
	return level_cost(costs, level, demand->mean, count_loss(demand, level));
}

/* Probabilities are given in decimals: their sum may miss the ratio by a rounding error. */
double newsvendor_mass(const struct shortage_costs *costs, const struct demand_mass *mass,
		       size_t count)
{
	double below = mass[0].probability;
	size_t i = 0;

	while (i + 1 < count && below < critical_ratio(costs) - 1e-12)
		below += mass[++i].probability;
	return mass[i].demand;
}

double newsvendor_mass_cost(const struct shortage_costs *costs, const struct demand_mass *mass,
			    size_t count, double level)
{
	double mean = 0, n = 0;

	for (size_t i = 0; i < count; i++) {
		mean += mass[i].demand * mass[i].probability;
		n += fmax(mass[i].demand - level, 0) * mass[i].probability;
	}
	return level_cost(costs, level, mean, n);
}

/* ---- (r,Q) ---- */

static double bridge_mean(const struct normal_demand *demand)
{
	return demand->mean * demand->lead_time;
}

static double bridge_sd(const struct normal_demand *demand)
{
	return demand->sd * sqrt(demand->lead_time);
}

/* Mean over the cycle of the cost at inventory positions between r and r + Q. */
double reorder_cost_normal(const struct shortage_costs *costs, const struct normal_demand *demand,
			   double point, double quantity)
{
	double mean = bridge_mean(demand), sd = bridge_sd(demand), top = point + quantity;
	double short_area = normal_second_loss(point, mean, sd) - normal_second_loss(top, mean, sd);
	double level_area = quantity * ((point + top) / 2 - mean);

	return (costs->fixed * demand->mean + costs->holding * (level_area + short_area) +
		costs->stockout * short_area) /
	       quantity;
}

/* The cost at r + Q less that at r grows with r, and is zero at the best r. */
double reorder_best_point(const struct shortage_costs *costs, const struct normal_demand *demand,
			  double quantity)
{
	double mean = bridge_mean(demand), sd = bridge_sd(demand);
	double high = newsvendor_normal(costs, mean, sd), low = high - quantity;

	for (int i = 0; i < 200; i++) {
		double r = (low + high) / 2;

		if (newsvendor_normal_cost(costs, mean, sd, r + quantity) <
		    newsvendor_normal_cost(costs, mean, sd, r))
			low = r;
		else
			high = r;
	}
	return (low + high) / 2;
}

struct reorder_policy reorder_expected_level(const struct shortage_costs *costs,
					     const struct normal_demand *demand)
{
	const struct lot_costs lot = { costs->fixed, costs->holding, demand->mean };
	double mean = bridge_mean(demand), sd = bridge_sd(demand), n = 0, before = 0;
	struct reorder_policy policy = { NAN, lot_economic(&lot), NAN };

	for (int i = 0; i < 10000 && fabs(policy.quantity - before) > 1e-13 * policy.quantity;
	     i++) {
		before = policy.quantity;
		policy.point = mean +
			       sd * normal_quantile(1 - costs->holding * policy.quantity /
								(costs->stockout * demand->mean));
		n = normal_loss(policy.point, mean, sd);
		policy.quantity = sqrt(2 * demand->mean * (costs->fixed + costs->stockout * n) /
				       costs->holding);
	}
	policy.cost = costs->holding * (policy.point - mean + policy.quantity / 2) +
		      (costs->fixed + costs->stockout * n) * demand->mean / policy.quantity;
	return policy;
}

struct reorder_policy reorder_eoq_safety_stock(const struct shortage_costs *costs,
					       const struct normal_demand *demand)
{
	const struct lot_costs lot = { costs->fixed, costs->holding, demand->mean };

	return (struct reorder_policy){
		newsvendor_normal(costs, bridge_mean(demand), bridge_sd(demand)),
		lot_economic(&lot),
		NAN,
	};
}

double reorder_cost_poisson(const struct shortage_costs *costs, double mean, double lead_time,
			    int64_t point, int64_t quantity)
{
	struct count_law demand = count_of_poisson(mean * lead_time);
	double sum = costs->fixed * mean;

	for (int64_t y = point + 1; y <= point + quantity; y++)
		sum += newsvendor_count_cost(costs, &demand, (double)y);
	return sum / (double)quantity;
}

/* Positions are taken into the cycle from the cheapest on while one costs less than the mean so far. */
struct reorder_policy reorder_best_poisson(const struct shortage_costs *costs, double mean,
					   double lead_time)
{
	struct count_law demand = count_of_poisson(mean * lead_time);
	int64_t top = newsvendor_count(costs, &demand), low = top - 1;
	double sum = costs->fixed * mean + newsvendor_count_cost(costs, &demand, (double)top);

	for (;;) {
		double below = newsvendor_count_cost(costs, &demand, (double)low);
		double above = newsvendor_count_cost(costs, &demand, (double)(top + 1));

		if (fmin(below, above) >= sum / (double)(top - low))
			break;
		if (top - low >= UP_TO_SPAN_MAX)
			return (struct reorder_policy){ NAN, NAN, NAN };
		sum += fmin(below, above);
		if (below <= above)
			low--;
		else
			top++;
	}
	return (struct reorder_policy){ (double)low, (double)(top - low),
					sum / (double)(top - low) };
}

/* ---- (s,S) ---- */

/*
 * The renewal process of Poisson demand under (s,S): how long the position stays
 * at each place below S before the next order.
 */
struct renewal {
	struct shortage_costs costs;
	struct count_law period;       /* demand of one period */
	struct count_law bridge;       /* demand over lead time and review */
	int64_t known;                 /* visits computed so far */
	int64_t middle;                /* the position that costs least in a period */
	double visits[UP_TO_SPAN_MAX]; /* [j]: expected periods at S - j */
	double cost[2 * UP_TO_SPAN_MAX +
		    1]; /* of a period around `middle`, NaN: not computed yet */
};

static struct renewal *renewal_new(const struct shortage_costs *costs, double mean,
				   double lead_time)
{
	struct renewal *renewal = malloc(sizeof(*renewal));

	if (renewal == NULL)
		abort();
	renewal->costs = *costs;
	renewal->period = count_of_poisson(mean);
	renewal->bridge = count_of_poisson(mean * (lead_time + 1));
	renewal->known = 0;
	renewal->middle = newsvendor_count(costs, &renewal->bridge);
	for (size_t i = 0; i < sizeof(renewal->cost) / sizeof(*renewal->cost); i++)
		renewal->cost[i] = NAN;
	return renewal;
}

/* visits[j] = [j = 0] + sum over demands d of P(d) visits[j - d]; demands far above the mean weigh nothing. */
static double renewal_visits(struct renewal *renewal, int64_t j)
{
	double mean = renewal->period.mean, none = count_mass(&renewal->period, 0);
	int64_t most = (int64_t)(mean + 12 * sqrt(mean) + 40);

	for (; renewal->known <= j; renewal->known++) {
		int64_t at = renewal->known;
		double sum = at == 0;

		for (int64_t demand = 1; demand <= at && demand <= most; demand++)
			sum += count_mass(&renewal->period, demand) * renewal->visits[at - demand];
		renewal->visits[at] = sum / (1 - none);
	}
	return renewal->visits[j];
}

/* Positions that a search comes to lie within a span of the cheapest one. */
static double period_cost(struct renewal *renewal, int64_t position)
{
	int64_t i = position - renewal->middle + UP_TO_SPAN_MAX;
	double *kept = i >= 0 && i <= 2 * UP_TO_SPAN_MAX ? &renewal->cost[i] : NULL;

	if (kept == NULL)
		return newsvendor_count_cost(&renewal->costs, &renewal->bridge, (double)position);
	if (isnan(*kept))
		*kept = newsvendor_count_cost(&renewal->costs, &renewal->bridge, (double)position);
	return *kept;
}

static double cycle_cost(struct renewal *renewal, int64_t low, int64_t up_to)
{
	double cost = renewal->costs.fixed, periods = 0;

	if (up_to - low > UP_TO_SPAN_MAX)
		return NAN;
	for (int64_t position = up_to; position > low; position--) {
		double stay = renewal_visits(renewal, up_to - position);

		cost += stay * period_cost(renewal, position);
		periods += stay;
	}
	return cost / periods;
}

double up_to_cost_poisson(const struct shortage_costs *costs, double mean, double lead_time,
			  int64_t low, int64_t up_to)
{
	struct renewal *renewal = renewal_new(costs, mean, lead_time);
	double cost = low < up_to ? cycle_cost(renewal, low, up_to) : NAN;

	free(renewal);
	return cost;
}

/* The best S above `up_to` for which some s does better than *cost; raises s along the way. */
static void search_up(struct renewal *renewal, int64_t *low, int64_t *up_to, double *cost)
{
	for (int64_t level = *up_to + 1;
	     level - *low <= UP_TO_SPAN_MAX && period_cost(renewal, level) <= *cost; level++) {
		if (!(cycle_cost(renewal, *low, level) < *cost))
			continue;
		*up_to = level;
		while (cycle_cost(renewal, *low, level) <= period_cost(renewal, *low + 1))
			(*low)++;
		*cost = cycle_cost(renewal, *low, level);
	}
}

struct up_to_policy up_to_best_poisson(const struct shortage_costs *costs, double mean,
				       double lead_time)
{
	struct renewal *renewal = renewal_new(costs, mean, lead_time);
	int64_t up_to = renewal->middle, low = up_to - 1;
	double cost = cycle_cost(renewal, low, up_to);

	while (up_to - low < UP_TO_SPAN_MAX && cost > period_cost(renewal, low))
		cost = cycle_cost(renewal, --low, up_to);
	search_up(renewal, &low, &up_to, &cost);
	free(renewal);
	if (up_to - low >= UP_TO_SPAN_MAX)
		return (struct up_to_policy){ NAN, NAN, NAN };
	return (struct up_to_policy){ (double)low, (double)up_to, cost };
}

struct up_to_policy up_to_power_approximation(const struct shortage_costs *costs, double mean,
					      double sd, double lead_time)
{
	double bridge = mean * (lead_time + 1), spread = sd * sqrt(lead_time + 1);
	double quantity = 1.30 * pow(mean, 0.494) * pow(costs->fixed / costs->holding, 0.506) *
			  pow(1 + spread * spread / (mean * mean), 0.116);
	double z = sqrt(quantity * costs->holding / (costs->stockout * spread));
	double low = 0.973 * bridge + spread * (0.183 / z + 1.063 - 2.192 * z);

	return (struct up_to_policy){ low, low + quantity, NAN };
}
