#include "replenish/demand.h"

#include <math.h>

#include "replenish/forecast.h"

#define QUICK 0.035
#define SLOW 0.008
#define VARIANCE 0.02
#define FAST_MOVER 0.25 /* base units a day */
#define LEAST 1e-4      /* so that a dead item still has a scale */

struct demand_state demand_begin(double mean, double variance, double idle)
{
	return (struct demand_state){ mean, mean, variance, idle };
}

double demand_level(const struct demand_state *state)
{
	return fmax(state->slow > FAST_MOVER ? state->quick : state->slow, LEAST);
}

void demand_step(struct demand_state *state, double dispensed, double weekday, bool in_stock,
		 bool was_asked)
{
	double usual = dispensed / weekday, surprise = usual - demand_level(state);

	state->idle = was_asked ? 0 : state->idle + 1;
	if (!in_stock)
		return;
	state->variance = ses_step(state->variance, surprise * surprise, VARIANCE);
	state->slow = ses_step(state->slow, usual, SLOW);
	state->quick = ses_step(state->quick, usual, QUICK);
}
