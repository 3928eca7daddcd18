/*
 * Load of `./dev bench parse`: scan_decode() over thousands of different scans of each kind,
 * the same library and flags as in the program, one thread.
 *
 *	parse_bench SECONDS
 *
 * Prints a line for each kind: its name, scans, seconds of processor time, allocations, and the
 * mean bytes of a scan. An allocation is any call of malloc, calloc, realloc or aligned_alloc
 * from anywhere in the process while the clock runs. A scan that does not decode to its kind
 * ends the program with 1.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scanner/check_digit.h"
#include "scanner/scan.h"

#define TODAY 20779 /* 2026-11-22 */
#define SCANS 4096  /* of a kind; more bytes than the first cache holds */
#define ROUND 64    /* passes over them between two looks at the clock */

static uint64_t allocations;

/* ---- every allocation of the process comes by here ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	allocations++;
	return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	allocations++;
	return __libc_memalign(alignment, size);
}

/* ---- scans ---- */

static uint64_t seed = 20261122;

/* xorshift64*: the same scans in each run. */
static unsigned int draw(unsigned int below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned int)((seed * 0x2545f4914f6cdd1d) >> 33) % below;
}

static size_t put_gtin(char *out, size_t digits, const char *prefix)
{
	size_t n = strlen(prefix);

	memcpy(out, prefix, n);
	while (n < digits - 1)
		out[n++] = (char)('0' + draw(10));
	out[n] = check_digit(out, n);
	return digits;
}

static size_t put_word(char *out, size_t len)
{
	static const char characters[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ-";

	for (size_t i = 0; i < len; i++)
		out[i] = characters[draw(sizeof(characters) - 1)];
	return len;
}

static size_t put_text(char *out, const char *text)
{
	memcpy(out, text, strlen(text));
	return strlen(text);
}

static size_t put_expiry(char *out)
{
	char text[9];

	snprintf(text, sizeof(text), "17%02u%02u%02u", 27 + draw(4), 1 + draw(12), draw(29));
	return put_text(out, text);
}

/* (01)(17)(10)(21) in the orders that packs have, the predefined lengths first or last. */
static size_t make_pack(char *out, const char *prefix)
{
	size_t n = put_text(out, prefix);

	n += put_text(out + n, "01");
	n += put_gtin(out + n, 14, "0690");
	if (draw(2) == 0) {
		n += put_expiry(out + n);
		n += put_text(out + n, "10");
		n += put_word(out + n, 5 + draw(6));
		n += put_text(out + n, "\x1d"
				       "21");
		n += put_word(out + n, 8 + draw(9));
		return n;
	}
	n += put_text(out + n, "21");
	n += put_word(out + n, 8 + draw(9));
	n += put_text(out + n, "\x1d"
			       "10");
	n += put_word(out + n, 5 + draw(6));
	n += put_text(out + n, "\x1d");
	return n + put_expiry(out + n);
}

static size_t make_prefixed_pack(char *out)
{
	return make_pack(out, "]d2");
}

static size_t make_bare_pack(char *out)
{
	return make_pack(out, "");
}

static size_t make_link(char *out)
{
	size_t n = put_text(out, "https://id.gs1.org/01/");

	n += put_gtin(out + n, 14, "0690");
	n += put_text(out + n, "/10/");
	n += put_word(out + n, 5 + draw(6));
	n += put_text(out + n, "/21/");
	n += put_word(out + n, 8 + draw(9));
	return n + put_text(out + n, "?17=281231");
}

static size_t make_trace_code(char *out)
{
	return put_gtin(out, 20, "81");
}

static size_t make_ean13(char *out)
{
	return put_gtin(out, 13, "69");
}

static const struct load {
	const char *name;
	enum scan_kind kind;
	size_t (*make)(char *out); /* writes at most 128 bytes, returns how many */
} loads[] = {
	{ "pharma-datamatrix", SCAN_GS1, make_prefixed_pack },
	{ "pharma-no-prefix", SCAN_GS1, make_bare_pack },
	{ "digital-link", SCAN_DIGITAL_LINK, make_link },
	{ "trace-code", SCAN_TRACE_CODE, make_trace_code },
	{ "ean-13", SCAN_GTIN, make_ean13 },
};

/* ---- measuring ---- */

static struct {
	char data[128];
	size_t len;
} scans[SCANS];

/* Seconds this process had a core for: what others do on the machine counts less. */
static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Decode all scans once; false when one is not what it was made as. */
static bool pass(const struct load *load)
{
	const struct scan_options options = { .today = TODAY };
	struct scan_code code;
	size_t at;

	for (size_t i = 0; i < SCANS; i++) {
		int err = scan_decode(scans[i].data, scans[i].len, &options, &code, &at);

		if (err != 0 || code.kind != load->kind) {
			fprintf(stderr, "%s: %.*s: %s\n", load->name, (int)scans[i].len,
				scans[i].data, scan_error_text(err));
			return false;
		}
	}
	return true;
}

static bool measure(const struct load *load, double seconds)
{
	uint64_t count = 0, before;
	size_t bytes = 0;
	double start, end;

	for (size_t i = 0; i < SCANS; i++) {
		scans[i].len = load->make(scans[i].data);
		bytes += scans[i].len;
	}
	if (!pass(load))
		return false;
	before = allocations;
	start = now();
	do {
		for (int i = 0; i < ROUND; i++)
			if (!pass(load))
				return false;
		count += (uint64_t)ROUND * SCANS;
		end = now();
	} while (end - start < seconds);
	printf("%s %" PRIu64 " %.6f %" PRIu64 " %zu\n", load->name, count, end - start,
	       allocations - before, bytes / SCANS);
	return true;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1.0;

	/* The first output buffer is no scan's. */
	allocations = 0;
	free(malloc(1));
	if (allocations == 0) {
		fprintf(stderr, "parse_bench: allocations are not seen\n");
		return 1;
	}
	for (size_t i = 0; i < sizeof(loads) / sizeof(*loads); i++)
		if (!measure(&loads[i], seconds))
			return 1;
	return 0;
}
