/* `yaoku parse`, line by line: what is printed for what is read. */
#include <stdio.h>

#include "test_rows.h"

#include "scanner/parse_command.h"

#define FNC1 "\x1d"

struct parse_row {
	struct row row;
	const char *line;
	const char *answer;
};

static const struct parse_row rows[] = {
	{ ROW("plain line with prefix"),
	  "]d2010950110153000317271231"
	  "10A" FNC1 "21S",
	  "{\"ok\":true,\"kind\":\"gs1\",\"symbology\":\"gs1-datamatrix\",\"gtin\":\"09501101530003\","
	  "\"elements\":[[\"01\",\"09501101530003\"],[\"17\",\"271231\"],[\"10\",\"A\"],[\"21\",\"S\"]],"
	  "\"lot\":\"A\",\"expiry\":\"2027-12-31\",\"expiry_precision\":\"day\",\"serial\":\"S\","
	  "\"ambiguous\":false,\"hints\":[]}\n" },
	{ ROW("text"), "hello",
	  "{\"ok\":true,\"kind\":\"other\",\"ambiguous\":false,\"hints\":[]}\n" },
	{ ROW("trace code"), "81012350000000157474",
	  "{\"ok\":true,\"kind\":\"trace_code\",\"elements\":[[\"cn-trace\",\"81012350000000157474\"],"
	  "[\"cn-drug-id\",\"8101235\"]],\"trace_code\":\"81012350000000157474\","
	  "\"ambiguous\":false,\"hints\":[]}\n" },
	{ ROW("quotation mark in a lot"),
	  "]C10109501101530003"
	  "10A\"",
	  "{\"ok\":true,\"kind\":\"gs1\",\"symbology\":\"gs1-128\",\"gtin\":\"09501101530003\","
	  "\"elements\":[[\"01\",\"09501101530003\"],[\"10\",\"A\\\"\"]],\"lot\":\"A\\\"\","
	  "\"ambiguous\":false,\"hints\":[]}\n" },
	{ ROW("empty line"), "",
	  "{\"ok\":false,\"error\":{\"code\":\"empty\",\"at\":0,"
	  "\"detail\":\"The scan holds no data: scan again.\"}}\n" },
	{ ROW("JSON line"),
	  "{\"input\":\"101313|17271200\",\"symbology\":null,\"config\":{\"separator\":\"|\"}}",
	  "{\"ok\":true,\"kind\":\"gs1\",\"elements\":[[\"10\",\"1313\"],[\"17\",\"271200\"]],\"lot\":\"1313\","
	  "\"expiry\":\"2027-12-31\",\"expiry_precision\":\"month\",\"ambiguous\":false,\"hints\":["
	  "{\"code\":\"companion_missing\",\"ai\":\"10\",\"detail\":\"(10) belongs with (01) or (02) or (03) "
	  "or (8006) or (8026): scan the item's other symbol too.\"},"
	  "{\"code\":\"companion_missing\",\"ai\":\"17\",\"detail\":\"(17) belongs with (01) or (02) or (03) "
	  "or (255) or (8006) or (8026): scan the item's other symbol too.\"}]}\n" },
	{ ROW("JSON line of a device with habits"),
	  "{\"input\":\"A+d210zß\",\"config\":{\"prefix\":\"A\",\"suffix\":\"\",\"fault\":\"de\"}}",
	  "{\"ok\":true,\"kind\":\"gs1\",\"symbology\":\"gs1-datamatrix\",\"elements\":[[\"10\",\"y-\"]],\"lot\":\"y-\","
	  "\"ambiguous\":false,\"hints\":[{\"code\":\"companion_missing\",\"ai\":\"10\",\"detail\":\"(10) belongs "
	  "with (01) or (02) or (03) or (8006) or (8026): scan the item's other symbol too.\"}]}\n" },
	{ ROW("a fault that is none"), "{\"input\":\"10A\",\"config\":{\"fault\":\"dvorak\"}}",
	  "{\"ok\":false,\"error\":{\"code\":\"transport\",\"at\":0,\"detail\":\"The device's profile "
	  "cannot be: name a known fault, and texts of 31 bytes at most.\"}}\n" },
	{ ROW("JSON line in base64"),
	  "{\"input_base64\":\"NjkwMTIzNDU2Nzg5Mg==\",\"symbology\":\"ean-13\"}",
	  "{\"ok\":true,\"kind\":\"gtin\",\"symbology\":\"ean-13\",\"gtin\":\"06901234567892\","
	  "\"elements\":[[\"01\",\"06901234567892\"]],\"ambiguous\":false,\"hints\":[]}\n" },
	{ ROW("base64 that is none"), "{\"input_base64\":\"****\"}",
	  "{\"ok\":false,\"error\":{\"code\":\"transport\",\"at\":0,\"detail\":"
	  "\"The scan's base64 cannot be read: send it again.\"}}\n" },
	{ ROW("brace that opens no JSON"), "{GS}",
	  "{\"ok\":true,\"kind\":\"other\",\"ambiguous\":false,\"hints\":[]}\n" },
};

static void check_answer(const struct parse_row *r, FILE *out)
{
	char answer[2048];
	size_t n;

	rewind(out);
	n = fread(answer, 1, sizeof(answer) - 1, out);
	answer[n] = '\0';
	row_check(r, strcmp(answer, r->answer) == 0, "%s", answer);
}

static void test_lines(void **state)
{
	(void)state;
	foreach(r, rows) {
		FILE *out = tmpfile();

		assert_non_null(out);
		parse_line(out, r->line, strlen(r->line), 20779);
		check_answer(r, out);
		fclose(out);
	}
}

/* A line is a scan, with or without a line end; one answer each. */
static void test_stream(void **state)
{
	char lines[] = "]C110A\r\n\nABC";
	FILE *in = fmemopen(lines, sizeof(lines) - 1, "r");
	FILE *out = tmpfile();
	int answers = 0;

	(void)state;
	assert_non_null(in);
	assert_non_null(out);
	assert_int_equal(parse_command(in, out, 20779), 0);
	rewind(out);
	for (int c = getc(out); c != EOF; c = getc(out))
		answers += c == '\n';
	assert_int_equal(answers, 3);
	fclose(in);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
