/*
 * Stock levels that balance holding and shortage costs (Snyder and Shen,
 * Fundamentals of Supply Chain Theory, 2nd ed., chapters 4 and 5): base stock,
 * (r,Q) and (s,S). They are the yardsticks for the engine's policy, which works
 * by fill rate.
 */
#ifndef REPLENISH_SHORTAGE_COST_H
#define REPLENISH_SHORTAGE_COST_H

#include <stddef.h>
#include <stdint.h>

#include "replenish/distribution.h"

struct shortage_costs {
	double holding;  /* of one unit for one period */
	double stockout; /* of one unit short for one period, > 0 */
	double fixed;    /* of one order; 0 where orders cost nothing */
};

#define UP_TO_SPAN_MAX 5000 /* S - s, of whole policies that are searched for */

/* ---- base stock ---- */

/* The best level and what a level costs in a period; demand is that of the time to bridge. */
double newsvendor_normal(const struct shortage_costs *costs, double mean, double sd);
double newsvendor_normal_cost(const struct shortage_costs *costs, double mean, double sd,
			      double level);
int64_t newsvendor_count(const struct shortage_costs *costs, const struct count_law *demand);
double newsvendor_count_cost(const struct shortage_costs *costs, const struct count_law *demand,
			     double level);

/* A demand and its probability; arrays of them by rising demand, summing to 1. */
struct demand_mass {
	double demand;
	double probability;
};

double newsvendor_mass(const struct shortage_costs *costs, const struct demand_mass *mass,
		       size_t count);
double newsvendor_mass_cost(const struct shortage_costs *costs, const struct demand_mass *mass,
			    size_t count, double level);

/* ---- (r,Q), continuous review ---- */

/* Demand of a unit of time, normal; `lead_time` in such units, > 0. */
struct normal_demand {
	double mean;
	double sd;
	double lead_time;
};

struct reorder_policy {
	double point;
	double quantity;
	double cost; /* per unit of time */
};

/* Exact cost of (r,Q), and the best r for a given Q. */
double reorder_cost_normal(const struct shortage_costs *costs, const struct normal_demand *demand,
			   double point, double quantity);
double reorder_best_point(const struct shortage_costs *costs, const struct normal_demand *demand,
			  double quantity);

/*
 * Expected-inventory-level approximation: iterates Q = sqrt(2 mean (K + p n(r)) / h) and
 * P(D > r) = hQ / (p mean); here `stockout` is the cost of one unit short, whatever the time. NaN when
 * it does not converge, as with shortages too cheap to avoid.
 */
struct reorder_policy reorder_expected_level(const struct shortage_costs *costs,
					     const struct normal_demand *demand);

/* EOQ for Q, and r by the service level p/(p+h); the policy's cost is not computed (NaN). */
struct reorder_policy reorder_eoq_safety_stock(const struct shortage_costs *costs,
					       const struct normal_demand *demand);

/* Poisson demand: exact cost of whole (r,Q), and the best of them with Q <= UP_TO_SPAN_MAX, else NaN
 * (Federgruen and Zheng 1992). */
double reorder_cost_poisson(const struct shortage_costs *costs, double mean, double lead_time,
			    int64_t point, int64_t quantity);
struct reorder_policy reorder_best_poisson(const struct shortage_costs *costs, double mean,
					   double lead_time);

/* ---- (s,S), periodic review: at or below s order up to S ---- */

struct up_to_policy {
	double low;   /* s */
	double up_to; /* S */
	double cost;  /* per period */
};

/* Exact cost of (s,S) with low < up_to <= low + UP_TO_SPAN_MAX, else NaN. */
double up_to_cost_poisson(const struct shortage_costs *costs, double mean, double lead_time,
			  int64_t low, int64_t up_to);

/* The best (s,S), by Zheng and Federgruen 1991; NaN when it spans more. */
struct up_to_policy up_to_best_poisson(const struct shortage_costs *costs, double mean,
				       double lead_time);

/* Power approximation for normal demand (Ehrhardt and Mosier 1984); the cost is not computed (NaN). */
struct up_to_policy up_to_power_approximation(const struct shortage_costs *costs, double mean,
					      double sd, double lead_time);

#endif
