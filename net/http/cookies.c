/* The cookie jar: what is kept, what is refused, what is sent, what goes when it is full. */
#include "net/http/cookies.h"

#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "net/http/cookie_parse.h"

void
jar_init(struct jar *j)
{
	*j = (struct jar){ 0 };
}

static void
cookie_release(struct cookie *c)
{
	free(c->name);
	str_wipe_free(c->value);
	free(c->domain);
	free(c->path);
}

void
jar_release(struct jar *j)
{
	for (size_t i = 0; i < j->n; i++)
		cookie_release(&j->items[i]);
	free(j->items);
	jar_init(j);
}

static void
remove_at(struct jar *j, size_t i)
{
	cookie_release(&j->items[i]);
	j->n--;
	memmove(j->items + i, j->items + i + 1, (j->n - i) * sizeof j->items[0]);
	j->changed = true;
}

bool
jar_is_public_suffix(const char *domain)
{
	char *name = str_dup(str_of(domain));
	bool public;

	/* the root's dot makes no other suffix of it: co.uk. */
	for (size_t n = strlen(name); n > 1 && name[n - 1] == '.'; n--)
		name[n - 1] = '\0';
	public = psl_is_public_suffix(psl_builtin(), name) != 0;
	free(name);
	return public;
}

static char *
lower(struct str s)
{
	char *text = str_dup(s);

	for (char *p = text; *p != '\0'; p++)
		*p = ascii_lower(*p);
	return text;
}

/* A host as the jar has it: without the brackets of IPv6. */
static struct str
plain_host(const char *host)
{
	struct str s = str_of(host);

	return s.n > 2 && s.p[0] == '[' ? str_slice(s, 1, s.n - 1) : s;
}

static bool
is_secure(const struct url *url)
{
	struct str host = plain_host(url->host);

	if (url_is_https(url))
		return true;
	return str_is(host, "localhost") || str_ends(host, STR(".localhost")) || str_is(host, "::1") ||
	    (str_starts(host, STR("127.")) && url_host_is_address(url->host));
}

/* ---- storing ---- */

static bool
same_key(const struct cookie *a, const struct cookie *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->domain, b->domain) == 0 && strcmp(a->path, b->path) == 0 &&
	    a->host_only == b->host_only;
}

/* Whose cookies are counted: those of one domain, of a site with all below it, or all (name NULL). */
struct share {
	struct str name;
	bool below;
};

/* What one owner holds: a public suffix and the label before it; where there is none, the domain itself. */
static struct share
site_of(const char *domain)
{
	const char *site = url_host_is_address(domain) ? NULL : psl_registrable_domain(psl_builtin(), domain);

	return (struct share){ str_of(site != NULL ? site : domain), true };
}

static bool
is_of(const struct cookie *c, struct share share)
{
	if (share.name.p == NULL)
		return true;
	return share.below ? cookie_domain_match(str_of(c->domain), share.name) : str_is(share.name, c->domain);
}

/* What section 5.7 evicts first of a share: those without Secure, then the longest unused. */
static size_t
worst(const struct jar *j, struct share share)
{
	size_t found = j->n;

	for (size_t i = 0; i < j->n; i++) {
		const struct cookie *c = &j->items[i], *w = &j->items[found < j->n ? found : i];

		if (!is_of(c, share))
			continue;
		if (found == j->n || (w->secure && !c->secure) || (w->secure == c->secure && c->used < w->used))
			found = i;
	}
	return found;
}

static size_t
count(const struct jar *j, struct share share)
{
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++)
		n += is_of(&j->items[i], share);
	return n;
}

