/* Host names in certificates (RFC 9525, RFC 5280 section 4.2.1.6). */
#include <arpa/inet.h>
#include <string.h>

#include "net/x509/details.h"

static bool
label_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_'; /* the underscore is no host's, but CAs issue it */
}

/* A name in preferred syntax (RFC 1034 section 3.5); wildcard: "*." may stand in front. */
bool
x509_dns_name_ok(struct str name, bool wildcard)
{
	struct str rest = name;

	if (wildcard && str_starts(name, STR("*.")))
		rest = str_slice(name, 2, name.n);
	if (rest.n == 0 || name.n > 253)
		return false;
	while (rest.p != NULL) {
		struct str label = str_cut(&rest, '.');

		if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!label_char(label.p[i]))
				return false;
	}
	return true;
}

/* name is base or below it; an empty base holds every name; one with a dot in front only what is below. */
bool
x509_dns_within(struct str name, struct str base)
{
	if (base.n == 0)
		return true;
	if (!str_ends_nocase(name, base))
		return false;
	return name.n == base.n || base.p[0] == '.' || name.p[name.n - base.n - 1] == '.';
}

/* RFC 9525 section 6.3: a wildcard is the whole left-most label and stands for one label; here at least two labels must
 * follow it, so that nobody holds a top-level domain. */
static bool
dns_matches(struct str pattern, struct str host)
{
	ptrdiff_t dot;

	if (!x509_dns_name_ok(pattern, true))
		return false;
	if (!str_starts(pattern, STR("*.")))
		return str_eq_nocase(pattern, host);
	pattern = str_slice(pattern, 2, pattern.n);
	dot = str_find_char(host, '.');
	return dot > 0 && str_find_char(pattern, '.') > 0 &&
	    str_eq_nocase(pattern, str_slice(host, (size_t)dot + 1, host.n));
}

bool
x509_host_matches(const struct x509_cert *c, const char *host)
{
	uint8_t address[16];
	size_t size = inet_pton(AF_INET, host, address) == 1 ? 4 : inet_pton(AF_INET6, host, address) == 1 ? 16 : 0;
	struct str name = str_of(host);

	if (size == 0 && name.n > 1 && name.p[name.n - 1] == '.')
		name.n--; /* a fully qualified name is the same name */
	for (size_t i = 0; i < c->more->names.n; i++) {
		const struct general_name *san = &c->more->names.items[i];

		if (size > 0 && san->type == NAME_IP && str_eq(san->value, str_from(address, size)))
			return true;
		if (size == 0 && san->type == NAME_DNS && dns_matches(san->value, name))
			return true;
	}
	return false;
}

/* inet_aton takes what no URL should have: 0xC0A80101, 192.168.001.001. */
bool
x509_common_name_ok(const struct x509_cert *c)
{
	struct str name = x509_common_name(c->subject);
	char text[64], canonical[INET6_ADDRSTRLEN] = "";
	struct in_addr v4;
	struct in6_addr v6;

	if (name.n >= sizeof text)
		return true;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (inet_pton(AF_INET6, text, &v6) == 1)
		inet_ntop(AF_INET6, &v6, canonical, sizeof canonical);
	else if ((str_find_char(name, '.') > 0 || str_starts_nocase(name, STR("0x"))) && inet_aton(text, &v4) != 0)
		inet_ntop(AF_INET, &v4, canonical, sizeof canonical);
	return canonical[0] == '\0' || strcmp(text, canonical) == 0;
}

bool
x509_names_have_underscore(const struct x509_cert *c)
{
	for (size_t i = 0; i < c->more->names.n; i++)
		if (c->more->names.items[i].type == NAME_DNS && str_find_char(c->more->names.items[i].value, '_') >= 0)
			return true;
	return false;
}
