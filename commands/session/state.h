/* What a session is made of. Private to commands/session. */
#ifndef COMMANDS_SESSION_STATE_H
#define COMMANDS_SESSION_STATE_H

#include "commands/html/page.h"
#include "commands/session/attempts.h"
#include "commands/session/auth.h"
#include "commands/session/connection.h"
#include "commands/session/exchange.h"
#include "commands/session/headers.h"
#include "commands/session/hooks.h"
#include "commands/session/lab.h"
#include "commands/session/session.h"
#include "commands/session/tickets.h"
#include "commands/session/trust.h"
#include "commands/settings/values.h"
#include "net/http/cookies.h"
#include "net/index.h"

enum {
	SESSION_KEPT_CONNECTIONS = 8,
	SESSION_KEPT_TICKETS = 32,
	SESSION_VISITED = 500, /* URLs remembered for Tab */
	SESSION_ATTEMPTS = 32  /* remembered, of all origins together */
};

/* After an attempt, or a renegotiation: the rule that a person gave. -1: it cannot be kept. */
int connection_keep_rule(struct session *s, struct connection *c, struct error *error);
void attempts_release(struct session *s);
void exchange_release(struct exchange *x);
void sticky_header_release(struct sticky_header *h); /* wipes it */
void credentials_release(struct credentials *c);

struct session {
	struct settings settings;

	struct jar jar;
	struct sticky_header *headers;
	size_t n_headers;
	struct index header_names; /* of headers */
	struct credentials auth;
	struct url base;
	bool has_base;
	char **visited;
	size_t n_visited;

	struct connection *kept[SESSION_KEPT_CONNECTIONS];
	struct ticket tickets[SESSION_KEPT_TICKETS];
	struct connection *attempt;                  /* the last one, also a failed one */
	struct attempt_note notes[SESSION_ATTEMPTS]; /* newest first */
	struct exchange *last;                       /* NULL: none */
	bool unanswered;                             /* the last request failed without an answer */

	struct session_lab lab;
	struct session_hooks hooks;
	struct observer observer; /* of what is under way: hears of the request's head, and tells the hooks */
	struct limits limits;
	struct terms terms; /* of its attempts: all of the above */
	char *sent_head;    /* of the request under way */

	/* on disk */
	char *directory;                      /* NULL with --no-session */
	char *saved_commands, *saved_cookies; /* this shell's state when it was read or saved last */
	bool loading;                         /* session.hsh is being run */
};

void session_store_free(struct session *s);
#endif
