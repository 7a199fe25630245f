/* The parts of the basic URL parser (URL Standard section 4.4) behind the authority: path, query, fragment. */
#include <stdlib.h>
#include <string.h>

#include "net/url_parse_private.h"

bool
url_is_slash(const struct url_parser *p, char c)
{
	return c == '/' || (p->special && c == '\\');
}

bool
url_starts_with_slash(const struct url_parser *p)
{
	return p->rest.n > 0 && url_is_slash(p, p->rest.p[0]);
}

void
url_skip(struct url_parser *p, size_t n)
{
	p->rest = str_slice(p->rest, n, p->rest.n);
}

void
url_set_text(char **field, char *text)
{
	free(*field);
	*field = text;
}

void
url_set_encoded(char **field, struct str s, enum url_set set)
{
	struct buf out;

	buf_init(&out, 3 * URL_MAX + 1);
	url_encode(&out, s, set);
	url_set_text(field, buf_take(&out));
}

/* Windows drive letters matter to file: only */
bool
url_is_drive(struct str s)
{
	return s.n == 2 && ascii_is_alpha(s.p[0]) && (s.p[1] == ':' || s.p[1] == '|');
}

bool
url_starts_with_drive(struct str s)
{
	return s.n >= 2 && url_is_drive(str_slice(s, 0, 2)) && (s.n == 2 || strchr("/\\?#", s.p[2]) != NULL);
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
shorten(struct url_parser *p, struct buf *path)
{
	size_t n = path->len;

	if (n == 0 || (p->file && n == 3 && url_is_drive(str_slice(buf_str(path), 1, 3)) && path->data[2] == ':'))
		return;
	while (n > 0 && path->data[n - 1] != '/')
		n--;
	path->len = n > 0 ? n - 1 : 0;
	path->data[path->len] = '\0';
}

/* Reads segments up to ? or # and adds them to path, each with its slash in front. */
void
url_read_segments(struct url_parser *p, struct buf *path)
{
	size_t end = 0;
	bool more = true;

	while (more) {
		struct str segment;

		for (end = 0; end < p->rest.n; end++)
			if (url_is_slash(p, p->rest.p[end]) || p->rest.p[end] == '?' || p->rest.p[end] == '#')
				break;
		segment = str_slice(p->rest, 0, end);
		more = end < p->rest.n && url_is_slash(p, p->rest.p[end]);
		url_skip(p, more ? end + 1 : end);
		if (is_dots(segment, 2)) {
			shorten(p, path);
			if (!more)
				buf_add_char(path, '/');
		} else if (is_dots(segment, 1)) {
			if (!more)
				buf_add_char(path, '/');
		} else if (p->file && path->len == 0 && url_is_drive(segment)) {
			buf_addf(path, "/%c:", segment.p[0]);
		} else {
			buf_add_char(path, '/');
			url_encode(path, segment, URL_SET_PATH);
		}
	}
}

/* "path start state": what follows an authority, or a path that starts with a slash. */
static void
read_path(struct url_parser *p, struct buf *path)
{
	if (url_starts_with_slash(p))
		url_skip(p, 1);
	else if (!p->special && (p->rest.n == 0 || p->rest.p[0] == '?' || p->rest.p[0] == '#'))
		return;
	url_read_segments(p, path);
}

void
url_read_query(struct url_parser *p)
{
	struct str query = p->rest, fragment;
	ptrdiff_t hash = str_find_char(p->rest, '#');

	if (hash >= 0) {
		fragment = str_slice(p->rest, (size_t)hash + 1, p->rest.n);
		url_set_encoded(&p->u->fragment, fragment, URL_SET_FRAGMENT);
		query = str_slice(p->rest, 0, (size_t)hash);
	}
	if (query.n > 0 && query.p[0] == '?')
		url_set_encoded(&p->u->query, str_slice(query, 1, query.n),
		    p->special ? URL_SET_SPECIAL_QUERY : URL_SET_QUERY);
}

static int
finish_path(struct url_parser *p, struct buf *path)
{
	read_path(p, path);
	url_set_text(&p->u->path, buf_take(path));
	url_read_query(p);
	return 0;
}

int
url_read_path(struct url_parser *p)
{
	struct buf path;

	buf_init(&path, 3 * URL_MAX + 1);
	return finish_path(p, &path);
}

/* A relative reference behind the base's path, which stands in path. */
int
url_resolve_path(struct url_parser *p, struct buf *path)
{
	if (p->rest.n > 0 && p->rest.p[0] != '?' && p->rest.p[0] != '#') {
		shorten(p, path);
		url_read_segments(p, path);
	} else if (p->base->query != NULL) {
		url_set_text(&p->u->query, str_dup(str_of(p->base->query)));
	}
	url_set_text(&p->u->path, buf_take(path));
	url_read_query(p);
	return 0;
}

int
url_read_opaque_path(struct url_parser *p)
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
	url_set_text(&p->u->path, buf_take(&path));
	url_skip(p, end);
	url_read_query(p);
	return 0;
}
