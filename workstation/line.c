#include "workstation/line.h"

#include <arpa/inet.h>
#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>

#include "workstation/line_tls.h"

#define DEADLINE_SECONDS 30
#define QUIET_SECONDS 20
#define HEADERS_MAX 16384
#define BODY_MAX (4 << 20)

struct line {
	struct event_base *base;
	struct evdns_base *dns;
	SSL_CTX *context; /* NULL: plain, to this machine */
	char *host;       /* a name, or an address without brackets */
	char *host_header;
	char *prefix; /* of all paths */
	ev_uint16_t port;
	struct evhttp_connection *connection;
	bool stale; /* to be made anew before the next request */
	struct event *late, *done;
	line_answered *answered; /* NULL: nothing under way */
	void *arg;
	struct line_answer answer;
	struct text body;
	char why[300];
};

/* --- the end of a request --- */

/* Out of evhttp's hands, so that whoever is told may do anything. */
static void on_done(evutil_socket_t fd, short what, void *arg)
{
	struct line *line = arg;
	line_answered *answered = line->answered;

	(void)fd;
	(void)what;
	event_del(line->late);
	line->answered = NULL;
	line->answer.body = line->body.data != NULL ? line->body.data : "";
	line->answer.length = line->body.length;
	answered(&line->answer, line->arg);
}

static void finish(struct line *line)
{
	event_active(line->done, EV_TIMEOUT, 0);
}

static void fail(struct line *line, const char *why)
{
	line->answer = (struct line_answer){ .why = why };
	line->body.length = 0;
	line->stale = true;
	finish(line);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	struct line *line = arg;

	(void)fd;
	(void)what;
	evhttp_connection_set_closecb(line->connection, NULL, NULL);
	evhttp_connection_free(line->connection);
	line->connection = NULL;
	fail(line, "no answer in time");
}

static void on_error(enum evhttp_request_error error, void *arg)
{
	static const char *const texts[] = {
		[EVREQ_HTTP_TIMEOUT] = "no answer in time",
		[EVREQ_HTTP_EOF] = "the connection was closed before the answer was whole",
		[EVREQ_HTTP_INVALID_HEADER] = "the answer is not HTTP",
		[EVREQ_HTTP_BUFFER_ERROR] = "the connection failed",
		[EVREQ_HTTP_REQUEST_CANCEL] = "given up",
		[EVREQ_HTTP_DATA_TOO_LONG] = "the answer is too long",
	};
	struct line *line = arg;

	line->answer.why = texts[error];
}

/* Why there was no answer, as precisely as somebody knows. */
static const char *reason_of(struct line *line)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(line->connection);
	int dns = bufferevent_socket_get_dns_error(bev);

	if (line->context != NULL && line_tls_fault(bev, line->why, sizeof(line->why)))
		return line->why;
	if (dns != 0) {
		snprintf(line->why, sizeof(line->why), "the name %s is not known: %s", line->host,
			 evutil_gai_strerror(dns));
		return line->why;
	}
	return line->answer.why != NULL ? line->answer.why : "the service cannot be reached";
}

static unsigned retry_after(struct evhttp_request *request)
{
	const char *text = evhttp_find_header(evhttp_request_get_input_headers(request),
					      "Retry-After");
	unsigned seconds = 0;

	for (; text != NULL && *text >= '0' && *text <= '9' && seconds < 100000; text++)
		seconds = seconds * 10 + (unsigned)(*text - '0');
	return seconds;
}

static void on_response(struct evhttp_request *request, void *arg)
{
	struct line *line = arg;
	int status = request != NULL ? evhttp_request_get_response_code(request) : 0;
	struct evbuffer *body;

	if (status == 0) {
		fail(line, reason_of(line));
		return;
	}
	line->answer = (struct line_answer){ .status = status,
					     .retry_after_s = retry_after(request) };
	body = evhttp_request_get_input_buffer(request);
	line->body.length = 0;
	text_add(&line->body, (const char *)evbuffer_pullup(body, -1), evbuffer_get_length(body));
	finish(line);
}

/* --- connecting --- */

static void on_closed(struct evhttp_connection *connection, void *arg)
{
	struct line *line = arg;

	(void)connection;
	line->stale = true;
}

static void disconnect(struct line *line)
{
	if (line->connection != NULL) {
		evhttp_connection_set_closecb(line->connection, NULL, NULL);
		evhttp_connection_free(line->connection);
	}
	if (line->dns != NULL)
		evdns_base_free(line->dns, 1);
	line->connection = NULL;
	line->dns = NULL;
}

/* /etc/resolv.conf and /etc/hosts as they are now; without a name server only the latter help. */
static struct evdns_base *resolver(struct event_base *base)
{
	struct evdns_base *dns = evdns_base_new(base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);

	if (dns == NULL)
		abort();
	evdns_base_resolv_conf_parse(dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
	return dns;
}

static void connect_anew(struct line *line)
{
	struct bufferevent *bev = NULL;

	disconnect(line);
	if (!line_is_address(line->host))
		line->dns = resolver(line->base);
	if (line->context != NULL)
		bev = line_tls_bufferevent(line->base, line->context, line->host);
	line->connection = evhttp_connection_base_bufferevent_new(line->base, line->dns, bev,
								  line->host, line->port);
	if (line->connection == NULL)
		abort();
	line->stale = false;
	evhttp_connection_set_timeout(line->connection, QUIET_SECONDS);
	evhttp_connection_set_max_headers_size(line->connection, HEADERS_MAX);
	evhttp_connection_set_max_body_size(line->connection, BODY_MAX);
	evhttp_connection_set_closecb(line->connection, on_closed, line);
}

static void put_headers(struct line *line, struct evhttp_request *request, const char *key)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct text bearer = { 0 };

