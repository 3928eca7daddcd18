/*
 * The codes of the printed command sheet: they drive the workstation and are never sent as scans.
 */
#ifndef WORKSTATION_COMMAND_CODE_H
#define WORKSTATION_COMMAND_CODE_H

#include <stdint.h>

#include "workstation/record.h"

enum command_kind {
	COMMAND_NONE,     /* a scan like any other */
	COMMAND_MOVEMENT, /* switch to `movement` */
	COMMAND_QUANTITY, /* `quantity` of the next scan */
	COMMAND_ELSEWHERE /* of the sheet, but for the scan page; or one that this version does not know */
};

struct command_code {
	enum command_kind kind;
	const char *movement;
	uint32_t quantity; /* 1 to 9999 */
};

/* What the code of a scan asks for. */
struct command_code command_code_read(struct bytes code);

#endif
