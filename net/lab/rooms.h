/*
 * What the rooms are made of: one row each, and the identity (key and certificate) that a row asks for.
 */
#ifndef NET_LAB_ROOMS_H
#define NET_LAB_ROOMS_H

#include <pthread.h>

#include "net/lab/certificate.h"
#include "net/lab/lab.h"

enum lab_speech {
	SPEAKS_TLS,
	SPEAKS_IN_CLEAR, /* HTTP on the port of https */
	SPEAKS_NOT,      /* reads, never answers */
	SPEAKS_FIN       /* closes after the ClientHello */
};

enum lab_paper {
	PAPER_GOOD,
	PAPER_EXPIRED,
	PAPER_OTHER_NAME,
	PAPER_SELF_SIGNED,
	PAPER_OTHER_CA /* one of the same name, which nobody trusts */
};

struct room_rules {
	struct lab_room shown;
	enum lab_speech speech;
	enum lab_paper paper;
	uint16_t version;         /* the only one spoken */
	bool rsa;                 /* RSA certificate; else EC */
	bool key_exchange_by_rsa; /* no other is offered */
	bool rollback;            /* the bug */
};

enum { LAB_ROOMS_MAX = 64 };                /* ports, and certificates made at the start */
extern const struct room_rules lab_rules[]; /* lab_room_count() of them */

/* Keys and certificates of all rooms, made at the start but for RSA keys, which are made on their first
 * use. */
struct lab_identity {
	struct lab_key key;
	struct buf certificate; /* DER; empty = not made yet */
};

struct lab_papers {
	pthread_mutex_t lock; /* of random and of what is made late */
	br_hmac_drbg_context random;
	struct lab_key ca_key, other_ca_key;
	struct buf ca, ca_pem;
	struct lab_identity rooms[LAB_ROOMS_MAX];
};

int lab_papers_make(struct lab_papers *p, struct error *error);
void lab_papers_release(struct lab_papers *p);
/* Key and certificate of a room; NULL when the key cannot be made. Constant once returned. */
const struct lab_identity *lab_identity_of(struct lab_papers *p, size_t room);
/* 32 hexadecimal digits and a NUL: a token nobody can guess. */
enum { LAB_TOKEN_SIZE = 33 };
void lab_token(struct lab_papers *p, char out[LAB_TOKEN_SIZE]);

#endif
