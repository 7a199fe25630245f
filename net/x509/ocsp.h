/*
 * OCSP responses (RFC 6960) as a server staples them: decoded, and judged for one certificate and its issuer. Nothing
 * is fetched: only what the server sent is looked at.
 */
#ifndef NET_X509_OCSP_H
#define NET_X509_OCSP_H

#include "net/x509/x509.h"

enum {
	OCSP_MAX_BYTES = 64 * 1024,
	OCSP_MAX_SINGLES = 32,    /* answers in one response */
	OCSP_MAX_CERTS = 8,       /* certificates in one response */
	OCSP_MAX_ISSUERS = 8,     /* candidates tried as the issuer of the certificate */
	OCSP_SKEW = 300,          /* seconds that clocks may differ */
	OCSP_MAX_AGE = 10 * 86400 /* seconds that an answer without nextUpdate is taken for fresh */
};

enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

/* SingleResponse. All views point into the response. */
struct ocsp_single {
	int hash; /* of the CertID: an enum x509_hash, or -1 when unknown */
	struct str name_hash, key_hash, serial;
	enum ocsp_status status;
	int64_t revoked_at;               /* unix seconds, as all times here */
	int reason;                       /* CRLReason, or -1 */
	int64_t this_update, next_update; /* next_update 0: none */
	struct str sct_list;              /* RFC 6962 section 3.3, or empty */
	bool critical;                    /* has a critical extension that is not known here */
};

struct ocsp_response {
	unsigned status;                      /* OCSPResponseStatus; 0 = successful, and only then the rest is set */
	struct str tbs, algorithm, signature; /* algorithm: DER of the AlgorithmIdentifier */
	struct str name, key_hash; /* ResponderID: the Name's DER, or the SHA-1 of the key; the other is empty */
	int64_t produced_at;
	struct ocsp_single singles[OCSP_MAX_SINGLES];
	size_t n_singles;
	struct str certs[OCSP_MAX_CERTS]; /* DER */
	size_t n_certs;
	bool critical; /* has a critical extension that is not known here */
};

/* False when it is malformed or over a limit. */
bool ocsp_decode(struct str der, struct ocsp_response *out);
const char *ocsp_status_name(unsigned response_status);   /* "tryLater" */
const char *ocsp_reason_name(int crl_reason);             /* "keyCompromise"; NULL for none */
char *ocsp_responder_text(const struct ocsp_response *r); /* its name, or "the key with the SHA-1 ..."; caller frees */

/* What the staple says about leaf under the policy's clock and rules for signatures: section 3.2's conditions. *text: a
 * sentence (caller frees). issuer NULL: not known. work NULL: no bound. */
enum x509_staple ocsp_judge(struct str staple, const struct x509_cert *leaf, const struct x509_cert *issuer,
    const struct x509_policy *policy, struct work *work, char **text);

#endif
