/* The settings as a whole: the list of rows, and what each of them is set to. */
#include "commands/settings/settings.h"

#include <stdlib.h>
#include <string.h>

#include "commands/settings/private.h"
#include "net/nearest.h"

static const struct setting *const tables[] = { set_settings, tls_settings, trust_settings };

const struct setting *
setting_at(size_t index)
{
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
		for (const struct setting *row = tables[t]; row->name != NULL; row++)
			if (index-- == 0)
				return row;
	return NULL;
}

static struct setting_slot *
slot_of(const struct settings *s, const struct setting *row)
{
	size_t i = 0;

	for (const struct setting *at; (at = setting_at(i)) != NULL; i++)
		if (at == row)
			return &s->slots[i];
	abort();
}

static void
hint_near(const char *group, struct str name, struct error *error)
{
	const struct setting *row;
	struct nearest near = { .word = name };

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (strcmp(row->group, group) == 0)
			nearest_see(&near, row->name);
	if (near.name != NULL)
		remark(error, "did you mean \"%s %s\"?", group, near.name);
	else
		hint(error, "%s", group);
}

const struct setting *
setting_find(const char *group, struct str name, struct error *error)
{
	const struct setting *row, *found = NULL;
	size_t matches = 0;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		if (strcmp(row->group, group) != 0)
			continue;
		if (str_is(name, row->name))
			return row;
		if (name.n > 0 && str_starts(str_of(row->name), name)) {
			found = row;
			matches++;
		}
	}
	if (matches == 1)
		return found;
	if (error == NULL)
		return NULL;
	if (matches > 1)
		fail(error, ERROR_USAGE, 0, "\"%s %.*s\" is ambiguous", group, STR_ARG(name));
	else
		fail(error, ERROR_USAGE, 0, "there is no setting \"%s %.*s\"", group, STR_ARG(name));
	hint_near(group, name, error);
	return NULL;
}

/* ---- values ---- */
/* The values of a repeatable row with one more, which stands last; one about the same gives way. */
static char *
with_value(const struct setting *row, const char *values, const char *value)
{
	struct str rest = str_of(values);
	struct buf out;

	buf_init(&out, 0);
	while (rest.p != NULL) {
		struct str line = str_cut(&rest, '\n');

		if (row->subject != NULL ? !str_eq_nocase(row->subject(line), row->subject(str_of(value))) :
					   !str_is(line, value))
			buf_addf(&out, "%.*s\n", STR_ARG(line));
	}
	buf_add_str(&out, str_of(value));
	return buf_take(&out);
}

/* A profile that was changed by hand is no longer what its name says. */
static void
changed(struct settings *s, const struct setting *row, enum setting_origin origin)
{
	if (origin != ORIGIN_PROFILE && row->in_profile)
		s->tls.profile_changed = true;
}

int
setting_set(struct settings *s, const struct setting *row, struct str value, enum setting_origin origin,
    struct error *error)
{
	struct setting_slot *slot = slot_of(s, row);
	char *text = setting_canonical(row, str_trim(value), error);

	if (text == NULL)
		return -1;
	if (row->repeatable && strcmp(text, "off") != 0 && slot->text != NULL && strcmp(slot->text, "off") != 0) {
		char *all = with_value(row, slot->text, text);

		free(text);
		text = all;
	}
	if (row->apply(s, row, str_of(text), error) != 0) {
		free(text);
		return -1;
	}
	free(slot->text);
	slot->text = text;
	slot->origin = origin;
	changed(s, row, origin);
	return 0;
}

int
setting_reset(struct settings *s, const struct setting *row, struct error *error)
{
	struct setting_slot *slot = slot_of(s, row);

	if (row->apply(s, row, str_of(row->initial), error) != 0)
		return -1;
	free(slot->text);
	*slot = (struct setting_slot){ .text = NULL };
	changed(s, row, ORIGIN_COMMAND);
	return 0;
}

const char *
setting_text(const struct settings *s, const struct setting *row)
{
	const struct setting_slot *slot = slot_of(s, row);

	return slot->text != NULL ? slot->text : row->initial;
}

enum setting_origin
setting_origin(const struct settings *s, const struct setting *row)
{
	return slot_of(s, row)->origin;
}

const char *
setting_origin_name(enum setting_origin origin)
{
	static const char *const names[] = { "default", "environment", "session", "command", "profile" };

	return names[origin];
}

/* ---- all of them ---- */
static size_t
row_count(void)
{
	size_t n = 0;

	while (setting_at(n) != NULL)
		n++;
	return n;
}

void
settings_init(struct settings *s)
{
	const struct setting *row;

	*s = (struct settings){ .slots = mem_alloc(row_count() * sizeof *s->slots) };
	tls_config_init(&s->tls.config);
	s->tls.config.literal = true;
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		row->apply(s, row, str_of(row->initial), NULL);
	if (getenv("SSLKEYLOGFILE") != NULL && getenv("SSLKEYLOGFILE")[0] != '\0')
		setting_set(s, setting_find("tls", STR("keylog"), NULL), str_of(getenv("SSLKEYLOGFILE")),
		    ORIGIN_ENVIRONMENT, NULL);
}

void
settings_release(struct settings *s)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		free(s->slots[i].text);
		if (row->memory != NULL)
			row->memory->release(s, row);
	}
	free(s->slots);
	free(s->tls.profile);
}

void
settings_copy(struct settings *to, const struct settings *from)
{
	const struct setting *row;

	*to = *from;
	to->slots = mem_alloc(row_count() * sizeof *to->slots);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		to->slots[i] = from->slots[i];
		if (to->slots[i].text != NULL)
			to->slots[i].text = str_dup(str_of(to->slots[i].text));
		if (row->memory != NULL)
			row->memory->own(to, row);
	}
	if (to->tls.profile != NULL)
		to->tls.profile = str_dup(str_of(to->tls.profile));
}

bool
settings_equal(const struct settings *a, const struct settings *b)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (strcmp(setting_text(a, row), setting_text(b, row)) != 0)
			return false;
	return true;
}

/* ---- dangers ---- */
static void
add_danger(const struct settings *s, const struct setting *row, enum setting_danger least, struct buf *out)
{
	if (row->danger == NULL || row->danger(s, row) < least)
		return;
	buf_add_str(out, out->len > 0 ? STR(", ") : STR(""));
	if (row->danger_name != NULL)
		buf_add_str(out, str_of(row->danger_name));
	else
		buf_addf(out, "%s %s", row->group, setting_text(s, row));
}

void
settings_dangers(const struct settings *s, bool (*chosen)(const struct setting *row), enum setting_danger least,
    struct buf *out)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (chosen(row))
			add_danger(s, row, least, out);
}
