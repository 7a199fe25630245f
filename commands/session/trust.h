/* Whether a server's chain is believed, by the settings of `trust`. */
#ifndef COMMANDS_SESSION_TRUST_H
#define COMMANDS_SESSION_TRUST_H

#include "net/error.h"
#include "net/x509/x509.h"

struct connection;
struct trust_host;
struct trust_values;

/* What `trust host` says of a host; NULL: nothing. */
const struct trust_host *trust_host_rule(const struct trust_values *t, const char *host);

/* Judges the chain for c under its terms: verdict, judged, accepted and trust of c are set, and pin when a person said
 * yes. For the engine's hook. ERROR_CERTIFICATE: not believed. ERROR_INTERRUPTED: a person was asked and pressed
 * Ctrl-C. */
int trust_judge(struct connection *c, struct x509_cert *const *chain, size_t n, struct str staple, struct error *error);

#endif
