/*
 * The oracle of certificate decisions: what is accepted here must be accepted by OpenSSL as well, as `openssl verify
 * -partial_chain -purpose sslserver -verify_hostname HOST`, with -x509_strict when the policy is strict. It is shown
 * the path that was taken and nothing else. What may differ stands in a table with its reason.
 */
#ifndef TESTS_FUZZ_X509_VERDICT_H
#define TESTS_FUZZ_X509_VERDICT_H

#include "tests/fuzz/x509/chain.h"

/* NULL when OpenSSL accepts too, or the difference is a known one (then *known is its reason); else why it refuses. */
const char *verdict_differs(const struct chain_accepted *a, const char **known);

#endif
