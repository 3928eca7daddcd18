/*
 * Load client of `./dev bench scan`: keep-alive connections that each send one
 * scan, wait for its answer and send the next. One thread, one epoll set.
 *
 * It must cost little beside the service it measures, so requests are built
 * once, from a plan of lines KEY<TAB>BODY; in a request only the scan's id (a
 * UUIDv7 where BODY says @ID@) changes. Connections take plan lines in turn.
 *
 *   scan_client PORT PLAN CONNECTIONS WARM_SECONDS MEASURED_SECONDS
 *
 * Prints "measuring" when the warm-up is over and one line of JSON at the end.
 * An answer counts as posted when it has status 200 and outcome posted; all
 * others are errors, the first of which is printed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define ID_MARK "@ID@"
#define ID_LENGTH 36
#define ANSWER_MAX 8192
#define CONNECTIONS_MAX 4096
#define DRAIN_US 10000000ULL

/* Latencies: 64 steps between each power of two of microseconds, so within 1.6 %. */
#define STEP_BITS 6
#define STEPS (1U << STEP_BITS)
#define BUCKETS (STEPS * 32)

struct request {
	char *data;
	size_t length;
	size_t id_at;
};

struct connection {
	int fd;
	bool waits; /* for an answer */
	uint64_t sent_us;
	size_t got; /* bytes of the answer so far */
	char answer[ANSWER_MAX];
};

struct plan {
	struct request *requests;
	size_t count, next;
};

/* What was counted since the warm-up. */
struct tally {
	uint64_t posted, errors, total_us;
	uint32_t latency[BUCKETS];
};

static struct client {
	int epoll;
	struct plan plan;
	struct connection *connections;
	size_t count, waiting;
	bool sending;
	uint64_t now_us, wall_ms, random;
	struct tally tally;
	char first_error[512];
} client;

