/* The basic URL parser (URL Standard section 4.4), read part by part instead of byte by byte: scheme, authority, path,
 * query, fragment. */
#include <stdlib.h>
#include <string.h>

#include "net/url_parse_private.h"

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

static int
special_index(const char *scheme)
{
	for (size_t i = 0; i < sizeof special_schemes / sizeof *special_schemes; i++)
		if (strcmp(special_schemes[i].name, scheme) == 0)
			return (int)i;
	return -1;
}

static int
refused(struct url_parser *p, const char *why)
{
	char shown[200];
	struct buf text;

	buf_init(&text, 0);
	url_hide_user(p->input, &text);
	str_printable(buf_str(&text), shown, sizeof shown);
	buf_release(&text);
	return fail(p->error, ERROR_USAGE, 0, "\"%s\" is not a URL: %s", shown, why);
}

static void
set_scheme(struct url_parser *p, const char *scheme)
{
	url_set_text(&p->u->scheme, str_dup(str_of(scheme)));
	p->special = special_index(scheme) >= 0;
	p->file = strcmp(scheme, "file") == 0;
}

/* ---- authority ---- */

static void
read_credentials(struct url_parser *p, struct str credentials)
{
	struct str name = str_cut(&credentials, ':');

	url_set_encoded(&p->u->username, name, URL_SET_USERINFO);
	url_set_encoded(&p->u->password, credentials, URL_SET_USERINFO);
}

static int
read_port(struct url_parser *p, struct str digits)
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

/* Takes the zone out of "[address%zone]"; *address, which host then is a view of, is to be freed. RFC 9844 leaves the
 * percent sign as it is, RFC 6874 has it encoded: a zone "25" needs its own percent sign encoded. */
static int
read_zone(struct url_parser *p, struct str *host, char **address)
{
	ptrdiff_t at = str_find_char(*host, '%');
	struct str zone;

	if (at < 0 || host->p[0] != '[' || host->p[host->n - 1] != ']')
		return 0;
	zone = str_slice(*host, (size_t)at + 1, host->n - 1);
	if (str_starts(zone, STR("25")) && zone.n > 2)
		zone = str_slice(zone, 2, zone.n);
	if (zone.n == 0 || zone.n > URL_ZONE_MAX)
		return refused(p, "the zone of its address is not a name of 1 to 64 characters");
	for (size_t i = 0; i < zone.n; i++)
		if (!ascii_is_alnum(zone.p[i]) && memchr("-._~", zone.p[i], 4) == NULL)
			return refused(p, "the zone of its address has other characters than letters, digits and -._~");
	url_set_text(&p->u->zone, str_dup(zone));
	*address = str_printf("%.*s]", (int)at, host->p);
	*host = str_of(*address);
	return 0;
}

/* host[:port]; the colons of an IPv6 address stand in brackets */
static int
read_host(struct url_parser *p, struct str host, bool credentials)
{
	struct str port = { NULL, 0 };
	char *address = NULL;
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
	if (p->zones && read_zone(p, &host, &address) != 0)
		return -1;
	url_set_text(&p->u->host, url_host_parse(host, p->special, p->error));
	free(address);
	if (p->u->host == NULL)
		return -1;
	return read_port(p, port);
}

static int
authority_and_rest(struct url_parser *p)
{
	struct str authority;
	size_t end = 0, at = 0;
	bool credentials = false;

	while (end < p->rest.n && !url_is_slash(p, p->rest.p[end]) && p->rest.p[end] != '?' && p->rest.p[end] != '#')
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
	url_skip(p, end);
	return url_read_path(p);
}

static int
special_authority(struct url_parser *p)
{
	while (url_starts_with_slash(p))
		url_skip(p, 1);
	return authority_and_rest(p);
}

/* ---- file: ---- */

static int
file_host(struct url_parser *p)
{
	size_t end = 0;
	struct str host;

	while (end < p->rest.n && strchr("/\\?#", p->rest.p[end]) == NULL)
		end++;
	host = str_slice(p->rest, 0, end);
	if (url_is_drive(host))
		return url_read_path(p);
	url_skip(p, end);
	if (host.n > 0) {
		url_set_text(&p->u->host, url_host_parse(host, true, p->error));
		if (p->u->host == NULL)
			return -1;
		if (strcmp(p->u->host, "localhost") == 0)
			p->u->host[0] = '\0';
	}
	return url_read_path(p);
}

