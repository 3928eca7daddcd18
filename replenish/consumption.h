/*
 * Order quantities by months of stock, as other systems compute them, to compare
 * with: OpenLMIS (LineItemFieldsCalculator), open-mSupply (suggested quantity,
 * forecast) and the consumption method of MSH (MDS-3, chapters 20 and 23; WHO Js4872e, annex 5).
 */
#ifndef REPLENISH_CONSUMPTION_H
#define REPLENISH_CONSUMPTION_H

#include <stddef.h>

/* ---- OpenLMIS ---- */

/* Consumption corrected for stock-out days in months of 30, rounded up, and what was needed in addition. */
double openlmis_adjusted(double consumed, double stockout_days, double months, double additional);

/* The mean of adjusted consumptions, rounded up. 0 for none. */
double openlmis_average(const double *adjusted, size_t count);

/* Average times periods, halves up. */
double openlmis_maximum(double average, double periods);

/* ---- open-mSupply ---- */

/* Months' mean consumption, by the days with stock; without such a day it is not corrected. */
double msupply_average(double total, double months, double days, double days_without_stock);

/* Up to `maximum` months when at or below `minimum` months of stock (0: the maximum); else 0. */
double msupply_suggested(double minimum, double maximum, double average, double on_hand);

/* ---- MSH, WHO ---- */

struct msh_inputs {
	double total;  /* consumed */
	double months; /* in so many */
	double stockout_days;
	double days_per_month;     /* 30.5; the WHO annex prints 30.4 */
	double lead_time;          /* months */
	double procurement_period; /* months */
	double safety_stock;
	double on_hand;
	double on_order;
};

struct msh_order {
	double consumption; /* corrected, per month; NaN without a day in stock */
	double minimum;
	double maximum;
	double order;
};

struct msh_order msh_order_of(const struct msh_inputs *in);

#endif
