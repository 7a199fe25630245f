/*
 * The lab's authorities, keys and certificates.
 */
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "net/lab/rooms.h"

#define CA_NAME "httpsh lab CA"
#define OTHER_NAME "other" LAB_DOMAIN

enum { SEED_SIZE = 32, DAY = 86400, CA_DAYS = 365, LEAF_DAYS = 90, EXPIRED_DAYS = 12 };

static int
seed(br_hmac_drbg_context *random, struct error *error)
{
	uint8_t bytes[SEED_SIZE];
	br_prng_seeder seeder = br_prng_seeder_system(NULL);

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return fail_errno(error, ERROR_OTHER, "no random bytes from the system for the lab's keys");
	br_hmac_drbg_init(random, &br_sha256_vtable, bytes, sizeof bytes);
	if (seeder != NULL)
		seeder(&random->vtable);
	mem_wipe(bytes, sizeof bytes);
	return 0;
}

static bool
make_authority(struct lab_papers *p, struct lab_key *key, struct buf *der)
{
	int64_t now = (int64_t)time(NULL);
	struct lab_certificate c = {
		.subject = CA_NAME,
		.issuer = CA_NAME,
		.key = key,
		.issuer_key = key,
		.ca = true,
		.not_before = now - DAY,
		.not_after = now + CA_DAYS * (int64_t)DAY,
	};

	return lab_key_make(key, false, &p->random.vtable) && lab_certificate_write(der, &c, &p->random.vtable);
}

static bool
make_identity(struct lab_papers *p, size_t room)
{
	const struct room_rules *rules = &lab_rules[room];
	struct lab_identity *id = &p->rooms[room];
	int64_t now = (int64_t)time(NULL);
	struct lab_certificate c = {
		.subject = rules->shown.host,
		.dns = rules->shown.host,
		.key = &id->key,
		.issuer = CA_NAME,
		.issuer_key = &p->ca_key,
		.not_before = now - DAY,
		.not_after = now + LEAF_DAYS * (int64_t)DAY,
	};

	switch (rules->paper) {
	case PAPER_GOOD:
		break;
	case PAPER_EXPIRED:
		c.not_before = now - LEAF_DAYS * (int64_t)DAY;
		c.not_after = now - EXPIRED_DAYS * (int64_t)DAY;
		break;
	case PAPER_OTHER_NAME:
		c.subject = c.dns = OTHER_NAME;
		break;
	case PAPER_SELF_SIGNED:
		c.issuer = c.subject;
		c.issuer_key = c.key;
		break;
	case PAPER_OTHER_CA:
		c.issuer_key = &p->other_ca_key;
		break;
	}
	if (!lab_key_make(&id->key, rules->rsa, &p->random.vtable) ||
	    !lab_certificate_write(&id->certificate, &c, &p->random.vtable)) {
		buf_clear(&id->certificate);
		return false;
	}
	return true;
}

static void
encode_pem(struct buf *pem, const struct buf *der)
{
	size_t n = br_pem_encode(NULL, NULL, der->len, "CERTIFICATE", BR_PEM_LINE64);
	uint8_t *to = buf_room(pem, n + 1);

	if (to == NULL)
		return;
	br_pem_encode(to, der->data, der->len, "CERTIFICATE", BR_PEM_LINE64);
	buf_added(pem, n);
}

int
lab_papers_make(struct lab_papers *p, struct error *error)
{
	struct buf other;
	bool made;

	memset(p, 0, sizeof *p);
	pthread_mutex_init(&p->lock, NULL);
	buf_init(&p->ca, LAB_MAX_CERTIFICATE);
	buf_init(&p->ca_pem, 2 * LAB_MAX_CERTIFICATE);
	for (size_t i = 0; i < lab_room_count(); i++)
		buf_init(&p->rooms[i].certificate, LAB_MAX_CERTIFICATE);
	if (seed(&p->random, error) != 0)
		return -1;
	buf_init(&other, LAB_MAX_CERTIFICATE);
	made = make_authority(p, &p->ca_key, &p->ca) && make_authority(p, &p->other_ca_key, &other);
	buf_release(&other);
	for (size_t i = 0; made && i < lab_room_count(); i++)
		if (lab_rules[i].speech == SPEAKS_TLS && !lab_rules[i].rsa)
			made = make_identity(p, i);
	if (!made)
		return fail(error, ERROR_OTHER, 0, "the lab's keys and certificates cannot be made");
	encode_pem(&p->ca_pem, &p->ca);
	return 0;
}

void
lab_papers_release(struct lab_papers *p)
{
	for (size_t i = 0; i < lab_room_count(); i++) {
		lab_key_release(&p->rooms[i].key);
		buf_release(&p->rooms[i].certificate);
	}
	lab_key_release(&p->ca_key);
	lab_key_release(&p->other_ca_key);
	buf_release(&p->ca);
	buf_release(&p->ca_pem);
	mem_wipe(&p->random, sizeof p->random);
	pthread_mutex_destroy(&p->lock);
}

const struct lab_identity *
lab_identity_of(struct lab_papers *p, size_t room)
{
	const struct lab_identity *id = &p->rooms[room];

	pthread_mutex_lock(&p->lock);
	if (id->certificate.len == 0 && !make_identity(p, room))
		id = NULL;
	pthread_mutex_unlock(&p->lock);
	return id;
}

void
lab_token(struct lab_papers *p, char out[LAB_TOKEN_SIZE])
{
	uint8_t bytes[(LAB_TOKEN_SIZE - 1) / 2];

	pthread_mutex_lock(&p->lock);
	br_hmac_drbg_generate(&p->random, bytes, sizeof bytes);
	pthread_mutex_unlock(&p->lock);
	hex_write(str_from(bytes, sizeof bytes), out);
}
