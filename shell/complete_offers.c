/* What Tab has to offer, kind by kind. */
#include "shell/complete_offers.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/html/page.h"
#include "commands/settings/profiles.h"
#include "commands/settings/settings.h"
#include "net/lab/lab.h"
#include "net/tls/tls.h"
#include "shell/lookup.h"

void
offer(struct completions *c, struct str word)
{
	if (c->n == COMPLETIONS_MAX || !str_starts(word, c->typed))
		return;
	/* names of files and classes come from anywhere: none becomes an option that nobody began, nothing steers the
	 * terminal */
	if (c->typed.n == 0 && word.n > 0 && word.p[0] == '-')
		return;
	for (size_t i = 0, n; i < word.n; i += n)
		if ((n = str_showable(str_slice(word, i, word.n))) == 0)
			return;
	for (size_t i = 0; i < c->n; i++)
		if (str_is(word, c->items[i]))
			return;
	c->items = mem_resize(c->items, (c->n + 1) * sizeof *c->items);
	c->items[c->n++] = str_dup(word);
}

void
offer_choices(struct completions *c, const char *choices)
{
	struct str rest = str_of(choices);

	while (rest.n > 0)
		offer(c, str_cut(&rest, '|'));
}

void
offer_taken(struct completions *c, char *word)
{
	offer(c, str_of(word));
	free(word);
}

void
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

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    (e->d_name[0] == '.' && c->typed.n == folder.n))
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

void
offer_headers(struct shell *sh, struct completions *c, const char *end)
{
	static const char *const names[] = { "Accept", "Accept-Encoding", "Accept-Language", "Authorization",
		"Cache-Control", "Connection", "Content-Type", "Cookie", "Host", "If-Match", "If-Modified-Since",
		"If-None-Match", "Origin", "Pragma", "Range", "Referer", "User-Agent", "X-Forwarded-For",
		"X-Requested-With" };
	const char *name;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		offer_header(c, names[i], end);
	for (size_t i = 0; (name = session_header_name(sh->session, i)) != NULL; i++)
		offer_header(c, name, end);
}

void
offer_selectors(struct shell *sh, struct completions *c)
{
	struct work work = session_work(sh->session, SESSION_GLANCE_MS);
	struct page *p = session_has_page(sh->session) ? session_page(sh->session, &work, NULL) : NULL;
	char **words;
	size_t n, start = c->typed.n;

	if (p == NULL)
		return;
	/* name=SELECTOR is a column; [name=value] is not */
	while (start > 0 && strchr(" >+~,(=", c->typed.p[start - 1]) == NULL)
		if (strchr(".#", c->typed.p[--start]) != NULL)
			break;
	c->typed = str_slice(c->typed, start, c->typed.n);
	n = page_complete(p, c->typed, &work, &words);
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

void
offer_settings(struct completions *c, const char *group)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (strcmp(row->group, group) == 0)
			offer(c, str_of(row->name));
}

void
offer_setting_value(struct completions *c, const char *group, const char *name)
{
	const struct setting *row = setting_find(group, str_of(name), NULL);

	if (row == NULL)
		return;
	if (row->offer != OFFER_BY_TYPE)
		offer_list(c, row->offer == OFFER_SUITES ? ARG_SUITE : ARG_GROUP);
	else if (row->type == SETTING_FILE)
		offer_files(c, false);
	if (row->type == SETTING_BOOL)
		offer_choices(c, "on|off");
	if (row->choices != NULL)
		offer_choices(c, row->choices);
	if (c->typed.n > 0)
		offer(c, STR("default"));
}

void
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

void
offer_commands(const struct shell *sh, struct completions *c)
{
	for (const struct command *const *t = sh->commands; *t != NULL; t++)
		offer(c, str_of((*t)->name));
}

void
offer_argument(struct shell *sh, struct completions *c, const struct arg *a)
{
	switch (a->kind) {
	case ARG_CHOICE:
		offer_choices(c, a->choices);
		break;
	case ARG_URL:
		offer_urls(sh, c);
		break;
	case ARG_FILE:
		offer_files(c, false);
		break;
	case ARG_DIRECTORY:
		offer_files(c, true);
		break;
	case ARG_HEADER:
		offer_headers(sh, c, "");
		break;
	case ARG_ITEM:
		offer_headers(sh, c, ":");
		c->finish = false;
		break;
	case ARG_HOST:
		offer_hosts(sh, c);
		break;
	case ARG_COOKIE:
		offer_cookies(sh, c);
		break;
	case ARG_SELECTOR:
		offer_selectors(sh, c);
		break;
	case ARG_SUITE:
	case ARG_GROUP:
		offer_list(c, a->kind);
		break;
	case ARG_COMMAND:
		offer_commands(sh, c);
		break;
	case ARG_VARIABLE:
		offer_variables(sh, c);
		break;
	case ARG_PROFILE:
		for (const struct profile *p = built_in_profiles; p->name != NULL; p++)
			offer(c, str_of(p->name));
		offer_choices(c, "save|show|off");
		break;
	default:
		break;
	}
}
