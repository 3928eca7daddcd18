/*
 * workstation/journal.c: what was accepted is there again, what was not is not; on disks that
 * tear, flip and fail.
 */
#include "workstation/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_rows.h"

#define CODES 4

static const char *const codes[CODES] = { "alpha", "beta",
					  "gamma\x1d"
					  "10",
					  "delta" };
static char directory[64];
static int64_t clock_ms;

static int64_t shown(void)
{
	return clock_ms;
}

/* --- a directory of its own for each test --- */

static void each_file(void (*each)(const char *path, void *arg), void *arg)
{
	DIR *files = opendir(directory);
	const struct dirent *file;
	char path[400];

	assert_non_null(files);
	while ((file = readdir(files)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", directory, file->d_name);
		if (file->d_name[0] != '.')
			each(path, arg);
	}
	closedir(files);
}

static void remove_file(const char *path, void *arg)
{
	(void)arg;
	unlink(path);
}

static void count_file(const char *path, void *arg)
{
	(void)path;
	(*(size_t *)arg)++;
}

static size_t file_count(void)
{
	size_t count = 0;

	each_file(count_file, &count);
	return count;
}

static void keep_last(const char *path, void *arg)
{
	char *last = arg;

	if (strcmp(path, last) > 0)
		snprintf(last, 400, "%s", path);
}

/* The path of the last segment. */
static void last_file(char ret_path[400])
{
	ret_path[0] = '\0';
	each_file(keep_last, ret_path);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/yaoku-journal-XXXXXX");
	clock_ms = 1700000000000;
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	each_file(remove_file, NULL);
	return rmdir(directory);
}

static struct journal *open_with(struct journal_options options)
{
	struct journal *journal = NULL;

	options.directory = directory;
	options.now_ms = shown;
	assert_int_equal(journal_open(&options, &journal), 0);
	return journal;
}

static struct journal *open_again(struct journal *journal)
{
	journal_close(journal);
	return open_with((struct journal_options){ 0 });
}

static int accept_code(struct journal *journal, const char *code)
{
	const struct record scan = { .operator_id = 5,
				     .workstation = bytes_of("till"),
				     .code = bytes_of(code) };
	const struct journal_scan *kept;

	return journal_accept(journal, &scan, &kept);
}

static void accept_all(struct journal *journal)
{
	for (int i = 0; i < CODES; i++)
		assert_int_equal(accept_code(journal, codes[i]), 0);
}

static bool is_waiting(const struct journal *journal, const char *code)
{
	const struct journal_scan *scan;

	TAILQ_FOREACH(scan, journal_waiting(journal), entry)
	if (bytes_are(scan->record.code, code))
		return true;
	return false;
}

/* All that waits, in its order: rising sequences and ids. */
static void check_order(const struct journal *journal)
{
	const struct journal_scan *scan, *before = NULL;

	TAILQ_FOREACH(scan, journal_waiting(journal), entry)
	{
		if (before != NULL) {
			assert_true(scan->record.sequence > before->record.sequence);
			assert_true(memcmp(scan->record.id, before->record.id, UUID_SIZE) > 0);
		}
		before = scan;
	}
}

static const struct journal_scan *first(const struct journal *journal)
{
	return TAILQ_FIRST(journal_waiting(journal));
}

static void set_state(struct journal *journal, uint32_t pharmacy, const char *movement,
		      uint32_t quantity)
{
	struct journal_state state = *journal_state(journal);

	state.pharmacy_id = pharmacy;
	state.quantity = quantity;
	snprintf(state.movement, sizeof(state.movement), "%s", movement);
	assert_int_equal(journal_change(journal, &state), 0);
}

/* --- what was accepted is there again --- */

static void test_kept_across_starts(void **state)
{
	struct journal *journal = open_with((struct journal_options){ 0 });
	const struct journal_scan *scan;

	(void)state;
	set_state(journal, 3, "receive", 12);
	accept_all(journal);
	journal = open_again(journal);
	assert_int_equal(journal_waiting_count(journal), CODES);
	assert_int_equal(journal_state(journal)->sequence, CODES);
	assert_string_equal(journal_state(journal)->movement, "receive");
	assert_int_equal(journal_state(journal)->quantity, 1);
	scan = first(journal);
	assert_int_equal(scan->record.quantity, 12);
	assert_int_equal(scan->record.pharmacy_id, 3);
	assert_int_equal(scan->record.operator_id, 5);
	assert_int_equal(scan->record.at_ms, clock_ms);
	assert_true(bytes_are(scan->record.movement, "receive"));
	assert_true(bytes_are(scan->record.workstation, "till"));
	assert_int_equal(TAILQ_NEXT(scan, entry)->record.quantity, 1);
	check_order(journal);
	journal_close(journal);
}

/*
 * What a scan carries is what was the case when it was made; only a pharmacy not known yet is
 * filled in.
 */
static void test_pharmacy_is_that_of_the_scan(void **state)
{
	struct journal *journal = open_with((struct journal_options){ 0 });

	(void)state;
	set_state(journal, 0, "dispense", 1);
	accept_code(journal, "early");
	set_state(journal, 3, "dispense", 1);
	accept_code(journal, "three");
	set_state(journal, 4, "dispense", 1);
	accept_code(journal, "four");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(first(journal)->record.pharmacy_id, 3);
		assert_int_equal(TAILQ_NEXT(first(journal), entry)->record.pharmacy_id, 3);
		assert_int_equal(
			TAILQ_LAST(journal_waiting(journal), journal_scans)->record.pharmacy_id, 4);
		journal = open_again(journal);
	}
	journal_close(journal);
}

