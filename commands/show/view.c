/* The terminal: how wide it is, and how a person is asked. */
#include <unistd.h>

#include "commands/show/private.h"

void
view_set_terminal(struct view *v, bool terminal, bool colour, unsigned columns)
{
	v->terminal = terminal;
	v->colour = colour;
	v->columns = columns > 0 ? columns : 80;
}

void
view_set_shown(struct view *v, const FILE *shown)
{
	v->shown = shown;
}

void
view_set_ask(struct view *v, int (*ask)(void *context, const char *prompt, bool echo, struct buf *answer),
    void *context)
{
	v->ask = ask;
	v->ask_context = context;
}

int
view_ask_secret(struct view *v, const char *prompt, struct buf *answer)
{
	return v != NULL && v->ask != NULL ? v->ask(v->ask_context, prompt, false, answer) : -1;
}

size_t
view_width(const struct view *v, FILE *out)
{
	if (v == NULL)
		return 0;
	return out == v->shown || (v->terminal && out == v->err) || (fileno(out) >= 0 && isatty(fileno(out))) ?
	    v->columns :
	    0;
}
