/* Settings as text: lists, help, the commands that give them, the key of what is kept under them. */
#include <stdlib.h>
#include <string.h>

#include "commands/settings/private.h"
#include "net/quote.h"

char *
settings_wire_key(const struct settings *s)
{
	const struct setting *row;
	struct buf key;

	buf_init(&key, 0);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		const char *text = s->slots[i].text;

		if (!row->cosmetic && text != NULL && strcmp(text, row->initial) != 0)
			buf_addf(&key, "%s %s %s\n", row->group, row->name, text);
	}
	return buf_take(&key);
}

void
settings_list(const struct settings *s, const char *group, bool changed_only, struct buf *out)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		struct str rest = str_of(setting_text(s, row));
		enum setting_origin origin = s->slots[i].origin;

		if (strcmp(row->group, group) != 0 || (changed_only && origin == ORIGIN_DEFAULT))
			continue;
		do {
			struct str line = str_cut(&rest, '\n');

			if (origin == ORIGIN_DEFAULT)
				buf_addf(out, "%-19s %-24.*s  default      %s\n", row->name, STR_ARG(line),
				    row->summary);
			else
				buf_addf(out, "%-19s %-24.*s  %-11s  (default %s) %s\n", row->name, STR_ARG(line),
				    setting_origin_name(origin), row->initial, row->summary);
		} while (rest.p != NULL);
	}
}

static void
save_row(const struct setting *row, const char *text, struct buf *out)
{
	struct str rest = str_of(text);

	do {
		struct str line = str_cut(&rest, '\n');

		buf_addf(out, "%s", row->group);
		if (strcmp(row->group, "trust") != 0 || strcmp(row->name, "mode") != 0)
			buf_addf(out, " %s", row->name);
		buf_add_char(out, ' ');
		if (quote_needless(line, row->type == SETTING_LIST))
			buf_add_str(out, line);
		else
			quote_always(out, line);
		buf_add_char(out, '\n');
	} while (rest.p != NULL);
}

void
settings_save(const struct settings *s, struct buf *out)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (s->slots[i].origin >= ORIGIN_SESSION && strcmp(setting_text(s, row), row->initial) != 0)
			save_row(row, setting_text(s, row), out);
}

void
settings_save_rows(const struct settings *s, bool (*chosen)(const struct setting *row), struct buf *out)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (chosen(row) && strcmp(setting_text(s, row), row->initial) != 0)
			save_row(row, setting_text(s, row), out);
}

/* ---- groups of rows ---- */
struct settings_kept {
	bool (*chosen)(const struct setting *row);
	size_t n;
	struct setting_slot *slots;
};

bool
setting_in_profile(const struct setting *row)
{
	return row->in_profile;
}

struct settings_kept *
settings_keep(const struct settings *s, bool (*chosen)(const struct setting *row))
{
	struct settings_kept *kept = mem_alloc(sizeof *kept);

	kept->chosen = chosen;
	while (setting_at(kept->n) != NULL)
		kept->n++;
	kept->slots = mem_alloc(kept->n * sizeof *kept->slots);
	for (size_t i = 0; i < kept->n; i++)
		if (chosen(setting_at(i)) && s->slots[i].text != NULL)
			kept->slots[i] = (struct setting_slot){ str_dup(str_of(s->slots[i].text)), s->slots[i].origin };
	return kept;
}

void
settings_restore(struct settings *s, const struct settings_kept *kept)
{
	settings_reset(s, kept->chosen);
	for (size_t i = 0; i < kept->n; i++)
		if (kept->slots[i].text != NULL)
			setting_set(s, setting_at(i), str_of(kept->slots[i].text), kept->slots[i].origin, NULL);
}

void
settings_kept_free(struct settings_kept *kept)
{
	for (size_t i = 0; i < kept->n; i++)
		free(kept->slots[i].text);
	free(kept->slots);
	free(kept);
}

void
settings_reset(struct settings *s, bool (*chosen)(const struct setting *row))
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (chosen(row))
			setting_reset(s, row, NULL);
}
