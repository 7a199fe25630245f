/*
 * One connection to a server: what is known of it, also when it failed or is closed, and its stream while it is open.
 *
 *	c = connection_attempt(&terms, url, &known);            leaves no trace; or, for a session's next request:
 *	c = connection_open(s, url, false, &reused, error);     NULL: session_attempt(s) tells why, fact by fact
 *	tcp_set_wait(c->tcp, ...); http_exchange(c->stream, ...);
 *	connection_keep(s, c) or connection_close(c);
 *	connection_drop(c);
 *
 * The facts stay readable after it is closed, as long as somebody holds it (connection_hold, connection_drop).
 */
#ifndef COMMANDS_SESSION_CONNECTION_H
#define COMMANDS_SESSION_CONNECTION_H

#include <signal.h>

#include "net/error.h"
#include "net/stream.h"
#include "net/tcp.h"
#include "net/tcp_facts.h"
#include "net/tls/tls.h"
#include "net/url.h"

struct observer;
struct session;
struct session_hooks;
struct session_lab;
struct settings;

/* How long, and until when. */
struct limits {
	int64_t deadline_us; /* of the whole command, redirects and connecting included (`set max-time`); 0 = none */
	const volatile sig_atomic_t *interrupted; /* Ctrl-C; NULL none */
};

/* What an attempt is made under. All of it is borrowed for as long as the connection is open: a renegotiation judges,
 * too. */
struct terms {
	struct settings
	    *settings; /* changed in nothing but what is loaded on first need: anchors, client certificate */
	const struct session_lab *lab;
	const struct session_hooks *hooks;
	const struct observer *observer;
	struct limits *limits; /* the time that a person takes to answer is added to the deadline */
};

/* What is known from before, which an attempt may use; all of it may be NULL. */
struct known {
	const char *address;               /* that answered last for this host */
	const struct tls_session *session; /* to be resumed */
	struct connection *origin;         /* where the session is from: its chain was judged there */
};

struct connection {
	unsigned references;
	const struct terms *terms;
	char *key;         /* origin and settings it was made under */
	char *host, *zone; /* without brackets; of an IPv6 address, or NULL */
	unsigned port;
	char *target;                /* path and query of the request it was opened for */
	struct stream *stream, *tcp; /* tcp: the lowest part of stream; NULL when closed or never connected */
	struct tls *engine;          /* NULL for plain HTTP; belongs to stream when that is set */
	struct tls_info *copied;     /* facts of an engine that is gone */
	char *address;               /* "127.0.0.1", NULL before it is known */
	unsigned address_port;       /* where it leads: not the URL's port when that is overridden */
	struct tcp_timing tcp_timing;
	int64_t tls_start_us, ready_us, used_us;
	uint64_t exchanges;               /* answered */
	char sni[256];                    /* sent */
	char *alpn;                       /* offered, ", " between; NULL none */
	bool premaster_negotiated;        /* tls premaster, when it was made */
	size_t n_suites;                  /* of tls ciphers, when it was made; 0 = auto */
	bool chose_groups, chose_schemes; /* tls groups and tls schemes were not auto */
	struct tcp_facts tcp_facts;       /* as they were when it failed or was closed */
	bool judged, accepted;            /* accepted: the chain is good, or the key is known to belong to the host */
	struct x509_verdict verdict;
	char *trust;              /* "trust on", "trust off", "trust pin" ...: what made the decision */
	struct connection *first; /* resumed: the one whose chain was judged */
	char *pin; /* a person trusts this key for the host from now on, who keeps c puts it into a rule; NULL */
	bool keylog_failed;   /* that was told */
	struct error failure; /* of the attempt, kind ERROR_NONE when it worked */
};

/*
 * Connects to the URL's origin, with TLS when it is https. An attempt is a function: whatever comes of it is in the
 * connection, failure too, and nothing else has changed - no kept connection, no session to resume, no rule, no note.
 * Never NULL; the caller drops it.
 */
struct connection *connection_attempt(const struct terms *terms, const struct url *url, const struct known *known);
/* "https://host:port" and the settings that matter on the wire, a line each: connections and tickets with the same one
 * are alike. Caller frees. */
char *connection_key(const struct settings *settings, const struct url *url);
char *connection_key_of(const struct settings *settings, struct str origin);
/* What a wait may take: limit_ms (0 = none), but never beyond the deadline; `set timeout` without a byte; Ctrl-C. */
struct wait terms_wait(const struct terms *terms, int64_t limit_ms);

struct connection *connection_hold(struct connection *c);
void connection_drop(struct connection *c);  /* NULL is fine; closes and frees with the last holder */
void connection_close(struct connection *c); /* the facts stay */

/* ---- its facts: borrowed, until it is closed or dropped ---- */
const struct tls_info *connection_tls(const struct connection *c); /* NULL for plain HTTP */
struct tcp_facts connection_tcp(const struct connection *c);       /* now, or as they were at the end */
/* The certificates shown for it: its own, or those of the connection whose session it resumed. */
struct x509_cert *const *connection_chain(const struct connection *c, size_t *n);
/* Whether its facts explain this failure of what was done with it: it is the connection's own, and TLS was spoken. */
bool connection_explains(const struct connection *c, const struct error *error);

/* ---- the session's ---- */
/* A connection to the URL's origin: a kept one (*reused) unless fresh, or an attempt whose results are kept. The
 * session's last attempt is this one then, also when it fails. The caller drops it. */
struct connection *
connection_open(struct session *s, const struct url *url, bool fresh, bool *reused, struct error *error);
void connection_keep(struct session *s, struct connection *c); /* for the next request */
void connections_close_all(struct session *s);
/* The last connection that was opened, or tried to be; NULL: there was none. Borrowed, until the next one. */
struct connection *session_attempt(const struct session *s);

#endif
