/*
 * One page of atomic numbers that all workers share. Relaxed order suffices:
 * each number stands alone. Every counter has a cache line of its own, so that
 * workers on different cores do not fight over neighbours.
 */
#include "core/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "core/json.h"
#include "core/log.h"

#define CACHE_LINE 64
#define BUCKETS 15

/* Upper bounds in microseconds; one bucket more takes the rest. */
static const uint64_t bounds[BUCKETS] = {
	250,   500,    1000,   2500,   5000,    10000,   25000,    50000,
	75000, 100000, 250000, 500000, 1000000, 2500000, 10000000,
};

struct number {
	alignas(CACHE_LINE) _Atomic int64_t value;
};

struct histogram {
	alignas(CACHE_LINE) _Atomic uint64_t count[BUCKETS + 1];
	_Atomic uint64_t sum; /* microseconds */
};

struct shared {
	struct number number[METRIC_COUNT];
	struct histogram histogram[METRIC_HISTOGRAM_COUNT];
};

struct metric_row {
	const char *name;
	const char *type;
	const char *help;
};

static const struct metric_row rows[METRIC_COUNT] = {
#define X(id, name, type, help) [METRIC_##id] = { name, type, help },
	METRIC_LIST(X)
#undef X
};

static const struct metric_row histogram_rows[METRIC_HISTOGRAM_COUNT] = {
	[METRIC_REQUEST_SECONDS] = { "yaoku_http_request_seconds", "histogram",
				     "Time from a whole request to its answer" },
	[METRIC_SCAN_SECONDS] = { "yaoku_scan_seconds", "histogram",
				  "Time from a scan's arrival to its answer" },
};

static struct shared *shared;

void metrics_open(void)
{
	void *map = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);

	if (map == MAP_FAILED) {
		log_error("no memory for the metrics, process ends");
		exit(1);
	}
	shared = map;
}

void metrics_add(enum metric metric, int64_t by)
{
	assert((unsigned)metric < METRIC_COUNT);
	if (shared == NULL)
		return;
	atomic_fetch_add_explicit(&shared->number[metric].value, by, memory_order_relaxed);
}

void metrics_observe(enum metric_histogram histogram, uint64_t microseconds)
{
	size_t bucket = 0;

	assert((unsigned)histogram < METRIC_HISTOGRAM_COUNT);
	if (shared == NULL)
		return;
	while (bucket < BUCKETS && microseconds > bounds[bucket])
		bucket++;
	atomic_fetch_add_explicit(&shared->histogram[histogram].count[bucket], 1,
				  memory_order_relaxed);
	atomic_fetch_add_explicit(&shared->histogram[histogram].sum, microseconds,
				  memory_order_relaxed);
}

static void write_head(struct text *text, const struct metric_row *row)
{
	text_printf(text, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name,
		    row->type);
}

static void write_histogram(struct text *text, const struct metric_row *row,
			    const struct histogram *histogram)
{
	uint64_t total = 0;

	write_head(text, row);
	for (size_t i = 0; i < BUCKETS; i++) {
		total += atomic_load_explicit(&histogram->count[i], memory_order_relaxed);
		text_printf(text, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", row->name,
			    (double)bounds[i] / 1e6, total);
	}
	total += atomic_load_explicit(&histogram->count[BUCKETS], memory_order_relaxed);
	text_printf(text, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", row->name, total);
	text_printf(text, "%s_sum %.6f\n", row->name,
		    (double)atomic_load_explicit(&histogram->sum, memory_order_relaxed) / 1e6);
	text_printf(text, "%s_count %" PRIu64 "\n", row->name, total);
}

void metrics_write(struct text *text)
{
	if (shared == NULL)
		return;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		write_head(text, &rows[i]);
		text_printf(text, "%s %" PRId64 "\n", rows[i].name,
			    atomic_load_explicit(&shared->number[i].value, memory_order_relaxed));
	}
	for (size_t i = 0; i < METRIC_HISTOGRAM_COUNT; i++)
		write_histogram(text, &histogram_rows[i], &shared->histogram[i]);
}
