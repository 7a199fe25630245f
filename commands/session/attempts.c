/* Earlier attempts at an origin and the tls settings they were made under: what one changed setting does. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

/* "tls proto tls1.0; set max-segment 536" of a connection's key, whose first line is the origin: what changes the
 * bytes, not where they go or who is believed. */
static char *
settings_of(const struct connection *c)
{
	struct str rest = str_of(c->key);
	struct buf out;

	buf_init(&out, 0);
	str_cut(&rest, '\n');
	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		if (str_starts(line, STR("tls ")) ||
		    (str_starts(line, STR("set ")) && !str_starts(line, STR("set resolve "))))
			buf_addf(&out, "%s%.*s", out.len > 0 ? "; " : "", STR_ARG(line));
	}
	return out.len > 0 ? buf_take(&out) : str_dup(STR("the default settings"));
}

static char *
origin_of(const struct connection *c)
{
	struct str rest = str_of(c->key);

	return str_dup(str_cut(&rest, '\n'));
}

static char *
outcome_of(const struct connection *c)
{
	const struct tls_info *i = connection_tls(c);

	if (c->failure.kind != ERROR_NONE)
		return str_dup(str_of(c->failure.text));
	return i != NULL ? str_printf("connected, %s %s", tls_version_name(i->version), tls_suite_name(i->suite)) :
			   str_dup(STR("connected"));
}

static void
note_release(struct attempt_note *n)
{
	free(n->origin);
	free(n->settings);
	free(n->outcome);
	*n = (struct attempt_note){ .origin = NULL };
}

/* The oldest makes room. */
void
attempts_note(struct session *s, const struct connection *c)
{
	struct attempt_note new = { origin_of(c), settings_of(c), outcome_of(c) };
	size_t place = 0;

	while (place < SESSION_ATTEMPTS - 1 && s->notes[place].origin != NULL &&
	    (strcmp(s->notes[place].origin, new.origin) != 0 || strcmp(s->notes[place].settings, new.settings) != 0))
		place++;
	note_release(&s->notes[place]);
	memmove(&s->notes[1], &s->notes[0], place * sizeof s->notes[0]);
	s->notes[0] = new;
}

const struct attempt_note *
attempts_before(const struct session *s, const struct connection *c, size_t i)
{
	char *origin = origin_of(c), *settings = settings_of(c);
	const struct attempt_note *found = NULL;

	for (size_t k = 0; k < SESSION_ATTEMPTS && found == NULL; k++) {
		const struct attempt_note *n = &s->notes[k];

		if (n->origin != NULL && strcmp(n->origin, origin) == 0 && strcmp(n->settings, settings) != 0 &&
		    i-- == 0)
			found = n;
	}
	free(origin);
	free(settings);
	return found;
}

void
attempts_release(struct session *s)
{
	for (size_t i = 0; i < SESSION_ATTEMPTS; i++)
		note_release(&s->notes[i]);
}
