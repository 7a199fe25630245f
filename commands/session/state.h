/*
 * What a session is made of; for the files of commands/ only.
 */
#ifndef COMMANDS_SESSION_STATE_H
#define COMMANDS_SESSION_STATE_H

#include "commands/command.h"
#include "commands/html/page.h"
#include "commands/session/body_store.h"
#include "commands/session/session.h"
#include "commands/settings/values.h"
#include "net/http/auth.h"
#include "net/http/cookies.h"
#include "net/http/http.h"
#include "net/tcp.h"
#include "net/tcp_facts.h"
#include "net/tls/tls.h"

enum {
	SESSION_KEPT_CONNECTIONS = 8,
	SESSION_KEPT_TICKETS = 32,
	SESSION_VISITED = 500,              /* URLs remembered for Tab */
	SESSION_ATTEMPTS = 16               /* remembered for the failure card */
};

/* ---- connections (connect.c, connect_tls.c) ---- */
/* One connection, kept or closed. The facts stay readable after it is closed, as long as somebody holds it. */
struct connection {
	unsigned references;
	struct session *session;
	char *key;                          /* origin and settings it was made under */
	char *host;
	unsigned port;
	char *target;                       /* path and query of the request it was opened for */
	struct stream *stream, *tcp;        /* tcp: the lowest part of stream; NULL when closed or never connected */
	struct tls *engine;                 /* NULL for plain HTTP; belongs to stream when that is set */
	struct tls_info *copied;            /* facts of an engine that is gone */
	char *address;                      /* "127.0.0.1", NULL before it is known */
	unsigned address_port;              /* where it leads: not the URL's port when that is overridden */
	struct tcp_timing tcp_timing;
	int64_t tls_start_us, ready_us, used_us;
	uint64_t exchanges;
	char sni[256];                      /* sent */
	char *alpn;                         /* offered, ", " between; NULL none */
	bool premaster_negotiated;          /* tls premaster, when it was made */
	size_t n_suites;                    /* of tls ciphers, then; 0 = auto */
	bool chose_groups, chose_schemes;   /* tls groups and tls schemes were not auto */
	struct tcp_facts tcp_facts;         /* as they were when it failed or was closed */
	bool judged, accepted;              /* accepted: the chain is good, or the key is known to belong to the host */
	struct x509_verdict verdict;
	char *trust;                        /* "trust on", "trust off", "trust pin" ...: what made the decision */
	struct connection *first;           /* resumed: the one whose chain was judged */
	struct error failure;               /* of the attempt, kind ERROR_NONE when it worked */
};
struct connection *connection_hold(struct connection *c);
void connection_drop(struct connection *c);      /* NULL is fine; closes and frees with the last holder */
void connection_close(struct connection *c);     /* the facts stay */
const struct tls_info *connection_tls(const struct connection *c);   /* NULL for plain HTTP */
struct tcp_facts connection_tcp(const struct connection *c);         /* now, or as they were at the end */
/* The certificates shown for it: its own, or those of the connection whose session it resumed. */
struct x509_cert *const *connection_chain(const struct connection *c, size_t *n);

/* A connection to the URL's origin: a kept one (*reused) unless fresh, or a new one. The session's last attempt is this one
 * then, also when it fails. The caller drops it. */
struct connection *connection_open(struct session *s, const struct url *url, bool fresh, bool *reused, struct error *error);
void connection_rekey(struct connection *c);     /* the settings changed while it was made, and it belongs to them as they are now */
void connection_keep(struct session *s, struct connection *c);     /* for the next request */
void connections_close_all(struct session *s);
void tls_memory_forget(struct session *s);       /* `tls forget` */
size_t tls_memory_count(const struct session *s);
int connection_start_tls(struct session *s, struct connection *c, struct error *error);   /* connect_tls.c */

struct tls_memory {
	char *key;
	struct tls_session *session;
	struct connection *origin;
};

void tls_memory_store(struct session *s, struct connection *c);   /* what the server gave on it */

/* ---- earlier attempts (attempts.c): what one changed setting does ---- */
struct attempt_note {
	char *origin, *settings, *outcome;
};
void attempts_note(struct session *s, const struct connection *c);      /* a new connection, or why there is none */
/* Attempts at the same origin under other settings, newest first: "tls proto tls1.0: connected", one line each behind
 * the label. */
void attempts_print(const struct session *s, const struct connection *c, const char *label, FILE *out);
void attempts_release(struct session *s);

