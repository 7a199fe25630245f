/* The basic URL parser (URL Standard section 4.4), read part by part instead of byte by byte: scheme, authority, path,
 * query, fragment. */
#include <stdlib.h>
#include <string.h>

#include "net/url.h"
#include "net/url_encode.h"

static const struct {
	const char *name;
	int port;
} special_schemes[] = {
	{ "https", 443 },
	{ "http", 80 },
	{ "wss", 443 },
	{ "ws", 80 },
	{ "ftp", 21 },
	{ "file", -1 },
};

struct parser {
	struct url *u;
	const struct url *base;
	struct str input, rest; /* whole, cleaned; what is still to be read */
	bool special, file;
	struct error *error;
};

static int
special_index(const char *scheme)
{
	for (size_t i = 0; i < sizeof(special_schemes) / sizeof(*special_schemes); i++)
		if (strcmp(special_schemes[i].name, scheme) == 0)
			return (int)i;
	return -1;
}

static int
refused(struct parser *p, const char *why)
{
	char shown[200];
	struct buf text;

	buf_init(&text, 0);
	url_hide_user(p->input, &text);
	str_printable(buf_str(&text), shown, sizeof(shown));
	buf_release(&text);
	return fail(p->error, ERROR_USAGE, 0, "\"%s\" is not a URL: %s", shown, why);
}

static bool
is_slash(const struct parser *p, char c)
{
	return c == '/' || (p->special && c == '\\');
}

static bool
starts_with_slash(const struct parser *p)
{
	return p->rest.n > 0 && is_slash(p, p->rest.p[0]);
}

static void
skip(struct parser *p, size_t n)
{
	p->rest = str_slice(p->rest, n, p->rest.n);
}

static void
set_text(char **field, char *text)
{
	free(*field);
	*field = text;
}

static void
set_encoded(char **field, struct str s, enum url_set set)
{
	struct buf out;

	buf_init(&out, 3 * URL_MAX + 1);
	url_encode(&out, s, set);
	set_text(field, buf_take(&out));
}

static void
set_scheme(struct parser *p, const char *scheme)
{
	set_text(&p->u->scheme, str_dup(str_of(scheme)));
	p->special = special_index(scheme) >= 0;
	p->file = strcmp(scheme, "file") == 0;
}

/* ---- path ---- */

/* Windows drive letters matter to file: only */
static bool
is_drive(struct str s)
{
	return s.n == 2 && ascii_is_alpha(s.p[0]) && (s.p[1] == ':' || s.p[1] == '|');
}

static bool
starts_with_drive(struct str s)
{
	return s.n >= 2 && is_drive(str_slice(s, 0, 2)) && (s.n == 2 || strchr("/\\?#", s.p[2]) != NULL);
}

static bool
is_dots(struct str s, unsigned wanted)
{
	unsigned dots = 0;

	while (s.n > 0) {
		size_t n = s.p[0] == '.' ? 1 : s.n >= 3 && str_is_nocase(str_slice(s, 0, 3), "%2e") ? 3 : 0;

		if (n == 0)
			return false;
		s = str_slice(s, n, s.n);
		dots++;
	}
	return dots == wanted;
}

static void
shorten(struct parser *p, struct buf *path)
{
	size_t n = path->len;

	if (n == 0 || (p->file && n == 3 && is_drive(str_slice(buf_str(path), 1, 3)) && path->data[2] == ':'))
		return;
	while (n > 0 && path->data[n - 1] != '/')
		n--;
	path->len = n > 0 ? n - 1 : 0;
	path->data[path->len] = '\0';
}

/* Reads segments up to ? or # and adds them to path, each with its slash in front. */
static void
read_segments(struct parser *p, struct buf *path)
{
	size_t end = 0;
	bool more = true;

	while (more) {
		struct str segment;

		for (end = 0; end < p->rest.n; end++)
			if (is_slash(p, p->rest.p[end]) || p->rest.p[end] == '?' || p->rest.p[end] == '#')
				break;
		segment = str_slice(p->rest, 0, end);
		more = end < p->rest.n && is_slash(p, p->rest.p[end]);
		skip(p, more ? end + 1 : end);
		if (is_dots(segment, 2)) {
			shorten(p, path);
			if (!more)
				buf_add_char(path, '/');
		} else if (is_dots(segment, 1)) {
			if (!more)
				buf_add_char(path, '/');
		} else if (p->file && path->len == 0 && is_drive(segment)) {
			buf_addf(path, "/%c:", segment.p[0]);
		} else {
			buf_add_char(path, '/');
			url_encode(path, segment, URL_SET_PATH);
		}
	}
}