static int
file_url(struct url_parser *p)
{
	const struct url *base = p->base != NULL && strcmp(p->base->scheme, "file") == 0 ? p->base : NULL;
	struct buf path;

	url_set_text(&p->u->host, str_dup(STR("")));
	if (url_starts_with_slash(p)) {
		url_skip(p, 1);
		if (url_starts_with_slash(p)) {
			url_skip(p, 1);
			return file_host(p);
		}
		buf_init(&path, 3 * URL_MAX + 1);
		if (base != NULL) {
			url_set_text(&p->u->host, str_dup(str_of(base->host)));
			if (!url_starts_with_drive(p->rest) && url_is_drive(str_slice(str_of(base->path), 1, 3)))
				buf_add_str(&path, str_slice(str_of(base->path), 0, 3));
		}
		url_read_segments(p, &path);
		url_set_text(&p->u->path, buf_take(&path));
		url_read_query(p);
		return 0;
	}
	if (base == NULL)
		return url_read_path(p);
	url_set_text(&p->u->host, str_dup(str_of(base->host)));
	buf_init(&path, 3 * URL_MAX + 1);
	if (!url_starts_with_drive(p->rest))
		buf_add_str(&path, str_of(base->path));
	return url_resolve_path(p, &path);
}

/* ---- relative references ---- */

static void
take_authority(struct url_parser *p)
{
	url_set_text(&p->u->username, str_dup(str_of(p->base->username)));
	url_set_text(&p->u->password, str_dup(str_of(p->base->password)));
	url_set_text(&p->u->host, p->base->host != NULL ? str_dup(str_of(p->base->host)) : NULL);
	p->u->port = p->base->port;
}

static int
relative_reference(struct url_parser *p)
{
	struct buf path;

	if (url_starts_with_slash(p) && p->rest.n > 1 && url_is_slash(p, p->rest.p[1])) {
		url_skip(p, 2);
		return p->special ? special_authority(p) : authority_and_rest(p);
	}
	take_authority(p);
	if (url_starts_with_slash(p))
		return url_read_path(p);
	buf_init(&path, 4 * URL_MAX);
	buf_add_str(&path, str_of(p->base->path));
	return url_resolve_path(p, &path);
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
after_scheme(struct url_parser *p)
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
		url_skip(p, 2);
		return authority_and_rest(p);
	}
	return url_starts_with_slash(p) ? url_read_path(p) : url_read_opaque_path(p);
}

static int
without_scheme(struct url_parser *p)
{
	if (p->base == NULL)
		return refused(p, "it has no scheme such as https: and there is no page it could be relative to");
	if (p->base->opaque && (p->rest.n == 0 || p->rest.p[0] != '#'))
		return refused(p, "it is relative, and the base has no path");
	set_scheme(p, p->base->scheme);
	if (p->base->opaque) {
		url_copy(p->u, p->base);
		url_read_query(p);
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
parse(struct url_parser *p)
{
	size_t n = scheme_length(p->rest);
	char *scheme;

	url_set_text(&p->u->username, str_dup(STR("")));
	url_set_text(&p->u->password, str_dup(STR("")));
	if (n == 0)
		return without_scheme(p);
	scheme = str_dup(str_slice(p->rest, 0, n));
	for (char *c = scheme; *c != '\0'; c++)
		*c = ascii_lower(*c);
	set_scheme(p, scheme);
	free(scheme);
	url_skip(p, n + 1);
	return after_scheme(p);
}

static void
keep_zone(const struct url *base, struct url *u)
{
	if (base != NULL && base->zone != NULL && u->zone == NULL && u->host != NULL &&
	    strcmp(base->host, u->host) == 0)
		u->zone = str_dup(str_of(base->zone));
}

/* Whose text it is. */
enum source { PAGE, BYTES, PERSON };

static int
parse_text(struct url *u, struct str input, enum source source, const struct url *base, struct error *error)
{
	struct url_parser p = { .base = base, .zones = source == PERSON, .error = error };
	struct url result;
	struct buf text;
	int status;

	if (input.n > URL_MAX) {
		url_release(u);
		return fail(error, ERROR_LIMIT, 0, "a URL of %zu bytes is longer than the limit of %d", input.n,
		    URL_MAX);
	}
	buf_init(&text, 3 * URL_MAX + 1);
	add_cleaned(&text, input, source == BYTES);
	p.input = p.rest = buf_str(&text);
	url_init(&result);
	p.u = &result;
	status = parse(&p);
	buf_release(&text);
	keep_zone(base, &result);
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
	return parse_text(u, input, PAGE, base, error);
}

int
url_parse_bytes(struct url *u, struct str input, const struct url *base, struct error *error)
{
	return parse_text(u, input, BYTES, base, error);
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
		return parse_text(u, s, PERSON, base, error);
	with_scheme = str_printf("%s%.*s", network_path ? "https:" : "https://", STR_ARG(s));
	status = parse_text(u, str_of(with_scheme), PERSON, NULL, error);
	free(with_scheme);
	return status;
}
