#include "shell/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/html/page.h"
#include "commands/settings.h"
#include "net/lab/lab.h"
#include "net/tls/tls.h"
#include "shell/table.h"

static void
offer(struct completions *c, struct str word)
{
	if (c->n == COMPLETIONS_MAX || !str_starts(word, c->word))
		return;
	for (size_t i = 0; i < c->n; i++)
		if (str_is(word, c->items[i]))
			return;
	c->items = mem_resize(c->items, (c->n + 1) * sizeof(*c->items));
	c->items[c->n++] = str_dup(word);
}

static void
offer_choices(struct completions *c, const char *choices)
{
	struct str rest = str_of(choices);

	while (rest.n > 0)
		offer(c, str_cut(&rest, '|'));
}

static void
offer_files(struct completions *c, bool directories_only)
{
	struct str folder = c->word;
	char *path, *whole;
	DIR *d;

	while (folder.n > 0 && folder.p[folder.n - 1] != '/')
		folder.n--;
	path = folder.n > 0 ? str_dup(folder) : str_dup(STR("."));
	d = opendir(path);
	for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d)) {
		struct stat st;

		if (e->d_name[0] == '.' && c->word.n == folder.n)
			continue;
		whole = str_printf("%.*s%s", STR_ARG(folder), e->d_name);
		if (stat(whole, &st) == 0 && S_ISDIR(st.st_mode)) {
			char *slash = str_printf("%s/", whole);

			offer(c, str_of(slash));
			free(slash);
		} else if (!directories_only) {
			offer(c, str_of(whole));
		}
		free(whole);
	}
	if (d != NULL)
		closedir(d);
	free(path);
	c->space = c->n != 1 || c->items[0][strlen(c->items[0]) - 1] != '/';
}

static void
offer_urls(struct shell *sh, struct completions *c)
{
	const char *url;

	for (size_t i = 0; (url = session_visited_url(sh->session, i)) != NULL; i++) {
		struct str s = str_of(url), path;
		ptrdiff_t at = str_find(s, STR("://"));

		offer(c, s);
		if (at < 0)
			continue;
		path = str_slice(s, (size_t)at + 3, s.n);
		at = str_find_char(path, '/');
		if (at >= 0)
			offer(c, str_slice(path, (size_t)at, path.n));
	}
	for (size_t i = 0; i < lab_room_count(); i++) {
		char *text = str_printf("https://%s/", lab_room_at(i)->host);

		offer(c, str_of(text));
		free(text);
	}
	c->space = false;
}

static void
offer_headers(struct completions *c)
{
	static const char *const names[] = { "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control",
		"Connection", "Content-Type", "Cookie", "Host", "If-Match", "If-Modified-Since", "If-None-Match", "Origin", "Pragma",
		"Range", "Referer", "User-Agent", "X-Forwarded-For", "X-Requested-With" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		offer(c, str_of(names[i]));
}

static void
offer_selectors(struct shell *sh, struct completions *c)
{
	struct page *p = session_has_page(sh->session) ? session_page(sh->session, NULL) : NULL;
	char **words;
	size_t n, start = c->word.n;
	struct str outer = c->word;

	if (p == NULL)
		return;
	while (start > 0 && strchr(" >+~,\"'", outer.p[start - 1]) == NULL)
		start--;
	c->word = str_slice(outer, start, outer.n);
	n = page_complete(p, c->word, &words);
	for (size_t i = 0; i < n; i++) {
		offer(c, str_of(words[i]));
		free(words[i]);
	}
	free(words);
	c->space = false;
}

/* The last of a comma- or colon-separated list. */
static void
offer_list(struct completions *c, enum arg_kind kind)
{
	size_t start = c->word.n;
	const struct tls_suite_info *suite;

	while (start > 0 && c->word.p[start - 1] != ',' && c->word.p[start - 1] != ':')
		start--;
	c->word = str_slice(c->word, start, c->word.n);
	for (size_t i = 0; kind == ARG_SUITE && (suite = tls_suite_at(i)) != NULL; i++) {
		offer(c, str_of(suite->iana));
		if (suite->openssl != NULL)
			offer(c, str_of(suite->openssl));
	}
	for (size_t i = 0; kind == ARG_GROUP && tls_group_at(i) != NULL; i++)
		offer(c, str_of(tls_group_at(i)->name));
	c->space = false;
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
	if (c->word.n > 0)
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
	case ARG_HEADER: offer_headers(c); break;
	case ARG_ITEM: offer_headers(c); c->space = false; break;
	case ARG_SELECTOR: offer_selectors(sh, c); break;
	case ARG_SUITE: case ARG_GROUP: offer_list(c, a->kind); break;
	case ARG_COMMAND: offer_commands(c); break;
	case ARG_VARIABLE: offer_variables(sh, c); break;
	default: break;
	}
}

