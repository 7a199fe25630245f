/* What a session is made of. Private to commands/session. */
#ifndef COMMANDS_SESSION_STATE_H
#define COMMANDS_SESSION_STATE_H

#include "commands/command.h"
#include "commands/html/page.h"
#include "commands/session/attempts.h"
#include "commands/session/auth.h"
#include "commands/session/connection.h"
#include "commands/session/exchange.h"
#include "commands/session/headers.h"
#include "commands/session/session.h"
#include "commands/session/trust.h"
#include "commands/settings/values.h"
#include "net/http/cookies.h"

enum {
	SESSION_KEPT_CONNECTIONS = 8,
	SESSION_KEPT_TICKETS = 32,
	SESSION_VISITED = 500,              /* URLs remembered for Tab */
	SESSION_ATTEMPTS = 16               /* remembered for the failure card */
};

int connection_start_tls(struct session *s, struct connection *c, struct error *error);   /* connection_tls.c */
void connection_rekey(struct connection *c);     /* the settings changed while it was made, and it belongs to them as they are now */

struct tls_memory {
	char *key;
	struct tls_session *session;
	struct connection *origin;
};

void tls_memory_store(struct session *s, struct connection *c);   /* what the server gave on it */

void attempts_release(struct session *s);
void exchange_release(struct exchange *x);
void sticky_header_release(struct sticky_header *h);      /* wipes it */
void credentials_release(struct credentials *c);

/* ---- what a person sees (show/) ---- */
void report_response(struct session *s, struct call *call);
void report_failure(struct session *s, struct call *call, const struct error *error);
void report_progress(struct session *s, uint64_t done, uint64_t total);
void report_progress_end(struct session *s);
void trace_event(struct session *s, const struct event *event);

struct session {
	struct settings settings;

	struct jar jar;
	struct sticky_header *headers;
	size_t n_headers;
	struct credentials auth;
	struct url base;
	bool has_base;
	char **visited;
	size_t n_visited;

	struct connection *kept[SESSION_KEPT_CONNECTIONS];
	struct tls_memory memory[SESSION_KEPT_TICKETS];
	struct connection *attempt;         /* the last one, also a failed one */
	struct attempt_note notes[SESSION_ATTEMPTS];      /* newest first */
	struct exchange *last;              /* NULL: none */
	bool unanswered;                    /* the last request failed without an answer */

	struct lab *lab;                    /* NULL = not started */
	struct x509_store *lab_store;

	/* the terminal */
	const volatile sig_atomic_t *interrupted;
	FILE *terminal;                     /* session_set_terminal() */
	bool colour;
	unsigned columns;
	const FILE *shown;                  /* session_set_shown() */
	int (*ask)(void *context, const char *prompt, bool echo, struct buf *answer);
	void *ask_context;

	/* while a request runs */
	struct observer observer;
	int64_t deadline_us;                /* `set max-time`: of all of it, redirects and connecting included; 0 = none */
	FILE *chatter;                      /* trace, progress, notes; NULL = quiet */
	int64_t trace_start_us;             /* of the connection that is traced */
	bool progress_shown;
	int64_t progress_start_us, progress_last_us;
	char *sent_head;

	/* on disk */
	char *directory;                    /* NULL with --no-session */
	char *saved_commands, *saved_cookies;     /* this shell's state when it was read or saved last */
	bool loading;                       /* session.hsh is being run */
	int keylog_fd;
	bool keylog_failed;
};

void session_store_free(struct session *s);
/* The limits of what waits from now on: limit_ms (0 = none), but never beyond the exchange's deadline; `set timeout`; Ctrl-C. */
struct wait session_wait(const struct session *s, int64_t limit_ms);

#endif
