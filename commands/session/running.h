/*
 * A command's exchange while it runs, one or several requests long. For exchange.c, which drives it, and compose.c,
 * which makes each request.
 */
#ifndef COMMANDS_SESSION_RUNNING_H
#define COMMANDS_SESSION_RUNNING_H

#include "commands/session/state.h"
#include "net/http/redirect.h"

enum exchange_step { STEP_DONE, STEP_AGAIN, STEP_FOLLOW };

struct running {
	struct session *s;
	struct request *r;
	struct exchange x;
	struct redirect next;
	struct auth_try auth;
	enum exchange_step step; /* what comes after the answer whose head came last */
	bool body;               /* the request's body goes along */
	bool body_sent;          /* it went out, whole or in part */
	bool probe, probed;      /* a request for Digest's challenge only; that was done */
	bool no_expect;          /* the server refuses Expect: 100-continue */
	bool by_hand;            /* Host, target and sensitive headers given for this request still apply */
};

/* The request for e->x.method and e->x.url; the caller releases q, also on failure. */
int exchange_compose(struct running *e, struct http_request *q, struct error *error);

/* After a refusal: the sticky headers that are another origin's. */
void exchange_tell_withheld(const struct running *e);

/* The URL whose cookies are meant: with a Host given by hand, that host's. */
void exchange_cookie_url(const struct running *e, struct url *url);

#endif