/* A site pays for what it sets: names below its own are free, and it could drive out the cookies of all others. */
static void
make_room(struct jar *j, const char *domain, int64_t now)
{
	const struct {
		struct share share;
		size_t max;
	} limits[] = {
		{ { str_of(domain), false }, COOKIES_PER_DOMAIN },
		{ site_of(domain), COOKIES_PER_SITE },
		{ { { NULL, 0 }, true }, COOKIES_MAX },
	};
	bool expired = false;

	for (size_t i = 0; j->n >= COOKIES_PER_DOMAIN && i < sizeof limits / sizeof limits[0]; i++)
		while (count(j, limits[i].share) >= limits[i].max) {
			if (expired)
				remove_at(j, worst(j, limits[i].share));
			else
				jar_expire(j, now);
			expired = true;
		}
}

/* Takes c's strings. A cookie it replaces gives it its place and time of creation. */
static int
store(struct jar *j, struct cookie *c, int64_t now, struct error *error)
{
	struct cookie *more;

	j->changed = true;
	for (size_t i = 0; i < j->n; i++)
		if (same_key(&j->items[i], c)) {
			c->created = j->items[i].created;
			cookie_release(&j->items[i]);
			j->items[i] = *c;
			return 0;
		}
	make_room(j, c->domain, now);
	more = mem_more(j->items, &j->cap, j->n, sizeof *more);
	if (more == NULL) {
		cookie_release(c);
		return mem_fail(error, "keeping the cookies");
	}
	j->items = more;
	j->items[j->n++] = *c;
	return 0;
}

/* Section 5.7, "leave secure cookies alone": a response that came without security may not hide or replace a Secure
 * cookie of the same name. */
static bool
shadows_secure(const struct jar *j, const struct cookie *c)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct cookie *other = &j->items[i];
		struct str a = str_of(c->domain), b = str_of(other->domain);

		if (other->secure && strcmp(c->name, other->name) == 0 &&
		    (cookie_domain_match(a, b) || cookie_domain_match(b, a)) &&
		    cookie_path_match(str_of(c->path), str_of(other->path)))
			return true;
	}
	return false;
}

/* Sets domain and host_only of c for a response from `host`. */
static int
choose_domain(struct cookie *c, struct str host, struct str asked, struct error *error)
{
	char *domain, shown[120];

	c->host_only = asked.n == 0;
	c->domain = domain = lower(c->host_only ? host : asked);
	if (c->host_only)
		return 0;
	str_printable(str_of(domain), shown, sizeof shown);
	for (const char *p = domain; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80)
			return fail(error, ERROR_HTTP, 0, "its Domain %s is not ASCII", shown);
	/* "If the domain-attribute is a public suffix: if identical to the canonicalized request-host, set the
	 * domain-attribute to the empty string; otherwise ignore the cookie entirely" */
	if (jar_is_public_suffix(domain)) {
		if (!str_is(host, domain))
			return fail(error, ERROR_HTTP, 0, "its Domain %s is a public suffix", shown);
		c->host_only = true;
		return 0;
	}
	if (!cookie_domain_match(host, str_of(domain)))
		return fail(error, ERROR_HTTP, 0, "its Domain %s does not cover the host %.*s", shown, STR_ARG(host));
	return 0;
}

/* The rules that depend on the request (section 5.7 steps on Secure, prefixes and shadowing). */
static int
judge(const struct jar *j, const struct cookie *c, const struct set_cookie *parsed, bool secure, struct error *error)
{
	struct str name = str_of(c->name);

	if (c->secure && !secure)
		return fail(error, ERROR_HTTP, 0, "it is Secure, and the response came over plain http");
	if (str_starts_nocase(name, STR("__Secure-")) && !c->secure)
		return fail(error, ERROR_HTTP, 0, "the prefix __Secure- needs Secure");
	if (str_starts_nocase(name, STR("__Host-")) &&
	    (!c->secure || !c->host_only || parsed->domain.n > 0 || !str_is(parsed->path, "/")))
		return fail(error, ERROR_HTTP, 0, "the prefix __Host- needs Secure, Path=/ and no Domain");
	if (!c->secure && !secure && shadows_secure(j, c))
		return fail(error, ERROR_HTTP, 0,
		    "a Secure cookie of that name is there, and the response came over plain http");
	return 0;
}

