#include "simulation/outcome.h"

#include "simulation/world.h"

int outcome_price_class(double price)
{
	static const double below[PRICE_CLASSES - 1] = { 10, 25, 60 };
	int class = 0;

	while (class < PRICE_CLASSES - 1 && price >= below[class])
		class ++;
	return class;
}

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

static double fill(const struct fill_sum *sum)
{
	return share(sum->served, sum->asked);
}

struct outcome outcome_of(const struct tally *tally, int pairs, bool conserved)
{
	struct outcome outcome = {
		.inventory = tally->stock_days / WORLD_YEAR,
		.write_off = share(tally->written_off_value, tally->bought_value),
		.fill = fill(&tally->all),
		.surge_fill = fill(&tally->surge),
		.line_fill = share((double)tally->full_lines, (double)tally->asked_lines),
		.stock_out = share((double)tally->empty_days, (double)tally->active_days),
		.response = share((double)tally->response_days, (double)tally->order_lines),
		.lines_a_year = share((double)tally->order_lines, pairs),
		.transfer_share = share(tally->transfer_value, tally->bought_value),
		.conserved = conserved,
	};

	outcome.turnover = share(tally->dispensed_value, outcome.inventory);
	for (int i = 0; i < FILL_CLASSES; i++)
		outcome.fill_class[i] = fill(&tally->class[i]);
	return outcome;
}