/* "path start state": what follows an authority, or a path that starts with a slash. */
static void
read_path(struct parser *p, struct buf *path)
{
	if (starts_with_slash(p))
		skip(p, 1);
	else if (!p->special && (p->rest.n == 0 || p->rest.p[0] == '?' || p->rest.p[0] == '#'))
		return;
	read_segments(p, path);
}

static void
read_query_and_fragment(struct parser *p)
{
	struct str query = p->rest, fragment;
	ptrdiff_t hash = str_find_char(p->rest, '#');

	if (hash >= 0) {
		fragment = str_slice(p->rest, (size_t)hash + 1, p->rest.n);
		set_encoded(&p->u->fragment, fragment, URL_SET_FRAGMENT);
		query = str_slice(p->rest, 0, (size_t)hash);
	}
	if (query.n > 0 && query.p[0] == '?')
		set_encoded(&p->u->query, str_slice(query, 1, query.n),
		    p->special ? URL_SET_SPECIAL_QUERY : URL_SET_QUERY);
}

static int
finish_path(struct parser *p, struct buf *path)
{
	read_path(p, path);
	set_text(&p->u->path, buf_take(path));
	read_query_and_fragment(p);
	return 0;
}

static int
path_and_rest(struct parser *p)
{
	struct buf path;

	buf_init(&path, 3 * URL_MAX + 1);
	return finish_path(p, &path);
}

/* A relative reference behind the base's path, which stands in path. */
static int
resolve_rest(struct parser *p, struct buf *path)
{
	if (p->rest.n > 0 && p->rest.p[0] != '?' && p->rest.p[0] != '#') {
		shorten(p, path);
		read_segments(p, path);
	} else if (p->base->query != NULL) {
		set_text(&p->u->query, str_dup(str_of(p->base->query)));
	}
	set_text(&p->u->path, buf_take(path));
	read_query_and_fragment(p);
	return 0;
}

/* ---- authority ---- */

static void
read_credentials(struct parser *p, struct str credentials)
{
	struct str name = str_cut(&credentials, ':');

	set_encoded(&p->u->username, name, URL_SET_USERINFO);
	set_encoded(&p->u->password, credentials, URL_SET_USERINFO);
}

static int
read_port(struct parser *p, struct str digits)
{
	uint64_t port;
	int known = special_index(p->u->scheme);

	if (digits.n == 0)
		return 0;
	while (digits.n > 1 && digits.p[0] == '0')
		digits = str_slice(digits, 1, digits.n);
	if (!str_to_u64(digits, 65535, &port))
		return refused(p, "the port is not a number up to 65535");
	p->u->port = known >= 0 && special_schemes[known].port == (int)port ? -1 : (int)port;
	return 0;
}

/* host[:port]; the colons of an IPv6 address stand in brackets */
static int
read_host(struct parser *p, struct str host, bool credentials)
{
	struct str port = { NULL, 0 };
	bool inside = false, has_port = false;

	for (size_t i = 0; i < host.n && !has_port; i++) {
		inside = host.p[i] == '[' ? true : host.p[i] == ']' ? false : inside;
		if (host.p[i] == ':' && !inside) {
			port = str_slice(host, i + 1, host.n);
			host = str_slice(host, 0, i);
			has_port = true;
		}
	}
	if (host.n == 0 && (p->special || credentials || has_port))
		return refused(p, "it has no host");
	set_text(&p->u->host, url_host_parse(host, p->special, p->error));
	if (p->u->host == NULL)
		return -1;
	return read_port(p, port);
}

static int
authority_and_rest(struct parser *p)
{
	struct str authority;
	size_t end = 0, at = 0;
	bool credentials = false;

	while (end < p->rest.n && !is_slash(p, p->rest.p[end]) && p->rest.p[end] != '?' && p->rest.p[end] != '#')
		end++;
	authority = str_slice(p->rest, 0, end);
	for (size_t i = 0; i < authority.n; i++)
		if (authority.p[i] == '@') {
			at = i;
			credentials = true;
		}
	if (credentials) {
		read_credentials(p, str_slice(authority, 0, at));
		authority = str_slice(authority, at + 1, authority.n);
	}
	if (read_host(p, authority, credentials) != 0)
		return -1;
	skip(p, end);
	return path_and_rest(p);
}

