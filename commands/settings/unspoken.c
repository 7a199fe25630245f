/* What is named in a list of the hello but not spoken here: it goes out as a number, and cannot be used. */
#include "commands/settings/private.h"

static bool
is_in(const struct tls_name *(*at)(size_t index), uint16_t id)
{
	for (size_t i = 0; at(i) != NULL; i++)
		if (at(i)->id == id)
			return true;
	return false;
}

static bool
group_spoken(uint16_t id)
{
	return is_in(tls_group_at, id);
}

static bool
scheme_spoken(uint16_t id)
{
	return is_in(tls_scheme_at, id);
}

/* The two that signal something are sent by settings of their own. */
static bool
suite_spoken(uint16_t id)
{
	return tls_suite_find(id) != NULL || id == SCSV_RENEGOTIATION || id == SCSV_FALLBACK;
}

/* The sentence; NULL when all of them are spoken. */
static char *
note(const uint16_t *ids, size_t n, bool (*spoken)(uint16_t id), const char *(*name)(uint16_t id), const char *follows)
{
	struct buf out;
	size_t count = 0;

	buf_init(&out, 0);
	for (size_t i = 0; i < n; i++)
		if (!spoken(ids[i]))
			buf_addf(&out, "%s%s", count++ > 0 ? ", " : "", name(ids[i]));
	if (count > 0)
		buf_addf(&out, " %s not spoken here: %s", count > 1 ? "are" : "is", follows);
	return count > 0 ? buf_take(&out) : NULL;
}

char *
setting_note_suites(const struct settings *s)
{
	const struct tls_config *c = &s->tls.config;

	return note(c->suites, c->n_suites, suite_spoken, tls_suite_name,
	    "offered literally, and a server that chooses it is refused");
}

char *
setting_note_groups(const struct settings *s)
{
	const struct tls_config *c = &s->tls.config;

	return note(c->groups, c->n_groups, group_spoken, tls_group_name,
	    "offered literally, and a server that chooses it is refused");
}

char *
setting_note_key_shares(const struct settings *s)
{
	const struct tls_config *c = &s->tls.config;

	return note(c->key_shares, c->n_key_shares, group_spoken, tls_group_name, "no key can be sent for it");
}

char *
setting_note_schemes(const struct settings *s)
{
	const struct tls_config *c = &s->tls.config;

	return note(c->schemes, c->n_schemes, scheme_spoken, tls_scheme_name,
	    "offered literally, and a server that signs with it is refused");
}
