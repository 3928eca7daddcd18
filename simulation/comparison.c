#include "simulation/comparison.h"

#include <math.h>

const struct figure_text figure_texts[FIGURES] = {
	[FIGURE_INVENTORY] = { "inventory", "inventory %", 100, 1, true },
	[FIGURE_TURNOVER] = { "turnover", "turnover %", 100, 0, true },
	[FIGURE_WRITE_OFF] = { "write_off", "write-off %", 100, 1, true },
	[FIGURE_CLOSENESS] = { "closeness", "closeness %", 100, 1, false },
	[FIGURE_FILL] = { "fill", "fill %", 100, 2, false },
	[FIGURE_FILL_GAIN] = { "fill_gain", "gain", 100, 2, true },
	[FIGURE_STOCK_OUT] = { "stock_out", "out %", 100, 2, false },
	[FIGURE_RESPONSE] = { "response", "days", 1, 2, false },
	[FIGURE_LINES] = { "lines", "lines/yr", 1, 1, false },
	[FIGURE_TRANSFERS] = { "transfers", "moved %", 100, 2, false },
};

/* Two-sided 95 % quantiles of Student's t by degrees of freedom; the normal one beyond. */
static double student(size_t freedom)
{
	static const double quantile[] = { NAN,   12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
					   2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
					   2.120, 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069,
					   2.064, 2.060,  2.056, 2.052, 2.048, 2.045, 2.042 };

	return freedom < sizeof(quantile) / sizeof(*quantile) ? quantile[freedom] : 1.960;
}

struct estimate estimate_of(const double *value, size_t count)
{
	struct estimate estimate = { 0, NAN, NAN, NAN };
	double squares = 0, reach;

	for (size_t i = 0; i < count; i++)
		estimate.mean += value[i] / (double)count;
	if (count < 2)
		return estimate;
	for (size_t i = 0; i < count; i++)
		squares += (value[i] - estimate.mean) * (value[i] - estimate.mean);
	estimate.sd = sqrt(squares / (double)(count - 1));
	reach = student(count - 1) * estimate.sd / sqrt((double)count);
	estimate.low = estimate.mean - reach;
	estimate.high = estimate.mean + reach;
	return estimate;
}

double figure_of(enum figure figure, const struct outcome *outcome, const struct outcome *baseline,
		 const struct outcome *clairvoyant)
{
	switch (figure) {
	case FIGURE_INVENTORY:
		return outcome->inventory / baseline->inventory - 1;
	case FIGURE_TURNOVER:
		return outcome->turnover / baseline->turnover - 1;
	case FIGURE_WRITE_OFF:
		return outcome->write_off / baseline->write_off - 1;
	case FIGURE_CLOSENESS:
		return clairvoyant == NULL ? NAN :
					     (baseline->inventory - outcome->inventory) /
						     (baseline->inventory - clairvoyant->inventory);
	case FIGURE_FILL:
		return outcome->fill;
	case FIGURE_FILL_GAIN:
		return outcome->fill - baseline->fill;
	case FIGURE_STOCK_OUT:
		return outcome->stock_out;
	case FIGURE_RESPONSE:
		return outcome->response;
	case FIGURE_LINES:
		return outcome->lines_a_year;
	case FIGURE_TRANSFERS:
		return outcome->transfer_share;
	case FIGURES:
		break;
	}
	return NAN;
}
