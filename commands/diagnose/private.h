/* Private to commands/diagnose. */
#ifndef COMMANDS_DIAGNOSE_PRIVATE_H
#define COMMANDS_DIAGNOSE_PRIVATE_H

#include "commands/diagnose/causes.h"
#include "commands/diagnose/facts.h"

#define CAUSE_OWNER "only who runs the server can mend it"

/* The rows: of a refused chain (causes_chain.c), of what the engine refused (causes_refused.c), of a refused hello
 * (causes_hello.c), and all others. */
extern const struct cause chain_causes[], refused_causes[], hello_causes[], causes[];
extern const size_t n_chain_causes, n_refused_causes, n_hello_causes, n_causes;

/* What happened, for the rows: we waited in vain; we ended it for this reason (enum tls_code); the server ended it with
 * this alert; it came no further. */
bool facts_timed_out(const struct connection *c);
bool facts_we_refused(const struct connection *c, int code);
bool facts_refused(const struct connection *c, const struct tls_info *i, unsigned alert);
bool facts_at_hello(const struct tls_info *i);

/* A row from a value that is given away. The row is valid until the next one. */
struct fact *facts_add(struct facts *f, const char *label, char *value);
/* A part of the row above: the names of numbers; nothing when there are none. */
void facts_add_ids(struct facts *f, const char *label, const uint16_t *ids, size_t n, const char *(*text)(uint16_t));
/* "x25519 secp256r1"; caller frees. */
char *facts_names(const uint16_t *ids, size_t n, const char *(*text)(uint16_t));
/* Those that are about certificates (facts_certificate.c). */
void facts_of_certificate(struct facts *f, const struct connection *c, const struct tls_info *i);

#endif
