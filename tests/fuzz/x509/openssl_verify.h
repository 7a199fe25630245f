/* OpenSSL's X509_verify_cert(), apart from net/x509, whose names it shares. */
#ifndef TESTS_FUZZ_X509_OPENSSL_VERIFY_H
#define TESTS_FUZZ_X509_OPENSSL_VERIFY_H

#include "net/buf.h"

enum { OPENSSL_PATH_MAX = 32 };

struct openssl_question {
	struct str path[OPENSSL_PATH_MAX]; /* DER, the leaf first, without the anchor */
	size_t n;
	struct str anchor;
	const char *host; /* NULL = any */
	int64_t now;
	bool strict;   /* -x509_strict */
	bool policies; /* -policy_check */
};

/* Of X509_V_ERR_*, those that tests speak of. */
enum {
	OPENSSL_OK = 0,
	OPENSSL_UNSPECIFIED = 1,
	OPENSSL_SIGNATURE_FAILURE = 7,
	OPENSSL_HAS_EXPIRED = 10,
	OPENSSL_SELF_SIGNED_IN_CHAIN = 19,
	OPENSSL_NO_ISSUER_LOCALLY = 20,
	OPENSSL_INVALID_PURPOSE = 26,
	OPENSSL_UNNESTED_RESOURCE = 46
};

/* OPENSSL_OK, or the error; *at then gets the DER of the certificate it is about, or stays empty. */
int openssl_verify(const struct openssl_question *q, struct buf *at);
const char *openssl_error_text(int error);

#endif
