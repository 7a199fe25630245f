/* A stream into memory. */
#include "commands/capture.h"

#include <stdlib.h>

FILE *
capture_open(struct capture *c)
{
	*c = (struct capture){ .out = NULL };
	while ((c->out = open_memstream(&c->text, &c->size)) == NULL)
		mem_find_room();
	return c->out;
}

struct str
capture_close(struct capture *c)
{
	if (fclose(c->out) != 0)
		mem_note_missed();
	return str_from(c->text, c->text != NULL ? c->size : 0);
}

void
capture_release(struct capture *c)
{
	if (c->text != NULL)
		mem_wipe(c->text, c->size);
	free(c->text);
	*c = (struct capture){ .out = NULL };
}