static int
special_authority(struct parser *p)
{
	while (starts_with_slash(p))
		skip(p, 1);
	return authority_and_rest(p);
}

/* ---- file: ---- */

static int
file_host(struct parser *p)
{
	size_t end = 0;
	struct str host;

	while (end < p->rest.n && strchr("/\\?#", p->rest.p[end]) == NULL)
		end++;
	host = str_slice(p->rest, 0, end);
	if (is_drive(host))
		return path_and_rest(p);
	skip(p, end);
	if (host.n > 0) {
		set_text(&p->u->host, url_host_parse(host, true, p->error));
		if (p->u->host == NULL)
			return -1;
		if (strcmp(p->u->host, "localhost") == 0)
			p->u->host[0] = '\0';
	}
	return path_and_rest(p);
}

static int
file_url(struct parser *p)
{
	const struct url *base = p->base != NULL && strcmp(p->base->scheme, "file") == 0 ? p->base : NULL;
	struct buf path;

	set_text(&p->u->host, str_dup(STR("")));
	if (starts_with_slash(p)) {
		skip(p, 1);
		if (starts_with_slash(p)) {
			skip(p, 1);
			return file_host(p);
		}
		buf_init(&path, 3 * URL_MAX + 1);
		if (base != NULL) {
			set_text(&p->u->host, str_dup(str_of(base->host)));
			if (!starts_with_drive(p->rest) && is_drive(str_slice(str_of(base->path), 1, 3)))
				buf_add_str(&path, str_slice(str_of(base->path), 0, 3));
		}
		read_segments(p, &path);
		set_text(&p->u->path, buf_take(&path));
		read_query_and_fragment(p);
		return 0;
	}
	if (base == NULL)
		return path_and_rest(p);
	set_text(&p->u->host, str_dup(str_of(base->host)));
	buf_init(&path, 3 * URL_MAX + 1);
	if (!starts_with_drive(p->rest))
		buf_add_str(&path, str_of(base->path));
	return resolve_rest(p, &path);
}

/* ---- relative references ---- */

static void
take_authority(struct parser *p)
{
	set_text(&p->u->username, str_dup(str_of(p->base->username)));
	set_text(&p->u->password, str_dup(str_of(p->base->password)));
	set_text(&p->u->host, p->base->host != NULL ? str_dup(str_of(p->base->host)) : NULL);
	p->u->port = p->base->port;
}

static int
relative_reference(struct parser *p)
{
	struct buf path;

	if (starts_with_slash(p) && p->rest.n > 1 && is_slash(p, p->rest.p[1])) {
		skip(p, 2);
		return p->special ? special_authority(p) : authority_and_rest(p);
	}
	take_authority(p);
	if (starts_with_slash(p))
		return path_and_rest(p);
	buf_init(&path, 4 * URL_MAX);
	buf_add_str(&path, str_of(p->base->path));
	return resolve_rest(p, &path);
}

static int
opaque_path(struct parser *p)
{
	struct buf path;
	size_t end = 0;
	bool space;

	while (end < p->rest.n && p->rest.p[end] != '?' && p->rest.p[end] != '#')
		end++;
	/* a space just before ? or # would be lost when the rest is taken away */
	space = end > 0 && end < p->rest.n && p->rest.p[end - 1] == ' ';
	p->u->opaque = true;
	buf_init(&path, 3 * URL_MAX + 1);
	url_encode(&path, str_slice(p->rest, 0, space ? end - 1 : end), URL_SET_CONTROL);
	if (space)
		buf_add_str(&path, STR("%20"));
	set_text(&p->u->path, buf_take(&path));
	skip(p, end);
	read_query_and_fragment(p);
	return 0;
}

/* ---- the whole ---- */

/* Length of "scheme" when the text starts with "scheme:", else 0. */
static size_t
scheme_length(struct str s)
{
	size_t n = 0;

	if (s.n == 0 || !ascii_is_alpha(s.p[0]))
		return 0;
	while (n < s.n && (ascii_is_alnum(s.p[n]) || s.p[n] == '+' || s.p[n] == '-' || s.p[n] == '.'))
		n++;
	return n < s.n && s.p[n] == ':' ? n : 0;
}

static int
after_scheme(struct parser *p)
{
	if (p->file)
		return file_url(p);
	if (p->special) {
		if (p->base != NULL && strcmp(p->base->scheme, p->u->scheme) == 0 &&
		    !(p->rest.n > 1 && p->rest.p[0] == '/' && p->rest.p[1] == '/'))
			return relative_reference(p);
		return special_authority(p);
	}
	if (str_starts(p->rest, STR("//"))) {
		skip(p, 2);
		return authority_and_rest(p);
	}
	return starts_with_slash(p) ? path_and_rest(p) : opaque_path(p);
}

