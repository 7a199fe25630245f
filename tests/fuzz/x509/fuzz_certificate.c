/* One certificate, mutated element by element: decoded or refused; what is decoded can be shown, by every function that
 * shows it. */
#include <stdlib.h>

#include "net/x509/details.h"
#include "net/x509/sct.h"
#include "tests/fuzz/mutator.h"

enum { NOW = 1790000000 };

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

static void
check_texts(const struct x509_cert *c)
{
	static char *(*const texts[])(const struct x509_cert *) = { x509_subject_text, x509_issuer_text,
		x509_serial_text, x509_names_text, x509_usage_text, x509_eku_text, x509_basic_text,
		x509_constraints_text, x509_pin_text, x509_policies_text, x509_points_text, x509_own_key_text };
	struct sct scts[SCT_MAX];
	int n = sct_decode_list(x509_sct_list(c), scts);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_text(texts[i](c));
	check_text(x509_key_text(&c->key));
	check_text(str_dup(str_of(x509_signature_name(c))));
	check_text(x509_fingerprint_text(c, X509_SHA256));
	check_text(x509_fingerprint_text(c, X509_SHA1));
	check_text(x509_validity_text(c, NOW));
	check_text(x509_time_text(c->not_before));
	check_text(x509_time_text(c->not_after));
	for (int i = 0; i < n; i++)
		check_text(sct_text(&scts[i]));
}

/* Without an anchor it is refused; each reason is a text too. */
static void
check_judgement(struct x509_cert *c)
{
	struct x509_policy policy = { .now = NOW, .host = "www.example.com", .strict = true };
	struct x509_verdict v;
	struct error error = { .kind = ERROR_NONE };

	if (x509_judge(&c, 1, &policy, &v, &error) == 0 || v.n_reasons == 0 || v.work > X509_MAX_WORK)
		abort();
	for (size_t i = 0; i < v.n_reasons; i++)
		check_text(str_dup(str_of(v.reasons[i].text)));
	x509_verdict_release(&v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { .kind = ERROR_NONE };
	struct x509_cert *c = x509_cert_new(str_from(data, size), &error);
	const struct str hash = STR("12345678901234567890123456789012");

	if (c == NULL) {
		if ((error.kind != ERROR_CERTIFICATE && error.kind != ERROR_LIMIT) || error.text[0] == '\0')
			abort();
		return 0;
	}
	if (!inside(c, c->tbs) || !inside(c, c->serial) || !inside(c, c->issuer) || !inside(c, c->subject) ||
	    !inside(c, c->spki))
		abort();
	if (c->more->broken && (c->more->n_defects == 0 || c->more->defects[0].profile))
		abort();
	check_texts(c);
	check_judgement(c);
	x509_verify_pkcs1(&c->key, X509_SHA256, hash, c->serial);
	x509_verify_pss(&c->key, X509_SHA256, hash, c->serial);
	x509_verify_ecdsa(&c->key, hash, c->serial);
	x509_cert_free(c);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	tree_init(t, data, size);
	tree_der(t, TREE_ROOT, 0, size);
}
