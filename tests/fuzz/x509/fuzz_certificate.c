/* One certificate, mutated element by element: decoded or refused; what is decoded can be shown. */
#include <stdlib.h>

#include "net/x509/x509.h"
#include "tests/fuzz/mutator.h"

static void
check_text(char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
	free(text);
}

static bool
inside(const struct x509_cert *c, struct str s)
{
	const char *der = (const char *)c->der;

	return s.n == 0 || (s.p >= der && s.p + s.n <= der + c->der_len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { .kind = ERROR_NONE };
	struct x509_cert *c = x509_cert_new(str_from(data, size), &error);

	if (c == NULL) {
		if ((error.kind != ERROR_CERTIFICATE && error.kind != ERROR_LIMIT) || error.text[0] == '\0')
			abort();
		return 0;
	}
	if (!inside(c, c->tbs) || !inside(c, c->serial) || !inside(c, c->issuer) || !inside(c, c->subject) || !inside(c, c->spki))
		abort();
	check_text(x509_subject_text(c));
	check_text(x509_issuer_text(c));
	check_text(x509_serial_text(c));
	check_text(x509_key_text(&c->key));
	check_text(x509_names_text(c));
	check_text(x509_time_text(c->not_before));
	check_text(x509_time_text(c->not_after));
	check_text(x509_pin_text(c));
	x509_verify_pkcs1(&c->key, X509_SHA256, STR("12345678901234567890123456789012"), c->serial);
	x509_verify_pss(&c->key, X509_SHA256, STR("12345678901234567890123456789012"), c->serial);
	x509_verify_ecdsa(&c->key, STR("12345678901234567890123456789012"), c->serial);
	x509_cert_free(c);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	tree_init(t, data, size);
	tree_der(t, TREE_ROOT, 0, size);
}
