/* The jar's Netscape file, read and written. */
#include "net/http/cookies.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HTTP_ONLY "#HttpOnly_"
#define SAME_SITE "# SameSite="

enum { FIELDS = 7 };

static bool
to_bool(struct str s, bool *value)
{
	*value = str_is_nocase(s, "true");
	return *value || str_is_nocase(s, "false");
}

/* wget writes "host:port"; an IPv6 address has brackets then, or several colons. */
static struct str
without_port(struct str domain)
{
	ptrdiff_t bracket = str_find_char(domain, ']');
	struct str rest = domain, host = str_cut(&rest, ':');

	if (domain.n > 0 && domain.p[0] == '[' && bracket > 0)
		return str_slice(domain, 1, (size_t)bracket);
	return str_find_char(rest, ':') >= 0 ? domain : host;
}

/* One line into the jar: 1 = a cookie, 0 = empty or a comment, -1 error. */
static int
import_line(struct jar *j, struct str line, struct error *error)
{
	struct str fields[FIELDS] = { { 0 } };
	bool http_only = str_starts(line, STR(HTTP_ONLY)), subdomains, secure;
	char *text[FIELDS] = { 0 };
	uint64_t expires;
	struct cookie c = { .http_only = http_only };
	size_t n = 0;
	int result;

	if (http_only)
		line = str_slice(line, sizeof HTTP_ONLY - 1, line.n);
	else if (str_trim(line).n == 0 || line.p[0] == '#')
		return 0;
	while (line.p != NULL && n < FIELDS - 1)
		fields[n++] = str_cut(&line, '\t');
	/* the value is the rest, and may be missing when it is empty */
	if (line.p != NULL)
		fields[n++] = line;
	if (n < FIELDS - 1)
		return fail(error, ERROR_USAGE, 0, "it has %zu fields, not %d with tabs between", n, FIELDS);
	if (!to_bool(fields[1], &subdomains) || !to_bool(fields[3], &secure))
		return fail(error, ERROR_USAGE, 0, "the second and fourth field must be TRUE or FALSE");
	/* negative: long gone */
	if (str_starts(fields[4], STR("-")))
		expires = 1;
	else if (!str_to_u64(fields[4], INT64_MAX, &expires))
		return fail(error, ERROR_USAGE, 0, "the fifth field must be a time in seconds");
	fields[0] = without_port(fields[0]);
	for (size_t i = 0; i < FIELDS; i++)
		text[i] = str_dup(fields[i]);
	c.domain = text[0];
	c.host_only = !subdomains;
	c.path = text[2];
	c.secure = secure;
	c.persistent = expires != 0;
	c.expires = expires != 0 ? (int64_t)expires : INT64_MAX;
	c.name = text[5];
	c.value = text[6];
	for (size_t i = 0; i < FIELDS; i++)
		if (strlen(text[i]) != fields[i].n)
			c.name = NULL;
	result = jar_set(j, &c, error) == 0 ? 1 : -1;
	for (size_t i = 0; i < FIELDS; i++)
		free(text[i]);
	return result;
}

static const struct {
	const char *name;
	char value;
} same_sites[] = { { "Strict", 'S' }, { "Lax", 'L' }, { "None", 'N' } };

/* "# SameSite=Lax", domain as in the cookie's line, path, name. */
static void
import_same_site(struct jar *j, struct str line)
{
	struct str value = str_slice(str_cut(&line, '\t'), sizeof SAME_SITE - 1, SIZE_MAX);
	struct str domain = str_cut(&line, '\t'), path = str_cut(&line, '\t');
	bool below = str_starts(domain, STR("."));
	size_t at = 0;

	domain = str_slice(domain, below, domain.n);
	while (at < j->n &&
	    (j->items[at].host_only == below || !str_is(domain, j->items[at].domain) ||
		!str_is(path, j->items[at].path) || !str_is(line, j->items[at].name)))
		at++;
	for (size_t i = 0; at < j->n && i < sizeof same_sites / sizeof same_sites[0]; i++)
		if (str_is(value, same_sites[i].name))
			j->items[at].same_site = same_sites[i].value;
}

int
jar_import(struct jar *j, struct str text, int *bad, struct error *error)
{
	int line_number = 0, count = 0;

	*bad = 0;
	while (text.p != NULL && text.n > 0) {
		struct str line = str_cut(&text, '\n');
		struct error reason = { .kind = ERROR_NONE };
		int got;

		line_number++;
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (str_starts(line, STR(SAME_SITE)))
			import_same_site(j, line);
		got = import_line(j, line, &reason);
		if (got >= 0)
			count += got;
		else if (++*bad == 1)
			fail(error, ERROR_USAGE, 0, "line %d of the cookie file: %s", line_number, reason.text);
	}
	return count;
}

void
jar_export(const struct jar *j, struct buf *out, bool marks)
{
	buf_add_str(out, STR("# Netscape HTTP Cookie File\n"));
	for (size_t i = 0; i < j->n; i++) {
		const struct cookie *c = &j->items[i];

		buf_addf(out, "%s%s%s\t%s\t%s\t%s\t%" PRId64 "\t%s\t%s\n", c->http_only && marks ? HTTP_ONLY : "",
		    c->host_only ? "" : ".", c->domain, c->host_only ? "FALSE" : "TRUE", c->path,
		    c->secure ? "TRUE" : "FALSE", c->persistent ? c->expires : 0, c->name, c->value);
		for (size_t k = 0; marks && k < sizeof same_sites / sizeof same_sites[0]; k++)
			if (c->same_site == same_sites[k].value)
				buf_addf(out, SAME_SITE "%s\t%s%s\t%s\t%s\n", same_sites[k].name,
				    c->host_only ? "" : ".", c->domain, c->path, c->name);
	}
}
