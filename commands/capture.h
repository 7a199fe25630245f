/*
 * A stream into memory:
 *
 *	struct capture c;
 *	FILE *out = capture_open(&c);
 *	... fprintf(out, ...) ...
 *	struct str text = capture_close(&c);     valid until
 *	capture_release(&c);
 *
 * Memory that is out ends the text; mem_missed() of net/mem.h tells, and the command will have failed.
 */
#ifndef COMMANDS_CAPTURE_H
#define COMMANDS_CAPTURE_H

#include <stdio.h>

#include "net/str.h"

struct capture {
	FILE *out;
	char *text;
	size_t size;
};

FILE *capture_open(struct capture *c); /* never NULL */
struct str capture_close(struct capture *c);
void capture_release(struct capture *c); /* wipes it: it may be secret */

#endif
