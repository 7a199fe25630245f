/* Secrets in text: the values of names that are secrets, passwords in URLs, bearer tokens, the options of programs. */
#include <string.h>

#include "net/http/secret.h"
#include "shell/secrets.h"

enum { BEARER_SHORT = 6, BEARER_LONG = 20 };

static bool
is_name(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

static bool
is_one_of(struct str t, size_t i, const char *set)
{
	return i < t.n && t.p[i] != '\0' && strchr(set, t.p[i]) != NULL;
}

/* user:password@ behind the two slashes at start - 2 */
static bool
find_userinfo(struct str t, size_t start, size_t *from, size_t *to)
{
	size_t end = start, at = SIZE_MAX, colon = SIZE_MAX;

	for (; end < t.n && !is_one_of(t, end, "/?# \t\n\"'"); end++)
		if (t.p[end] == '@')
			at = end;
		else if (t.p[end] == ':' && colon == SIZE_MAX)
			colon = end;
	if (at == SIZE_MAX || colon >= at || colon + 1 == at)
		return false;
	*from = colon + 1;
	*to = at;
	return true;
}

/* The value behind the name [start, end). */
static bool
find_value(struct str t, bool item, size_t start, size_t end, size_t *from, size_t *to)
{
	bool quoted = is_one_of(t, end, "\"'"), bracket = false, first = start == 0, colon;
	size_t i = end + quoted;

	for (; is_one_of(t, i, "]"); i++) /* user[password]=... */
		bracket = true;
	while (quoted && is_one_of(t, i, " \t"))
		i++;
	/* a colon is much else, too: a:hover, host:port */
	if (!is_one_of(t, i, "=:") || (t.p[i] == ':' && !quoted && (!first || bracket) && t.p[start - !first] != '\n'))
		return false;
	colon = t.p[i] == ':';
	while (is_one_of(t, i, "=:"))
		i++;
	while ((colon || quoted) && is_one_of(t, i, " \t"))
		i++;
	if (i == t.n || (t.p[i] == '@' && item)) /* name=@file */
		return false;
	*from = i;
	if (is_one_of(t, i, "\"'")) {
		for (*from = i + 1, *to = i + 1; *to < t.n && t.p[*to] != t.p[i]; (*to)++)
			if (t.p[*to] == '\\' && *to + 1 < t.n)
				(*to)++;
	} else if (item && first) {
		*to = t.n;
	} else {
		for (*to = i; *to < t.n && !is_one_of(t, *to, "&#,;}\n\"'") && (colon || !is_one_of(t, *to, " \t"));
		     (*to)++)
			continue;
	}
	return *to > *from;
}

static bool
only_variables(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != SECRET_VARIABLE)
			return false;
	return true;
}

/* Bearer TOKEN (RFC 6750), told from prose by its length or a digit. */
static bool
find_bearer(struct str t, size_t end, size_t *from, size_t *to)
{
	bool digit = false;

	for (*from = end; is_one_of(t, *from, " \t");)
		(*from)++;
	for (*to = *from; *to < t.n && (is_name(t.p[*to]) || is_one_of(t, *to, ".~+/=")); (*to)++)
		digit = digit || ascii_is_digit(t.p[*to]);
	return *from > end && *to - *from >= (digit ? BEARER_SHORT : BEARER_LONG);
}

static bool
find_at(struct str t, bool item, size_t start, size_t end, size_t *from, size_t *to)
{
	struct str name = str_slice(t, start, end);

	if (start >= 2 && t.p[start - 1] == '/' && t.p[start - 2] == '/')
		return find_userinfo(t, start, from, to);
	return (secret_name(name) && find_value(t, item, start, end, from, to)) ||
	    (str_is_nocase(name, "bearer") && find_bearer(t, end, from, to));
}

bool
secret_find(struct str t, bool item, size_t *from, size_t *to)
{
	size_t n, i = *from;

	for (; i<t.n; i += n> 0 ? n : 1) {
		for (n = 0; i + n < t.n && is_name(t.p[i + n]); n++)
			continue;
		if (n == 0 || !find_at(t, item, i, i + n, from, to))
			continue;
		if (!only_variables(str_slice(t, *from, *to)))
			return true;
		i = *to;
		n = 0;
	}
	return false;
}

/* ---- what sh is given ---- */

/* Where a value may begin: behind blanks, = and a quote. */
static size_t
skip_to_value(struct str t, size_t i)
{
	while (is_one_of(t, i, " \t="))
		i++;
	return i + is_one_of(t, i, "\"'");
}

/* Something is there, and it is no variable of sh. */
static bool
is_literal(struct str t, size_t i)
{
	return i < t.n && !is_one_of(t, i, "$`\"' \t\n;|&-");
}

/* USER:PASSWORD behind -u, --user and their like. */
static bool
has_user_password(struct str t, size_t i)
{
	bool named = i < t.n && ascii_is_alnum(t.p[i]);

	while (i < t.n && !is_one_of(t, i, ": \t\"'\n;|&"))
		i++;
	return named && is_one_of(t, i, ":") && is_literal(t, i + 1);
}

/* The value of an option, long or -u, whose dashes stand before start. */
static bool
is_secret_option(struct str t, size_t start, size_t end)
{
	struct str name = str_slice(t, start, end);
	size_t value = skip_to_value(t, end);

	if (name.p[0] == '-')
		return str_is(name, "-user") || str_is(name, "-proxy-user") ?
		    has_user_password(t, value) :
		    secret_name(name) && value > end && is_literal(t, value);
	/* -u, also behind other letters: -su */
	return str_ends_nocase(name, STR("u")) ? has_user_password(t, value) :
						 ascii_lower(name.p[0]) == 'u' && has_user_password(t, start + 1);
}

/* "Name: value" of a header or of JSON, the scheme of an authentication not counted. */
static bool
is_secret_field(struct str t, size_t start, size_t end)
{
	static const char *const schemes[] = { "basic ", "bearer ", "digest ", "token ", NULL };
	size_t i = end + 1;

	if (!is_one_of(t, end, ":") || is_one_of(t, i, "/:") || !secret_name(str_slice(t, start, end)))
		return false;
	while (is_one_of(t, i, " \t"))
		i++;
	for (size_t k = 0; schemes[k] != NULL; k++)
		if (str_starts_nocase(str_slice(t, i, t.n), str_of(schemes[k])))
			i += strlen(schemes[k]);
	return is_literal(t, i);
}

bool
secret_in_shell(struct str t)
{
	size_t from = 0, to = 0, n;

	for (; secret_find(t, false, &from, &to); from = to)
		if (is_literal(t, from))
			return true;
	for (size_t i = 0; i<t.n; i += n> 0 ? n : 1) {
		for (n = 0; i + n < t.n && is_name(t.p[i + n]); n++)
			continue;
		if ((n > 1 && t.p[i] == '-' && is_secret_option(t, i + 1, i + n)) ||
		    (n > 0 && is_secret_field(t, i, i + n)))
			return true;
	}
	return false;
}
