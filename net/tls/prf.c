/* Key derivation up to TLS 1.2: master secret, key block, Finished. */
#include "net/tls/prf.h"

#include <stdlib.h>
#include <string.h>

enum { MD5_PAD = 48, SHA1_PAD = 40, SSL3_MAX_ROUNDS = 26 };

void
prf(unsigned version, enum x509_hash hash, struct str secret, const char *label, const struct str *parts, size_t n,
    uint8_t *out, size_t out_len)
{
	br_tls_prf_seed_chunk seed[4];
	br_tls_prf_impl run = version < TLS_1_2 ? br_tls10_prf :
	    hash == X509_SHA384                 ? br_tls12_sha384_prf :
						  br_tls12_sha256_prf;

	for (size_t i = 0; i < n && i < 4; i++)
		seed[i] = (br_tls_prf_seed_chunk){ parts[i].p, parts[i].n };
	run(out, out_len, secret.p, secret.n, label, n < 4 ? n : 4, seed);
}

/* RFC 6101 section 6.1: MD5(secret + SHA('A' + secret + seed)), MD5(secret + SHA('BB' + ...)) and so on. */
static void
ssl3_derive(struct str secret, struct str first, struct str second, uint8_t *out, size_t n)
{
	for (unsigned round = 0; n > 0 && round < SSL3_MAX_ROUNDS; round++) {
		char letters[SSL3_MAX_ROUNDS];
		uint8_t sha[br_sha1_SIZE], md5[br_md5_SIZE];
		size_t take = n < sizeof md5 ? n : sizeof md5;

		memset(letters, 'A' + (int)round, sizeof letters);
		hash_parts(X509_SHA1, (const struct str[]){ { letters, round + 1 }, secret, first, second }, 4, sha);
		hash_parts(X509_MD5, (const struct str[]){ secret, str_from(sha, sizeof sha) }, 2, md5);
		memcpy(out, md5, take);
		out += take;
		n -= take;
		mem_wipe(sha, sizeof sha);
		mem_wipe(md5, sizeof md5);
	}
}

void
prf_master_secret(unsigned version, enum x509_hash prf_hash, struct str premaster,
    const uint8_t client_random[RANDOM_SIZE], const uint8_t server_random[RANDOM_SIZE], uint8_t out[MASTER_SECRET])
{
	const struct str seed[] = { str_from(client_random, RANDOM_SIZE), str_from(server_random, RANDOM_SIZE) };

	if (version == SSL_3_0)
		ssl3_derive(premaster, seed[0], seed[1], out, MASTER_SECRET);
	else
		prf(version, prf_hash, premaster, "master secret", seed, 2, out, MASTER_SECRET);
}

/* What the PRF hashes of the handshake: MD5 and SHA-1 before TLS 1.2, the suite's hash there. */
static struct str
session_hash(unsigned version, enum x509_hash prf_hash, const struct transcript *t, uint8_t out[HASH_MAX])
{
	return str_from(out, transcript_hash(t, version < TLS_1_2 ? X509_MD5SHA1 : prf_hash, out));
}

void
prf_extended_master_secret(unsigned version, enum x509_hash prf_hash, struct str premaster, const struct transcript *t,
    uint8_t out[MASTER_SECRET])
{
	uint8_t hash[HASH_MAX];
	struct str seed = session_hash(version, prf_hash, t, hash);

	prf(version, prf_hash, premaster, "extended master secret", &seed, 1, out, MASTER_SECRET);
}

void
prf_key_block(unsigned version, enum x509_hash prf_hash, const uint8_t master[MASTER_SECRET],
    const uint8_t client_random[RANDOM_SIZE], const uint8_t server_random[RANDOM_SIZE], uint8_t *out, size_t n)
{
	const struct str seed[] = { str_from(server_random, RANDOM_SIZE), str_from(client_random, RANDOM_SIZE) };
	struct str secret = str_from(master, MASTER_SECRET);

	if (version == SSL_3_0)
		ssl3_derive(secret, seed[0], seed[1], out, n);
	else
		prf(version, prf_hash, secret, "key expansion", seed, 2, out, n);
}

