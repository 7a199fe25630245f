/* What a person reads of a certificate. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "net/x509/details.h"
#include "net/x509/hash.h"
#include "net/x509/pem.h"

static const char UNREADABLE[] = "(cannot be read)";

char *
x509_marked_text(const struct x509_cert *c, unsigned parts, char *text)
{
	char *all;

	if ((c->more->unread & parts) == 0)
		return text;
	all = text[0] != '\0' ? str_printf("%s (cannot be read to the end)", text) : str_dup(str_of(UNREADABLE));
	free(text);
	return all;
}

char *
x509_subject_text(const struct x509_cert *c)
{
	return x509_marked_text(c, PART_SUBJECT, x509_name_text(c->subject));
}

char *
x509_issuer_text(const struct x509_cert *c)
{
	return x509_marked_text(c, PART_ISSUER, x509_name_text(c->issuer));
}

char *
x509_hex_text(struct str bytes)
{
	struct buf out;

	buf_init(&out, 4 * X509_MAX_CERT);
	for (size_t i = 0; i < bytes.n; i++)
		buf_addf(&out, "%s%02X", i > 0 ? ":" : "", (unsigned)(uint8_t)bytes.p[i]);
	return buf_take(&out);
}

char *
x509_serial_text(const struct x509_cert *c)
{
	return x509_hex_text(c->serial);
}

char *
x509_fingerprint_text(const struct x509_cert *c, enum x509_hash h)
{
	struct str der = str_from(c->der, c->der_len);
	uint8_t digest[HASH_MAX];

	hash_parts(h, &der, 1, digest);
	return x509_hex_text(str_from(digest, hash_size(h)));
}

const char *
x509_signature_name(const struct x509_cert *c)
{
	if (c->more->algorithm.name != NULL)
		return c->more->algorithm.name;
	return x509_unread(c, PART_ALGORITHM) ? UNREADABLE : "unknown algorithm";
}

void
x509_add_general_name(struct buf *out, const struct general_name *name)
{
	char text[INET6_ADDRSTRLEN], shown[512], *directory;

	switch (name->type) {
	case NAME_IP:
		if (name->value.n == 4 || name->value.n == 16)
			inet_ntop(name->value.n == 4 ? AF_INET : AF_INET6, name->value.p, text, sizeof text);
		else
			snprintf(text, sizeof text, "(%zu bytes)", name->value.n);
		buf_addf(out, "IP:%s", text);
		break;
	case NAME_DIRECTORY:
		directory = x509_name_text(name->value);
		buf_addf(out, "DirName:%s", directory);
		free(directory);
		break;
	case NAME_DNS:
	case NAME_MAIL:
	case NAME_URI:
		buf_addf(out, "%s:%s",
		    name->type == NAME_DNS      ? "DNS" :
			name->type == NAME_MAIL ? "email" :
						  "URI",
		    str_printable(name->value, shown, sizeof shown));
		break;
	default:
		buf_addf(out, "type %u", name->type);
	}
}

char *
x509_first_names_text(const struct x509_cert *c, size_t most)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < c->more->names.n && out.len < most; i++) {
		if (i > 0)
			buf_add_str(&out, STR(", "));
		x509_add_general_name(&out, &c->more->names.items[i]);
	}
	return buf_take(&out);
}

char *
x509_names_text(const struct x509_cert *c)
{
	return x509_marked_text(c, PART_NAMES, x509_first_names_text(c, SIZE_MAX));
}

char *
x509_own_key_text(const struct x509_cert *c)
{
	return x509_unread(c, PART_KEY) ? str_dup(str_of(UNREADABLE)) : x509_key_text(&c->key);
}

char *
x509_time_text(int64_t unix_seconds)
{
	time_t t = (time_t)unix_seconds;
	struct tm tm;
	char text[64];

	if (gmtime_r(&t, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
		return str_printf("%lld", (long long)unix_seconds);
	return str_dup(str_of(text));
}

char *
x509_span_text(int64_t seconds)
{
	const int64_t day = 86400, hour = 3600, minute = 60;

	if (seconds >= 2 * day)
		return str_printf("%lld days", (long long)(seconds / day));
	if (seconds >= 2 * hour)
		return str_printf("%lld hours", (long long)(seconds / hour));
	if (seconds >= 2 * minute)
		return str_printf("%lld minutes", (long long)(seconds / minute));
	return str_printf("%lld seconds", (long long)seconds);
}

/* How far now is from the limits that can be read: "expired 2 days ago". */
static char *
distance_text(const struct x509_cert *c, int64_t now)
{
	bool early = now < c->not_before && !x509_unread(c, PART_NOT_BEFORE);
	char *span, *text;

	if (!early && x509_unread(c, PART_NOT_AFTER))
		return str_dup(STR("nobody knows for how long"));
	span = x509_span_text(early ? c->not_before - now :
		now > c->not_after  ? now - c->not_after :
				      c->not_after - now);
	text = str_printf(early ? "begins in %s" : now > c->not_after ? "expired %s ago" : "%s left", span);
	free(span);
	return text;
}

static char *
limit_text(const struct x509_cert *c, unsigned part, int64_t at)
{
	return x509_unread(c, part) ? str_dup(str_of(UNREADABLE)) : x509_time_text(at);
}

char *
x509_validity_text(const struct x509_cert *c, int64_t now)
{
	char *from = limit_text(c, PART_NOT_BEFORE, c->not_before),
	     *until = limit_text(c, PART_NOT_AFTER, c->not_after);
	char *distance = distance_text(c, now), *text = str_printf("%s to %s: %s", from, until, distance);

	free(distance);
	free(until);
	free(from);
	return text;
}

char *
x509_pin_text(const struct x509_cert *c)
{
	struct buf out;

	buf_init(&out, 64);
	buf_add_str(&out, STR("sha256/"));
	pem_add_base64(&out, str_from(c->spki_sha256, sizeof c->spki_sha256));
	return buf_take(&out);
}

const char *
x509_fault_name(enum x509_fault fault)
{
	static const char *const names[] = { [X509_OK] = "ok",
		[X509_EXPIRED] = "expired",
		[X509_NOT_YET_VALID] = "not_yet_valid",
		[X509_UNKNOWN_ISSUER] = "unknown_issuer",
		[X509_MISSING_INTERMEDIATE] = "missing_intermediate",
		[X509_SELF_SIGNED] = "self_signed",
		[X509_HOST_MISMATCH] = "host_mismatch",
		[X509_BAD_SIGNATURE] = "bad_signature",
		[X509_WEAK_SIGNATURE] = "weak_signature",
		[X509_WEAK_KEY] = "weak_key",
		[X509_UNSUPPORTED_ALGORITHM] = "unsupported_algorithm",
		[X509_NOT_CA] = "not_a_ca",
		[X509_PATH_LENGTH] = "path_length",
		[X509_KEY_USAGE] = "key_usage",
		[X509_EXTENDED_KEY_USAGE] = "extended_key_usage",
		[X509_NAME_CONSTRAINT] = "name_constraint",
		[X509_CRITICAL_EXTENSION] = "critical_extension",
		[X509_MALFORMED] = "malformed",
		[X509_PIN_MISMATCH] = "pin_mismatch",
		[X509_REVOKED] = "revoked",
		[X509_EMPTY_CHAIN] = "empty_chain",
		[X509_TOO_MUCH_WORK] = "too_much_work",
		[X509_NO_NAMES] = "no_names",
		[X509_STAPLE] = "staple",
		[X509_POLICY] = "policy",
		[X509_LIMIT] = "limit" };

	return (unsigned)fault < sizeof names / sizeof *names ? names[fault] : "unknown";
}