/* words: those before the one being typed. */
static void
offer_for(struct shell *sh, struct completions *c, const char *const *words, size_t n)
{
	size_t used;
	const struct command *command = table_lookup(words, n, &used, NULL);
	const struct arg *a;

	if (command == NULL) {
		command = command_find(command_table(), str_of(words[0]), "command", NULL);
		used = 1;
		if (command == NULL)
			return;
	}
	if (c->word.n > 0 && c->word.p[0] == '-') {
		for (const struct opt *o = command->opts; o != NULL && o->name != NULL; o++) {
			char *text = str_printf("--%s", o->name);

			offer(c, str_of(text));
			free(text);
		}
		return;
	}
	if (n == used && command->subcommands != NULL)
		for (const struct command *const *sub = command->subcommands; *sub != NULL; sub++)
			offer(c, str_of((*sub)->name));
	if (command->settings != NULL) {
		if (n == used)
			offer_settings(c, command->settings);
		else
			offer_setting_value(c, command->settings, words[used]);
		if (n == used && strcmp(command->settings, "trust") == 0)
			offer_choices(c, "on|off|ask");
		return;
	}
	if ((strcmp(command->name, "expect") == 0 && n > used) || (strcmp(command->name, "let") == 0 && n >= used + 2)) {
		if (n == used + 2)
			offer_commands(c);
		return;
	}
	a = command->args;
	for (size_t i = used; a != NULL && a->name != NULL && i < n; i++)
		if (words[i][0] != '-' && (a->flags & ARG_REPEAT) == 0)
			a++;
	if (a != NULL && a->name != NULL)
		offer_argument(sh, c, a);
}

void
complete_line(struct shell *sh, struct str text, struct completions *out)
{
	const char *words[64];
	char *copies[64];
	size_t n = 0, start = text.n;
	char quote = '\0';

	*out = (struct completions){ .space = true };
	for (size_t i = 0, begin = 0; i <= text.n; i++) {
		char c = i < text.n ? text.p[i] : '\0';

		if (i == text.n) {
			start = begin;
		} else if (quote != '\0') {
			quote = c == quote ? '\0' : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == ';' || c == '|') {
			while (n > 0)
				free(copies[--n]);
			begin = i + 1;
		} else if (c == ' ' || c == '\t') {
			if (i > begin && n < 63)
				copies[n++] = str_dup(str_slice(text, begin, i));
			begin = i + 1;
		}
	}
	out->word = str_slice(text, start, text.n);
	if (out->word.n > 0 && (out->word.p[0] == '"' || out->word.p[0] == '\''))
		out->word = str_slice(out->word, 1, out->word.n);
	memcpy(words, copies, n * sizeof(*words));
	if (out->word.n > 0 && out->word.p[0] == '$') {
		out->word = str_slice(out->word, out->word.n > 1 && out->word.p[1] == '{' ? 2 : 1, out->word.n);
		offer_variables(sh, out);
	} else if (n == 0) {
		offer_commands(out);
	} else if (strcmp(words[n - 1], ">") == 0 || strcmp(words[n - 1], ">>") == 0) {
		offer_files(out, false);
	} else {
		offer_for(sh, out, words, n);
	}
	while (n > 0)
		free(copies[--n]);
}

void
completions_release(struct completions *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->items[i]);
	free(c->items);
	*c = (struct completions){ NULL, 0, { NULL, 0 }, false };
}