/* RFC 6101 section 5.6.9, for one of the two hashes:
 *	hash(master_secret + pad2 + hash(handshake_messages + sender + master_secret + pad1)) */
static void
ssl3_handshake_hash(enum x509_hash h, const uint8_t master[MASTER_SECRET], struct str sender,
    const struct transcript *t, uint8_t *out)
{
	const size_t pad = h == X509_MD5 ? MD5_PAD : SHA1_PAD;
	uint8_t pad1[MD5_PAD], pad2[MD5_PAD], inner[HASH_MAX];
	struct transcript copy = *t;
	size_t n;

	memset(pad1, 0x36, sizeof pad1);
	memset(pad2, 0x5C, sizeof pad2);
	transcript_keep(&copy, TRANSCRIPT_BIT(h));
	transcript_add(&copy, sender.p, sender.n);
	transcript_add(&copy, master, MASTER_SECRET);
	transcript_add(&copy, pad1, pad);
	n = transcript_hash(&copy, h, inner);
	hash_parts(h, (const struct str[]){ str_from(master, MASTER_SECRET), str_from(pad2, pad), str_from(inner, n) },
	    3, out);
	mem_wipe(&copy, sizeof copy);
}

size_t
prf_finished(unsigned version, enum x509_hash prf_hash, const uint8_t master[MASTER_SECRET], bool client,
    const struct transcript *t, uint8_t out[FINISHED_MAX])
{
	uint8_t hash[HASH_MAX];
	struct str seed;

	if (version == SSL_3_0) {
		struct str sender = client ? STR("CLNT") : STR("SRVR");

		ssl3_handshake_hash(X509_MD5, master, sender, t, out);
		ssl3_handshake_hash(X509_SHA1, master, sender, t, out + br_md5_SIZE);
		return HASH_MD5SHA1_SIZE;
	}
	seed = session_hash(version, prf_hash, t, hash);
	prf(version, prf_hash, str_from(master, MASTER_SECRET), client ? "client finished" : "server finished", &seed,
	    1, out, 12);
	return 12;
}

void
prf_ssl3_certificate_verify(const uint8_t master[MASTER_SECRET], const struct transcript *t,
    uint8_t out[HASH_MD5SHA1_SIZE])
{
	struct str nobody = { NULL, 0 };

	ssl3_handshake_hash(X509_MD5, master, nobody, t, out);
	ssl3_handshake_hash(X509_SHA1, master, nobody, t, out + br_md5_SIZE);
}

int
prf_export(unsigned version, enum x509_hash prf_hash, const uint8_t master[MASTER_SECRET],
    const uint8_t client_random[RANDOM_SIZE], const uint8_t server_random[RANDOM_SIZE], struct str label,
    const struct str *context, uint8_t *out, size_t n, struct error *error)
{
	struct str seed[4] = { str_from(client_random, RANDOM_SIZE), str_from(server_random, RANDOM_SIZE) };
	uint8_t length[2];
	size_t parts = 2;
	char *text;

	if (version == SSL_3_0)
		return fail(error, ERROR_USAGE, 0, "SSL 3.0 has no exporters");
	if (str_find_char(label, '\0') >= 0)
		return fail(error, ERROR_USAGE, 0, "an exporter label must not contain a zero byte");
	if (context != NULL) {
		if (context->n > 0xFFFF)
			return fail(error, ERROR_USAGE, 0, "an exporter context has at most 65535 bytes");
		length[0] = (uint8_t)(context->n >> 8);
		length[1] = (uint8_t)context->n;
		seed[parts++] = str_from(length, sizeof length);
		seed[parts++] = *context;
	}
	text = str_dup(label);
	prf(version, prf_hash, str_from(master, MASTER_SECRET), text, seed, parts, out, n);
	free(text);
	return 0;
}
