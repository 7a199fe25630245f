/* Sticky headers: the list of them. */
#include "commands/session/headers.h"

#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

void
sticky_header_release(struct sticky_header *h)
{
	free(h->name);
	str_wipe_free(h->value);
	free(h->origin);
}

static struct str
name_of(const void *headers, size_t at)
{
	return str_of(((const struct sticky_header *)headers)[at].name);
}

bool
sticky_header_unset(struct session *s, const char *name)
{
	size_t i = index_find(&s->header_names, s->headers, str_of(name));

	if (i == INDEX_NONE)
		return false;
	sticky_header_release(&s->headers[i]);
	memmove(&s->headers[i], &s->headers[i + 1], (--s->n_headers - i) * sizeof *s->headers);
	index_renew(&s->header_names, s->headers, s->n_headers);
	return true;
}

void
sticky_header_set(struct session *s, struct str name, struct str value)
{
	struct sticky_header set = { str_dup(name), str_dup(value), NULL };
	size_t i = index_find(&s->header_names, s->headers, name);

	if (i != INDEX_NONE) {
		sticky_header_release(&s->headers[i]);
		s->headers[i] = set;
		return;
	}
	s->headers = mem_resize(s->headers, (s->n_headers + 1) * sizeof *s->headers);
	s->headers[s->n_headers] = set;
	s->header_names.name = name_of;
	s->header_names.nocase = true;
	index_add(&s->header_names, s->headers, s->n_headers++);
}

const struct sticky_header *
sticky_header_at(const struct session *s, size_t i)
{
	return i < s->n_headers ? &s->headers[i] : NULL;
}