/* Says which cookie the reason is about. */
static int
ignored(struct str name, const struct error *reason, struct error *error)
{
	char shown[80];

	return fail(error, reason->kind, 0, "cookie \"%s\" ignored: %s", str_printable(name, shown, sizeof shown),
	    reason->text);
}

static void
remove_same(struct jar *j, const struct cookie *c)
{
	for (size_t i = j->n; i > 0; i--)
		if (same_key(&j->items[i - 1], c))
			remove_at(j, i - 1);
}

int
jar_receive(struct jar *j, const struct url *url, struct str text, int64_t now, struct error *error)
{
	struct set_cookie parsed;
	struct error reason = { 0 };
	struct str host;
	struct cookie c = { 0 };

	if (url->host == NULL || !url_is_http(url))
		return fail(error, ERROR_HTTP, 0, "cookies come over http and https only");
	host = plain_host(url->host);
	if (cookie_parse(&parsed, text, now, &reason) != 0)
		return ignored(parsed.name.n > 0 ? parsed.name : str_slice(text, 0, 40), &reason, error);
	c = (struct cookie){
		.name = str_dup(parsed.name),
		.value = str_dup(parsed.value),
		.path = str_dup(parsed.path.n > 0 ? parsed.path : cookie_default_path(url->path)),
		.expires = parsed.expires,
		.persistent = parsed.persistent,
		.secure = parsed.secure,
		.http_only = parsed.http_only,
		.same_site = parsed.same_site,
		.created = now * 1000000,
		.used = now * 1000000,
	};
	if (choose_domain(&c, host, parsed.domain, &reason) != 0 ||
	    judge(j, &c, &parsed, is_secure(url), &reason) != 0) {
		cookie_release(&c);
		return ignored(parsed.name, &reason, error);
	}
	if (c.persistent && c.expires <= now) {
		remove_same(j, &c);
		cookie_release(&c);
		return 0;
	}
	return store(j, &c, now, error);
}

static bool
has_control(const char *s, const char *also)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7F || strchr(also, *s) != NULL)
			return true;
	return false;
}

int
jar_set(struct jar *j, const struct cookie *c, struct error *error)
{
	struct str domain = str_of(c->domain);
	struct cookie copy;

	if (c->name == NULL || c->name[0] == '\0' || has_control(c->name, "=;\t"))
		return fail(error, ERROR_USAGE, 0, "a cookie's name is not empty and has no =, ; or control character");
	if (c->value != NULL && has_control(c->value, ";"))
		return fail(error, ERROR_USAGE, 0, "the value of cookie %s contains ; or a control character", c->name);
	if (domain.n > 0 && domain.p[0] == '.')
		domain = str_slice(domain, 1, domain.n);
	if (domain.n == 0 || has_control(c->domain, "; \t"))
		return fail(error, ERROR_USAGE, 0, "cookie %s has no domain", c->name);
	if (c->path != NULL && (has_control(c->path, ";\t") || (c->path[0] != '\0' && c->path[0] != '/')))
		return fail(error, ERROR_USAGE, 0, "the path of cookie %s does not start with /", c->name);
	if (strlen(c->name) + str_of(c->value).n > COOKIE_MAX_BYTES)
		return fail(error, ERROR_LIMIT, 0, "cookie %s is longer than %d bytes", c->name, COOKIE_MAX_BYTES);
	copy = *c;
	copy.name = str_dup(str_of(c->name));
	copy.value = str_dup(str_of(c->value));
	copy.domain = lower(domain);
	copy.path = str_dup(c->path != NULL && c->path[0] != '\0' ? str_of(c->path) : STR("/"));
	copy.host_only = c->host_only || jar_is_public_suffix(copy.domain);
	if (!copy.persistent)
		copy.expires = INT64_MAX;
	return store(j, &copy, copy.created / 1000000, error);
}

