/*
 * Why a name of a certificate that looks like the host is none of it (RFC 9525 section 6, RFC 5280 section 4.2.1.6): it
 * has the wrong kind or form. For people; net/x509/host.c decides.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "net/x509/details.h"

static size_t
address_of(struct str text, uint8_t out[16])
{
	char copy[INET6_ADDRSTRLEN + 2];

	if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = str_slice(text, 1, text.n - 1);
	if (text.n >= sizeof copy)
		return 0;
	snprintf(copy, sizeof copy, "%.*s", STR_ARG(text));
	return inet_pton(AF_INET, copy, out) == 1 ? 4 : inet_pton(AF_INET6, copy, out) == 1 ? 16 : 0;
}

/* The host of what may be written as a URL, with a port, with dots or spaces around it. */
static struct str
bare(struct str name)
{
	ptrdiff_t at = str_find(name, STR("://"));
	size_t end;

	if (at >= 0)
		name = str_slice(name, (size_t)at + 3, name.n);
	if ((at = str_find_char(name, '@')) >= 0)
		name = str_slice(name, (size_t)at + 1, name.n);
	if ((at = str_find_char(name, '/')) >= 0)
		name = str_slice(name, 0, (size_t)at);
	if (name.n > 0 && name.p[0] != '[' && (at = str_find_char(name, ':')) >= 0 &&
	    str_find_char(str_slice(name, (size_t)at + 1, name.n), ':') < 0)
		name = str_slice(name, 0, (size_t)at);
	for (end = name.n; end > 0 && (name.p[end - 1] == '.' || name.p[end - 1] <= ' '); end--)
		;
	name = str_slice(name, 0, end);
	while (name.n > 0 && (name.p[0] == '.' || name.p[0] <= ' '))
		name = str_slice(name, 1, name.n);
	return name;
}

/* A * stands for any bytes. */
static bool
glob(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.n && ascii_lower(pattern.p[p]) == ascii_lower(text.p[t])) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static const char *
wildcard_fault(struct str name, struct str host)
{
	struct str rest = str_starts(name, STR("*.")) ? str_slice(name, 2, name.n) : (struct str){ NULL, 0 };

	if (rest.p == NULL || str_find_char(rest, '*') >= 0)
		return "a wildcard is the whole first label (RFC 9525 section 6.3)";
	if (str_find_char(rest, '.') < 0)
		return "behind a wildcard two labels are wanted here";
	return host.n > 0 ? "a wildcard stands for exactly one label (RFC 9525 section 6.3)" : NULL;
}

static const char *
dns_fault(struct str name, struct str host)
{
	struct str core = bare(name), tail = str_slice(core, 2, core.n);
	bool bare_domain = str_starts(core, STR("*.")) && str_eq_nocase(tail, host);

	if (!glob(core, host) && !bare_domain)
		return NULL;
	if (str_find_char(name, ':') >= 0 || str_find_char(name, '/') >= 0)
		return "a dNSName is a host alone, without a port or a URL around it";
	if (core.n != name.n)
		return "a dNSName has no dot or space at its ends";
	if (str_find_char(name, '*') >= 0)
		return wildcard_fault(name, host);
	return x509_dns_name_ok(name, false) ? NULL : "it is no dNSName (RFC 1034 section 3.5)";
}

static const char *
address_fault(const struct general_name *name, struct str host, const uint8_t *address, size_t size)
{
	uint8_t found[16];

	if (name->type == NAME_IP)
		return name->value.n == 4 || name->value.n == 16 ? NULL : "an iPAddress has 4 bytes, or 16 (RFC 5280)";
	if (name->type == NAME_DNS &&
	    (glob(bare(name->value), host) ||
		(address_of(bare(name->value), found) == size && memcmp(found, address, size) == 0)))
		return "an address counts as iPAddress, not as dNSName";
	return NULL;
}

static const char *
fault_of(const struct general_name *name, struct str host, const uint8_t *address, size_t size)
{
	if (size > 0 && (name->type == NAME_IP || name->type == NAME_DNS))
		return address_fault(name, host, address, size);
	if (name->type == NAME_DNS)
		return dns_fault(name->value, host);
	if ((name->type == NAME_URI || name->type == NAME_MAIL) && glob(bare(name->value), host))
		return "a server is named by dNSName or iPAddress alone";
	return NULL;
}

const char *
x509_host_fault(const struct x509_cert *c, const char *host, const struct general_name **which)
{
	const struct general_names *names = &c->more->names;
	struct str bare_host = bare(str_of(host)), common = x509_common_name(c->subject);
	uint8_t address[16];
	size_t size = address_of(str_of(host), address);

	*which = NULL;
	if (size > 0)
		bare_host = str_of(host);
	for (size_t i = 0; i < names->n; i++) {
		const char *fault = fault_of(&names->items[i], bare_host, address, size);

		if (fault != NULL) {
			*which = &names->items[i];
			return fault;
		}
	}
	return str_eq_nocase(common, bare_host) ? "the common name does not count (RFC 9525 section 2)" : NULL;
}