static void test_answers(void **state)
{
	static const struct {
		struct row row;
		const char *outcome, *problem;
		bool noted;
	} rows[] = {
		{ ROW("posted"), "posted", "", false },
		{ ROW("replayed"), "replayed", "", false },
		{ ROW("held"), "held", "unknown_code", true },
		{ ROW("rejected"), "rejected", "expired", true },
		{ ROW("a rejection that was replayed"), "replayed", "expired", true },
		{ ROW("of another pharmacy"), "rejected", "wrong_pharmacy", true },
		{ ROW("not readable"), "refused", "invalid_member", true },
	};

	(void)state;
	foreach(r, rows) {
		struct journal *journal = open_with((struct journal_options){ 0 });
		const struct journal_scan *noted;

		accept_code(journal, "x");
		assert_int_equal(
			journal_answer(journal, first(journal), r->outcome, r->problem, "why"), 0);
		for (int i = 0; i < 2; i++) {
			row_check(r, journal_waiting_count(journal) == 0, "still waits");
			noted = TAILQ_FIRST(journal_noted(journal));
			row_check(r, (noted != NULL) == r->noted, "noted: %d", noted != NULL);
			row_check(r,
				  noted == NULL || (bytes_are(noted->answer.problem, r->problem) &&
						    bytes_are(noted->record.code, "x")),
				  "differs");
			journal = open_again(journal);
		}
		if (r->noted)
			assert_int_equal(
				journal_settle(journal, TAILQ_FIRST(journal_noted(journal))), 0);
		journal = open_again(journal);
		row_check(r, TAILQ_EMPTY(journal_noted(journal)), "not settled");
		journal_close(journal);
	}
}

static void test_put_off(void **state)
{
	struct journal *journal = open_with((struct journal_options){ 0 });

	(void)state;
	assert_false(journal_put_off(journal, 1));
	accept_code(journal, "alpha");
	assert_false(journal_put_off(journal, 1)); /* behind whom? */
	accept_code(journal, "beta");
	assert_false(journal_put_off(journal, 3));
	assert_true(journal_put_off(journal, 3));
	assert_true(bytes_are(first(journal)->record.code, "beta"));
	assert_false(journal_put_off(journal, 3));
	assert_int_equal(journal_answer(journal, first(journal), "posted", "", ""), 0);
	accept_code(journal, "gamma");
	assert_true(journal_put_off(journal, 3)); /* it has been tried often enough */
	assert_int_equal(journal_waiting_count(journal), 2);
	journal = open_again(journal);
	assert_true(bytes_are(first(journal)->record.code, "alpha"));
	journal_close(journal);
}

static void test_clock_jumps(void **state)
{
	static const int64_t clocks[] = { 1700000000000, 4102444800000, 0, -5,
					  1600000000000, 1600000000000 };
	struct journal *journal = open_with((struct journal_options){ 0 });

	(void)state;
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		clock_ms = clocks[i];
		assert_int_equal(accept_code(journal, "x"), 0);
		check_order(journal);
		if (i % 2 == 1)
			journal = open_again(journal);
	}
	assert_int_equal(journal_waiting_count(journal), 6);
	check_order(journal);
	journal_close(journal);
}