size_t
jar_delete(struct jar *j, const char *domain, const char *path, const char *name)
{
	size_t before = j->n;

	for (size_t i = j->n; i > 0; i--) {
		const struct cookie *c = &j->items[i - 1];

		if ((domain == NULL || str_is_nocase(str_of(c->domain), domain)) &&
		    (path == NULL || strcmp(path, c->path) == 0) && (name == NULL || strcmp(name, c->name) == 0))
			remove_at(j, i - 1);
	}
	return before - j->n;
}

void
jar_expire(struct jar *j, int64_t now)
{
	for (size_t i = j->n; i > 0; i--)
		if (j->items[i - 1].persistent && j->items[i - 1].expires <= now)
			remove_at(j, i - 1);
}

/* ---- sending (section 5.8.3) ---- */

static bool
applies(const struct cookie *c, const struct url *url, struct str host, bool secure, int64_t now)
{
	if (c->persistent && c->expires <= now)
		return false;
	if (c->host_only ? !str_is(host, c->domain) : !cookie_domain_match(host, str_of(c->domain)))
		return false;
	return (!c->secure || secure) && cookie_path_match(str_of(url->path), str_of(c->path));
}

/* "Cookies with longer paths are listed before cookies with shorter paths. Among cookies that have equal-length path
 * fields, cookies with earlier creation-times are listed before cookies with later creation-times." The jar's order
 * breaks ties. */
static int
compare(const void *left, const void *right)
{
	const struct cookie *a = *(const struct cookie *const *)left, *b = *(const struct cookie *const *)right;
	size_t x = strlen(a->path), y = strlen(b->path);

	if (x != y)
		return x > y ? -1 : 1;
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* A domain that another host of the site can set cookies for, too, is shorter. */
static int
compare_nearness(const void *left, const void *right)
{
	const struct cookie *a = *(const struct cookie *const *)left, *b = *(const struct cookie *const *)right;
	size_t x = strlen(a->domain), y = strlen(b->domain);

	if (x != y)
		return x > y ? -1 : 1;
	return a->host_only != b->host_only ? (a->host_only ? -1 : 1) : compare(left, right);
}

/* Keeps what fits into the header field, in its order; returns how many those are. */
static size_t
choose_fitting(struct cookie **list, size_t n)
{
	size_t room = COOKIE_MAX_HEADER - (sizeof "Cookie: " - 1), kept = 0;

	qsort(list, n, sizeof *list, compare_nearness);
	for (size_t i = 0; i < n; i++) {
		size_t need =
		    (kept > 0 ? sizeof "; " - 1 : 0) + strlen(list[i]->name) + sizeof "=" - 1 + strlen(list[i]->value);

		if (need > room)
			continue;
		room -= need;
		list[kept++] = list[i];
	}
	qsort(list, kept, sizeof *list, compare);
	return kept;
}

char *
jar_header(struct jar *j, const struct url *url, int64_t now, size_t *left_out)
{
	struct cookie **list = mem_alloc((j->n + 1) * sizeof *list); /* COOKIES_MAX */
	struct str host;
	struct buf out;
	size_t n = 0, kept;

	host = plain_host(url->host);
	for (size_t i = 0; i < j->n; i++)
		if (applies(&j->items[i], url, host, is_secure(url), now))
			list[n++] = &j->items[i];
	kept = choose_fitting(list, n);
	if (left_out != NULL)
		*left_out = n - kept;
	buf_init(&out, COOKIE_MAX_HEADER);
	for (size_t i = 0; i < kept; i++) {
		buf_addf(&out, "%s%s=%s", i > 0 ? "; " : "", list[i]->name, list[i]->value);
		list[i]->used = now * 1000000;
	}
	free(list);
	return kept > 0 ? buf_take(&out) : NULL;
}
