/*
 * Certificate chains that are judged. Each certificate may be given a key of ours and be signed with one, so that a
 * mutated one still has a valid signature and is looked at as a whole.
 *
 * An input: settings (1 byte), now (4 bytes), host (1 byte of length), then certificates: flags (1 byte), keys (1 byte:
 * its own in the low half, its signer's in the high), length (2 bytes), DER.
 */
#ifndef TESTS_FUZZ_X509_CHAIN_H
#define TESTS_FUZZ_X509_CHAIN_H

#include "net/x509/x509.h"
#include "tests/fuzz/tree.h"

enum { CHAIN_STRICT = 1, CHAIN_SHA1 = 2, CHAIN_NO_HOST = 4, CHAIN_HOST_OFF = 8, CHAIN_PIN = 16 }; /* settings */
enum {
	CHAIN_ANCHOR = 1,
	CHAIN_AS_IT_IS = 2,
	CHAIN_OLD_KEY = 4
}; /* flags; AS_IT_IS: neither key nor signature is ours */
enum { CHAIN_KEYS = 8, CHAIN_MAX = 32 };

struct chain_outcome {
	int result;          /* of x509_judge() */
	size_t n, n_anchors; /* that were decoded */
	enum x509_fault first;
};

/* What was accepted, and by what. */
struct chain_accepted {
	struct x509_cert *const *chain;
	struct str anchors[CHAIN_MAX]; /* DER */
	size_t n_anchors;
	const struct x509_policy *policy;
	const struct x509_verdict *verdict;
};

/* accepted: may be NULL. */
void chain_run(const uint8_t *input, size_t size, struct chain_outcome *outcome,
    void (*accepted)(const struct chain_accepted *));
void chain_describe(struct tree *t, const uint8_t *input, size_t size);

#endif
