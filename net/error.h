/*
 * The one error type. A fallible function returns 0 (or a count) on success and -1 on failure, and takes
 * `struct error *` last; the only way to fail is
 *
 *	return fail(error, ERROR_TLS, TLS_BAD_RECORD_MAC, "...", ...);
 *
 * The lowest layer that knows what happened writes the sentence, with the object in it; layers above pass it on. One
 * line, no final full stop. Sentence and hint may hold bytes from outside: what is not showable (str.h) is made visible
 * here, so that no caller can forget it.
 */
#ifndef NET_ERROR_H
#define NET_ERROR_H

#include <stdarg.h>
#include <stddef.h>

enum error_kind {
	ERROR_NONE = 0,
	ERROR_OTHER,       /* files, the system: exit status 1 */
	ERROR_USAGE,       /* syntax, unknown command, bad argument: 2 */
	ERROR_NETWORK,     /* resolve, connect, reset, timeout: 3 */
	ERROR_EXPECT,      /* an expectation did not hold: 4 */
	ERROR_STATUS,      /* HTTP status >= 400 with `set fail on`: 5 */
	ERROR_TLS,         /* the TLS protocol, either side: 6 */
	ERROR_CERTIFICATE, /* the chain was judged and refused: 7 */
	ERROR_HTTP,        /* the HTTP protocol: 8 */
	ERROR_LIMIT,       /* a named limit was reached, or memory is out: 9 */
	ERROR_INTERRUPTED  /* Ctrl-C: 130 */
};

enum { ERROR_TEXT_MAX = 512, ERROR_COMMAND_MAX = 256, ERROR_WHY_MAX = 256 };

struct error {
	enum error_kind kind;
	int code;                  /* kind-specific: enum tls_code, errno, HTTP status; 0 = none */
	char text[ERROR_TEXT_MAX]; /* what happened, to what; cut with "..." when too long */
	/* what to type next: a command that parses as it stands; empty when there is none */
	char command[ERROR_COMMAND_MAX];
	char why[ERROR_WHY_MAX]; /* a remark: what the command does, or what helps when no command does; or empty */
};

/* The one table of kinds: the name that `expect fail` takes, the exit status, and what it is. NULL past the last. */
struct error_kind_info {
	enum error_kind kind;
	const char *name;
	int status;
	const char *what;
};
const struct error_kind_info *error_kind_at(size_t i);
const struct error_kind_info *error_kind_info(enum error_kind kind); /* never NULL: ERROR_NONE is "ok", 0 */

/* Sets *error (which may be NULL) and returns -1. */
int fail(struct error *error, enum error_kind kind, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int fail_v(struct error *error, enum error_kind kind, int code, const char *format, va_list ap)
    __attribute__((format(printf, 4, 0)));

/* Like fail() with ": strerror(errno)" appended and code = errno. EINTR is ERROR_INTERRUPTED, whatever the kind: only
 * Ctrl-C and what ends the shell interrupt a call. */
int
fail_errno(struct error *error, enum error_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Goes on with the sentence; hints stay. Returns -1. */
int error_add(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the command that cures it; returns -1 so that it can stand after fail():
 *	fail(...); return hint(error, "tls proto tls1.0");
 * Words that are data must be quoted by the caller (hint_words() in net/quote.h). */
int hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with the remark in front: "to accept SHA-1", "trust sha1 on". */
int hint_why(struct error *error, const char *why, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A remark without a command. Returns -1. */
int remark(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Command and remark of another error, as far as there are any. Returns -1. */
int error_advise(struct error *error, const struct error *from);

void error_clear(struct error *error);

#endif
