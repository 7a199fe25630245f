/* Sticky headers: the list of them. */
#include "commands/session/headers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands/session/state.h"

void
sticky_header_release(struct sticky_header *h)
{
	free(h->name);
	str_wipe_free(h->value);
	free(h->origin);
}

bool
sticky_header_unset(struct session *s, const char *name)
{
	for (size_t i = 0; i < s->n_headers; i++)
		if (strcasecmp(s->headers[i].name, name) == 0) {
			sticky_header_release(&s->headers[i]);
			memmove(&s->headers[i], &s->headers[i + 1], (--s->n_headers - i) * sizeof *s->headers);
			return true;
		}
	return false;
}

void
sticky_header_set(struct session *s, struct str name, struct str value)
{
	struct sticky_header set = { str_dup(name), str_dup(value), NULL };

	sticky_header_unset(s, set.name);
	s->headers = mem_resize(s->headers, (s->n_headers + 1) * sizeof *s->headers);
	s->headers[s->n_headers++] = set;
}

const struct sticky_header *
sticky_header_at(const struct session *s, size_t i)
{
	return i < s->n_headers ? &s->headers[i] : NULL;
}