	text_printf(&bearer, "Bearer %s", key);
	evhttp_add_header(headers, "Host", line->host_header);
	evhttp_add_header(headers, "Authorization", bearer.data);
	evhttp_add_header(headers, "Accept", "application/json");
	evhttp_add_header(headers, "User-Agent", "yaoku-agent");
	text_done(&bearer);
}

static struct evhttp_request *request_new(struct line *line, const char *key,
					  const struct text *body)
{
	struct evhttp_request *request = evhttp_request_new(on_response, line);

	if (request == NULL)
		abort();
	evhttp_request_set_error_cb(request, on_error);
	put_headers(line, request, key);
	if (body != NULL) {
		evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
				  "application/json");
		evbuffer_add(evhttp_request_get_output_buffer(request), body->data, body->length);
	}
	return request;
}

void line_ask(struct line *line, const char *key, const char *path, const struct text *body,
	      line_answered *answered, void *arg)
{
	static const struct timeval deadline = { .tv_sec = DEADLINE_SECONDS };
	struct text full = { 0 };

	assert(line->answered == NULL);
	line->answered = answered;
	line->arg = arg;
	line->answer = (struct line_answer){ 0 };
	if (line->stale || line->connection == NULL)
		connect_anew(line);
	event_add(line->late, &deadline);
	text_printf(&full, "%s%s", line->prefix, path);
	if (evhttp_make_request(line->connection, request_new(line, key, body),
				body != NULL ? EVHTTP_REQ_POST : EVHTTP_REQ_GET, full.data) != 0)
		fail(line, "the service cannot be reached");
	text_done(&full);
}

/* --- open and close --- */

static char *copy(const char *text, size_t length)
{
	char *made = strndup(text, length);

	if (made == NULL)
		abort();
	return made;
}

/* "[::1]" as "::1", and "localhost" as the address it must have. */
static char *plain_host(const char *host)
{
	if (host[0] == '[')
		return copy(host + 1, strcspn(host + 1, "]"));
	return copy(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, 255);
}

static bool is_this_machine(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool is_scheme(const struct evhttp_uri *uri, const char *scheme)
{
	const char *is = evhttp_uri_get_scheme(uri);

	return is != NULL && evutil_ascii_strcasecmp(is, scheme) == 0;
}

static const char *fault_of(const struct evhttp_uri *uri)
{
	const char *host = uri != NULL ? evhttp_uri_get_host(uri) : NULL;

	if (host == NULL || host[0] == '\0' || evhttp_uri_get_query(uri) != NULL ||
	    evhttp_uri_get_fragment(uri) != NULL || evhttp_uri_get_userinfo(uri) != NULL ||
	    !(is_scheme(uri, "http") || is_scheme(uri, "https")))
		return "is not an address like https://yaoku.example";
	return NULL;
}

static void take_uri(struct line *line, const struct evhttp_uri *uri)
{
	const char *path = evhttp_uri_get_path(uri), *host = evhttp_uri_get_host(uri);
	int port = evhttp_uri_get_port(uri);
	size_t length = path != NULL ? strlen(path) : 0;
	struct text header = { 0 };

	while (length > 0 && path[length - 1] == '/')
		length--;
	line->prefix = copy(length > 0 ? path : "", length);
	line->host = plain_host(host);
	text_puts(&header, host);
	if (port > 0)
		text_printf(&header, ":%d", port);
	line->host_header = header.data;
	line->port = (ev_uint16_t)(port > 0 ? port : is_scheme(uri, "https") ? 443 : 80);
}

static const char *protect(struct line *line, bool tls, const char *ca_file)
{
	if (!tls && !is_this_machine(line->host))
		return "is another machine: use https://";
	if (tls)
		line->context = line_tls_context(ca_file);
	return tls && line->context == NULL ? "needs a usable --ca-file" : NULL;
}

bool line_open(struct event_base *base, const char *url, const char *ca_file,
	       struct line **ret_line, const char **reterr_why)
{
	struct evhttp_uri *uri = evhttp_uri_parse(url);
	const char *why = fault_of(uri);
	struct line *line = NULL;

	if (why == NULL) {
		line = calloc(1, sizeof(*line));
		if (line == NULL)
			abort();
		line->base = base;
		line->late = evtimer_new(base, on_late, line);
		line->done = evtimer_new(base, on_done, line);
		take_uri(line, uri);
		why = protect(line, is_scheme(uri, "https"), ca_file);
	}
	if (uri != NULL)
		evhttp_uri_free(uri);
	if (why != NULL) {
		*reterr_why = why;
		line_free(line);
		return false;
	}
	*ret_line = line;
	return true;
}

void line_free(struct line *line)
{
	if (line == NULL)
		return;
	disconnect(line);
	event_free(line->late);
	event_free(line->done);
	SSL_CTX_free(line->context);
	text_done(&line->body);
	free(line->host);
	free(line->host_header);
	free(line->prefix);
	free(line);
}