static void test_one_writes_many_read(void **state)
{
	const struct journal_options reader = { .directory = directory, .read_only = true };
	const struct journal_options writer = { .directory = directory };
	struct journal *journal = open_with((struct journal_options){ 0 }), *other = NULL;

	(void)state;
	accept_all(journal);
	assert_int_equal(journal_open(&writer, &other), EWOULDBLOCK);
	assert_int_equal(journal_open(&reader, &other), 0);
	assert_int_equal(journal_waiting_count(other), CODES);
	journal_close(other);
	journal_close(journal);
	assert_int_equal(
		journal_open(&(struct journal_options){ .directory = "/tmp/yaoku-not-there",
							.read_only = true },
			     &other),
		ENOENT);
}

/* --- damage --- */

static size_t read_last(char path[400], char *data, size_t room)
{
	ssize_t count;
	int fd;

	last_file(path);
	fd = open(path, O_RDONLY);
	count = read(fd, data, room);
	close(fd);
	assert_true(count > 0);
	return (size_t)count;
}

static void write_last(const char *path, const char *data, size_t length)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, data, length), length);
	close(fd);
}

/* Leave only one segment, holding `data`. */
static void only(const char *path, const char *data, size_t length)
{
	each_file(remove_file, NULL);
	assert_true(close(open(path, O_WRONLY | O_CREAT, 0600)) == 0);
	write_last(path, data, length);
}

/*
 * The file ends after every byte of the last record: what was whole counts, and the journal
 * goes on.
 */
static void test_torn_at_every_byte(void **state)
{
	struct journal *journal = open_with((struct journal_options){ 0 });
	char data[8192], path[400];
	size_t whole, before;

	(void)state;
	accept_code(journal, codes[0]);
	before = read_last(path, data, sizeof(data));
	accept_code(journal, codes[1]);
	whole = read_last(path, data, sizeof(data));
	journal_close(journal);
	for (size_t length = before; length <= whole; length++) {
		only(path, data, length);
		journal = open_with((struct journal_options){ 0 });
		assert_int_equal(journal_torn(journal), length == whole ? 0 : length - before);
		assert_int_equal(journal_damaged(journal), 0);
		assert_int_equal(journal_waiting_count(journal), length == whole ? 2 : 1);
		assert_int_equal(accept_code(journal, codes[2]), 0);
		journal = open_again(journal);
		assert_int_equal(journal_waiting_count(journal), length == whole ? 3 : 2);
		assert_true(is_waiting(journal, codes[0]) && is_waiting(journal, codes[2]));
		check_order(journal);
		journal_close(journal);
	}
}

/* Each bit turned: at most the scan it belongs to is gone, and that is told. */
static void test_every_bit_flipped(void **state)
{
	struct journal *journal = open_with((struct journal_options){ 0 });
	char data[8192], path[400];
	size_t length;

	(void)state;
	accept_all(journal);
	journal_close(journal);
	length = read_last(path, data, sizeof(data));
	for (size_t bit = 0; bit < 8 * length; bit++) {
		data[bit / 8] ^= (char)(1 << bit % 8);
		write_last(path, data, length);
		data[bit / 8] ^= (char)(1 << bit % 8);
		assert_int_equal(journal_open(&(struct journal_options){ .directory = directory,
									 .read_only = true },
					      &journal),
				 0);
		assert_true(journal_waiting_count(journal) >= CODES - 1);
		assert_true(journal_torn(journal) + journal_damaged(journal) > 0);
		check_order(journal);
		journal_close(journal);
	}
}

/* A hole of every size at every record boundary and inside: the scans around it are there. */
static void test_middle_is_damaged(void **state)
{
	struct journal *journal = open_with((struct journal_options){ 0 });
	char data[8192], damaged[8192], path[400];
	size_t length, from, to;

	(void)state;
	accept_code(journal, codes[0]);
	from = read_last(path, data, sizeof(data));
	accept_code(journal, codes[1]);
	accept_code(journal, codes[2]);
	to = read_last(path, data, sizeof(data));
	accept_code(journal, codes[3]);
	journal_close(journal);
	length = read_last(path, data, sizeof(data));
	for (size_t hole = 1; from + hole <= to; hole++) {
		memcpy(damaged, data, length);
		memset(damaged + from, 'z', hole);
		only(path, damaged, length);
		journal = open_with((struct journal_options){ 0 });
		assert_true(is_waiting(journal, codes[0]) && is_waiting(journal, codes[3]));
		assert_false(is_waiting(journal, codes[1]));
		assert_true(journal_damaged(journal) >= hole);
		assert_int_equal(journal_torn(journal), 0);
		assert_int_equal(journal_state(journal)->sequence, CODES);
		journal_close(journal);
	}
}

