/* A Set-Cookie value taken apart, and when a cookie matches a host and a path. */
#include "net/http/cookie_parse.h"

#include <string.h>

/* Blanks at both ends (section 5.6: WSP only). */
static struct str
trim(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_slice(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Section 5.6.1; "If the date cannot be parsed, ignore the cookie-av". */
static void
take_expires(struct set_cookie *c, struct str value, int64_t now)
{
	int64_t when;

	if (!cookie_date(value, &when))
		return;
	c->persistent = true;
	c->expires = when > now + COOKIE_MAX_AGE ? now + COOKIE_MAX_AGE : when;
}

/* Section 5.6.2: digits with one "-" in front; "If delta-seconds is less than or equal to zero, let expiry-time be the
 * earliest representable date and time." */
static bool
take_max_age(struct set_cookie *c, struct str value, int64_t now)
{
	bool negative = value.n > 0 && value.p[0] == '-';
	struct str digits = str_slice(value, negative, value.n);
	int64_t seconds = 0;

	if (digits.n == 0)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (!ascii_is_digit(digits.p[i]))
			return false;
		if (seconds < COOKIE_MAX_AGE)
			seconds = seconds * 10 + (digits.p[i] - '0');
	}
	if (seconds > COOKIE_MAX_AGE)
		seconds = COOKIE_MAX_AGE;
	c->persistent = true;
	c->expires = negative || seconds == 0 ? INT64_MIN : now + seconds;
	return true;
}

static void
take_same_site(struct set_cookie *c, struct str value)
{
	c->same_site = 0;
	if (str_is_nocase(value, "strict"))
		c->same_site = 'S';
	else if (str_is_nocase(value, "lax"))
		c->same_site = 'L';
	else if (str_is_nocase(value, "none"))
		c->same_site = 'N';
}

/* The last of each attribute counts; Max-Age wins over Expires. */
static void
take_attributes(struct set_cookie *c, struct str rest, int64_t now)
{
	bool has_max_age = false;

	while (rest.p != NULL) {
		struct str av = str_cut(&rest, ';'), value = av, name = trim(str_cut(&value, '='));

		value = trim(value);
		if (value.n > COOKIE_MAX_ATTRIBUTE)
			continue;
		if (str_is_nocase(name, "expires") && !has_max_age) {
			take_expires(c, value, now);
		} else if (str_is_nocase(name, "max-age")) {
			has_max_age |= take_max_age(c, value, now);
		} else if (str_is_nocase(name, "domain")) {
			c->domain = str_slice(value, value.n > 0 && value.p[0] == '.', value.n);
		} else if (str_is_nocase(name, "path")) {
			/* Section 5.6.4: empty or not starting with "/": the default path. */
			c->path = value.n > 0 && value.p[0] == '/' ? value : STR("");
		} else if (str_is_nocase(name, "secure")) {
			c->secure = true;
		} else if (str_is_nocase(name, "httponly")) {
			c->http_only = true;
		} else if (str_is_nocase(name, "samesite")) {
			take_same_site(c, value);
		}
	}
}

int
cookie_parse(struct set_cookie *c, struct str text, int64_t now, struct error *error)
{
	struct str rest, pair;
	ptrdiff_t nul = str_find_char(text, '\0');

	*c = (struct set_cookie){ .expires = INT64_MAX };
	/* The head of a response has no NUL; by hand it ends the text. */
	rest = nul >= 0 ? str_slice(text, 0, (size_t)nul) : text;
	/* Section 5.6 step 1: "If the set-cookie-string contains a %x00-08 / %x0A-1F / %x7F character (CTL characters
	 * excluding HTAB): Abort these steps and ignore the set-cookie-string entirely." */
	for (size_t i = 0; i < rest.n; i++)
		if (((unsigned char)rest.p[i] < 0x20 && rest.p[i] != '\t') || rest.p[i] == 0x7F)
			return fail(error, ERROR_HTTP, 0, "it contains a control character");
	pair = str_cut(&rest, ';');
	if (str_find_char(pair, '=') < 0)
		return fail(error, ERROR_HTTP, 0, "it has no name: no = before the first ;");
	c->name = trim(str_cut(&pair, '='));
	c->value = trim(pair);
	if (c->name.n == 0)
		return fail(error, ERROR_HTTP, 0, "it has no name");
	if (str_find_char(c->name, '\t') >= 0)
		return fail(error, ERROR_HTTP, 0, "its name contains a tab");
	/* Section 5.6 step 6: "If the sum of the lengths of the name string and the value string is more than 4096
	 * octets, abort these steps". */
	if (c->name.n + c->value.n > COOKIE_MAX_BYTES)
		return fail(error, ERROR_LIMIT, 0, "name and value have %zu bytes, the limit is %d",
		    c->name.n + c->value.n, COOKIE_MAX_BYTES);
	take_attributes(c, rest, now);
	/* it could not be written to a Netscape file */
	if (str_find_char(c->path, '\t') >= 0)
		return fail(error, ERROR_HTTP, 0, "its Path contains a tab");
	return 0;
}

bool
cookie_domain_match(struct str host, struct str domain)
{
	char text[64];

	if (str_eq(host, domain))
		return true;
	if (host.n <= domain.n || !str_ends(host, domain) || host.p[host.n - domain.n - 1] != '.')
		return false;
	if (host.n >= sizeof text)
		return true;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	return !url_host_is_address(text);
}

bool
cookie_path_match(struct str request, struct str path)
{
	if (!str_starts(request, path))
		return false;
	return request.n == path.n || (path.n > 0 && path.p[path.n - 1] == '/') || request.p[path.n] == '/';
}

struct str
cookie_default_path(const char *url_path)
{
	struct str path = str_of(url_path);
	size_t end = path.n;

	while (end > 0 && path.p[end - 1] != '/')
		end--;
	/* "output the characters of the uri-path from the first character up to, but not including, the right-most
	 * /" */
	if (path.n == 0 || path.p[0] != '/' || end <= 1)
		return STR("/");
	return str_slice(path, 0, end - 1);
}
