/*
 * TLS as the workstation speaks it: the server's certificate is verified against the machine's authorities or a
 * file of them, and must name the host that was asked for.
 */
#ifndef WORKSTATION_LINE_TLS_H
#define WORKSTATION_LINE_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

struct bufferevent;
struct event_base;

/* A context that trusts `ca_file` (NULL: the machine's authorities). NULL: the file is not usable. Owned by the caller. */
SSL_CTX *line_tls_context(const char *ca_file);

/* A connection to be made to `host`, a name or an IP address. Never NULL. */
struct bufferevent *line_tls_bufferevent(struct event_base *base, SSL_CTX *context,
					 const char *host);

/* What TLS had against the connection. False: nothing. */
bool line_tls_fault(struct bufferevent *bev, char *ret_why, size_t size);

/* Is this an IP address? */
bool line_is_address(const char *host);

#endif
