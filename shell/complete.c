#include "shell/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/html/page.h"
#include "commands/profiles.h"
#include "commands/settings.h"
#include "net/lab/lab.h"
#include "net/tls/tls.h"
#include "shell/table.h"

static void
offer(struct completions *c, struct str word)
{
	if (c->n == COMPLETIONS_MAX || !str_starts(word, c->typed))
		return;
	/* names of files and classes come from anywhere; nothing of them steers the terminal */
	for (size_t i = 0; i < word.n; i += str_utf8(str_slice(word, i, word.n)))
		if ((uint8_t)word.p[i] < 0x20 || word.p[i] == 0x7F || str_utf8(str_slice(word, i, word.n)) == 0 ||
		    ((uint8_t)word.p[i] == 0xC2 && (uint8_t)word.p[i + 1] < 0xA0))
			return;
	for (size_t i = 0; i < c->n; i++)
		if (str_is(word, c->items[i]))
			return;
	c->items = mem_resize(c->items, (c->n + 1) * sizeof(*c->items));
	c->items[c->n++] = str_dup(word);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
offer_choices(struct completions *c, const char *choices)
{
	struct str rest = str_of(choices);

	while (rest.n > 0)
		offer(c, str_cut(&rest, '|'));
}

static void
offer_taken(struct completions *c, char *word)
{
	offer(c, str_of(word));
	free(word);
}

static void
offer_files(struct completions *c, bool directories_only)
{
	struct str folder = c->typed;
	char *path, *whole;
	DIR *d;

	while (folder.n > 0 && folder.p[folder.n - 1] != '/')
		folder.n--;
	path = folder.n > 0 ? str_dup(folder) : str_dup(STR("."));
	d = opendir(path);
	for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d)) {
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || (e->d_name[0] == '.' && c->typed.n == folder.n))
			continue;
		whole = str_printf("%.*s%s", STR_ARG(folder), e->d_name);
		if (stat(whole, &st) == 0 && S_ISDIR(st.st_mode))
			offer_taken(c, str_printf("%s/", whole));
		else if (!directories_only)
			offer(c, str_of(whole));
		free(whole);
	}
	if (d != NULL)
		closedir(d);
	free(path);
	c->finish = c->n != 1 || c->items[0][strlen(c->items[0]) - 1] != '/';
}

/* The whole, the origin, the path; and without the scheme, which then is https. */
static void
offer_url(struct completions *c, struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	struct str rest = str_slice(url, (size_t)at + 3, url.n);
	ptrdiff_t path = at < 0 ? -1 : str_find_char(rest, '/');

	offer(c, url);
	if (path < 0)
		return;
	offer(c, str_slice(url, 0, url.n - rest.n + (size_t)path + 1));
	offer(c, str_slice(rest, (size_t)path, rest.n));
	if (c->typed.n > 0 && str_starts(url, STR("https:"))) {
		offer(c, rest);
		offer(c, str_slice(rest, 0, (size_t)path + 1));
	}
}

static void
offer_urls(struct shell *sh, struct completions *c)
{
	const char *url;

	for (size_t i = 0; (url = session_visited_url(sh->session, i)) != NULL; i++)
		offer_url(c, str_of(url));
	for (size_t i = 0; i < lab_room_count(); i++) {
		char *text = str_printf("https://%s/", lab_room_at(i)->host);

		offer_url(c, str_of(text));
		free(text);
	}
	c->finish = false;
}

static void
offer_hosts(struct shell *sh, struct completions *c)
{
	const char *url;

	for (size_t i = 0; (url = session_visited_url(sh->session, i)) != NULL; i++) {
		struct str host = str_of(url);
		ptrdiff_t at = str_find(host, STR("://"));

		host = str_slice(host, at < 0 ? 0 : (size_t)at + 3, host.n);
		offer(c, str_cut(&host, '/'));
	}
	for (size_t i = 0; i < lab_room_count(); i++)
		offer(c, str_of(lab_room_at(i)->host));
}

static void
offer_header(struct completions *c, const char *name, const char *end)
{
	char *text = str_printf("%s%s", name, end);

	/* their case says nothing: as it was begun */
	if (c->typed.n > 0 && c->typed.p[0] == ascii_lower(c->typed.p[0]))
		for (char *p = text; *p != '\0'; p++)
			*p = ascii_lower(*p);
	offer_taken(c, text);
}

