#include "core/tls.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "core/err.h"
#include "core/log.h"

/* AEAD with forward secrecy only (RFC 9325 4.2); TLS 1.3 has no others. */
#define CIPHERS_12                                                   \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:" \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:" \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

struct tls {
	SSL_CTX *context;
};

static void log_openssl(const char *file)
{
	char text[256];

	ERR_error_string_n(ERR_get_error(), text, sizeof(text));
	ERR_clear_error();
	log_error("TLS files not usable", LOG_TEXT("file", file), LOG_TEXT("error", text));
}

static bool context_protect(SSL_CTX *context)
{
	/* Sessions may be resumed only where they were made: OpenSSL refuses without a context id. */
	static const unsigned char session_context[] = "yaoku";

	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					     SSL_OP_CIPHER_SERVER_PREFERENCE);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(context, CIPHERS_12) == 1 &&
	       SSL_CTX_set_session_id_context(context, session_context,
					      sizeof(session_context) - 1) == 1;
}

/* A context from the files, or NULL after logging which is wrong. */
static SSL_CTX *context_new(const char *certificate, const char *key)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (context == NULL || !context_protect(context) ||
	    SSL_CTX_use_certificate_chain_file(context, certificate) != 1) {
		log_openssl(certificate);
		SSL_CTX_free(context);
		return NULL;
	}
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1) {
		log_openssl(key);
		SSL_CTX_free(context);
		return NULL;
	}
	return context;
}

int tls_open(const char *certificate, const char *key, struct tls **ret_tls)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (tls == NULL)
		return ERR_NO_MEMORY;
	tls->context = context_new(certificate, key);
	if (tls->context == NULL) {
		tls_free(tls);
		return ERR_INTERNAL;
	}
	*ret_tls = tls;
	return 0;
}

void tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

struct bufferevent *tls_bufferevent(struct tls *tls, struct event_base *base)
{
	SSL *ssl = SSL_new(tls->context);
	struct bufferevent *bev = NULL;

	if (ssl != NULL)
		bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
						     BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL) {
		log_error("no memory for a TLS connection, worker ends");
		abort();
	}
	return bev;
}

bool tls_is_established(struct bufferevent *bev)
{
	return SSL_is_init_finished(bufferevent_openssl_get_ssl(bev)) == 1;
}

void tls_send_last(struct bufferevent *bev, const char *data, int length)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);

	if (length > 0)
		SSL_write(ssl, data, length);
	SSL_shutdown(ssl);
	ERR_clear_error(); /* the queue is the thread's: leave nothing for others to find */
}
