/* The two texts of each scan error. */
#include <stddef.h>

#include "scanner/scan_error.h"

static const struct {
	const char *code;
	const char *text;
} errors[] = { { "ok", "The scan is valid." },
#define SCAN_ERROR_ROW(name, code, text) { code, text },
	       SCAN_ERRORS(SCAN_ERROR_ROW)
#undef SCAN_ERROR_ROW
};

static size_t row(int err)
{
	return err > 0 && (size_t)err < sizeof(errors) / sizeof(*errors) ? (size_t)err : 0;
}

const char *scan_error_code(int err)
{
	return errors[row(err)].code;
}

const char *scan_error_text(int err)
{
	return errors[row(err)].text;
}
