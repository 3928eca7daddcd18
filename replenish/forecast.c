#include "replenish/forecast.h"

#include <math.h>

double ses_step(double level, double value, double alpha)
{
	return level + alpha * (value - level);
}

void croston_step(struct croston *state, double value, double first_interval)
{
	state->since++;
	if (value <= 0)
		return;
	if (state->interval == 0) {
		state->size = value;
		state->interval = first_interval > 0 ? first_interval : state->since;
	} else {
		state->size = ses_step(state->size, value, state->alpha);
		state->interval = ses_step(state->interval, state->since, state->beta);
	}
	state->since = 0;
}

double croston_forecast(const struct croston *state, enum croston_kind kind)
{
	const double correction[] = {
		[CROSTON_PLAIN] = 1,
		[CROSTON_SBA] = 1 - state->beta / 2,
		[CROSTON_SBJ] = 1 - state->beta / (2 - state->beta),
	};

	return state->interval > 0 ? correction[kind] * state->size / state->interval : NAN;
}

double mean_interval(const double *series, size_t count)
{
	size_t demands = 0, last = 0;

	for (size_t i = 0; i < count; i++) {
		if (series[i] > 0) {
			demands++;
			last = i + 1;
		}
	}
	return demands > 0 ? (double)last / (double)demands : 0;
}

void tsb_step(struct tsb *state, double value)
{
	state->probability = ses_step(state->probability, value > 0, state->beta);
	if (value > 0)
		state->size = ses_step(state->size, value, state->alpha);
}

double tsb_forecast(const struct tsb *state)
{
	return state->size * state->probability;
}

struct demand_class demand_class_of(const double *series, size_t count)
{
	static const char *const names[2][2] = { { "smooth", "erratic" },
						 { "intermittent", "lumpy" } };
	struct demand_class answer = { NAN, NAN, NULL };
	double demands = 0, sum = 0, squares = 0, mean;

	for (size_t i = 0; i < count; i++)
		demands += series[i] > 0;
	if (demands == 0)
		return answer;
	for (size_t i = 0; i < count; i++)
		sum += fmax(series[i], 0);
	mean = sum / demands;
	for (size_t i = 0; i < count; i++)
		squares += series[i] > 0 ? (series[i] - mean) * (series[i] - mean) : 0;
	answer.adi = (double)count / demands;
	answer.cv2 = squares / demands / (mean * mean);
	answer.name = names[answer.adi >= INTERMITTENT_ADI][answer.cv2 >= ERRATIC_CV2];
	return answer;
}
