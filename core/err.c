/*
 * The list of err.h as tables.
 */
#include "core/err.h"

#include <stddef.h>
#include <string.h>

struct err_row {
	int status;
	const char *code;
	const char *text;
};

static const struct err_row rows[ERR_COUNT] = { [ERR_NONE] = { 200, "ok", "Done" },
#define X(name, status, code, text) [ERR_##name] = { status, code, text },
						ERR_LIST(X)
#undef X
};

/* Whatever is not of the list is our bug and must look like one to the client. */
static const struct err_row *row_of(int err)
{
	if (err < 0 || err >= ERR_COUNT)
		err = ERR_INTERNAL;
	return &rows[err];
}

int err_status(int err)
{
	return row_of(err)->status;
}

const char *err_code(int err)
{
	return row_of(err)->code;
}

const char *err_text(int err)
{
	return row_of(err)->text;
}

int err_of_code(const char *code)
{
	for (int err = ERR_NONE + 1; err < ERR_COUNT; err++) {
		if (strcmp(rows[err].code, code) == 0)
			return err;
	}
	return ERR_CONFLICT;
}
