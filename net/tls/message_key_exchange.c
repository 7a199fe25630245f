/* Codecs of ServerKeyExchange and ClientKeyExchange. */
#include "net/tls/message_key_exchange.h"

#include <string.h>

#include "net/tls/tls.h"

static struct str
vec16(struct rd *r)
{
	struct rd v = rd_vec16(r);

	return rd_rest(&v);
}

bool
server_key_exchange_decode(struct server_key_exchange *m, struct str body, bool ecdhe, uint16_t version)
{
	struct rd r = rd_str(body), v;

	memset(m, 0, sizeof *m);
	m->ecdhe = ecdhe;
	if (ecdhe) {
		m->curve_type = rd_u8(&r);
		if (m->curve_type != CURVE_TYPE_NAMED)
			return false;
		m->group = rd_u16(&r);
		v = rd_vec8(&r);
		m->point = rd_rest(&v);
	} else {
		m->p = vec16(&r);
		m->g = vec16(&r);
		m->ys = vec16(&r);
	}
	if (r.bad)
		return false;
	m->params = str_from(body.p, body.n - rd_left(&r));
	m->scheme = version >= TLS_1_2 ? rd_u16(&r) : 0;
	m->signature = vec16(&r);
	return rd_done(&r);
}

/* RFC 6101 section 5.6.7.1: in SSL 3.0 the encrypted premaster has no length in front. */
static bool
bare(enum client_key_form form, uint16_t version)
{
	return form == CLIENT_KEY_RSA && version == SSL_3_0;
}

bool
client_key_exchange_decode(struct client_key_exchange *m, struct str body, enum client_key_form form, uint16_t version)
{
	struct rd r = rd_str(body), v;

	m->form = form;
	if (bare(form, version)) {
		m->value = body;
		return true;
	}
	v = form == CLIENT_KEY_ECDHE ? rd_vec8(&r) : rd_vec16(&r);
	m->value = rd_rest(&v);
	return rd_done(&r);
}

void
client_key_exchange_encode(struct buf *body, const struct client_key_exchange *m, uint16_t version)
{
	unsigned width = m->form == CLIENT_KEY_ECDHE ? 1 : 2;
	size_t at;

	if (bare(m->form, version)) {
		put_str(body, m->value);
		return;
	}
	at = put_open(body, width);
	put_str(body, m->value);
	put_close(body, at, width);
}
