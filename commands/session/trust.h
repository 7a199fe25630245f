/* Whether a server's chain is believed, by the settings of `trust`. */
#ifndef COMMANDS_SESSION_TRUST_H
#define COMMANDS_SESSION_TRUST_H

#include "net/error.h"
#include "net/x509/x509.h"

struct connection;
struct session;
struct trust_host;

/* What `trust host` says of a host; NULL: nothing. */
const struct trust_host *trust_host_rule(const struct session *s, const char *host);

/* Judges the chain for c, whose verdict, accepted and trust are set; the context of the engine's hook. ERROR_CERTIFICATE: not
 * believed. ERROR_INTERRUPTED: a person was asked and pressed Ctrl-C. */
int trust_judge(struct session *s, struct connection *c, struct x509_cert *const *chain, size_t n, struct str staple,
    struct error *error);

#endif
