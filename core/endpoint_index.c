/*
 * The rows are sorted: those without parameters first, by path; then those
 * with, by number of words and path. Rows of one path stand together, one for
 * each method.
 */
#include "core/endpoint_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

#define WORDS_MAX 16

struct endpoint_index {
	size_t plain;                   /* rows without parameters */
	size_t rows;                    /* all */
	size_t first_of[WORDS_MAX + 2]; /* first row with parameters and that many words */
	const struct endpoint *row[];
};

static bool has_parameters(const char *path)
{
	return strchr(path, '{') != NULL;
}

static size_t words_of(const char *path)
{
	size_t words = 0;

	for (; *path != '\0'; path++)
		words += *path == '/';
	return words;
}

static int compare(const void *left, const void *right)
{
	const struct endpoint *a = *(const struct endpoint *const *)left;
	const struct endpoint *b = *(const struct endpoint *const *)right;
	int order = has_parameters(a->path) - has_parameters(b->path);

	if (order == 0 && has_parameters(a->path))
		order = (int)words_of(a->path) - (int)words_of(b->path);
	if (order == 0)
		order = strcmp(a->path, b->path);
	if (order == 0)
		order = (int)a->method - (int)b->method;
	return order;
}

static size_t count_rows(const struct endpoint *const *tables)
{
	size_t rows = 0;

	for (; *tables != NULL; tables++) {
		for (const struct endpoint *e = *tables; e->path != NULL; e++)
			rows++;
	}
	return rows;
}

static void check_rows(const struct endpoint_index *index)
{
	for (size_t i = 1; i < index->rows; i++) {
		if (compare(&index->row[i - 1], &index->row[i]) == 0) {
			log_error("two routes of one method and path",
				  LOG_TEXT("path", index->row[i]->path));
			abort();
		}
	}
}

/* Where the rows with parameters of each number of words begin. */
static void find_groups(struct endpoint_index *index)
{
	size_t at = index->plain;

	for (size_t words = 0; words < WORDS_MAX + 2; words++) {
		while (at < index->rows && words_of(index->row[at]->path) < words)
			at++;
		index->first_of[words] = at;
	}
	assert(at == index->rows);
}

struct endpoint_index *endpoint_index_new(const struct endpoint *const *tables)
{
	size_t rows = count_rows(tables);
	struct endpoint_index *index = calloc(1, sizeof(*index) + rows * sizeof(index->row[0]));

	if (index == NULL)
		abort();
	for (; *tables != NULL; tables++) {
		for (const struct endpoint *e = *tables; e->path != NULL; e++) {
			index->row[index->rows++] = e;
			index->plain += !has_parameters(e->path);
		}
	}
	if (rows > 0)
		qsort(index->row, rows, sizeof(index->row[0]), compare);
	check_rows(index);
	find_groups(index);
	return index;
}

void endpoint_index_free(struct endpoint_index *index)
{
	free(index);
}

/* Note that the path matches this row. */
static void take(struct endpoint_match *match, const struct endpoint *row, enum http_method method)
{
	match->methods |= row->method;
	if (row->method == method)
		match->endpoint = row;
}

static void find_plain(const struct endpoint_index *index, enum http_method method,
		       const char *path, struct endpoint_match *match)
{
	size_t low = 0, high = index->plain;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(index->row[middle]->path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < index->plain && strcmp(index->row[low]->path, path) == 0; low++)
		take(match, index->row[low], method);
}

/* Compare word by word; a parameter takes any word that is not empty. */
static bool fits(const char *pattern, const char *path)
{
	while (*pattern != '\0' && *path != '\0') {
		size_t pattern_word = 1 + strcspn(pattern + 1, "/");
		size_t path_word = 1 + strcspn(path + 1, "/");

		if (pattern[1] == '{' ?
			    path_word == 1 :
			    pattern_word != path_word || memcmp(pattern, path, path_word) != 0)
			return false;
		pattern += pattern_word;
		path += path_word;
	}
	return *pattern == *path;
}

static void collect(const char *pattern, const char *path, struct arena *arena,
		    struct endpoint_match *match)
{
	for (; *pattern != '\0'; pattern += 1 + strcspn(pattern + 1, "/")) {
		size_t length = strcspn(path + 1, "/");

		if (pattern[1] == '{') {
			assert(match->count < ENDPOINT_PARAMETERS);
			match->parameters[match->count++] = (struct http_parameter){
				.name = arena_copy(arena, pattern + 2, strcspn(pattern + 2, "}")),
				.value = arena_copy(arena, path + 1, length),
			};
		}
		path += 1 + length;
	}
}

static void find_with_parameters(const struct endpoint_index *index, enum http_method method,
				 const char *path, struct endpoint_match *match)
{
	size_t words = words_of(path);

	if (words > WORDS_MAX)
		return;
	for (size_t i = index->first_of[words]; i < index->first_of[words + 1]; i++) {
		if (fits(index->row[i]->path, path))
			take(match, index->row[i], method);
	}
}

void endpoint_index_find(const struct endpoint_index *index, enum http_method method,
			 const char *path, struct arena *arena, struct endpoint_match *ret_match)
{
	*ret_match = (struct endpoint_match){ 0 };
	find_plain(index, method, path, ret_match);
	if (ret_match->methods == 0)
		find_with_parameters(index, method, path, ret_match);
	if (ret_match->endpoint != NULL && has_parameters(ret_match->endpoint->path))
		collect(ret_match->endpoint->path, path, arena, ret_match);
}
