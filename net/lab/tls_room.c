/* BearSSL's server engine set up as a room's row says; the rollback bug. */
#include "net/lab/tls_room.h"

#include <sys/random.h>

enum { SEED_SIZE = 32 };

static const uint16_t suites_rsa[] = { BR_TLS_RSA_WITH_AES_128_CBC_SHA, BR_TLS_RSA_WITH_AES_256_CBC_SHA,
	BR_TLS_RSA_WITH_3DES_EDE_CBC_SHA };
static const uint16_t suites_old[] = { BR_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, BR_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
	BR_TLS_RSA_WITH_AES_128_CBC_SHA, BR_TLS_RSA_WITH_AES_256_CBC_SHA, BR_TLS_RSA_WITH_3DES_EDE_CBC_SHA };
static const uint16_t suites_sound[] = { BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 };

static const char *const alpn_names[] = { "http/1.1" };

/* ---- the bug ---- */
static int
rollback_choose(const br_ssl_server_policy_class **context, const br_ssl_server_context *server,
    br_ssl_server_choices *choices)
{
	const struct rollback_policy *p = (const struct rollback_policy *)(const void *)context;

	return (*p->sound)->choose(p->sound, server, choices);
}

/* RFC 5246 section 7.4.7.1: "The version number in the PreMasterSecret is the version offered by the
 * client in the ClientHello.client_version, not the version negotiated for the connection. ...
 * Unfortunately, some old implementations use the negotiated version instead". This server is the other
 * half of that mistake: it expects the negotiated one and, when another is there, goes on with a random
 * premaster, as the section asks for a wrong version. */
static uint32_t
rollback_do_keyx(const br_ssl_server_policy_class **context, unsigned char *data, size_t *len)
{
	const struct rollback_policy *p = (const struct rollback_policy *)(const void *)context;
	uint32_t decrypted = (*p->sound)->do_keyx(p->sound, data, len);
	unsigned negotiated = br_ssl_engine_get_version(&p->server->eng);

	if (decrypted == 0)
		return 0;
	if (((unsigned)data[0] << 8 | data[1]) != negotiated)
		return 0;
	/* the engine puts the offered version over the two bytes: for a client that plays along that must
	 * be this one */
	p->server->client_max_version = (uint16_t)negotiated;
	return 1;
}

static size_t
rollback_do_sign(const br_ssl_server_policy_class **context, unsigned algorithm, unsigned char *data, size_t hash_len,
    size_t len)
{
	const struct rollback_policy *p = (const struct rollback_policy *)(const void *)context;

	return (*p->sound)->do_sign(p->sound, algorithm, data, hash_len, len);
}

static const br_ssl_server_policy_class rollback_class = {
	.context_size = sizeof(struct rollback_policy),
	.choose = rollback_choose,
	.do_keyx = rollback_do_keyx,
	.do_sign = rollback_do_sign,
};

/* ---- set-up ---- */
static void
choose_suites(struct tls_room *t, const struct room_rules *rules)
{
	br_ssl_engine_context *e = &t->server.eng;

	if (rules->key_exchange_by_rsa)
		br_ssl_engine_set_suites(e, suites_rsa, sizeof suites_rsa / sizeof *suites_rsa);
	else if (rules->rsa)
		br_ssl_engine_set_suites(e, suites_old, sizeof suites_old / sizeof *suites_old);
	else
		br_ssl_engine_set_suites(e, suites_sound, sizeof suites_sound / sizeof *suites_sound);
	br_ssl_engine_set_versions(e, rules->version, rules->version);
	br_ssl_engine_set_protocol_names(e, (const char **)(uintptr_t)alpn_names, 1);
	br_ssl_engine_add_flags(e, BR_OPT_ENFORCE_SERVER_PREFERENCES | BR_OPT_NO_RENEGOTIATION);
}

bool
tls_room_init(struct tls_room *t, const struct room_rules *rules, const struct lab_identity *identity)
{
	uint8_t seed[SEED_SIZE];

	t->chain = (br_x509_certificate){ identity->certificate.data, identity->certificate.len };
	if (identity->key.rsa)
		br_ssl_server_init_full_rsa(&t->server, &t->chain, 1, &identity->key.rsa_private);
	else
		br_ssl_server_init_full_ec(&t->server, &t->chain, 1, BR_KEYTYPE_EC, &identity->key.ec);
	choose_suites(t, rules);
	if (rules->rollback) {
		t->rollback = (struct rollback_policy){ &rollback_class, &t->server, t->server.policy_vtable };
		br_ssl_server_set_policy(&t->server, &t->rollback.vtable);
	}
	br_ssl_engine_set_buffer(&t->server.eng, t->buffer, sizeof t->buffer, 1);
	if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return false;
	br_ssl_engine_inject_entropy(&t->server.eng, seed, sizeof seed);
	mem_wipe(seed, sizeof seed);
	return br_ssl_server_reset(&t->server) == 1;
}

void
tls_room_release(struct tls_room *t)
{
	mem_wipe(t, sizeof *t);
}
