/* A connection: its facts, as long as somebody holds it. It knows no session. */
#include "commands/session/connection.h"

#include <stdlib.h>

#include "commands/settings/values.h"

struct wait
terms_wait(const struct terms *terms, int64_t limit_ms)
{
	const struct limits *limits = terms->limits;
	int64_t deadline = limit_ms > 0 ? now_us() + limit_ms * 1000 : 0;

	if (limits->deadline_us > 0 && (deadline == 0 || limits->deadline_us < deadline))
		deadline = limits->deadline_us;
	return (struct wait){ .deadline_us = deadline,
		.idle_us = terms->settings->set.timeout_ms * 1000,
		.interrupted = limits->interrupted };
}

struct connection *
connection_hold(struct connection *c)
{
	c->references++;
	return c;
}

static void
connection_free(struct connection *c)
{
	stream_free(c->stream);
	if (c->stream == NULL)
		tls_free(c->engine);
	if (c->copied != NULL)
		tls_info_free(c->copied);
	connection_drop(c->first);
	x509_verdict_release(&c->verdict);
	free(c->key);
	free(c->host);
	free(c->zone);
	free(c->target);
	free(c->address);
	free(c->trust);
	free(c->alpn);
	free(c->pin);
	free(c);
}

void
connection_drop(struct connection *c)
{
	if (c != NULL && --c->references == 0)
		connection_free(c);
}

void
connection_close(struct connection *c)
{
	if (c->stream == NULL)
		return;
	tcp_facts_read(tcp_fd(c->tcp), &c->tcp_facts);
	if (c->engine != NULL)
		c->copied = tls_info_copy(tls_info(c->engine));
	/* the goodbye is sent, but not waited for: the peer may have stopped reading */
	tcp_set_wait(c->tcp, &(struct wait){ .idle_us = 1 });
	stream_free(c->stream);
	c->stream = c->tcp = NULL;
	c->engine = NULL;
}

const struct tls_info *
connection_tls(const struct connection *c)
{
	return c->engine != NULL ? tls_info(c->engine) : c->copied;
}

struct tcp_facts
connection_tcp(const struct connection *c)
{
	struct tcp_facts facts = c->tcp_facts;

	if (c->tcp != NULL)
		tcp_facts_read(tcp_fd(c->tcp), &facts);
	return facts;
}

struct x509_cert *const *
connection_chain(const struct connection *c, size_t *n)
{
	const struct tls_info *info = connection_tls(c);

	if (info != NULL && info->n_chain == 0 && c->first != NULL)
		info = connection_tls(c->first);
	*n = info != NULL ? info->n_chain : 0;
	return info != NULL ? info->chain : NULL;
}

/* Of a broken HTTP only what TLS did to it: a renegotiation that was asked for, a session that led nowhere. */
static bool
explains_http(const struct connection *c, const struct tls_info *info)
{
	return info->renegotiation_declined || (info->resumed && c->exchanges == 0 && info->transport_ended);
}

bool
connection_explains(const struct connection *c, const struct error *error)
{
	const struct tls_info *info = connection_tls(c);

	return info != NULL &&
	    (error->kind == ERROR_TLS || error->kind == ERROR_CERTIFICATE || error->kind == ERROR_NETWORK ||
		(error->kind == ERROR_HTTP && explains_http(c, info)));
}
