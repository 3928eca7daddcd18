/*
 * The page and the service worker are asked for again each time and answered 304
 * while they are the same. What they are made of they name below /v/VERSION, the
 * version being of all files together: that never changes, so it is kept for good,
 * and a page that is open during an update is never given parts of another one.
 */
#include "service/pages.h"

#include <stdbool.h>
#include <string.h>

#include "core/err.h"
#include "web/files.h"

#define VERSIONED "/v/"

/* There are a few dozen. */
static const struct web_file *find(const char *path)
{
	const char *wanted = strcmp(path, "/") == 0 ? "/index.html" : path;

	for (const struct web_file *file = web_files; file->path != NULL; file++) {
		if (strcmp(file->path, wanted) == 0)
			return file;
	}
	return NULL;
}

/* True when the list of codings names gzip and does not refuse it (RFC 9110, 12.5.3). */
static bool takes_gzip(const struct http_call *call)
{
	const char *codings = http_call_header(call, "Accept-Encoding");
	const char *gzip = codings != NULL ? strstr(codings, "gzip") : NULL;
	const char *weight;

	if (gzip == NULL)
		return false;
	weight = gzip + strlen("gzip");
	weight += strspn(weight, " ;");
	return strncmp(weight, "q=0", 3) != 0 || strpbrk(weight + 3, "123456789,") != NULL;
}

static bool has_it(const struct http_call *call, const struct web_file *file)
{
	const char *etags = http_call_header(call, "If-None-Match");

	return etags != NULL && strstr(etags, file->etag) != NULL;
}

/* Cuts /v/VERSION from the path; NULL when that is not our version. */
static const char *below_version(const char *path)
{
	const size_t length = strlen(web_version);

	path += strlen(VERSIONED);
	if (strncmp(path, web_version, length) != 0 || path[length] != '/')
		return NULL;
	return path + length;
}

void pages_answer(struct http_call *call)
{
	const char *path = http_call_path(call);
	bool versioned = strncmp(path, VERSIONED, strlen(VERSIONED)) == 0;
	const struct web_file *file;

	if (versioned)
		path = below_version(path);
	file = path != NULL ? find(path) : NULL;
	if (file == NULL) {
		http_fail(call, ERR_NOT_FOUND, NULL);
		return;
	}
	if (http_call_method(call) != HTTP_GET) {
		http_reply_header(call, "Allow", "GET");
		http_fail(call, ERR_METHOD_NOT_ALLOWED, NULL);
		return;
	}
	http_reply_header(call, "ETag", file->etag);
	http_reply_header(call, "Vary", "Accept-Encoding");
	http_reply_header(call, "Cache-Control",
			  versioned ? "public, max-age=31536000, immutable" : "no-cache");
	if (has_it(call, file)) {
		http_reply(call, 304, NULL, "", 0);
	} else if (takes_gzip(call)) {
		http_reply_header(call, "Content-Encoding", "gzip");
		http_reply(call, 200, file->type, (const char *)file->gzip, file->gzip_length);
	} else {
		http_reply(call, 200, file->type, (const char *)file->data, file->length);
	}
}
