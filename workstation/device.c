#include "workstation/device.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/loop.h"

#define AGAIN_MS 500
#define PIECE 4096

static const struct {
	long baud;
	speed_t speed;
} bauds[] = {
	{ 1200, B1200 },     { 2400, B2400 },     { 4800, B4800 },   { 9600, B9600 },
	{ 19200, B19200 },   { 38400, B38400 },   { 57600, B57600 }, { 115200, B115200 },
	{ 230400, B230400 }, { 460800, B460800 },
};

struct device {
	struct event_base *base;
	const char *path;
	long baud;
	struct device_listener listener;
	enum device_kind kind;
	int fd;    /* -1: away */
	bool told; /* that it is away */
	struct event *readable;
	struct loop_timer *again;
	struct device_events events;
};

static void try_open(void *arg);

static speed_t speed_of(long baud)
{
	for (size_t i = 0; i < sizeof(bauds) / sizeof(bauds[0]); i++)
		if (bauds[i].baud == baud)
			return bauds[i].speed;
	return B0;
}

bool device_knows_baud(long baud)
{
	return speed_of(baud) != B0;
}

/* --- going away --- */

static void release(struct device *device)
{
	if (device->readable != NULL)
		event_free(device->readable);
	if (device->fd > STDIN_FILENO)
		close(device->fd);
	device->readable = NULL;
	device->fd = -1;
}

static void gone(struct device *device, const char *why)
{
	release(device);
	device->again = loop_after(device->base, AGAIN_MS, try_open, device);
	if (!device->told)
		device->listener.gone(why, device->listener.arg);
	device->told = true;
}

static void ended(struct device *device)
{
	if (strcmp(device->path, "-") != 0) {
		gone(device, "end of file");
		return;
	}
	release(device);
	device->listener.ended(device->listener.arg);
}

/* --- reading --- */

size_t device_events_read(struct device_events *events, const char *data, size_t length,
			  char *ret_typed)
{
	size_t typed = 0;

	while (length > 0) {
		size_t room = sizeof(events->partial) - events->held;
		size_t taken = length < room ? length : room;

		memcpy((char *)&events->partial + events->held, data, taken);
		events->held += taken;
		data += taken;
		length -= taken;
		if (events->held < sizeof(events->partial))
			break;
		events->held = 0;
		events->dropped |= events->partial.type == EV_SYN &&
				   events->partial.code == SYN_DROPPED;
		typed += keymap_event(&events->keymap, &events->partial, &ret_typed[typed]);
	}
	return typed;
}

/* Which of the keys around a gap are whole scans nobody can say. */
static void lost(struct device *device)
{
	keymap_init(&device->events.keymap, device->events.keymap.caps_led);
	device->events.dropped = false;
	device->listener.lost(device->listener.arg);
}

static void heard(struct device *device, const char *data, size_t length)
{
	char typed[PIECE / sizeof(struct input_event) + 1];

	if (device->kind == DEVICE_KEYBOARD) {
		length = device_events_read(&device->events, data, length, typed);
		data = typed;
	}
	if (device->events.dropped) {
		lost(device);
		return;
	}
	if (length > 0)
		device->listener.bytes(data, length, device->listener.arg);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct device *device = arg;
	char data[PIECE];
	ssize_t count = read(fd, data, sizeof(data));

	(void)what;
	if (count > 0)
		heard(device, data, (size_t)count);
	else if (count == 0)
		ended(device);
	else if (errno != EAGAIN && errno != EINTR)
		gone(device, strerrordesc_np(errno));
}

/* --- opening --- */

/* Raw, eight bits, no flow control; what came before nobody accepted. */
static int set_raw(int fd, long baud)
{
	struct termios mode;
	char before[PIECE];

	if (tcgetattr(fd, &mode) != 0)
		return errno;
	cfmakeraw(&mode);
	mode.c_cflag |= CLOCAL | CREAD;
	mode.c_cflag &= ~(tcflag_t)(CRTSCTS | CSTOPB);
	cfsetispeed(&mode, speed_of(baud));
	cfsetospeed(&mode, speed_of(baud));
	if (tcsetattr(fd, TCSAFLUSH, &mode) != 0)
		return errno;
	while (read(fd, before, sizeof(before)) > 0)
		;
	return 0;
}

