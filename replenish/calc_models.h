/* The models of `yaoku calc`: a row each, from named inputs to named results. */
#ifndef REPLENISH_CALC_MODELS_H
#define REPLENISH_CALC_MODELS_H

#include "replenish/calc_inputs.h"

struct calc_model {
	const char *name;
	/* Results as a new object, or anything when in->wrong is set: the caller drops it then. */
	struct json_t *(*run)(struct calc_inputs *in);
};

/* The model of this name, NULL when there is none. */
const struct calc_model *calc_model_named(const char *name);

/* All of them, ended by a row without a name. */
extern const struct calc_model calc_models[];

#endif
