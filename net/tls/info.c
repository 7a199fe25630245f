/* The defaults, names of stages, and exporters. */
#include <string.h>

#include "net/tls/handshake.h"

void
tls_config_init(struct tls_config *c)
{
	memset(c, 0, sizeof *c);
	c->min_version = TLS_1_2;
	c->max_version = TLS_1_3;
	c->resume = true;
	c->allow_legacy_server = true;
}

const char *
tls_stage_name(enum tls_stage s)
{
	static const char *const names[] = { "start", "hello-sent", "server-hello", "certificate", "server-done",
		"flight-sent", "finished", "closed" };

	return s <= TLS_STAGE_CLOSED ? names[s] : "unknown";
}

int
tls_export(struct tls *t, struct str label, const struct str *context, uint8_t *out, size_t n, struct error *error)
{
	if (!t->connected)
		return refuse(error, TLS_INTERNAL, "keying material exists only after the handshake");
	if (t->version >= TLS_1_3)
		return schedule13_export(&t->schedule, label, context != NULL ? *context : STR(""), out, n, error);
	if (t->version == SSL_3_0)
		return refuse(error, TLS_UNSUPPORTED_VERSION, "SSL 3.0 has no exporters");
	return prf_export(t->version, t->suite->prf, t->master, t->client_random, t->server_random, label, context, out, n,
	    error);
}