static bool has_caps_led(int fd)
{
	unsigned char leds[(LED_MAX + 7) / 8 + 1] = { 0 };

	return ioctl(fd, EVIOCGLED(sizeof(leds)), leds) >= 0 &&
	       (leds[LED_CAPSL / 8] >> LED_CAPSL % 8 & 1) != 0;
}

/* Say what kind it is and make it ours. Returns 0 or an errno. */
static int take_hold(struct device *device)
{
	int version;

	if (ioctl(device->fd, EVIOCGVERSION, &version) == 0) {
		device->kind = DEVICE_KEYBOARD;
		device->events = (struct device_events){ .held = 0 };
		keymap_init(&device->events.keymap, has_caps_led(device->fd));
		return ioctl(device->fd, EVIOCGRAB, 1) == 0 ? 0 : errno;
	}
	device->kind = isatty(device->fd) ? DEVICE_SERIAL : DEVICE_STREAM;
	if (flock(device->fd, LOCK_EX | LOCK_NB) != 0)
		return errno; /* two agents would share the bytes of a scan */
	return device->kind == DEVICE_SERIAL ? set_raw(device->fd, device->baud) : 0;
}

/* A file would be read again from its beginning whenever it had ended. */
static int open_path(struct device *device)
{
	int flags = O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	struct stat file;

	device->fd = open(device->path, O_RDWR | flags);
	if (device->fd < 0)
		device->fd = open(device->path, O_RDONLY | flags);
	if (device->fd < 0 || fstat(device->fd, &file) != 0)
		return errno;
	return S_ISREG(file.st_mode) ? EINVAL : take_hold(device);
}

/* epoll takes no regular files: they are read in every turn of the loop. */
static void listen_to(struct device *device)
{
	static const struct timeval at_once = { 0, 1000 };
	struct stat file;
	bool polled = fstat(device->fd, &file) == 0 && !S_ISREG(file.st_mode) &&
		      !(S_ISCHR(file.st_mode) && device->kind == DEVICE_STREAM &&
			!isatty(device->fd));

	device->readable = event_new(device->base, device->fd,
				     (short)(EV_PERSIST | (polled ? EV_READ : 0)), on_readable,
				     device);
	if (device->readable == NULL || event_add(device->readable, polled ? NULL : &at_once) != 0)
		abort();
}

static const char *why_not(int err)
{
	switch (err) {
	case EWOULDBLOCK:
		return "another agent has it";
	case EINVAL:
		return "not a device; a file goes to standard input, --device - < FILE";
	default:
		return strerrordesc_np(err);
	}
}

static void try_open(void *arg)
{
	struct device *device = arg;
	int err = 0;

	loop_timer_free(device->again);
	device->again = NULL;
	if (strcmp(device->path, "-") == 0) {
		device->fd = STDIN_FILENO;
		device->kind = DEVICE_STREAM;
	} else {
		err = open_path(device);
	}
	if (err != 0) {
		gone(device, why_not(err));
		return;
	}
	device->told = false;
	listen_to(device);
	device->listener.opened(device->kind, device->listener.arg);
}

struct device *device_open(struct event_base *base, const char *path, long baud,
			   const struct device_listener *listener)
{
	struct device *device = calloc(1, sizeof(*device));

	if (device == NULL)
		abort();
	device->base = base;
	device->path = path;
	device->baud = baud;
	device->listener = *listener;
	device->fd = -1;
	try_open(device);
	return device;
}

void device_close(struct device *device)
{
	if (device == NULL)
		return;
	release(device);
	loop_timer_free(device->again);
	free(device);
}

void device_bell(struct device *device)
{
	if (device->fd >= 0 && device->kind == DEVICE_SERIAL)
		(void)!write(device->fd, "\a", 1);
}
