/* OpenSSL's judgement of a chain, apart from net/x509, whose names it shares. */
#include "tests/fuzz/x509/openssl_verify.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

_Static_assert((int)OPENSSL_HAS_EXPIRED == X509_V_ERR_CERT_HAS_EXPIRED &&
	(int)OPENSSL_INVALID_PURPOSE == X509_V_ERR_INVALID_PURPOSE &&
	(int)OPENSSL_UNNESTED_RESOURCE == X509_V_ERR_UNNESTED_RESOURCE &&
	(int)OPENSSL_SIGNATURE_FAILURE == X509_V_ERR_CERT_SIGNATURE_FAILURE &&
	(int)OPENSSL_SELF_SIGNED_IN_CHAIN == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN &&
	(int)OPENSSL_NO_ISSUER_LOCALLY == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    "OpenSSL's numbers");

static X509 *
decode(struct str der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);

	if (x != NULL && p != (const unsigned char *)der.p + der.n) {
		X509_free(x);
		x = NULL;
	}
	return x;
}

static void
set_policy(X509_STORE_CTX *ctx, const struct openssl_question *q)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	struct str host = str_of(q->host);
	uint8_t address[16];

	X509_STORE_CTX_set_default(ctx, "ssl_server");
	X509_VERIFY_PARAM_set_time(param, (time_t)q->now);
	X509_VERIFY_PARAM_set_flags(param,
	    X509_V_FLAG_PARTIAL_CHAIN | (q->strict ? X509_V_FLAG_X509_STRICT : 0) |
		(q->policies ? X509_V_FLAG_POLICY_CHECK : 0));
	if (q->policies)
		X509_VERIFY_PARAM_add0_policy(param, OBJ_nid2obj(NID_any_policy));
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	if (q->host == NULL)
		return;
	if (inet_pton(AF_INET, q->host, address) == 1 || inet_pton(AF_INET6, q->host, address) == 1)
		X509_VERIFY_PARAM_set1_ip_asc(param, q->host);
	else
		X509_VERIFY_PARAM_set1_host(param, host.p,
		    host.n > 1 && str_ends(host, STR(".")) ? host.n - 1 : host.n);
}

/* OpenSSL 3.0 loses policy mappings, which are not what the sanitizer is to find. */
static bool
verify(X509_STORE_CTX *ctx)
{
	bool good;

#ifdef __SANITIZE_ADDRESS__
	__lsan_disable();
#endif
	good = X509_verify_cert(ctx) == 1;
#ifdef __SANITIZE_ADDRESS__
	__lsan_enable();
#endif
	return good;
}

static int
judge(X509_STORE_CTX *ctx, struct buf *at)
{
	unsigned char *der = NULL;
	X509 *x;
	int n;

	if (verify(ctx))
		return OPENSSL_OK;
	x = X509_STORE_CTX_get_current_cert(ctx);
	n = x != NULL ? i2d_X509(x, &der) : 0;
	if (n > 0)
		buf_add(at, der, (size_t)n);
	OPENSSL_free(der);
	return X509_STORE_CTX_get_error(ctx);
}

int
openssl_verify(const struct openssl_question *q, struct buf *at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	X509 *leaf = decode(q->path[0]), *root = decode(q->anchor);
	bool good = leaf != NULL && root != NULL;
	int error = OPENSSL_UNSPECIFIED;

	for (size_t i = 1; i < q->n && good; i++) {
		X509 *x = decode(q->path[i]);

		good = x != NULL && sk_X509_push(others, x) > 0;
	}
	if (good && X509_STORE_add_cert(store, root) == 1 && X509_STORE_CTX_init(ctx, store, leaf, others) == 1) {
		set_policy(ctx, q);
		error = judge(ctx, at);
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_pop_free(others, X509_free);
	X509_free(leaf);
	X509_free(root);
	return error;
}

const char *
openssl_error_text(int error)
{
	return error == OPENSSL_UNSPECIFIED ? "it does not decode a certificate" : X509_verify_cert_error_string(error);
}
