/*
 * Private to net/tls. A handshake as the figure in its RFC: a script of rows, run from top to bottom. A row is a
 * message the server sends, a message we send, or something we do in between. Scripts end with STEP_END.
 *
 * The runner does what is common: order, framing over records, trailing bytes, the transcript, events. A handler sees
 * the transcript as it was *before* its message; its `then` hook as it is *after* it.
 */
#ifndef NET_TLS_STEPS_H
#define NET_TLS_STEPS_H

#include "net/buf.h"
#include "net/error.h"

struct tls;

enum step_who { STEP_END, FROM_SERVER, FROM_CLIENT, OURSELVES };
enum step_need { MUST, MAY };

struct step {
	enum step_who who;
	enum step_need need;                                                /* FROM_SERVER */
	unsigned type;                                                      /* enum message_type */
	bool (*when)(const struct tls *t);                                  /* NULL = always */
	int (*handle)(struct tls *t, struct str body, struct error *error); /* FROM_SERVER */
	int (*build)(struct tls *t, struct buf *body, struct error *error); /* FROM_CLIENT */
	int (*then)(struct tls *t, struct error *error);                    /* may be NULL; OURSELVES: the deed */
};

#define RECEIVES(need_, type_, when_, handle_, then_) \
	{ \
		FROM_SERVER, need_, type_, when_, handle_, NULL, then_ \
	}
#define SENDS(type_, when_, build_, then_) \
	{ \
		FROM_CLIENT, MUST, type_, when_, NULL, build_, then_ \
	}
#define DOES(when_, deed_) \
	{ \
		OURSELVES, MUST, 0, when_, NULL, NULL, deed_ \
	}
#define ENDS \
	{ \
		STEP_END, MUST, 0, NULL, NULL, NULL, NULL \
	}

extern const struct step script_hello[], script_legacy_full[], script_legacy_resumed[], script_tls13[],
    script_post_auth[];

/* Goes on from t->hs->step until the server must speak or the handshake is done (t->hs is then gone). */
int steps_run(struct tls *t, struct error *error);
/* The server sent a ChangeCipherSpec record. */
int steps_change_cipher_spec(struct tls *t, struct error *error);

#endif
