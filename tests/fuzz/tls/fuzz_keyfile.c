/* A private key file; one that decodes also signs. DER is mutated element by element. */
#include <stdlib.h>
#include <string.h>

#include "net/tls/credentials.h"
#include "net/x509/nettle.h"
#include "tests/fuzz/mutator.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t digest[32] = { 1, 2, 3 };
	struct tls_credentials c = { .n_chain = 0 };
	uint8_t signature[CREDENTIALS_MAX_SIGNATURE];
	struct error error;

	if (credentials_read_key(&c, str_from(data, size), "key", &error) == 0) {
		if (credentials_sign_messages(&c))
			nettle_eddsa_sign(c.type, c.secret, str_from(digest, sizeof digest), signature);
		else if (c.type == X509_KEY_RSA)
			br_rsa_pkcs1_sign_get_default()(hash_oid(X509_SHA256), digest, sizeof digest, &c.rsa,
			    signature);
		else
			br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), &br_sha256_vtable, digest, &c.ec,
			    signature);
	}
	free(c.secret);
	return 0;
}

/* DER by its elements, PEM as text. */
static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	tree_init(t, data, size);
	tree_der(t, TREE_ROOT, 0, size);
}
