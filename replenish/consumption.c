#include "replenish/consumption.h"

#include <math.h>

double openlmis_adjusted(double consumed, double stockout_days, double months, double additional)
{
	double days = 30 * months, in_stock = days - stockout_days;

	return (in_stock > 0 ? ceil(consumed * days / in_stock) : consumed) + additional;
}

double openlmis_average(const double *adjusted, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += adjusted[i];
	return count > 0 ? ceil(sum / (double)count) : 0;
}

double openlmis_maximum(double average, double periods)
{
	return floor(average * periods + 0.5);
}

double msupply_average(double total, double months, double days, double days_without_stock)
{
	double in_stock = days - days_without_stock;

	return total / months * (in_stock > 0 ? days / in_stock : 1);
}

double msupply_suggested(double minimum, double maximum, double average, double on_hand)
{
	double months = on_hand / average;

	if (!(average > 0) || months > (minimum > 0 ? minimum : maximum))
		return 0;
	return fmax((maximum - months) * average, 0);
}

struct msh_order msh_order_of(const struct msh_inputs *in)
{
	double months = in->months - in->stockout_days / in->days_per_month;
	struct msh_order order;

	order.consumption = months > 0 ? in->total / months : NAN;
	order.minimum = in->lead_time * order.consumption + in->safety_stock;
	order.maximum = order.minimum + in->procurement_period * order.consumption;
	order.order = order.maximum - in->on_hand - in->on_order;
	if (order.order < 0)
		order.order = 0;
	return order;
}