/* end: what is written behind the name */
static void
offer_headers(struct shell *sh, struct completions *c, const char *end)
{
	static const char *const names[] = { "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control",
		"Connection", "Content-Type", "Cookie", "Host", "If-Match", "If-Modified-Since", "If-None-Match", "Origin", "Pragma",
		"Range", "Referer", "User-Agent", "X-Forwarded-For", "X-Requested-With" };
	const char *name;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		offer_header(c, names[i], end);
	for (size_t i = 0; (name = session_header_name(sh->session, i)) != NULL; i++)
		offer_header(c, name, end);
}

static void
offer_selectors(struct shell *sh, struct completions *c)
{
	struct page *p = session_has_page(sh->session) ? session_page(sh->session, NULL) : NULL;
	char **words;
	size_t n, start = c->typed.n;

	if (p == NULL)
		return;
	/* name=SELECTOR is a column; [name=value] is not */
	while (start > 0 && strchr(" >+~,(=", c->typed.p[start - 1]) == NULL)
		if (strchr(".#", c->typed.p[--start]) != NULL)
			break;
	c->typed = str_slice(c->typed, start, c->typed.n);
	n = page_complete(p, c->typed, &words);
	for (size_t i = 0; i < n; i++)
		offer_taken(c, words[i]);
	free(words);
	c->finish = false;
}

/* The last of a comma- or colon-separated list. */
static void
offer_list(struct completions *c, enum arg_kind kind)
{
	size_t start = c->typed.n;
	const struct tls_suite_info *suite;

	while (start > 0 && c->typed.p[start - 1] != ',' && c->typed.p[start - 1] != ':')
		start--;
	c->typed = str_slice(c->typed, start, c->typed.n);
	for (size_t i = 0; kind == ARG_SUITE && (suite = tls_suite_at(i)) != NULL; i++) {
		offer(c, str_of(suite->iana));
		if (suite->openssl != NULL)
			offer(c, str_of(suite->openssl));
	}
	for (size_t i = 0; kind == ARG_GROUP && tls_group_at(i) != NULL; i++)
		offer(c, str_of(tls_group_at(i)->name));
	c->finish = false;
}

static void
offer_settings(struct completions *c, const char *group)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (strcmp(row->group, group) == 0)
			offer(c, str_of(row->name));
}

static void
offer_setting_value(struct completions *c, const char *group, const char *name)
{
	const struct setting *row = setting_find(group, str_of(name), NULL);

	if (row == NULL)
		return;
	if (strcmp(row->name, "ciphers") == 0)
		offer_list(c, ARG_SUITE);
	else if (strcmp(row->name, "groups") == 0 || strcmp(row->name, "key-shares") == 0)
		offer_list(c, ARG_GROUP);
	else if (row->type == SETTING_FILE)
		offer_files(c, false);
	if (row->type == SETTING_BOOL)
		offer_choices(c, "on|off");
	if (row->choices != NULL)
		offer_choices(c, row->choices);
	if (c->typed.n > 0)
		offer(c, STR("default"));
}

static void
offer_variables(struct shell *sh, struct completions *c)
{
	const char *name;

	for (size_t i = 0; (name = session_variable_name(i)) != NULL; i++)
		offer(c, str_of(name));
	for (size_t i = 0; i < sh->variables.n; i++)
		offer(c, str_of(sh->variables.items[i].name));
	for (size_t i = 0; (name = session_header_name(sh->session, i)) != NULL; i++)
		offer_taken(c, str_printf("header.%s", name));
	for (size_t i = 0; (name = session_cookie_name(sh->session, i)) != NULL; i++)
		offer_taken(c, str_printf("cookie.%s", name));
}

static void
offer_cookies(struct shell *sh, struct completions *c)
{
	const char *name;

	for (size_t i = 0; (name = session_cookie_name(sh->session, i)) != NULL; i++)
		offer(c, str_of(name));
}

static void
offer_commands(struct completions *c)
{
	for (const struct command *const *t = command_table(); *t != NULL; t++)
		offer(c, str_of((*t)->name));
}

