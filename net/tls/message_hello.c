/* Codecs of the hellos and of EncryptedExtensions. */
#include "net/tls/message_hello.h"

#include <string.h>

/* SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3) */
static const uint8_t retry_random[MESSAGE_RANDOM] = { 0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C,
	0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8,
	0xA8, 0x33, 0x9C };

static void
put_vec(struct buf *b, unsigned width, struct str s)
{
	size_t at = put_open(b, width);

	put_str(b, s);
	put_close(b, at, width);
}

void
client_hello_encode(struct buf *body, const struct client_hello *m)
{
	put_u16(body, m->version);
	put_str(body, m->random);
	put_vec(body, 1, m->session_id);
	put_vec(body, 2, m->suites);
	put_vec(body, 1, m->compression);
	if (m->has_extensions)
		put_vec(body, 2, m->extensions);
}

bool
client_hello_decode(struct client_hello *m, struct str body)
{
	struct rd r = rd_str(body), v;

	*m = (struct client_hello){ .version = rd_u16(&r) };
	m->random = rd_bytes(&r, MESSAGE_RANDOM);
	v = rd_vec8(&r);
	m->session_id = rd_rest(&v);
	v = rd_vec16(&r);
	m->suites = rd_rest(&v);
	v = rd_vec8(&r);
	m->compression = rd_rest(&v);
	if (rd_left(&r) > 0) {
		m->has_extensions = true;
		v = rd_vec16(&r);
		m->extensions = rd_rest(&v);
	}
	return rd_done(&r) && m->session_id.n <= MESSAGE_MAX_SESSION_ID && m->suites.n % 2 == 0 && m->suites.n > 0 &&
	    m->compression.n > 0;
}

void
client_hello_encode_v2(struct buf *out, const struct client_hello *m)
{
	put_u8(out, CLIENT_HELLO);
	put_u16(out, m->version);
	put_u16(out, (unsigned)(m->suites.n / 2 * 3));
	put_u16(out, 0);
	put_u16(out, MESSAGE_RANDOM);
	for (size_t i = 0; i + 1 < m->suites.n; i += 2) {
		put_u8(out, 0);
		put_str(out, str_slice(m->suites, i, i + 2));
	}
	put_str(out, m->random);
}

bool
client_hello_decode_v2(struct client_hello *m, struct str whole)
{
	struct rd r = rd_str(whole);
	unsigned type = rd_u8(&r);
	size_t suites, session_id, challenge;

	*m = (struct client_hello){ .version = rd_u16(&r) };
	suites = rd_u16(&r);
	session_id = rd_u16(&r);
	challenge = rd_u16(&r);
	m->suites = rd_bytes(&r, suites);
	m->session_id = rd_bytes(&r, session_id);
	m->random = rd_bytes(&r, challenge);
	return rd_done(&r) && type == CLIENT_HELLO && suites % 3 == 0 && suites > 0;
}

bool
server_hello_is_retry(struct str body)
{
	return body.n >= 2 + MESSAGE_RANDOM && memcmp(body.p + 2, retry_random, MESSAGE_RANDOM) == 0;
}

bool
server_hello_decode(struct server_hello *m, struct str body)
{
	struct rd r = rd_str(body), v;
	struct str block;

	memset(m, 0, sizeof *m);
	m->version = rd_u16(&r);
	m->random = rd_bytes(&r, MESSAGE_RANDOM);
	v = rd_vec8(&r);
	m->session_id = rd_rest(&v);
	m->suite = rd_u16(&r);
	m->compression = rd_u8(&r);
	if (rd_left(&r) > 0) {
		m->has_extensions = true;
		v = rd_vec16(&r);
		block = rd_rest(&v);
		if (r.bad || !extension_list_decode(&m->extensions, block))
			return false;
	}
	m->retry = server_hello_is_retry(body);
	return rd_done(&r) && m->session_id.n <= MESSAGE_MAX_SESSION_ID;
}

bool
encrypted_extensions_decode(struct encrypted_extensions *m, struct str body)
{
	struct rd r = rd_str(body);
	struct rd v = rd_vec16(&r);

	return rd_done(&r) && extension_list_decode(&m->extensions, rd_rest(&v));
}
