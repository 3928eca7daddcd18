/*
 * Every action is one statement that the service uses too, in a transaction
 * with the settings of an administrator; so rules and audit rows are the same.
 */
#include "access/account_command.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/password.h"
#include "access/token.h"
#include "core/db_sync.h"
#include "core/err.h"
#include "schema/queries.h"

#define EXIT_REFUSED 1
#define EXIT_USAGE 2
#define EXIT_LOST 3

#define PAGE "1000"

const char account_command_help[] =
	"  user create NAME --role clerk|manager|supplier|admin [--pharmacy ID] [--supplier ID] [--name TEXT]\n"
	"  user password ID\n"
	"  key create --kind agent|supplier|metrics [--pharmacy ID|--supplier ID] [--name TEXT]\n"
	"  user|key list\n"
	"  user|key disable ID\n";

/* What stands on the command line after the action. */
struct words {
	const char *operand; /* NAME or ID */
	const char *role;
	const char *kind;
	const char *pharmacy;
	const char *supplier;
	const char *name;
};

static int complain(int code, const char *text)
{
	fprintf(stderr, "yaoku: %s\n", text);
	return code;
}

static int usage(void)
{
	fprintf(stderr, "usage:\n%s", account_command_help);
	return EXIT_USAGE;
}

/* True when argv could be read; every option takes a value and comes once. */
static bool read_words(int argc, char **argv, struct words *w)
{
	const struct {
		const char *option;
		const char **value;
	} options[] = {
		{ "--role", &w->role },         { "--kind", &w->kind },
		{ "--pharmacy", &w->pharmacy }, { "--supplier", &w->supplier },
		{ "--name", &w->name },
	};

	for (int i = 0; i < argc; i++) {
		const char **value = argv[i][0] != '-' ? &w->operand : NULL;

		for (size_t o = 0; o < sizeof(options) / sizeof(options[0]); o++) {
			if (strcmp(argv[i], options[o].option) == 0)
				value = options[o].value;
		}
		if (value == NULL || *value != NULL)
			return false;
		if (value != &w->operand && ++i == argc)
			return false;
		*value = argv[i];
	}
	return true;
}

static bool is_number(const char *text)
{
	size_t length = text != NULL ? strlen(text) : 0;

	return length > 0 && length < 10 && strspn(text, "0123456789") == length;
}

/* --- one statement as the administrator --- */

static int lost(struct db_sync *db, int err)
{
	return complain(err == ERR_DATABASE_DOWN ? EXIT_LOST : EXIT_REFUSED, db_sync_error(db));
}

/* Rows are the caller's when 0 is returned; else the error has been printed. */
static int ask(struct db_sync *db, const struct db_statement *statement, const char *const *args,
	       struct db_sync_rows **ret_rows)
{
	static const char *const admin[] = { "", "*", "", "admin", "command" };
	int err = db_sync_script(db, "BEGIN");

	if (err == 0)
		err = db_sync_ask(db, &sql_enter, admin, NULL);
	if (err == 0)
		err = db_sync_ask(db, statement, args, ret_rows);
	if (err == 0) {
		err = db_sync_script(db, "COMMIT");
		if (err != 0)
			db_sync_rows_free(*ret_rows);
	}
	return err == 0 ? 0 : lost(db, err);
}

/* A statement that answers problem, detail, body. Prints what was refused. */
static int change(struct db_sync *db, const struct db_statement *statement, const char *const *args,
		  char *ret_body, size_t size)
{
	struct db_sync_rows *rows = NULL;
	int code = ask(db, statement, args, &rows);
	const char *problem, *detail, *body;

	if (code != 0)
		return code;
	problem = db_sync_value(rows, 0, 0);
	detail = db_sync_value(rows, 0, 1);
	body = db_sync_value(rows, 0, 2);
	if (problem != NULL)
		code = complain(EXIT_REFUSED, detail != NULL ? detail : problem);
	else
		snprintf(ret_body, size, "%s", body != NULL ? body : "{}");
	db_sync_rows_free(rows);
	return code;
}

/* --- passwords --- */

/* A line of standard input, or a new one when a person sits there. True when it was made here. */
static bool read_password(char *ret_password, size_t size)
{
	char token[TOKEN_SIZE];

	if (!isatty(STDIN_FILENO) && fgets(ret_password, (int)size, stdin) != NULL &&
	    strcspn(ret_password, "\r\n") > 0) {
		ret_password[strcspn(ret_password, "\r\n")] = '\0';
		return false;
	}
	token_new(token);
	snprintf(ret_password, size, "%.20s", token);
	return true;
}

