/*
 * What the agent says on standard output: one line an event, a word and then logfmt, for people and programs:
 *
 *	accepted seq=12 id=0197… waiting=3
 */
#ifndef WORKSTATION_SAID_H
#define WORKSTATION_SAID_H

#include "core/log.h"

#define said(event, ...) \
	said_event(event, (const struct log_field[]){ __VA_ARGS__, { .key = NULL } })

/* Write one line at once. `fields` ends with a NULL key. A line that nobody takes is dropped. */
void said_event(const char *event, const struct log_field *fields);

#endif