static int
without_scheme(struct parser *p)
{
	if (p->base == NULL)
		return refused(p, "it has no scheme such as https: and there is no page it could be relative to");
	if (p->base->opaque && (p->rest.n == 0 || p->rest.p[0] != '#'))
		return refused(p, "it is relative, and the base has no path");
	set_scheme(p, p->base->scheme);
	if (p->base->opaque) {
		url_copy(p->u, p->base);
		read_query_and_fragment(p);
		return 0;
	}
	return p->file ? file_url(p) : relative_reference(p);
}

/* Without the controls and spaces around it, tabs and newlines inside; invalid UTF-8 as U+FFFD, or as it is. */
static void
add_cleaned(struct buf *out, struct str input, bool bytes)
{
	while (input.n > 0 && (uint8_t)input.p[0] <= ' ')
		input = str_slice(input, 1, input.n);
	while (input.n > 0 && (uint8_t)input.p[input.n - 1] <= ' ')
		input.n--;
	while (input.n > 0) {
		size_t n = str_utf8(input);
		char c = input.p[0];

		if (n == 0)
			buf_add_str(out, bytes ? str_slice(input, 0, 1) : STR("\xef\xbf\xbd"));
		else if (c != '\t' && c != '\n' && c != '\r')
			buf_add(out, input.p, n);
		input = str_slice(input, n > 0 ? n : 1, input.n);
	}
}

static int
parse(struct parser *p)
{
	size_t n = scheme_length(p->rest);
	char *scheme;

	set_text(&p->u->username, str_dup(STR("")));
	set_text(&p->u->password, str_dup(STR("")));
	if (n == 0)
		return without_scheme(p);
	scheme = str_dup(str_slice(p->rest, 0, n));
	for (char *c = scheme; *c != '\0'; c++)
		*c = ascii_lower(*c);
	set_scheme(p, scheme);
	free(scheme);
	skip(p, n + 1);
	return after_scheme(p);
}

static int
parse_text(struct url *u, struct str input, bool bytes, const struct url *base, struct error *error)
{
	struct parser p = { .base = base, .error = error };
	struct url result;
	struct buf text;
	int status;

	if (input.n > URL_MAX) {
		url_release(u);
		return fail(error, ERROR_LIMIT, 0, "a URL of %zu bytes is longer than the limit of %d", input.n,
		    URL_MAX);
	}
	buf_init(&text, 3 * URL_MAX + 1);
	add_cleaned(&text, input, bytes);
	p.input = p.rest = buf_str(&text);
	url_init(&result);
	p.u = &result;
	status = parse(&p);
	buf_release(&text);
	url_release(u);
	if (status == 0)
		*u = result;
	else
		url_release(&result);
	return status;
}

int
url_parse(struct url *u, struct str input, const struct url *base, struct error *error)
{
	return parse_text(u, input, false, base, error);
}

int
url_parse_bytes(struct url *u, struct str input, const struct url *base, struct error *error)
{
	return parse_text(u, input, true, base, error);
}

/* A host that a person typed without a scheme, perhaps with a port: "localhost:8443/x" has digits behind its colon. */
static bool
looks_like_host(struct str s)
{
	size_t n = scheme_length(s);
	struct str scheme = str_slice(s, 0, n);

	if (n == 0)
		return true;
	return !str_is_nocase(scheme, "http") && !str_is_nocase(scheme, "https") && n + 1 < s.n &&
	    ascii_is_digit(s.p[n + 1]);
}

int
url_parse_typed(struct url *u, struct str input, const struct url *base, struct error *error)
{
	struct str s = str_trim(input);
	bool network_path = str_starts(s, STR("//"));
	char *with_scheme;
	int status;

	if (s.n == 0)
		return fail(error, ERROR_USAGE, 0, "the URL is empty");
	if (s.n > URL_MAX || !looks_like_host(s) || (s.p[0] == '/' && !network_path) ||
	    (base != NULL && scheme_length(s) == 0 && !network_path))
		return url_parse(u, s, base, error);
	with_scheme = str_printf("%s%.*s", network_path ? "https:" : "https://", STR_ARG(s));
	status = url_parse(u, str_of(with_scheme), NULL, error);
	free(with_scheme);
	return status;
}
