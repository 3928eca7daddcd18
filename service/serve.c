#include "service/serve.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "core/err.h"
#include "core/log.h"
#include "core/metrics.h"
#include "service/database.h"
#include "service/listener.h"
#include "service/options.h"
#include "service/supervisor.h"

struct serve {
	struct options options;
	int argc; /* as given, for reading it again */
	char **argv;
	struct database database;
	int listen_fd;
};

static int complain(int exit_code, const char *text)
{
	fprintf(stderr, "yaoku: %s\n", text);
	return exit_code;
}

/* A certificate that does not fit its key must not replace one that does. */
static bool is_usable_pair(const struct options *o)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	bool usable = context != NULL &&
		      SSL_CTX_use_certificate_chain_file(context, o->tls_cert) == 1 &&
		      SSL_CTX_use_PrivateKey_file(context, o->tls_key, SSL_FILETYPE_PEM) == 1 &&
		      SSL_CTX_check_private_key(context) == 1;

	SSL_CTX_free(context);
	return usable;
}

/* What options must not be together; NULL when all is well. */
static const char *combination_conflict(const struct options *o)
{
	if ((o->tls_cert == NULL) != (o->tls_key == NULL))
		return "--tls-cert and --tls-key belong together";
	if (o->tls_cert == NULL && !options_is_loopback(o))
		return "an address beyond loopback needs --tls-cert and --tls-key";
	if (o->demo && !options_is_loopback(o))
		return "--demo has logins everybody knows and is served on loopback only";
	if (o->demo_date != NULL && !o->demo)
		return "--demo-date needs --demo";
	if (o->simulation)
		return "--simulation belongs to a later version of this program";
	return NULL;
}

/* The same, with the files read as the user who will read them. */
static const char *conflict(const struct options *o)
{
	const char *wrong = combination_conflict(o);

	if (wrong == NULL && o->tls_cert != NULL && !is_usable_pair(o))
		wrong = "--tls-cert and --tls-key cannot be read by this user, or do not fit together";
	return wrong;
}

static void apply_log_level(const struct options *o)
{
	enum log_level level;

	if (log_level_parse(o->log_level, &level))
		log_set_level(level);
}

static bool reload(void *arg)
{
	struct serve *s = arg;
	char text[OPTIONS_ERROR];

	if (options_reload(&s->options, s->argc, s->argv, conflict, text) != 0) {
		log_error("options not usable, keeping the workers", LOG_TEXT("error", text));
		return false;
	}
	apply_log_level(&s->options);
	return true;
}

static int exit_code_of(int err)
{
	return err == ERR_BAD_REQUEST ? 2 : err == ERR_CONFLICT || err == ERR_FORBIDDEN ? 1 : 3;
}

/* The socket first: root's rights may be needed for its port, and a port in use is told at once. */
static int prepare(struct serve *s)
{
	char text[512];
	int err = listener_bind(s->options.listen, &s->listen_fd, text, sizeof(text));

	if (err == 0)
		err = database_prepare(&s->database, &s->options, text, sizeof(text));
	return err != 0 ? complain(exit_code_of(err), text) : 0;
}

static int serve(struct serve *s)
{
	struct supervisor_options supervisor = {
		.options = &s->options,
		.database = &s->database,
		.reload = reload,
		.arg = s,
	};
	const char *wrong = combination_conflict(&s->options);
	int code = wrong != NULL ? complain(2, wrong) : prepare(s);

	if (code != 0)
		return code;
	wrong = conflict(&s->options);
	if (wrong != NULL)
		return complain(2, wrong);
	supervisor.listen_fd = s->listen_fd;
	metrics_open(); /* before any worker is forked: they share the counters */
	return supervisor_run(&supervisor);
}

static char **copy_words(int argc, char **argv)
{
	char **words = calloc((size_t)argc + 1, sizeof(*words));

	if (words == NULL)
		abort();
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	return words;
}

int serve_command(int argc, char **argv)
{
	struct serve s = { .argc = argc, .argv = copy_words(argc, argv), .listen_fd = -1 };
	char text[OPTIONS_ERROR];
	int code;

	if (options_take(&s.options, &argc, argv, text) != 0) {
		code = complain(2, text);
	} else if (argc > 1) {
		snprintf(text, sizeof(text), "serve does not know \"%.60s\"; see yaoku help serve",
			 argv[1]);
		code = complain(2, text);
	} else {
		apply_log_level(&s.options);
		code = serve(&s);
	}
	database_close(&s.database);
	options_done(&s.options);
	free(s.argv);
	if (s.listen_fd >= 0)
		close(s.listen_fd);
	return code;
}