static void die(const char *what)
{
	fprintf(stderr, "scan_client: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *room(size_t count, size_t size)
{
	void *made = calloc(count, size);

	if (made == NULL)
		die("memory");
	return made;
}

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Once for each turn of the loop: the clocks are a good part of what a request costs here. */
static void look_at_clocks(void)
{
	client.now_us = clock_us(CLOCK_MONOTONIC);
	client.wall_ms = clock_us(CLOCK_REALTIME) / 1000;
}

/* --- latencies --- */

static size_t bucket_of(uint64_t us)
{
	unsigned high;

	if (us < STEPS)
		return us;
	high = 63 - (unsigned)__builtin_clzll(us) - STEP_BITS;
	return (size_t)(high + 1) * STEPS + (us >> high) - STEPS;
}

/* The middle of a bucket, in microseconds. */
static double bucket_middle(size_t bucket)
{
	uint64_t step = bucket % STEPS + STEPS;
	size_t high = bucket / STEPS;

	if (high == 0)
		return (double)bucket;
	return (double)(step << (high - 1)) + (double)(1ULL << (high - 1)) / 2;
}

static double quantile_ms(double share)
{
	uint64_t wanted = (uint64_t)((double)client.tally.posted * share);
	uint64_t seen = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		seen += client.tally.latency[i];
		if (seen > wanted)
			return bucket_middle(i) / 1000;
	}
	return 0;
}

/* --- the plan --- */

static void request_make(struct request *request, const char *key, const char *body)
{
	const char *mark = strstr(body, ID_MARK);
	size_t body_length;
	int head;

	if (mark == NULL) {
		fprintf(stderr, "scan_client: a plan line has no " ID_MARK "\n");
		exit(1);
	}
	body_length = strlen(body) - strlen(ID_MARK) + ID_LENGTH;
	request->data = room(1, strlen(key) + body_length + 256);
	head = snprintf(
		request->data, strlen(key) + body_length + 256,
		"POST /api/v1/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		key, body_length);
	request->id_at = (size_t)head + (size_t)(mark - body);
	request->length = (size_t)head + body_length;
	memcpy(request->data + head, body, (size_t)(mark - body));
	memcpy(request->data + request->id_at + ID_LENGTH, mark + strlen(ID_MARK),
	       strlen(mark + strlen(ID_MARK)));
}

static void plan_add(struct plan *plan, char *line)
{
	char *tab = strchr(line, '\t');

	line[strcspn(line, "\n")] = '\0';
	if (tab == NULL)
		return;
	*tab = '\0';
	if ((plan->count & (plan->count - 1)) == 0) {
		size_t size = (plan->count == 0 ? 1 : plan->count * 2) * sizeof(*plan->requests);

		plan->requests = realloc(plan->requests, size);
		if (plan->requests == NULL)
			die("memory");
	}
	request_make(&plan->requests[plan->count++], line, tab + 1);
}

static void plan_read(struct plan *plan, const char *path)
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (in == NULL)
		die(path);
	while (getline(&line, &size, in) > 0)
		plan_add(plan, line);
	free(line);
	fclose(in);
	if (plan->count == 0)
		die("the plan is empty");
}

/* --- ids --- */

/* splitmix64 */
static uint64_t random_bits(void)
{
	uint64_t z = client.random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static void put_hex(char *to, uint64_t value, unsigned digits)
{
	static const char hex[] = "0123456789abcdef";

	while (digits-- > 0) {
		to[digits] = hex[value & 15];
		value >>= 4;
	}
}

static void put_uuid(char *to)
{
	uint64_t high = client.wall_ms << 16 | 0x7000 | (random_bits() & 0xfff);
	uint64_t low = (random_bits() >> 2) | 1ULL << 63;

	put_hex(to, high >> 32, 8);
	to[8] = '-';
	put_hex(to + 9, high >> 16, 4);
	to[13] = '-';
	put_hex(to + 14, high, 4);
	to[18] = '-';
	put_hex(to + 19, low >> 48, 4);
	to[23] = '-';
	put_hex(to + 24, low, 12);
}

/* --- connections --- */

static void send_next(struct connection *c)
{
	struct request *request = &client.plan.requests[client.plan.next];

	client.plan.next = client.plan.next + 1 < client.plan.count ? client.plan.next + 1 : 0;
	put_uuid(request->data + request->id_at);
	c->got = 0;
	c->waits = true;
	c->sent_us = client.now_us;
	client.waiting++;
	/* A few hundred bytes into an empty socket buffer are taken whole. */
	if (write(c->fd, request->data, request->length) != (ssize_t)request->length)
		die("send");
}

static void count_error(const char *answer)
{
	client.tally.errors++;
	if (client.first_error[0] == '\0')
		snprintf(client.first_error, sizeof(client.first_error), "%.511s", answer);
}

static void count_answer(const struct connection *c)
{
	uint64_t took = client.now_us - c->sent_us;

	if (strncmp(c->answer, "HTTP/1.1 200", 12) != 0 ||
	    strstr(c->answer, "\"outcome\":\"posted\"") == NULL) {
		count_error(c->answer);
		return;
	}
	client.tally.posted++;
	client.tally.total_us += took;
	client.tally.latency[bucket_of(took)]++;
}

/* True when the whole answer is here. */
static bool is_whole(const struct connection *c)
{
	const char *end = strstr(c->answer, "\r\n\r\n");
	const char *length = strcasestr(c->answer, "\r\nContent-Length:");

	if (end == NULL)
		return false;
	if (length == NULL || length > end) {
		errno = EPROTO;
		die(c->answer);
	}
	return c->got >= (size_t)(end + 4 - c->answer) + strtoul(length + 17, NULL, 10);
}

static void receive(struct connection *c)
{
	ssize_t got = read(c->fd, c->answer + c->got, ANSWER_MAX - 1 - c->got);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		die("the service closed a connection");
	c->got += (size_t)got;
	c->answer[c->got] = '\0';
	if (!is_whole(c))
		return;
	c->waits = false;
	client.waiting--;
	count_answer(c);
	if (client.sending)
		send_next(c);
}

static void connect_one(struct connection *c, const struct sockaddr_in *address)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (epoll_ctl(client.epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
		die("epoll_ctl");
}

static void connect_all(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client.epoll = epoll_create1(EPOLL_CLOEXEC);
	client.connections = room(client.count, sizeof(*client.connections));
	for (size_t i = 0; i < client.count; i++)
		connect_one(&client.connections[i], &address);
}

/* --- the run --- */

/* Handle what comes until `until_us`, or, no longer sending, until every answer is here. */
static void run_until(uint64_t until_us)
{
	struct epoll_event events[256];

	while (client.now_us < until_us && (client.sending || client.waiting > 0)) {
		int count = epoll_wait(client.epoll, events, 256, 100);

		look_at_clocks();
		for (int i = 0; i < count; i++)
			receive(events[i].data.ptr);
	}
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void print_escaped(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", (unsigned)*text);
		else
			putchar(*text);
	}
}

static void report(double seconds, double cpu)
{
	const struct tally *t = &client.tally;

	printf("{\"connections\":%zu,\"seconds\":%.3f,\"posted\":%llu,\"errors\":%llu,\"per_second\":%.1f,"
	       "\"mean_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_seconds\":%.3f,\"first_error\":\"",
	       client.count, seconds, (unsigned long long)t->posted, (unsigned long long)t->errors,
	       (double)t->posted / seconds,
	       t->posted > 0 ? (double)t->total_us / 1000 / (double)t->posted : 0, quantile_ms(0.5),
	       quantile_ms(0.99), cpu);
	print_escaped(client.first_error);
	printf("\"}\n");
	fflush(stdout);
}

static void measure(double warm, double measured)
{
	uint64_t start;
	double cpu;

	run_until(client.now_us + (uint64_t)(warm * 1e6));
	memset(&client.tally, 0, sizeof(client.tally));
	printf("measuring\n");
	fflush(stdout);
	look_at_clocks();
	start = client.now_us;
	cpu = cpu_seconds();
	run_until(start + (uint64_t)(measured * 1e6));
	report((double)(client.now_us - start) / 1e6, cpu_seconds() - cpu);
}

int main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr,
			"usage: scan_client PORT PLAN CONNECTIONS WARM_SECONDS MEASURED_SECONDS\n");
		return 2;
	}
	client.count = strtoul(argv[3], NULL, 10);
	if (client.count == 0 || client.count > CONNECTIONS_MAX)
		client.count = 1;
	if (getrandom(&client.random, sizeof(client.random), 0) != sizeof(client.random))
		die("getrandom");
	plan_read(&client.plan, argv[2]);
	client.plan.next = random_bits() % client.plan.count;
	look_at_clocks();
	connect_all((uint16_t)strtoul(argv[1], NULL, 10));
	client.sending = true;
	for (size_t i = 0; i < client.count; i++)
		send_next(&client.connections[i]);
	measure(strtod(argv[4], NULL), strtod(argv[5], NULL));
	client.sending = false;
	run_until(client.now_us + DRAIN_US);
	return client.waiting == 0 ? 0 : 1;
}
