/* Attempts at an origin and the settings they were made under: what one changed setting does, and what was tried. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"
#include "net/quote.h"

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

/* The first line of the key. */
static struct str
origin_of(const char *key)
{
	struct str rest = str_of(key);

	return str_cut(&rest, '\n');
}

static bool
is_at(const struct attempt_note *n, const struct connection *c)
{
	return n->key != NULL && str_eq(origin_of(n->key), origin_of(c->key));
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
	free(n->key);
	free(n->settings);
	free(n->outcome);
	*n = (struct attempt_note){ .key = NULL };
}

/* The oldest makes room. */
void
attempts_note(struct session *s, const struct connection *c)
{
	struct attempt_note new = { str_dup(str_of(c->key)), settings_of(c), outcome_of(c),
		c->failure.kind != ERROR_NONE };
	size_t place = 0;

	while (place < SESSION_ATTEMPTS - 1 && s->notes[place].key != NULL && strcmp(s->notes[place].key, new.key) != 0)
		place++;
	note_release(&s->notes[place]);
	memmove(&s->notes[1], &s->notes[0], place * sizeof s->notes[0]);
	s->notes[0] = new;
}

/* A newer one tells of the same bytes: whom to believe made the difference. */
static bool
told_already(const struct session *s, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (str_eq(origin_of(s->notes[i].key), origin_of(s->notes[k].key)) &&
		    strcmp(s->notes[i].settings, s->notes[k].settings) == 0)
			return true;
	return false;
}

const struct attempt_note *
attempts_before(const struct session *s, const struct connection *c, size_t i)
{
	char *settings = settings_of(c);
	const struct attempt_note *found = NULL;

	for (size_t k = 0; k < SESSION_ATTEMPTS && found == NULL; k++) {
		const struct attempt_note *n = &s->notes[k];

		if (is_at(n, c) && strcmp(n->settings, settings) != 0 && !told_already(s, k) && i-- == 0)
			found = n;
	}
	free(settings);
	return found;
}

/* ---- what else could be tried ---- */
/* Does to the settings what the command would. 1: another value is set; 0: the same; -1: it sets nothing. */
static int
type_command(struct settings *settings, struct str command)
{
	struct str rest = command, group = str_cut(&rest, ' '), name = str_cut(&rest, ' ');
	char *word = str_dup(group), *before;
	const struct setting *row = setting_find(word, name, NULL);
	int status;

	free(word);
	if (row == NULL || rest.n == 0)
		return -1;
	before = str_dup(str_of(setting_text(settings, row)));
	status = setting_set(settings, row, rest, ORIGIN_COMMAND, NULL);
	if (status == 0)
		status = strcmp(before, setting_text(settings, row)) != 0;
	free(before);
	return status;
}

static bool
has_failed(const struct session *s, const char *key)
{
	for (size_t k = 0; k < SESSION_ATTEMPTS; k++)
		if (s->notes[k].key != NULL && s->notes[k].failed && strcmp(s->notes[k].key, key) == 0)
			return true;
	return false;
}

bool
attempts_useless(const struct session *s, const struct connection *c, const char *commands)
{
	struct str rest = str_of(commands), origin = origin_of(c->key);
	struct settings settings;
	int changes = 0;
	char *now, *then;
	bool useless;

	settings_copy(&settings, &s->settings);
	while (rest.n > 0 && changes >= 0) {
		int changed = type_command(&settings, str_trim(str_cut(&rest, ';')));

		changes = changed < 0 ? -1 : changes + changed;
	}
	now = connection_key_of(&s->settings, origin);
	then = connection_key_of(&settings, origin);
	/* what is no matter of the wire, like keeping sessions, leaves the key alone */
	useless = changes == 0 || (changes > 0 && strcmp(now, then) != 0 && has_failed(s, then));
	free(now);
	free(then);
	settings_release(&settings);
	return useless;
}

/* The value that a row had under a key. */
static struct str
value_under(const char *key, const struct setting *row)
{
	struct str rest = str_of(key), line;
	char *begin = str_printf("%s %s ", row->group, row->name);
	struct str value = str_of(row->initial);

	str_cut(&rest, '\n');
	while (rest.n > 0) {
		line = str_cut(&rest, '\n');
		if (str_starts(line, str_of(begin)))
			value = str_slice(line, strlen(begin), line.n);
	}
	free(begin);
	return value;
}

/* Whom to believe, and whose certificate is shown, is no experiment. */
static bool
is_tried(const struct setting *row)
{
	return row->in_profile || (!row->cosmetic && !row->repeatable && strcmp(row->group, "set") == 0);
}

char *
attempts_undo(const struct session *s, const struct connection *c)
{
	const struct attempt_note *first = NULL;
	const struct setting *row;
	struct buf out;

	for (size_t k = 0; k < SESSION_ATTEMPTS; k++)
		if (is_at(&s->notes[k], c) && s->notes[k].failed)
			first = &s->notes[k];
	if (first == NULL)
		return NULL;
	buf_init(&out, 0);
	for (size_t k = 0; (row = setting_at(k)) != NULL; k++) {
		struct str value = value_under(first->key, row);

		if (!is_tried(row) || str_is(value, setting_text(&s->settings, row)))
			continue;
		buf_addf(&out, "%s%s %s ", out.len > 0 ? "; " : "", row->group, row->name);
		quote_word(&out, value);
	}
	if (out.len > 0)
		return buf_take(&out);
	buf_release(&out);
	return NULL;
}

void
attempts_release(struct session *s)
{
	for (size_t i = 0; i < SESSION_ATTEMPTS; i++)
		note_release(&s->notes[i]);
}