/* --- disks that fail --- */

static int directories_synced;

static int watching_sync(int fd)
{
	struct stat file;

	directories_synced += fstat(fd, &file) == 0 && S_ISDIR(file.st_mode);
	return fsync(fd);
}

/* Of a process that was killed between the two: a file can be on disk and its name not yet. */
static void test_names_are_synced_at_the_start(void **state)
{
	static const struct journal_disk watching = { write, watching_sync, ftruncate };
	struct journal *journal = open_with((struct journal_options){ 0 });

	(void)state;
	accept_code(journal, "x");
	journal_close(journal);
	directories_synced = 0;
	journal = open_with((struct journal_options){ .disk = &watching });
	assert_int_equal(directories_synced, 2); /* that of the files, and the one above it */
	accept_code(journal, "y");
	journal_close(journal);
}

static size_t room; /* bytes that the disk still takes */
static bool sync_fails, truncate_fails;

static ssize_t failing_write(int fd, const void *data, size_t length)
{
	size_t taken = length < room ? length : room;

	if (taken == 0) {
		errno = ENOSPC;
		return -1;
	}
	room -= taken;
	return write(fd, data, taken);
}

static int failing_sync(int fd)
{
	errno = EIO;
	return sync_fails ? -1 : fsync(fd);
}

static int failing_truncate(int fd, off_t length)
{
	errno = EIO;
	return truncate_fails ? -1 : ftruncate(fd, length);
}

static const struct journal_disk failing = { failing_write, failing_sync, failing_truncate };

static const struct {
	struct row row;
	size_t room;
	bool sync_fails, truncate_fails;
	int err;
} faults[] = {
	{ ROW("no room at all"), 0, false, false, ENOSPC },
	{ ROW("room for one byte"), 1, false, false, ENOSPC },
	{ ROW("room for half a record"), 60, false, false, ENOSPC },
	{ ROW("half a record that cannot be taken back"), 60, false, true, ENOSPC },
	{ ROW("a whole record that is not synced"), SIZE_MAX, true, false, EIO },
	{ ROW("a whole record that can neither be synced nor taken back"), SIZE_MAX, true, true,
	  EIO },
};

static void break_disk(size_t left, bool no_sync, bool no_truncate)
{
	room = left;
	sync_fails = no_sync;
	truncate_fails = no_truncate;
}

/* Again and again on the broken disk: nothing is accepted, no files pile up. Then it is mended. */
static void test_failing_disk(void **state)
{
	(void)state;
	foreach(r, faults) {
		struct journal *journal = open_with((struct journal_options){ .disk = &failing });
		size_t waiting;

		break_disk(SIZE_MAX, false, false);
		accept_code(journal, "before");
		waiting = journal_waiting_count(journal);
		break_disk(r->room, r->sync_fails, r->truncate_fails);
		for (int i = 0; i < 5; i++) {
			row_check(r, accept_code(journal, "lost") == r->err, "accepted");
			row_check(r, journal_probe(journal) == r->err || r->room == 60, "probe");
		}
		row_check(r, journal_waiting_count(journal) == waiting, "waits");
		row_check(r, file_count() <= 12, "%zu files", file_count());
		break_disk(SIZE_MAX, false, false);
		row_check(r, accept_code(journal, "after") == 0, "not mended");
		for (int i = 0; i < 2; i++) {
			row_check(r, is_waiting(journal, "before") && is_waiting(journal, "after"),
				  "missing");
			row_check(r, !is_waiting(journal, "lost"),
				  "a refused scan counts, start %d", i);
			check_order(journal);
			journal = open_again(journal);
		}
		journal_close(journal);
		each_file(remove_file, NULL);
	}
}

/* An answer that cannot be kept: the scan waits on and is asked for again. */
static void test_answer_on_full_disk(void **state)
{
	struct journal *journal = open_with((struct journal_options){ .disk = &failing });

	(void)state;
	break_disk(SIZE_MAX, false, false);
	accept_code(journal, "x");
	break_disk(0, false, false);
	assert_int_equal(journal_answer(journal, first(journal), "posted", "", ""), ENOSPC);
	assert_int_equal(journal_waiting_count(journal), 1);
	break_disk(SIZE_MAX, false, false);
	assert_int_equal(journal_answer(journal, first(journal), "posted", "", ""), 0);
	assert_int_equal(journal_waiting_count(journal), 0);
	journal_close(journal);
}

/* --- segments --- */

#define SMALL ((struct journal_options){ .segment_size = 1000, .keep_ms = 1000 })

