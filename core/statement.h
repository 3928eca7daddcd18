/*
 * One SQL statement as the build embeds it: schema/embed.py turns every file
 * below schema/query/ into a constant of this type. SQL is never written in C.
 */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

struct db_statement {
	const char *name; /* stem of the file; the name it is prepared under */
	const char *text; /* the whole file, head comment included */
	int parameters;   /* highest $n in the text, 0 when it takes none */
};

#endif
