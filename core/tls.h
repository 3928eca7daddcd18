/*
 * TLS 1.2 and 1.3 for accepted connections, by OpenSSL.
 *
 * One context for each worker: a shared one makes workers wait for each other
 * (openssl #20715).
 */
#ifndef CORE_TLS_H
#define CORE_TLS_H

#include <stdbool.h>

struct bufferevent;
struct event_base;
struct tls;

/* Load the PEM files. Returns 0 or ERR_*, logged; the caller owns *ret_tls, the paths stay the caller's. */
int tls_open(const char *certificate, const char *key, struct tls **ret_tls);

/* Release; connections keep what they use. Accepts NULL. */
void tls_free(struct tls *tls);

/*
 * A bufferevent that will do a server's handshake on the descriptor it is
 * given. Never NULL: evhttp would go on in plain text; exhaustion aborts.
 */
struct bufferevent *tls_bufferevent(struct tls *tls, struct event_base *base);

/* True when the handshake is over. */
bool tls_is_established(struct bufferevent *bev);

/* Send bytes at once, best effort, then say goodbye. For a connection that is about to be closed. */
void tls_send_last(struct bufferevent *bev, const char *data, int length);

#endif