/* What `trust host` says of a host; NULL: nothing. */
const struct trust_host *trust_host_rule(const struct session *s, const char *host);
/* Judges by the settings of trust (trust_judge.c); the context of the engine's hook. */
int trust_judge(struct session *s, struct connection *c, struct x509_cert *const *chain, size_t n, struct str staple,
    struct error *error);

/* ---- the last exchange (exchange.c) ---- */
struct exchange {
	char *method;
	struct url url;                     /* of the last request, after redirects */
	char *request_head;                 /* as sent */
	struct str request_body;            /* view of kept_body; empty when it came from a file */
	char *kept_body;
	struct http_response response;
	struct body_store body;
	struct page *page;                  /* parsed on first use */
	struct error page_error;            /* why it cannot be, whoever asks next */
	struct connection *connection;
	int64_t start_us;
	unsigned redirects;
	bool done;                          /* a whole response came */
};
void exchange_release(struct exchange *x);

/* What a command asks for (request.c makes it, exchange.c sends it). */
struct request {
	char *method;
	struct url url;
	struct http_headers headers;        /* given for this request only; an empty value removes a default header */
	char **removed;                     /* names not to be sent */
	size_t n_removed;
	struct buf body;
	int body_fd;                        /* -1, or a file that is the body */
	uint64_t body_length;               /* of body_fd */
	const char *body_type;              /* its media type by the file's name; static */
	char *target;                       /* of the request line, word for word; NULL = the URL's */
	struct download *download;          /* borrowed: where the body goes; NULL = kept as usual */
	bool has_body;
};
void request_init(struct request *r);
void request_release(struct request *r);
/* Sends it, follows redirects, keeps cookies; the answer is s->last. */
int session_exchange(struct session *s, struct call *call, struct request *r, struct error *error);

/* ---- what a person sees (report.c, card.c, trace.c) ---- */
void report_response(struct session *s, struct call *call);
void report_failure(struct session *s, struct call *call, const struct error *error);
void report_progress(struct session *s, uint64_t done, uint64_t total);
void report_progress_end(struct session *s);
void trace_event(struct session *s, const struct event *event);
/* The command that may cure a failed attempt, with its reason, into the error's hint when it has none. */
void card_hint(const struct connection *c, struct error *error);
void card_print(const struct session *s, const struct connection *c, FILE *out);
/* Where a line is to be broken: the terminal's columns, or 0 where somebody may grep. */
size_t print_width(const struct session *s, FILE *out);
/* A line behind indent spaces, broken at spaces before width columns; what is broken off stands behind hang spaces. */
void print_wrapped(FILE *out, struct str line, size_t indent, size_t hang, size_t width);
void print_lines(FILE *out, struct str text, size_t hang, size_t width);      /* each of the text's lines so */

struct sticky_header {
	char *name, *value;
	char *origin;                       /* Host and secrets: only there; NULL = not bound yet, or everywhere */
};
void sticky_header_release(struct sticky_header *h);      /* wipes it */

/* ---- authentication (auth.c) ---- */
enum auth_kind { AUTH_OFF, AUTH_BASIC, AUTH_BEARER, AUTH_DIGEST, AUTH_ANY };
struct credentials {
	enum auth_kind kind;
	char *user, *secret;
	char *origin;                       /* NULL = bound by the first request */
	struct auth_digest digest;          /* the last challenge taken */
	bool basic;                         /* AUTH_ANY: the server wants Basic */
};
struct auth_try {                           /* one request's dealings with 401 */
	unsigned rounds;                    /* challenges answered */
	bool digest;                        /* the last attempt carried a digest */
};
void credentials_release(struct credentials *c);
/* Credentials that have no origin yet are for this one. */
void auth_bind(struct session *s, const struct url *url);
/* Whether a request there only asks for the challenge: its body is kept back. */
bool auth_is_probe(struct session *s, const struct url *url);
/* The value of Authorization by the session's credentials or the URL's, NULL when there is none; caller wipes and frees. */
int auth_value(struct session *s, struct auth_try *t, const struct url *url, const struct http_request *q, char **value,
    struct error *error);
/* Takes the challenge of a 401: true when the request is to be sent once more. */
bool auth_answers(struct session *s, struct auth_try *t, const struct url *url, const struct http_response *response);

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
	struct exchange last;
	bool has_last;
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

void session_visit(struct session *s, const struct url *url);
void session_set_base(struct session *s, const struct url *url);
void session_store_free(struct session *s);
/* The limits of what waits from now on: limit_ms (0 = none), but never beyond the exchange's deadline; `set timeout`; Ctrl-C. */
struct wait session_wait(const struct session *s, int64_t limit_ms);

#endif