static void
offer_argument(struct shell *sh, struct completions *c, const struct arg *a)
{
	switch (a->kind) {
	case ARG_CHOICE: offer_choices(c, a->choices); break;
	case ARG_URL: offer_urls(sh, c); break;
	case ARG_FILE: offer_files(c, false); break;
	case ARG_DIRECTORY: offer_files(c, true); break;
	case ARG_HEADER: offer_headers(sh, c, ""); break;
	case ARG_ITEM: offer_headers(sh, c, ":"); c->finish = false; break;
	case ARG_HOST: offer_hosts(sh, c); break;
	case ARG_COOKIE: offer_cookies(sh, c); break;
	case ARG_SELECTOR: offer_selectors(sh, c); break;
	case ARG_SUITE: case ARG_GROUP: offer_list(c, a->kind); break;
	case ARG_COMMAND: offer_commands(c); break;
	case ARG_VARIABLE: offer_variables(sh, c); break;
	case ARG_PROFILE:
		for (const struct profile *p = built_in_profiles; p->name != NULL; p++)
			offer(c, str_of(p->name));
		offer_choices(c, "save|show|off");
		break;
	default: break;
	}
}

static void
offer_options(struct completions *c, const struct command *command)
{
	for (const struct opt *o = command->opts; o != NULL && o->name != NULL; o++)
		offer_taken(c, str_printf("--%s", o->name));
}

/* The value of the option that the word in front names. */
static bool
offer_option_value(struct shell *sh, struct completions *c, const struct command *command, const char *before)
{
	for (const struct opt *o = command->opts; o != NULL && o->name != NULL; o++) {
		struct arg value = { o->value, o->kind, 0, o->choices };

		if (o->value == NULL || strncmp(before, "--", 2) != 0 || strcmp(before + 2, o->name) != 0)
			continue;
		offer_argument(sh, c, &value);
		return true;
	}
	return false;
}

static void offer_for(struct shell *sh, struct completions *c, const char *const *words, size_t n);

/* let NAME = COMMAND ..., expect fail KIND COMMAND ..., expect WHAT ... */
static void
offer_let(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	if (n == 1)
		for (size_t i = 0; i < sh->variables.n; i++)
			offer(c, str_of(sh->variables.items[i].name));
	if (n >= 3)
		offer_for(sh, c, words + 3, n - 3);
}

static void
offer_expect(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	if (n >= 2 && strcmp(words[1], "fail") == 0) {
		if (n == 2)
			offer_choices(c, "tls|certificate|network|http|status|limit|usage|other|any");
		else
			offer_for(sh, c, words + 3, n - 3);
	} else if (n == 1) {
		offer_choices(c, "fail|header|extract");
		offer_variables(sh, c);
	} else if (n == 2 && strcmp(words[1], "header") == 0) {
		offer_headers(sh, c, "");
	} else if (n == 2 && strcmp(words[1], "extract") == 0) {
		offer_selectors(sh, c);
	}
}

static void
offer_setting(struct completions *c, const struct command *command, const char *const *words, size_t n)
{
	if (n == 0)
		offer_settings(c, command->settings);
	else
		offer_setting_value(c, command->settings, words[0]);
	if (n == 0 && strcmp(command->settings, "trust") == 0)
		offer_choices(c, "on|off|ask");
}

/* words: those before the one being typed. */
static void
offer_for(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	size_t used = 1;
	const struct command *command;
	const struct arg *a;

	if (n == 0) {
		offer_commands(c);
		return;
	}
	command = table_lookup(words, n, &used, NULL);
	if (command == NULL) {
		command = command_find(command_table(), str_of(words[0]), "command", NULL);
		used = 1;
	}
	if (command == NULL)
		return;
	if (command == &command_let || command == &command_expect) {
		(command == &command_let ? offer_let : offer_expect)(sh, c, words, n);
		return;
	}
	if (c->typed.n > 0 && c->typed.p[0] == '-') {
		offer_options(c, command);
		return;
	}
	if (n > used && offer_option_value(sh, c, command, words[n - 1]))
		return;
	if (n == used && command->subcommands != NULL)
		for (const struct command *const *sub = command->subcommands; *sub != NULL; sub++)
			offer(c, str_of((*sub)->name));
	if (command->settings != NULL) {
		offer_setting(c, command, words + used, n - used);
		return;
	}
	a = command->args;
	for (size_t i = used; a != NULL && a->name != NULL && i < n; i++)
		if (words[i][0] != '-' && (a->flags & ARG_REPEAT) == 0)
			a++;
	if (a != NULL && a->name != NULL)
		offer_argument(sh, c, a);
}

/* ---- where the cursor stands ---- */

/* Behind the text up to the cursor, so that it can be parsed: closes what may be open. The mark is found again in the word. */
#define MARK '\1'
static const struct ending {
	const char *text;
	char quote;
	bool braces;
} endings[] = {
	{ "\1", '\0', false }, { "\1'", '\'', false }, { "\1\"", '"', false }, { "_}\1", '\0', true }, { "_}\1\"", '"', true }
};

