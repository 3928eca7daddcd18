/*
 * record_next() on any bytes as a segment of base 0, and a segment with one accident in it.
 * What is read, written again and read gives the same; what is damaged is counted to the byte;
 * a good record beside an accident is found.
 */
#include "workstation/record.h"

#include <openssl/sha.h>
#include <string.h>

#include "fuzz.h"

/*
 * What a segment draws for itself, whoever makes a code does not know it. The fuzzer sees every
 * digest it is compared with and would forge a record for a constant one; so it follows from
 * the input.
 */
static uint64_t base_of(const uint8_t *data, size_t size)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	uint64_t base;

	SHA256(data, size, digest);
	memcpy(&base, digest, sizeof(base));
	return base;
}

static void write_again(struct text *segment, uint64_t base, const struct record *record)
{
	record_write(segment, base + segment->length, record);
}

/* All records of `data` as a new segment. */
static void rewrite(const char *data, size_t length, uint64_t base, struct text *ret_segment)
{
	struct record record;
	size_t at = 0, before = 0, skipped, good = 0, bad = 0;

	while (record_next(data, length, base, &at, &record, &skipped)) {
		fuzz_check(at > before + skipped && at <= length);
		fuzz_check(record.code.length <= RECORD_CODE_MAX);
		good += at - before - skipped;
		bad += skipped;
		before = at;
		write_again(ret_segment, 0, &record);
	}
	fuzz_check(at == length && good + bad + skipped == length);
	fuzz_check(ret_segment->length == good);
}

/*
 * The bytes as what stands in a good record, between two others; then one bit of it all is
 * turned.
 */
static void check_accident(const uint8_t *data, size_t size)
{
	size_t length = size < RECORD_CODE_MAX ? size : RECORD_CODE_MAX;
	struct record scan = { .type = RECORD_SCAN,
			       .sequence = size,
			       .code = { (const char *)data, length } };
	struct record state = { .type = RECORD_STATE, .sequence = 7 }, got;
	struct text segment = { 0 };
	uint64_t base = base_of(data, size);
	size_t at = 0, skipped, middle, bit, found = 0;

	write_again(&segment, base, &state);
	middle = segment.length;
	write_again(&segment, base, &scan);
	bit = (size * 2654435761u + (size > 0 ? data[size - 1] : 0)) %
	      (8 * (segment.length - middle));
	write_again(&segment, base, &state);
	segment.data[middle + bit / 8] ^= (char)(1 << bit % 8);
	while (record_next(segment.data, segment.length, base, &at, &got, &skipped)) {
		fuzz_check(got.type == RECORD_STATE && got.sequence == 7);
		found++;
	}
	fuzz_check(found == 2);
	text_done(&segment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text once = { 0 }, twice = { 0 };
	char *exact = malloc(size);

	if (size > 0)
		memcpy(exact, data, size);
	rewrite(exact, size, 0, &once);
	rewrite(once.data, once.length, 0, &twice);
	fuzz_check(once.length == twice.length);
	fuzz_check(once.length == 0 || memcmp(once.data, twice.data, once.length) == 0);
	check_accident(data, size);
	text_done(&once);
	text_done(&twice);
	free(exact);
	return 0;
}
