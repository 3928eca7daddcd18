/* Words in, one label out. */
#include "scanner/label_command.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/label_draw.h"
#include "scanner/scan_error.h"

#define EXIT_CONTENT 1
#define EXIT_USAGE 2
#define EXIT_UNWRITTEN 3

/* What the words ask for. */
struct request {
	const struct label_symbology *symbology;
	const struct label_format *format;
	const char *out; /* NULL: standard output */
	unsigned dpi;
	const char *content;
};

__attribute__((format(printf, 2, 3))) static int complain(int exit_code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("yaoku: label: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return exit_code;
}

/* One of LABEL_DPIS, or 0. */
static unsigned read_dpi(const char *word)
{
	static const unsigned offered[] = { 203, 300, 600 };
	char text[4];

	for (size_t i = 0; i < sizeof(offered) / sizeof(*offered); i++) {
		snprintf(text, sizeof(text), "%u", offered[i]);
		if (strcmp(text, word) == 0)
			return offered[i];
	}
	return 0;
}

static int take_option(struct request *request, int option)
{
	switch (option) {
	case 's':
		request->symbology = label_symbology(optarg);
		if (request->symbology == NULL)
			return complain(EXIT_USAGE,
					"there is no symbology \"%.60s\"; see yaoku help label",
					optarg);
		return 0;
	case 'f':
		request->format = label_format(optarg);
		if (request->format == NULL)
			return complain(EXIT_USAGE, "there is no format \"%.60s\": svg, png or zpl",
					optarg);
		return 0;
	case 'd':
		request->dpi = read_dpi(optarg);
		if (request->dpi == 0)
			return complain(EXIT_USAGE, "--dpi is one of " LABEL_DPIS ", not \"%.60s\"",
					optarg);
		return 0;
	case 'o':
		request->out = optarg;
		return 0;
	default:
		return complain(
			EXIT_USAGE,
			"there is no such option, or it lacks its value; see yaoku help label");
	}
}

static int read_words(struct request *request, int argc, char **argv)
{
	static const struct option options[] = {
		{ "symbology", required_argument, NULL, 's' },
		{ "format", required_argument, NULL, 'f' },
		{ "dpi", required_argument, NULL, 'd' },
		{ "out", required_argument, NULL, 'o' },
		{ 0 },
	};
	int option, err = 0;

	opterr = 0;
	while (err == 0 && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		err = take_option(request, option);
	if (err != 0)
		return err;
	if (request->symbology == NULL || request->format == NULL)
		return complain(EXIT_USAGE,
				"--symbology and --format are needed; see yaoku help label");
	if (optind != argc - 1)
		return complain(EXIT_USAGE, "one CONTENT is needed, as one word: put it in quotes");
	request->content = argv[optind];
	return 0;
}

/* Draw into a new file beside `path`, which then takes its name. */
static bool replace_file(const char *path, const struct label *label, const struct request *request)
{
	char beside[4096];
	mode_t mask = umask(0);
	FILE *out = NULL;
	bool drawn;
	int fd, err;

	umask(mask);
	if ((size_t)snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= sizeof(beside)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = mkstemp(beside);
	if (fd < 0)
		return false;
	fchmod(fd, 0666 & ~mask);
	out = fdopen(fd, "w");
	drawn = out != NULL && label_draw(out, label, request->format, request->dpi);
	drawn = out != NULL && fclose(out) == 0 && drawn;
	if (drawn && rename(beside, path) == 0)
		return true;
	err = errno;
	unlink(beside);
	errno = err;
	return false;
}

/* A printer's device or a pipe is written to, not replaced by a file. */
static bool write_through(const char *path, const struct label *label,
			  const struct request *request)
{
	FILE *out = fopen(path, "w");
	bool drawn;

	if (out == NULL)
		return false;
	drawn = label_draw(out, label, request->format, request->dpi);
	return fclose(out) == 0 && drawn;
}

static bool write_label(const struct label *label, const struct request *request)
{
	struct stat status;

	if (request->out == NULL)
		return label_draw(stdout, label, request->format, request->dpi);
	if (stat(request->out, &status) == 0 && !S_ISREG(status.st_mode))
		return write_through(request->out, label, request);
	return replace_file(request->out, label, request);
}

int label_command(int argc, char **argv)
{
	struct request request = { .dpi = LABEL_DPI };
	struct label label;
	char text[256];
	size_t at;
	int err = read_words(&request, argc, argv);

	if (err != 0)
		return err;
	err = label_read(&label, request.symbology, request.content, strlen(request.content), &at);
	if (err != 0) {
		label_error_text(err, at, text, sizeof(text));
		return complain(EXIT_CONTENT, "%s: %s", scan_error_code(err), text);
	}
	errno = 0;
	if (!write_label(&label, &request))
		return complain(EXIT_UNWRITTEN, "the label cannot be written to %.200s: %s",
				request.out != NULL ? request.out : "standard output",
				strerror(errno != 0 ? errno : ENOMEM));
	return 0;
}

void label_command_help(FILE *out)
{
	fputs("\n  --symbology NAME   one of those below\n"
	      "  --format FORMAT    svg (millimetres), png, or zpl (the printer draws)\n"
	      "  --dpi N            the printer's resolution: 203, 300 or 600; 300 unless told\n"
	      "  --out FILE         where to; standard output unless told\n\n",
	      out);
	fputs("symbologies and their CONTENT:\n"
	      "  gs1-datamatrix, gs1-128, gs1-qr   '[01]09501101530003[17]271231[10]AB-1'\n"
	      "  ean-13                            12 digits, or 13 with the check digit\n"
	      "  itf-14                            13 digits, or 14 with the check digit\n"
	      "  code-128                          printable ASCII, such as a trace code\n",
	      out);
}