/* The last command of the text with an ending behind it. */
static bool
parse_with(struct str text, const struct ending *ending, struct line *line)
{
	struct buf all;
	size_t at = 0, where;
	bool incomplete, done = false;

	buf_init(&all, WORDS_MAX_TEXT);
	buf_add_str(&all, text);
	buf_add_str(&all, str_of(ending->text));
	while (!all.full && at < all.len && line_parse(line, buf_str(&all), &at, &where, &incomplete, NULL) == 0) {
		done = at == all.len;
		if (!done)
			line_release(line);
	}
	buf_release(&all);
	return done && line->n_commands > 0;
}

/* The words in front of the last one, as they were written. */
static void
offer_words(struct shell *sh, struct completions *c, const struct line_command *command)
{
	size_t n = command->n_words - 1;
	char **words = mem_alloc((n + 1) * sizeof(*words));

	for (size_t i = 0; i < n; i++)
		words[i] = word_plain(&command->words[i]);
	offer_for(sh, c, (const char *const *)words, n);
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
}

/* A variable's name is being typed when the mark stands directly behind one, or behind a lone $. */
static bool
takes_variable(struct completions *c, const struct word *w, const struct ending *ending, struct str text)
{
	const struct word_part *last = &w->parts[w->n_parts - 1], *name = w->n_parts > 1 ? last - 1 : NULL;
	bool behind = last->length == 1 && name != NULL && name->variable && (ending->braces || text.p[text.n - 1] != '}');

	if (behind)
		c->word = str_dup(str_from(name->text, name->length - ending->braces));
	else if (last->length >= 2 && last->text[last->length - 2] == '$' && ending->quote != '\'' &&
	    (text.n < 2 || text.p[text.n - 2] != '\\'))
		c->word = str_dup(STR(""));
	else
		return false;
	return true;
}

void
complete_line(struct shell *sh, struct str text, struct completions *out)
{
	const struct line_command *command;
	const struct word *w;
	struct line line;
	size_t i = 0;

	*out = (struct completions){ .finish = true };
	while (i < sizeof(endings) / sizeof(*endings) && !parse_with(text, &endings[i], &line))
		i++;
	if (i == sizeof(endings) / sizeof(*endings))
		return;
	command = &line.commands[line.n_commands - 1];
	w = command->redirect != REDIRECT_NONE && command->target.end > command->words[command->n_words - 1].end ? &command->target :
	    command->n_words > 0 ? &command->words[command->n_words - 1] : NULL;
	out->quote = endings[i].quote;
	if (command->escape != NULL || command->pipe != NULL || w == NULL || w->n_parts == 0 || w->parts[w->n_parts - 1].variable ||
	    w->parts[w->n_parts - 1].text[w->parts[w->n_parts - 1].length - 1] != MARK) {
		/* text for the system's shell: nothing is known about it */
	} else if (takes_variable(out, w, &endings[i], text)) {
		out->typed = str_of(out->word);
		offer_variables(sh, out);
		out->finish = false;
	} else {
		out->word = word_plain(w);
		out->word[strlen(out->word) - 1] = '\0';      /* the mark */
		out->typed = str_of(out->word);
		if (w == &command->target)
			offer_files(out, false);
		else
			offer_words(sh, out, command);
	}
	line_release(&line);
	if (out->n > 0)
		qsort(out->items, out->n, sizeof(*out->items), by_name);
}

void
completions_release(struct completions *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->items[i]);
	free(c->items);
	free(c->word);
	*c = (struct completions){ NULL, 0, NULL, { NULL, 0 }, '\0', false };
}

void
completion_source(const struct completions *c, struct str rest, bool finish, struct buf *out)
{
	const char *special = c->quote == '"' ? "$`\"\\" : " \t'\"\\$;|>#";

	for (size_t i = 0; i < rest.n; i++) {
		if (c->quote == '\'' && rest.p[i] == '\'') {
			buf_add_str(out, STR("'\\''"));
			continue;
		}
		if (c->quote != '\'' && strchr(special, rest.p[i]) != NULL)
			buf_add_char(out, '\\');
		buf_add_char(out, rest.p[i]);
	}
	if (finish && c->quote != '\0')
		buf_add_char(out, c->quote);
	if (finish)
		buf_add_char(out, ' ');
}
