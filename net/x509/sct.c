/* Signed certificate timestamps decoded and shown. */
#include "net/x509/sct.h"

#include <stdlib.h>

#include "net/x509/hash.h"
#include "net/x509/pem.h"

/* SignedCertificateTimestamp (RFC 6962 section 3.2); one of another version is opaque. */
static bool
decode(struct str serialized, struct sct *out)
{
	struct rd r = rd_str(serialized), part;

	*out = (struct sct){ .version = rd_u8(&r) };
	if (r.bad || out->version != 0)
		return !r.bad;
	out->log_id = rd_bytes(&r, 32);
	out->milliseconds = rd_u64(&r);
	part = rd_vec16(&r);
	out->extensions = rd_rest(&part);
	out->hash = rd_u8(&r);
	out->algorithm = rd_u8(&r);
	part = rd_vec16(&r);
	out->signature = rd_rest(&part);
	return rd_done(&r) && out->signature.n > 0;
}

int
sct_decode_list(struct str list, struct sct out[SCT_MAX])
{
	struct rd r = rd_str(list), items = rd_vec16(&r);
	int n = 0;

	if (!rd_done(&r) || rd_left(&items) == 0)
		return -1;
	while (rd_left(&items) > 0) {
		struct rd item = rd_vec16(&items);

		if (item.bad || n == SCT_MAX || !decode(rd_rest(&item), &out[n]))
			return -1;
		n++;
	}
	return n;
}

char *
sct_text(const struct sct *s)
{
	static const char *const algorithms[] = { "anonymous", "rsa", "dsa", "ecdsa" };
	struct buf id;
	char *at, *log, *text;

	if (s->version != 0)
		return str_printf("version %u, which is not known here", s->version + 1);
	buf_init(&id, 64);
	pem_add_base64(&id, s->log_id);
	log = buf_take(&id);
	at = x509_time_text((int64_t)(s->milliseconds / 1000));
	text = str_printf("v1, log %s, %s, %s with %s", log, at,
	    s->algorithm < 4 ? algorithms[s->algorithm] : "an unknown algorithm",
	    s->hash != 0 ? hash_name((enum x509_hash)s->hash) : "no hash");
	free(at);
	free(log);
	return text;
}
