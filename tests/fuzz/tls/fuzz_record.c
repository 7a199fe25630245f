/*
 * Bytes from the network through the record layer. The first byte chooses suite and version; then come pieces, raw ones
 * and ones that are sealed with the right keys first, so that the fuzzer gets behind the protection.
 */
#include <stdlib.h>
#include <string.h>

#include "net/tls/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	uint16_t suite;
	unsigned version;
	bool etm;
} modes[] = {
	{ 0, 0, false },
	{ 0x1301, TLS_1_3, false },
	{ 0x1303, TLS_1_3, false },
	{ 0x1305, TLS_1_3, false },
	{ 0xC02F, TLS_1_2, false },
	{ 0xCCA8, TLS_1_2, false },
	{ 0xC0A0, TLS_1_2, false },
	{ 0x003C, TLS_1_2, false },
	{ 0x0035, TLS_1_1, false },
	{ 0x002F, TLS_1_0, false },
	{ 0x002F, TLS_1_0, true },
	{ 0x0035, TLS_1_2, true },
	{ 0x000A, TLS_1_0, false },
	{ 0x002F, SSL_3_0, false },
	{ 0x000A, SSL_3_0, false },
	{ 0x0005, SSL_3_0, false },
	{ 0x0004, TLS_1_2, false },
};

enum { MODES = sizeof modes / sizeof modes[0] };

static void
set_keys(struct record_layer *l, size_t mode, bool sealing, struct random *random)
{
	static const uint8_t secret[256] = { 1, 2, 3 };
	struct crypto crypto;
	struct protect_params params = {
		.crypto = &crypto,
		.suite = suite_find(modes[mode].suite),
		.version = modes[mode].version,
		.encrypt_then_mac = modes[mode].etm,
		.sealing = sealing,
		.random = random,
	};
	struct protect *p;

	if (params.suite == NULL)
		return;
	crypto_init(&crypto);
	p = params.version == TLS_1_3 ? protect_from_secret(&params, str_from(secret, hash_size(params.suite->prf))) :
					protect_from_key_block(&params, true, secret);
	l->version = params.version;
	if (sealing)
		record_set_write(l, p);
	else
		record_set_read(l, p);
}

static void
feed(struct record_layer *l, struct str bytes)
{
	size_t room;
	uint8_t *at = record_room(l, &room);

	if (bytes.n > room)
		bytes.n = room;
	if (bytes.n > 0)
		memcpy(at, bytes.p, bytes.n);
	record_added(l, bytes.n);
}

/* False when the layer refused. */
static bool
drain(struct record_layer *l)
{
	struct record r;
	struct error error;
	int got;

	while ((got = record_next(l, &r, &error)) == 1) {
		uint8_t copy[RECORD_MAX_PLAIN];

		if (r.payload.n > sizeof copy)
			abort();
		if (r.payload.n > 0)
			memcpy(copy, r.payload.p, r.payload.n);
		record_consume(l, r.payload.n / 2);
		record_consume(l, r.payload.n);
	}
	if (got < 0 && (error.kind != ERROR_TLS || error.text[0] == '\0'))
		abort();
	return got == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record_layer in, out;
	struct random random;
	size_t mode;

	if (size == 0)
		return 0;
	mode = data[0] % MODES;
	record_init(&in);
	record_init(&out);
	random_init_fixed(&random, "fuzz", 4);
	set_keys(&in, mode, false, &random);
	set_keys(&out, mode, true, &random);
	data++;
	size--;
	/* pieces: a kind byte, a length byte, and that many bytes, raw or sealed */
	while (size >= 2) {
		size_t n = data[1] < size - 2 ? data[1] : size - 2;
		struct str piece = str_from(data + 2, n);

		if (data[0] >= 0x80) {
			out.write_version =
			    modes[mode].version == TLS_1_3 || modes[mode].version == 0 ? TLS_1_2 : modes[mode].version;
			if (record_write(&out, data[0] & 0x1F, piece.p, piece.n, NULL) != 0)
				abort();
			feed(&in, record_output(&out));
			record_sent(&out, SIZE_MAX);
		} else {
			feed(&in, piece);
		}
		if (!drain(&in))
			break;
		data += 2 + n;
		size -= 2 + n;
	}
	record_release(&in);
	record_release(&out);
	random_release(&random);
	return 0;
}
