#include "simulation/book.h"

#include <math.h>

#include "simulation/memory.h"

#define COUNT_ERROR .05
#define NOTICED .80 /* of empty shelves at the weekly look */

static void *begin_book(struct run *run)
{
	struct book_row *book = allocate((size_t)run->world->pairs, sizeof(*book));

	for (int pair = 0; pair < run->world->pairs; pair++) {
		double packs = 0;

		for (int day = 0; day < WORLD_HISTORY; day++)
			packs += run->world->demand[(size_t)day * (size_t)run->world->pairs +
						    (size_t)pair];
		for (int month = 0; month < BOOK_MONTHS; month++)
			book[pair].issued[month] = (float)(packs * BOOK_MONTH_DAYS / WORLD_HISTORY);
	}
	return book;
}

static void turn_page(struct book_row *row)
{
	for (int month = 0; month + 1 < BOOK_MONTHS; month++) {
		row->issued[month] = row->issued[month + 1];
		row->empty[month] = row->empty[month + 1];
	}
	row->issued[BOOK_MONTHS - 1] = row->issued_now;
	row->empty[BOOK_MONTHS - 1] = row->empty_now;
	row->issued_now = row->empty_now = 0;
}

static void write_book(struct run *run, int day)
{
	struct book_row *book = run->own;

	for (int pair = 0; pair < run->world->pairs; pair++) {
		book[pair].issued_now += (float)run->served[pair];
		book[pair].empty_now += run->opening[pair] == 0;
		if ((day - WORLD_HISTORY) % BOOK_MONTH_DAYS == BOOK_MONTH_DAYS - 1)
			turn_page(&book[pair]);
	}
}

static double issued(const struct book_row *row)
{
	return row->issued[0] + row->issued[1] + row->issued[2];
}

static double empty(const struct book_row *row)
{
	return row->empty[0] + row->empty[1] + row->empty[2];
}

static const struct world_pair *pair_of(const struct run *run, int pair)
{
	return &run->world->pair[pair];
}

/* Whole order units. */
static int64_t rounded(const struct run *run, int pair, double packs)
{
	int multiple = run->world->product[pair_of(run, pair)->product].multiple;

	return packs > 0 ? (int64_t)ceil(packs / multiple) * multiple : 0;
}

/* ---- by hand ---- */

static void review(struct run *run, int pair, int day, int gap)
{
	const struct manual_settings *settings = run->conduct->settings;
	const struct book_row *row = (const struct book_row *)run->own + pair;
	const struct district_shelf *shelf = &run->district->shelf[pair];
	double estimate = exp(random_normal(&run->response, 0, settings->judgement));
	double count = 1 + random_normal(&run->response, 0, COUNT_ERROR);
	double average = issued(row) / BOOK_MONTHS * estimate;
	double months = gap / (double)BOOK_MONTH_DAYS + settings->safety_months + .1;
	double maximum = fmax(average * months, 1);
	double seen = fmax(shelf->on_hand * count, 0) + shelf->on_order;

	if (seen < settings->enough * maximum)
		run_order(run, pair, day, rounded(run, pair, maximum - seen));
}

/* The weekly look at the book of what is out of stock. */
static void look_for_empty(struct run *run, int pair, int day)
{
	const struct book_row *row = (const struct book_row *)run->own + pair;
	const struct district_shelf *shelf = &run->district->shelf[pair];

	if (shelf->on_hand > 0 || shelf->on_order > 0 || issued(row) + row->issued_now == 0)
		return;
	if (random_uniform(&run->response) < NOTICED)
		run_order(run, pair, day, rounded(run, pair, fmax(issued(row) / BOOK_MONTHS, 1)));
}

static void order_by_hand(struct run *run, int day)
{
	const struct manual_settings *settings = run->conduct->settings;

	for (int pair = 0; pair < run->world->pairs; pair++) {
		int site = pair_of(run, pair)->site;
		int gap = settings->review[run->world->kind[site]];

		if ((day + site * 7 % 30) % gap == 0)
			review(run, pair, day, gap);
		if (day % 7 == 0)
			look_for_empty(run, pair, day);
	}
}

const struct conduct conduct_manual = {
	.name = "manual",
	.newest_first = .30,
	.begin = begin_book,
	.learn = write_book,
	.order = order_by_hand,
	.settings = &(const struct manual_settings){ { 30, 15, 15 }, 1.0, .30, .80 },
};

const struct conduct conduct_best_manual = {
	.name = "best-manual",
	.next_day = true,
	.begin = begin_book,
	.learn = write_book,
	.order = order_by_hand,
	.settings = &(const struct manual_settings){ { 15, 7, 7 }, .6, .30, .80 },
};

/* ---- minimum and maximum by months of stock ---- */

static void order_by_months(struct run *run, int day)
{
	const struct minmax_settings *settings = run->conduct->settings;

	for (int pair = 0; pair < run->world->pairs; pair++) {
		const struct book_row *row = (const struct book_row *)run->own + pair;
		const struct district_shelf *shelf = &run->district->shelf[pair];
		double position = shelf->on_hand + shelf->on_order, average;

		if ((day + pair_of(run, pair)->site) % 7 != 0)
			continue;
		average = issued(row) / fmax(BOOK_MONTHS * BOOK_MONTH_DAYS - empty(row), 15) *
			  BOOK_MONTH_DAYS;
		if (position <= fmax(average * settings->minimum_months, 1))
			run_order(run, pair, day,
				  rounded(run, pair,
					  fmax(average * settings->maximum_months, 1) - position));
	}
}

const struct conduct conduct_minmax = {
	.name = "minmax",
	.next_day = true,
	.any_supplier = true,
	.begin = begin_book,
	.learn = write_book,
	.order = order_by_months,
	.settings = &(const struct minmax_settings){ .75, 1.5 },
};
