/* Memory of a simulation: there is enough, or it ends. */
#ifndef SIMULATION_MEMORY_H
#define SIMULATION_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

/* Zeroed room for `count` things of `size`, released by free(); aborts on exhaustion. */
static inline void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL)
		abort();
	return memory;
}

#endif
