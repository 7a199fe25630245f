/* A parsed URL: serialising (URL Standard section 4.5), comparing, and what a request needs of it. */
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

#include "net/buf.h"

void
url_init(struct url *u)
{
	*u = (struct url){ .port = -1 };
}

void
url_release(struct url *u)
{
	free(u->scheme);
	free(u->username);
	str_wipe_free(u->password);
	free(u->host);
	free(u->zone);
	free(u->path);
	free(u->query);
	free(u->fragment);
	url_init(u);
}

static char *
copied(const char *text)
{
	return text != NULL ? str_dup(str_of(text)) : NULL;
}

void
url_copy(struct url *to, const struct url *from)
{
	struct url copy = { copied(from->scheme), copied(from->username), copied(from->password), copied(from->host),
		copied(from->zone), from->port, copied(from->path), copied(from->query), copied(from->fragment),
		from->opaque };

	url_release(to);
	*to = copy;
}

static bool
has_text(const char *s)
{
	return s != NULL && s[0] != '\0';
}

static bool
has_user(const struct url *u)
{
	return has_text(u->username) || has_text(u->password);
}

static void
add_authority(struct buf *out, const struct url *u, bool user)
{
	if (u->host == NULL) {
		/* a path that starts with // would be read as a host */
		if (!u->opaque && u->path != NULL && u->path[0] == '/' && u->path[1] == '/')
			buf_add_str(out, STR("/."));
		return;
	}
	buf_add_str(out, STR("//"));
	if (user && has_user(u)) {
		buf_add_str(out, str_of(u->username));
		if (has_text(u->password))
			buf_addf(out, ":%s", u->password);
		buf_add_char(out, '@');
	}
	if (u->zone != NULL)
		buf_addf(out, "%.*s%%25%s]", (int)strlen(u->host) - 1, u->host, u->zone);
	else
		buf_add_str(out, str_of(u->host));
	if (u->port >= 0)
		buf_addf(out, ":%d", u->port);
}

static char *
serialised(const struct url *u, bool user, bool fragment)
{
	struct buf out;

	buf_init(&out, 8 * URL_MAX);
	buf_addf(&out, "%s:", u->scheme != NULL ? u->scheme : "");
	add_authority(&out, u, user);
	buf_add_str(&out, str_of(u->path));
	if (u->query != NULL)
		buf_addf(&out, "?%s", u->query);
	if (fragment && u->fragment != NULL)
		buf_addf(&out, "#%s", u->fragment);
	return buf_take(&out);
}

char *
url_text(const struct url *u)
{
	return serialised(u, true, true);
}

char *
url_shown(const struct url *u, bool fragment)
{
	return serialised(u, false, fragment);
}

/* Where an authority begins, if there is one: behind the scheme and slashes of either kind; one slash begins a path. */
static size_t
authority_start(struct str text)
{
	size_t scheme = 0, i;

	while (scheme < text.n && (ascii_is_alnum(text.p[scheme]) || memchr("+-.", text.p[scheme], 3) != NULL))
		scheme++;
	scheme = scheme < text.n && text.p[scheme] == ':' ? scheme + 1 : 0;
	for (i = scheme; i < text.n && (text.p[i] == '/' || text.p[i] == '\\');)
		i++;
	return scheme == 0 && i == 1 ? text.n : i;
}

void
url_hide_user(struct str text, struct buf *out)
{
	size_t start = authority_start(text), at = start;

	for (size_t i = start; i < text.n && memchr("/?#\\", text.p[i], 4) == NULL; i++)
		if (text.p[i] == '@')
			at = i + 1;
	buf_add_str(out, str_slice(text, 0, start));
	buf_add_str(out, str_slice(text, at, text.n));
}

void
url_keep_user(const struct url *from, struct url *to)
{
	if (has_user(to) || !has_user(from) || !url_same_origin(from, to))
		return;
	free(to->username);
	str_wipe_free(to->password);
	to->username = copied(from->username);
	to->password = copied(from->password);
}

char *
url_request_target(const struct url *u)
{
	return str_printf("%s%s%s", has_text(u->path) ? u->path : "/", u->query != NULL ? "?" : "",
	    u->query != NULL ? u->query : "");
}

unsigned
url_port(const struct url *u)
{
	if (u->port >= 0)
		return (unsigned)u->port;
	return url_is_https(u) ? 443 : 80;
}

char *
url_host_plain(const struct url *u)
{
	struct str host = str_of(u->host);

	if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_slice(host, 1, host.n - 1);
	return str_dup(host);
}

char *
url_host_header(const struct url *u)
{
	const char *host = u->host != NULL ? u->host : "";

	return u->port >= 0 ? str_printf("%s:%d", host, u->port) : str_dup(str_of(host));
}

char *
url_origin(const struct url *u)
{
	struct buf out;

	buf_init(&out, 8 * URL_MAX);
	buf_addf(&out, "%s:", u->scheme);
	add_authority(&out, u, false);
	return buf_take(&out);
}

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool
url_same_origin(const struct url *a, const struct url *b)
{
	return same(a->scheme, b->scheme) && same(a->host, b->host) && url_port(a) == url_port(b) &&
	    (a->zone == NULL || b->zone == NULL ? a->zone == b->zone : same(a->zone, b->zone));
}

bool
url_is_https(const struct url *u)
{
	return u->scheme != NULL && strcmp(u->scheme, "https") == 0;
}

bool
url_is_http(const struct url *u)
{
	return url_is_https(u) || (u->scheme != NULL && strcmp(u->scheme, "http") == 0);
}
