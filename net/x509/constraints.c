/* Name constraints (RFC 5280 section 4.2.1.10): DNS, IP, mail and directory names; a constraint on another type that meets
 * a name of that type refuses it. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

static bool
mail_within(struct str mail, struct str base)
{
	size_t at = mail.n;
	struct str host;

	while (at > 0 && mail.p[at - 1] != '@')
		at--;
	host = str_slice(mail, at, mail.n);
	if (str_find_char(base, '@') >= 0) {      /* one mailbox: the local part counts case */
		ptrdiff_t split = str_find_char(base, '@');

		return at > 0 && str_eq(str_slice(mail, 0, at - 1), str_slice(base, 0, (size_t)split)) &&
		    str_eq_nocase(host, str_slice(base, (size_t)split + 1, base.n));
	}
	if (base.n > 0 && base.p[0] == '.')
		return str_ends_nocase(host, base) && host.n > base.n;
	return str_eq_nocase(host, base);
}

static bool
ip_within(struct str address, struct str base)
{
	size_t n = address.n;

	if (base.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (((address.p[i] ^ base.p[i]) & base.p[n + i]) != 0)
			return false;
	return true;
}

/* "*.example.com" may stand for any name below: excluded as soon as one of them would be. */
static bool
wildcard_meets(struct str name, struct str base)
{
	struct str parent = str_slice(name, 2, name.n);

	return str_starts(name, STR("*.")) && x509_dns_within(base, parent) && base.n > parent.n;
}

static bool
name_within(const struct general_name *name, const struct general_name *base, bool excluded)
{
	struct str value = name->value;

	switch (name->type) {
	case NAME_DNS:
		if (excluded && wildcard_meets(value, base->value))
			return true;
		if (str_starts(value, STR("*.")) && !excluded)
			value = str_slice(value, 2, value.n);
		return x509_dns_within(value, base->value);
	case NAME_MAIL:
		return mail_within(value, base->value);
	case NAME_IP:
		return ip_within(value, base->value);
	case NAME_DIRECTORY:
		return x509_name_within(value, base->value);
	default:
		return excluded;       /* not understood: "MUST either process the constraint or reject the certificate" */
	}
}

static bool
name_ok(const struct general_name *name)
{
	ptrdiff_t at;

	if (name->type == NAME_DNS)
		return x509_dns_name_ok(name->value, true);
	if (name->type == NAME_IP)
		return name->value.n == 4 || name->value.n == 16;
	if (name->type != NAME_MAIL)
		return true;
	at = str_find_char(name->value, '@');
	return at > 0 && x509_dns_name_ok(str_slice(name->value, (size_t)at + 1, name->value.n), false);
}

static char *
shown_name(const struct general_name *name)
{
	struct buf out;

	buf_init(&out, 0);
	x509_add_general_name(&out, name);
	return buf_take(&out);
}

static char *
check_name(const struct x509_details *ca, const struct general_name *name, unsigned *work)
{
	bool constrained = false, permitted = false, excluded = false;
	char *shown, *text;

	*work += (unsigned)(ca->permitted.n + ca->excluded.n);
	if (*work > X509_MAX_COMPARISONS)
		return NULL;
	for (size_t i = 0; i < ca->permitted.n; i++)
		if (ca->permitted.items[i].type == name->type) {
			constrained = true;
			permitted = permitted || name_within(name, &ca->permitted.items[i], false);
		}
	for (size_t i = 0; i < ca->excluded.n; i++)
		if (ca->excluded.items[i].type == name->type) {
			excluded = excluded || name_within(name, &ca->excluded.items[i], true);
			constrained = constrained || excluded || !name_ok(name);
		}
	if (!excluded && (!constrained || (permitted && name_ok(name)) ||
	    (ca->permitted.n == 0 && name_ok(name))))
		return NULL;
	shown = shown_name(name);
	text = str_printf("the name \"%s\" is %s", shown, excluded ? "excluded by" : name_ok(name) ? "not permitted by" :
	    "malformed, which cannot be within");
	free(shown);
	return text;
}

/* The subject is a directory name; of old certificates it also holds the mail address. The common name
 * is no host's (RFC 9525), so no constraint for hosts meets it. */
static char *
check_subject(const struct x509_details *ca, const struct x509_cert *c, unsigned *work)
{
	struct general_name subject = { NAME_DIRECTORY, c->subject }, mail = { NAME_MAIL, x509_mail_address(c->subject) };
	char *broken = x509_name_empty(c->subject) ? NULL : check_name(ca, &subject, work);

	if (broken == NULL && mail.value.n > 0)
		broken = check_name(ca, &mail, work);
	return broken;
}

char *
x509_constraints_broken(const struct x509_cert *ca, const struct x509_cert *c, unsigned *work)
{
	char *broken;

	if (!ca->more->has_constraints)
		return NULL;
	broken = check_subject(ca->more, c, work);
	for (size_t i = 0; broken == NULL && i < c->more->names.n && *work <= X509_MAX_COMPARISONS; i++)
		broken = check_name(ca->more, &c->more->names.items[i], work);
	return broken;
}
