/*
 * What every connection of ours is set to, on top of the operator's conninfo.
 *
 * PQconnectPoll() ignores connect_timeout and would wait for a dead first host
 * for ever; our own timer ends the attempt, so the next one must begin with
 * another host. Host names are resolved by blocking calls: give hostaddr too.
 *
 * Plans are made for the values at hand: a list's optional filters make one plan
 * for all values slow a hundredfold. The functions of the hot path keep theirs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/db_conn.h"
#include "core/db_sync.h"

#define STATEMENT_TIMEOUT_MS 10000
#define QUEUE_AND_MARGIN_MS 3000
#define SETTINGS_MAX 16

struct settings {
	struct db_sync_setting row[SETTINGS_MAX]; /* ended by a NULL keyword */
	char *turned[3];                          /* host, hostaddr, port when they are lists */
	size_t count;
};

/* Only where the operator has said nothing. A dead peer is noticed within five seconds. */
static const struct db_sync_setting defaults[] = {
	{ "target_session_attrs", "read-write" },
	{ "tcp_user_timeout", "3000" },
	{ "keepalives_idle", "5" },
	{ "keepalives_interval", "2" },
	{ "keepalives_count", "3" },
};

static void set(struct settings *s, const char *keyword, const char *value)
{
	if (s->count + 1 < SETTINGS_MAX)
		s->row[s->count++] = (struct db_sync_setting){ keyword, value };
}

/* "a,b,c" turned by one is "b,c,a". Returns text to free(). */
static char *turned(const char *list, unsigned by)
{
	size_t length = strlen(list), parts = 1;
	const char *from = list;
	char *text = malloc(length + 2);

	if (text == NULL)
		abort();
	for (const char *p = list; *p != '\0'; p++)
		parts += *p == ',' ? 1 : 0;
	for (by %= (unsigned)parts; by > 0; by--)
		from = strchr(from, ',') + 1;
	if (from == list)
		snprintf(text, length + 2, "%s", list);
	else
		snprintf(text, length + 2, "%s,%.*s", from, (int)(from - list - 1), list);
	return text;
}

static void turn_hosts(struct settings *s, const PQconninfoOption *given, unsigned attempt)
{
	static const char *const lists[] = { "host", "hostaddr", "port" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strcmp(given->keyword, lists[i]) == 0 && strchr(given->val, ',') != NULL) {
			s->turned[i] = turned(given->val, attempt);
			set(s, lists[i], s->turned[i]);
		}
	}
}

static void add_defaults(struct settings *s, const PQconninfoOption *absent)
{
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (strcmp(absent->keyword, defaults[i].keyword) == 0)
			set(s, defaults[i].keyword, defaults[i].value);
	}
}

char *db_conninfo(const struct db_options *options, unsigned attempt)
{
	unsigned limit = options->deadline_ms > STATEMENT_TIMEOUT_MS + QUEUE_AND_MARGIN_MS ?
				 options->deadline_ms - QUEUE_AND_MARGIN_MS :
				 STATEMENT_TIMEOUT_MS;
	PQconninfoOption *parsed = PQconninfoParse(options->conninfo, NULL);
	struct settings s = { .count = 0 };
	char parameters[512], name[64];
	char *text;

	if (parsed == NULL)
		return NULL;
	for (const PQconninfoOption *o = parsed; o->keyword != NULL; o++) {
		if (o->val != NULL)
			turn_hosts(&s, o, attempt);
		else
			add_defaults(&s, o);
	}
	snprintf(name, sizeof(name), "yaoku %s", options->name);
	snprintf(parameters, sizeof(parameters),
		 "-c search_path=yaoku,pg_temp -c TimeZone=UTC -c DateStyle=ISO"
		 " -c client_min_messages=warning -c plan_cache_mode=force_custom_plan"
		 " -c lock_timeout=2s -c statement_timeout=%u"
		 " -c idle_in_transaction_session_timeout=10s",
		 limit);
	set(&s, "application_name", name);
	set(&s, "client_encoding", "UTF8");
	set(&s, "options", parameters);
	text = db_sync_conninfo(options->conninfo, s.row);
	for (size_t i = 0; i < 3; i++)
		free(s.turned[i]);
	PQconninfoFree(parsed);
	return text;
}
