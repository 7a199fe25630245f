/*
 * A session: what stays between commands. Settings, cookies, sticky headers, base URL, kept connections,
 * TLS sessions, pins, the last exchange. On disk: session.hsh, cookies.txt, history (store.c).
 */
#ifndef COMMANDS_SESSION_SESSION_H
#define COMMANDS_SESSION_SESSION_H

#include <signal.h>
#include <stdio.h>

#include "net/buf.h"
#include "net/error.h"
#include "net/event.h"
#include "net/url.h"
#include "net/work.h"

enum { SESSION_GLANCE_MS = 500 }; /* for a preview, and for Tab */
#define SESSION_WORK 4000000000u

struct jar;
struct session;
struct session_hooks;
struct settings;
struct terms;

struct session *session_new(void); /* defaults; nothing on disk is touched */
void session_free(struct session *s);

/* ---- what the shell asks ---- */
/* "127.0.0.1:8443/login": host and path of the base URL, "" without one; caller frees. */
char *session_prompt_place(const struct session *s);
/* Dangers to be seen in the prompt: "trust off", "tls ssl3"; NULL none; caller frees. */
char *session_prompt_dangers(const struct session *s);
/* What a session on disk brought along that makes less be checked, hosts' rules too: "trust off, trust host h off";
 * NULL none; caller frees. Whoever typed it once may have forgotten it. */
char *session_loosened(const struct session *s);
/* Value of a read-only variable of the last exchange ($status, ${header.location}, ${cookie.sid}, ${tls.version}...).
 * 1 = found (text appended), 0 = no such variable, -1 error. */
int session_variable(struct session *s, struct str name, struct buf *out, struct error *error);
/* For Tab: names of variables, URLs visited, the last answer's header names, cookies. Each returns the i-th or NULL. */
const char *session_variable_name(size_t i);
const char *session_variable_summary(size_t i); /* what it is, for the man page */
const char *session_header_name(const struct session *s, size_t i);
const char *session_cookie_name(const struct session *s, size_t i);
const char *session_visited_url(const struct session *s, size_t i);
bool session_has_response(const struct session *s);
bool session_unanswered(const struct session *s); /* the last request failed: response and page are those before it */
bool
session_has_page(const struct session *s); /* a response with a body that can be parsed, all of it (or set partial) */
/* The bound on what a page or a text may ask of a command that starts now: SESSION_WORK units, `set max-time`, Ctrl-C;
 * with limit_ms above 0 that time at most: for what nobody asked for (a preview, Tab). */
struct work session_work(const struct session *s, int64_t limit_ms);
/* Parsed on first use, owned by the session. */
struct page *session_page(struct session *s, struct work *work, struct error *error);

/* Set by the shell. */
void session_set_interrupt(struct session *s, const volatile sig_atomic_t *flag);
/* Who is told and asked (hooks.h); copied. */
void session_set_hooks(struct session *s, const struct session_hooks *hooks);

/* ---- what it holds: borrowed, as long as the session lives ---- */
struct settings *session_settings(struct session *s);
struct jar *session_jar(struct session *s);
const struct terms *session_terms(const struct session *s); /* of its attempts (connection.h); to be copied */
const struct url *session_base(const struct session *s);    /* NULL: none is set */
void session_set_base(struct session *s, const struct url *url);
void session_visit(struct session *s, const struct url *url); /* for Tab */
bool session_loading(const struct session *s);                /* its file is being run: what is set comes from there */
bool session_interrupted(const struct session *s);            /* Ctrl-C came */

/* ---- on disk (commands/session/store.c) ---- */
/* Opens (creates) the named session's directory under $XDG_STATE_HOME/httpsh, mode 0700, merges what is there in.
 * `run_line` executes one line of session.hsh, which has at most one command: a line that fails has done nothing. NULL
 * name = --no-session: nothing is read or written. A failure leaves a session that works; *usable: its directory is
 * used, only lines of a file were bad (the first is told with file and line; they stay there). Not usable: nothing will
 * be saved. */
int
session_open(struct session *s, const char *name, int (*run_line)(void *context, const char *line, struct error *error),
    void *context, bool *usable, struct error *error);
/* Puts what changed here since the last time into the files, as another shell may have left them; temp, fsync,
 * rename. */
int session_save(struct session *s, struct error *error);
/* What session.hsh holds, and `lab start` when the lab runs: the commands that give a new session this state. */
void session_as_commands(const struct session *s, struct buf *out);
char *session_path(const struct session *s, const char *file); /* path in the directory; NULL with --no-session */

#endif
