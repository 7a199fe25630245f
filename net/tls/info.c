/* The defaults, names of stages, facts that outlive the engine, and exporters. */
#include <stdlib.h>
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

void
info_release(struct tls_info *info)
{
	for (size_t i = 0; i < info->n_chain; i++)
		x509_cert_free(info->chain[i]);
	free(info->chain);
	free(info->requested_names);
	free(info->own_certificate);
	free((void *)(uintptr_t)info->ocsp_response.p);
	free((void *)(uintptr_t)info->sct_list.p);
}

static struct str
copy_of(struct str s)
{
	return s.n > 0 ? str_from(mem_dup(s.p, s.n), s.n) : (struct str){ .p = NULL };
}

struct tls_info *
tls_info_copy(const struct tls_info *info)
{
	struct tls_info *copy = mem_dup(info, sizeof *info);

	copy->requested_names = info->requested_names != NULL ? str_dup(str_of(info->requested_names)) : NULL;
	copy->own_certificate = info->own_certificate != NULL ? str_dup(str_of(info->own_certificate)) : NULL;
	copy->ocsp_response = copy_of(info->ocsp_response);
	copy->sct_list = copy_of(info->sct_list);
	copy->chain = mem_alloc((info->n_chain + 1) * sizeof(struct x509_cert *));
	copy->n_chain = 0;
	for (size_t i = 0; i < info->n_chain; i++)
		copy->chain[copy->n_chain++] = x509_cert_sent(str_from(info->chain[i]->der, info->chain[i]->der_len));
	return copy;
}

void
tls_info_free(struct tls_info *copy)
{
	info_release(copy);
	free(copy);
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
	return prf_export(t->version, t->suite->prf, t->master, t->client_random, t->server_random, label, context, out,
	    n, error);
}
