/*
 * A router of its own, because /metrics is admitted by an option and the
 * handlers want other things than those below /api.
 */
#include "service/status.h"

#include <string.h>

#include "access/access.h"
#include "core/endpoint.h"
#include "core/err.h"
#include "core/json.h"
#include "core/metrics.h"
#include "inventory/workstations.h"
#include "schema/queries.h"

static void health_get(struct http_call *call, void *arg)
{
	(void)arg;
	http_reply_json(call, "{\"status\":\"ok\"}");
}

static void on_ready(struct db_reply *reply, void *arg)
{
	struct http_call *call = arg;

	if (db_reply_err(reply) == 0 && db_reply_value(reply, 0, 0)[0] == 't')
		http_reply_json(call, db_reply_value(reply, 0, 1));
	else if (db_reply_err(reply) == 0)
		http_fail(call, ERR_BUSY, "the demo district is being loaded");
	else
		http_fail(call, ERR_DATABASE_DOWN, NULL);
}

static void ready_get(struct http_call *call, void *arg)
{
	struct status *status = arg;
	struct db_arg demo = { .value = status->demo ? "true" : "false" };

	if (!db_is_ready(status->db) || !workstations_are_known()) {
		http_fail(call, ERR_DATABASE_DOWN, NULL);
		return;
	}
	db_ask(status->db, NULL, &sql_ready, &demo, 1, on_ready, call);
}

static void metrics_get(struct http_call *call, void *arg)
{
	struct text text = { 0 };

	(void)arg;
	metrics_write(&text);
	http_reply_text(call, 200, "text/plain; version=0.0.4; charset=utf-8", &text);
}

static const struct endpoint routes[] = {
	{ HTTP_GET, "/healthz", 0, .handler = health_get, .summary = "The process answers" },
	{ HTTP_GET, "/readyz", 0, .handler = ready_get, .summary = "It can do its work" },
	{ HTTP_GET, "/metrics", ROLE_METRICS, .handler = metrics_get,
	  .summary = "Prometheus metrics" },
	{ .path = NULL },
};

bool status_has(const char *path)
{
	for (const struct endpoint *route = routes; route->path != NULL; route++) {
		if (strcmp(route->path, path) == 0)
			return true;
	}
	return false;
}

static void admit(struct http_call *call, const struct endpoint *endpoint, void *arg)
{
	struct status *status = arg;

	if (status->open_metrics)
		endpoint_proceed(call);
	else
		access_admit(call, endpoint, status->access);
}

void status_answer(struct http_call *call, void *status)
{
	static const struct endpoint *const tables[] = { routes, NULL };
	static struct endpoint_router router = { .tables = tables, .admit = admit };

	router.arg = status;
	endpoint_route(call, &router);
}
