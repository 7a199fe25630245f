/* Name constraints (RFC 5280 section 4.2.1.10): DNS, IP, mail and directory names; a constraint on another type that
 * meets a name of that type refuses it. */
#include <stdlib.h>
#include <string.h>

#include "net/x509/details.h"

/* An empty base excludes every mailbox and permits none. */
static bool
mail_within(struct str mail, struct str base, bool excluded)
{
	ptrdiff_t at = str_find_char(mail, '@'), split = str_find_char(base, '@');
	struct str host = str_slice(mail, (size_t)(at + 1), mail.n);

	if (base.n == 0)
		return excluded;
	if (split >= 0) /* one mailbox: the local part counts case */
		return at > 0 && str_eq(str_slice(mail, 0, (size_t)at), str_slice(base, 0, (size_t)split)) &&
		    str_eq_nocase(host, str_slice(base, (size_t)split + 1, base.n));
	if (base.p[0] == '.')
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
		return x509_dns_within(value, base->value);
	case NAME_MAIL:
		return mail_within(value, base->value, excluded);
	case NAME_IP:
		return ip_within(value, base->value);
	case NAME_DIRECTORY:
		return x509_name_within(&name->name, &base->name);
	default:
		return excluded; /* not understood: "MUST either process the constraint or reject the certificate" */
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
	at = str_find_char(name->value, '@'); /* with a second one, what follows is no host */
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

/* What a comparison costs: a unit, and one for every 16 bytes of the shorter one. */
static bool
spend(struct work *work, const struct general_name *name, const struct general_name *base)
{
	size_t a = name->type == NAME_DIRECTORY ? name->name.folded.n : name->value.n;
	size_t b = name->type == NAME_DIRECTORY ? base->name.folded.n : base->value.n;

	return work_spend(work, 1 + (a < b ? a : b) / 16);
}

/* Whether one of the constraints of the name's type holds it. *met: there is one of its type. */
static bool
held(const struct general_names *constraints, const struct general_name *name, bool excluded, bool *met,
    struct work *work)
{
	bool within = false;

	for (size_t i = 0; i < constraints->n && !within && work_spend(work, 1); i++)
		if (constraints->items[i].type == name->type) {
			*met = true;
			within = spend(work, name, &constraints->items[i]) &&
			    name_within(name, &constraints->items[i], excluded);
		}
	return within;
}

static char *
check_name(const struct x509_details *ca, const struct general_name *name, struct work *work)
{
	bool limited = false, met = false;
	bool permitted = held(&ca->permitted, name, false, &limited, work);
	bool excluded = held(&ca->excluded, name, true, &met, work);
	bool good = (!limited && !met) || (work_spend(work, 1 + name->value.n / 16) && name_ok(name));
	char *shown, *text;

	if ((good && !excluded && (permitted || !limited)) || !work_spend(work, 0))
		return NULL;
	shown = shown_name(name);
	text = str_printf("the name \"%s\" is %s", shown,
	    excluded ? "excluded by" :
		good ? "not permitted by" :
		       "malformed, which cannot be within");
	free(shown);
	return text;
}

static char *
check_names(const struct x509_details *ca, const struct general_names *names, struct work *work)
{
	char *broken = NULL;

	for (size_t i = 0; broken == NULL && i < names->n && work_spend(work, 1); i++)
		broken = check_name(ca, &names->items[i], work);
	return broken;
}

/* The subject is a directory name; of old certificates it also holds mail addresses. The common name is no host's (RFC
 * 9525), so no constraint for hosts meets it. */
static char *
check_subject(const struct x509_details *ca, const struct x509_cert *c, struct work *work)
{
	struct general_name subject = { NAME_DIRECTORY, c->subject, c->more->subject };
	char *broken = x509_name_empty(c->subject) ? NULL : check_name(ca, &subject, work);

	if (broken == NULL && c->more->odd_mail)
		broken = str_dup(STR("the mail address in its subject is malformed, which cannot be within"));
	return broken != NULL ? broken : check_names(ca, &c->more->mails, work);
}

char *
x509_constraints_broken(const struct x509_cert *ca, const struct x509_cert *c, struct work *work)
{
	char *broken;

	if (!ca->more->has_constraints)
		return NULL;
	broken = check_subject(ca->more, c, work);
	return broken != NULL ? broken : check_names(ca->more, &c->more->names, work);
}
