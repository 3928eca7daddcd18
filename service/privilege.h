/*
 * Who the service runs as. PostgreSQL refuses to run as root, and nothing here
 * needs to be root, so a start by root gives that up before anything else.
 */
#ifndef SERVICE_PRIVILEGE_H
#define SERVICE_PRIVILEGE_H

#include <stddef.h>

/*
 * As root, become the owner of `data` (or of its nearest existing parent) if
 * that is not root, else `postgres`, else `nobody`; make `data`, and give it to
 * that user when it is new or empty. `data` NULL, no directory needed: become
 * `nobody`. As anybody else only make the directory. Returns 0, or ERR_FORBIDDEN
 * when the user cannot work in the directory, with one line in reterr_text that
 * says what to do.
 */
int privilege_settle(const char *data, char *reterr_text, size_t size);

#endif
