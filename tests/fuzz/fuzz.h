/*
 * A fuzzer is tests/fuzz/fuzz_NAME.c with the one function below, its first
 * inputs are the files in tests/fuzz/corpus/NAME/, and the words worth trying,
 * if any, are in tests/fuzz/NAME.dict. NAME is listed in the `<folder>_fuzzers`
 * of the folder it tests. The normal tests replay the corpus; `./dev fuzz` runs
 * libFuzzer. An input that it found goes into the corpus with the repair.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Try one input. Returns 0; a broken promise aborts. Defined by each fuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An assertion that no build option turns off. */
#define fuzz_check(condition)                                                            \
	do {                                                                             \
		if (!(condition)) {                                                      \
			fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, \
				#condition);                                             \
			abort();                                                         \
		}                                                                        \
	} while (0)

#endif