static struct journal *filled(const char *outcome, const char *problem)
{
	struct journal *journal = open_with(SMALL);

	set_state(journal, 3, "receive", 1);
	for (int i = 0; i < 40; i++)
		assert_int_equal(accept_code(journal, "x"), 0);
	for (int i = 0; i < 40; i++)
		assert_int_equal(journal_answer(journal, first(journal),
						i == 20 ? outcome : "posted",
						i == 20 ? problem : "", ""),
				 0);
	return journal;
}

static void test_segments_go_when_answered_and_old(void **state)
{
	struct journal *journal = filled("posted", "");
	size_t files = file_count();

	(void)state;
	assert_true(files > 5);
	clock_ms = (int64_t)time(NULL) * 1000;
	assert_int_equal(journal_prune(journal), 0);
	clock_ms += 60000;
	assert_int_equal(journal_prune(journal), files - 1);
	assert_int_equal(file_count(), 1);
	journal = open_again(journal);
	assert_int_equal(journal_state(journal)->sequence, 40);
	assert_int_equal(journal_state(journal)->pharmacy_id, 3);
	assert_string_equal(journal_state(journal)->movement, "receive");
	assert_int_equal(accept_code(journal, "y"), 0);
	assert_int_equal(first(journal)->record.sequence, 41);
	journal_close(journal);
}

static void test_segments_stay(void **state)
{
	static const struct {
		struct row row;
		const char *outcome, *problem;
		bool stays;
	} rows[] = {
		{ ROW("the service keeps what it holds"), "held", "unknown_code", false },
		{ ROW("and what it rejects"), "rejected", "expired", false },
		{ ROW("of another pharmacy: only here"), "rejected", "wrong_pharmacy", true },
		{ ROW("not readable: only here"), "refused", "invalid_member", true },
		{ ROW("the service failed over it: only here"), "rejected", "internal", true },
		{ ROW("its id is another scan's: only here"), "rejected", "id_conflict", true },
		{ ROW("for a reason we do not know: only here"), "rejected", "moon_phase", true },
	};

	(void)state;
	foreach(r, rows) {
		struct journal *journal = filled(r->outcome, r->problem);

		clock_ms = (int64_t)time(NULL) * 1000 + 60000;
		journal_prune(journal);
		row_check(r, (file_count() > 1) == r->stays, "%zu files", file_count());
		row_check(r, TAILQ_EMPTY(journal_noted(journal)) == !r->stays, "noted");
		if (r->stays)
			journal_settle(journal, TAILQ_FIRST(journal_noted(journal)));
		journal_prune(journal);
		row_check(r, file_count() == 1, "%zu files after it was settled", file_count());
		journal_close(journal);
		each_file(remove_file, NULL);
	}
}

static void test_waiting_is_never_pruned(void **state)
{
	struct journal *journal = open_with(
		(struct journal_options){ .segment_size = 1000, .keep_ms = 1, .keep_size = 1 });
	size_t files;

	(void)state;
	for (int i = 0; i < 40; i++)
		accept_code(journal, "x");
	files = file_count();
	clock_ms = INT64_MAX / 2;
	assert_int_equal(journal_prune(journal), 0);
	assert_int_equal(file_count(), files);
	journal = open_again(journal);
	assert_int_equal(journal_waiting_count(journal), 40);
	check_order(journal);
	journal_close(journal);
}

static void test_too_much_goes_before_it_is_old(void **state)
{
	struct journal *journal = filled("posted", "");

	(void)state;
	journal_close(journal);
	clock_ms = (int64_t)time(NULL) * 1000;
	journal = open_with((struct journal_options){ .segment_size = 1000, .keep_size = 3000 });
	assert_true(journal_prune(journal) > 0);
	assert_in_range(file_count(), 2, 4);
	journal_close(journal);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept_across_starts),
		TEST(test_pharmacy_is_that_of_the_scan),
		TEST(test_answers),
		TEST(test_put_off),
		TEST(test_clock_jumps),
		TEST(test_one_writes_many_read),
		TEST(test_torn_at_every_byte),
		TEST(test_every_bit_flipped),
		TEST(test_middle_is_damaged),
		TEST(test_names_are_synced_at_the_start),
		TEST(test_failing_disk),
		TEST(test_answer_on_full_disk),
		TEST(test_segments_go_when_answered_and_old),
		TEST(test_segments_stay),
		TEST(test_waiting_is_never_pruned),
		TEST(test_too_much_goes_before_it_is_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
