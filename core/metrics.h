/*
 * Prometheus metrics, summed over workers.
 *
 * The counters live in memory that the parent maps before it forks, so that a
 * scrape answered by any worker shows the whole service. The list is below;
 * names and meanings are the documentation.
 */
#ifndef CORE_METRICS_H
#define CORE_METRICS_H

#include <stdint.h>

struct text;

/* X(enumerator, prometheus name, type, help) */
#define METRIC_LIST(X)                                                                           \
	X(HTTP_REQUESTS, "yaoku_http_requests_total", "counter", "Requests answered")            \
	X(HTTP_REFUSED, "yaoku_http_refused_total", "counter",                                   \
	  "Requests refused by the framing guard")                                               \
	X(HTTP_5XX, "yaoku_http_server_errors_total", "counter",                                 \
	  "Answers with status 500 and above")                                                   \
	X(HTTP_CONNECTIONS, "yaoku_http_connections", "gauge", "Connections open")               \
	X(SCANS_POSTED, "yaoku_scans_posted_total", "counter", "Scans posted")                   \
	X(SCANS_REPLAYED, "yaoku_scans_replayed_total", "counter", "Scans answered again by id") \
	X(SCANS_HELD, "yaoku_scans_held_total", "counter", "Scans held for a person")            \
	X(SCANS_REJECTED, "yaoku_scans_rejected_total", "counter", "Scans rejected")             \
	X(SCAN_GROUPS, "yaoku_scan_groups_total", "counter", "Groups of scans posted")           \
	X(SCAN_GROUP_RETRIES, "yaoku_scan_group_retries_total", "counter",                       \
	  "Groups posted again after a conflict")                                                \
	X(DB_QUESTIONS, "yaoku_db_questions_total", "counter", "Statements asked")               \
	X(DB_ERRORS, "yaoku_db_errors_total", "counter", "Statements that failed")               \
	X(DB_UNKNOWN, "yaoku_db_outcome_unknown_total", "counter",                               \
	  "Statements whose outcome is unknown")                                                 \
	X(DB_CONNECTS, "yaoku_db_connects_total", "counter", "Database connections made")        \
	X(LOGINS_OK, "yaoku_logins_total", "counter", "Log-ins that succeeded")                  \
	X(LOGINS_FAILED, "yaoku_login_failures_total", "counter", "Log-ins that failed")         \
	X(FEED_WAITING, "yaoku_feed_waiting", "gauge", "Supplier polls waiting")                 \
	X(WORKER_STARTS, "yaoku_worker_starts_total", "counter", "Worker processes started")

enum metric {
#define X(id, name, type, help) METRIC_##id,
	METRIC_LIST(X)
#undef X
		METRIC_COUNT
};

/* Two latency histograms in seconds: whole requests, and scans from arrival to answer. */
enum metric_histogram { METRIC_REQUEST_SECONDS, METRIC_SCAN_SECONDS, METRIC_HISTOGRAM_COUNT };

/* Map the shared counters; once, in the parent, before any fork. Exits on failure. */
void metrics_open(void);

/* Add to a counter or gauge; negative for gauges only. A no-op before metrics_open(). */
void metrics_add(enum metric metric, int64_t by);

/* Count one duration in microseconds. */
void metrics_observe(enum metric_histogram histogram, uint64_t microseconds);

/* Write everything in Prometheus text format 0.0.4. */
void metrics_write(struct text *text);

#endif
