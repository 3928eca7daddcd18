#include "service/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/err.h"

#define BACKLOG 1024
#define BIND_TRIES 20
#define BIND_PAUSE_US 100000

/* Split at the last colon; brackets of an IPv6 address are dropped. */
static int split(const char *address, char host[256], char port[8])
{
	const char *colon = strrchr(address, ':');
	size_t length = colon != NULL ? (size_t)(colon - address) : 0;

	if (length == 0 || length >= 256 || strlen(colon + 1) >= 8 || colon[1] == '\0')
		return ERR_BAD_REQUEST;
	if (address[0] == '[' && address[length - 1] == ']') {
		address++;
		length -= 2;
	}
	memcpy(host, address, length);
	host[length] = '\0';
	snprintf(port, 8, "%s", colon + 1);
	return 0;
}

static int bind_patiently(int fd, const struct addrinfo *at)
{
	for (int tries = 0; bind(fd, at->ai_addr, at->ai_addrlen) != 0; tries++) {
		if (errno != EADDRINUSE || tries == BIND_TRIES)
			return errno == EADDRINUSE ? ERR_BUSY : ERR_INTERNAL;
		usleep(BIND_PAUSE_US);
	}
	return 0;
}

static int open_at(const struct addrinfo *at, int *ret_fd)
{
	int one = 1;
	int err;
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return ERR_INTERNAL;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	err = bind_patiently(fd, at);
	if (err == 0) {
		*ret_fd = fd;
		return 0;
	}
	close(fd);
	return err;
}

int listener_bind(const char *address, int *ret_fd, char *reterr_text, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct addrinfo *found = NULL;
	char host[256], port[8];
	int err;

	err = split(address, host, port);
	if (err == 0 && getaddrinfo(host, port, &hints, &found) != 0)
		err = ERR_BAD_REQUEST;
	if (err != 0) {
		snprintf(reterr_text, size, "%.100s is no ADDR:PORT of this machine", address);
		return err;
	}
	err = open_at(found, ret_fd);
	if (err == ERR_BUSY)
		snprintf(reterr_text, size, "%.100s is in use by another program", address);
	else if (err != 0)
		snprintf(reterr_text, size, "%.100s: %s", address, strerror(errno));
	freeaddrinfo(found);
	return err;
}

int listener_listen(int fd)
{
	return listen(fd, BACKLOG) == 0 ? 0 : ERR_BUSY;
}
