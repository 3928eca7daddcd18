#include "workstation/line_tls.h"

#include <arpa/inet.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

SSL_CTX *line_tls_context(const char *ca_file)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
		abort();
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if ((ca_file != NULL ? SSL_CTX_load_verify_locations(context, ca_file, NULL) :
			       SSL_CTX_set_default_verify_paths(context)) == 1)
		return context;
	ERR_clear_error();
	SSL_CTX_free(context);
	return NULL;
}

bool line_is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

static bool expect_host(SSL *ssl, const char *host)
{
	if (line_is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

struct bufferevent *line_tls_bufferevent(struct event_base *base, SSL_CTX *context,
					 const char *host)
{
	SSL *ssl = SSL_new(context);
	struct bufferevent *bev = NULL;

	/* Without the check of the name nothing may be sent: better no process than that. */
	if (ssl != NULL && expect_host(ssl, host))
		bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
						     BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		abort();
	return bev;
}

bool line_tls_fault(struct bufferevent *bev, char *ret_why, size_t size)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);
	long verdict = ssl != NULL ? SSL_get_verify_result(ssl) : X509_V_OK;
	unsigned long error = ssl != NULL ? bufferevent_get_openssl_error(bev) : 0;
	const char *reason = error != 0 ? ERR_reason_error_string(error) : NULL;

	if (verdict != X509_V_OK)
		snprintf(ret_why, size, "the server's certificate is refused: %s",
			 X509_verify_cert_error_string(verdict));
	else if (error != 0)
		snprintf(ret_why, size, "TLS: %s", reason != NULL ? reason : "failed");
	return verdict != X509_V_OK || error != 0;
}
