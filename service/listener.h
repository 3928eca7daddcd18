/*
 * The one listening socket, opened by the parent and inherited by the workers.
 * It is bound at the start, so that an address in use is told at once, but
 * listens only when the service is ready: until then a client is refused.
 */
#ifndef SERVICE_LISTENER_H
#define SERVICE_LISTENER_H

#include <stddef.h>

/*
 * Bind "ADDR:PORT" or "[ADDR6]:PORT". An address that is still held by workers
 * of a killed parent is tried again for two seconds. Returns 0 and the non-blocking,
 * close-on-exec *ret_fd, or ERR_BAD_REQUEST (no such address), ERR_BUSY (in
 * use) or ERR_INTERNAL, with one line in reterr_text.
 */
int listener_bind(const char *address, int *ret_fd, char *reterr_text, size_t size);

/* Begin to listen. Returns 0, or ERR_BUSY when another process listens there. */
int listener_listen(int fd);

#endif
