/* The pages that are built into the binary (web/), served as files. */
#ifndef SERVICE_PAGES_H
#define SERVICE_PAGES_H

#include "core/http.h"

/*
 * Answer a call with the file of its path; "/" is the start page. GET only.
 * Compressed when the client takes gzip, 304 when it has this content already.
 */
void pages_answer(struct http_call *call);

#endif
