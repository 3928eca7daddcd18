/* Open addressing; at most half of the places are taken, so a look-up that fails ends soon. */
#include "inventory/workstation_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	char *name; /* NULL: the place is free */
	int32_t pharmacy;
	struct scan_profile profile;
};

struct workstation_table {
	size_t places; /* a power of two */
	size_t taken;
	struct entry entry[];
};

struct workstation_table *workstation_table_new(size_t rows)
{
	struct workstation_table *table;
	size_t places = 2;

	while (places < 2 * rows)
		places *= 2;
	table = calloc(1, sizeof(*table) + places * sizeof(table->entry[0]));
	if (table == NULL)
		abort();
	table->places = places;
	return table;
}

void workstation_table_free(struct workstation_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->places; i++)
		free(table->entry[i].name);
	free(table);
}

/* FNV-1a over both. Names are chosen by staff, who gain nothing from collisions in their own pharmacy. */
static size_t hash_of(int32_t pharmacy, const char *name)
{
	uint64_t hash = 14695981039346656037u ^ (uint32_t)pharmacy;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 1099511628211u;
	return (size_t)(hash ^ hash >> 32);
}

/* Where the workstation stands, or the free place where it would. */
static size_t place_of(const struct workstation_table *table, int32_t pharmacy, const char *name)
{
	size_t i = hash_of(pharmacy, name) & (table->places - 1);

	while (table->entry[i].name != NULL &&
	       (table->entry[i].pharmacy != pharmacy || strcmp(table->entry[i].name, name) != 0))
		i = (i + 1) & (table->places - 1);
	return i;
}

void workstation_table_add(struct workstation_table *table, int32_t pharmacy, const char *name,
			   const struct scan_profile *profile)
{
	struct entry *entry = &table->entry[place_of(table, pharmacy, name)];

	table->taken++;
	assert(entry->name == NULL && 2 * table->taken <= table->places);
	entry->name = strdup(name);
	if (entry->name == NULL)
		abort();
	entry->pharmacy = pharmacy;
	entry->profile = *profile;
}

const struct scan_profile *workstation_table_find(const struct workstation_table *table,
						  int32_t pharmacy, const char *name)
{
	const struct entry *entry = &table->entry[place_of(table, pharmacy, name)];

	return entry->name != NULL ? &entry->profile : NULL;
}