/* Read or make a password and hash it. Returns an exit code. */
static int make_secret(const char *username, char *ret_encoded, char *ret_made, size_t size)
{
	char password[PASSWORD_MAX + 2];
	bool made = read_password(password, sizeof(password));
	const char *fault = password_fault(password, username);

	ret_made[0] = '\0';
	if (fault != NULL)
		return complain(EXIT_REFUSED, fault);
	if (password_hash(password, strlen(password), ret_encoded) != 0)
		return complain(EXIT_LOST, "out of memory");
	if (made)
		snprintf(ret_made, size, "%s", password);
	explicit_bzero(password, sizeof(password));
	return 0;
}

static void print_made(const char *made)
{
	if (made[0] != '\0')
		printf("password, shown once: %s\n", made);
}

/* --- actions --- */

static int create_user(struct db_sync *db, const struct words *w)
{
	char encoded[PASSWORD_ENCODED_SIZE], made[TOKEN_SIZE], body[1024];
	int code;

	if (w->operand == NULL || w->role == NULL || w->kind != NULL)
		return usage();
	code = make_secret(w->operand, encoded, made, sizeof(made));
	if (code == 0)
		code = change(db, &sql_account_create,
			      (const char *[]){ w->operand, w->name != NULL ? w->name : w->operand,
						w->role, w->pharmacy, w->supplier, encoded },
			      body, sizeof(body));
	if (code == 0) {
		puts(body);
		print_made(made);
	}
	return code;
}

static int set_password(struct db_sync *db, const struct words *w)
{
	char encoded[PASSWORD_ENCODED_SIZE], made[TOKEN_SIZE], body[1024];
	int code;

	if (!is_number(w->operand))
		return usage();
	code = make_secret(NULL, encoded, made, sizeof(made));
	if (code == 0)
		code = change(db, &sql_account_password,
			      (const char *[]){ w->operand, encoded, NULL }, body, sizeof(body));
	if (code == 0)
		print_made(made);
	return code;
}

static int create_key(struct db_sync *db, const struct words *w)
{
	char keyid[KEYID_SIZE], secret[TOKEN_SIZE], stored[TOKEN_SIZE], body[1024];
	int code;

	if (w->kind == NULL || w->operand != NULL || w->role != NULL)
		return usage();
	key_make(keyid, secret, stored);
	code = change(db, &sql_key_create,
		      (const char *[]){ keyid, w->name != NULL ? w->name : w->kind, w->kind,
					w->pharmacy, w->supplier, stored },
		      body, sizeof(body));
	if (code == 0)
		printf("%s.%s\n", keyid, secret);
	return code;
}

static int list(struct db_sync *db, const struct db_statement *statement, const struct words *w)
{
	struct db_sync_rows *rows = NULL;
	int code = ask(db, statement, (const char *[]){ w->pharmacy, NULL, PAGE }, &rows);

	if (code != 0)
		return code;
	puts("id\tlogin\tname\trole\tpharmacy\tsupplier\tcreated\tdisabled");
	for (int row = 0; row < db_sync_count(rows); row++) {
		for (int column = 0; column < 8; column++) {
			const char *value = db_sync_value(rows, row, column);

			printf("%s%s", column > 0 ? "\t" : "", value != NULL ? value : "-");
		}
		putchar('\n');
	}
	db_sync_rows_free(rows);
	return 0;
}

static int disable(struct db_sync *db, const struct db_statement *statement, const struct words *w)
{
	char body[256];

	if (!is_number(w->operand))
		return usage();
	return change(db, statement, (const char *[]){ w->operand }, body, sizeof(body));
}

int account_command(struct db_sync *db, int argc, char **argv)
{
	bool key = strcmp(argv[0], "key") == 0;
	const char *action = argc > 1 ? argv[1] : "";
	struct words w = { .operand = NULL };

	if (argc < 2 || !read_words(argc - 2, argv + 2, &w) ||
	    (w.pharmacy != NULL && !is_number(w.pharmacy)) ||
	    (w.supplier != NULL && !is_number(w.supplier)))
		return usage();
	if (strcmp(action, "list") == 0)
		return list(db, key ? &sql_key_list : &sql_account_list, &w);
	if (strcmp(action, "disable") == 0)
		return disable(db, key ? &sql_key_disable : &sql_account_disable, &w);
	if (strcmp(action, "create") == 0)
		return key ? create_key(db, &w) : create_user(db, &w);
	if (strcmp(action, "password") == 0 && !key)
		return set_password(db, &w);
	return usage();
}
