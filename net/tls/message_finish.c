/* Codecs of Finished, NewSessionTicket and KeyUpdate. */
#include "net/tls/message_finish.h"

#include <string.h>

bool
finished_decode(struct finished *m, struct str body)
{
	m->verify_data = body;
	return body.n > 0;
}

void
finished_encode(struct buf *body, const struct finished *m)
{
	put_str(body, m->verify_data);
}

bool
new_session_ticket_decode(struct new_session_ticket *m, struct str body, bool tls13)
{
	struct rd r = rd_str(body), v;
	struct str block;

	memset(m, 0, sizeof *m);
	m->lifetime = rd_u32(&r);
	if (tls13) {
		m->age_add = rd_u32(&r);
		v = rd_vec8(&r);
		m->nonce = rd_rest(&v);
	}
	v = rd_vec16(&r);
	m->ticket = rd_rest(&v);
	if (!tls13)
		return rd_done(&r);
	v = rd_vec16(&r);
	block = rd_rest(&v);
	/* opaque ticket<1..2^16-1> */
	return rd_done(&r) && m->ticket.n > 0 && extension_list_decode(&m->extensions, block);
}

bool
key_update_decode(struct key_update *m, struct str body)
{
	struct rd r = rd_str(body);

	m->request = rd_u8(&r);
	return rd_done(&r);
}

void
key_update_encode(struct buf *body, const struct key_update *m)
{
	put_u8(body, m->request);
}
