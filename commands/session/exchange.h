/*
 * A command's request and what came of it.
 *
 *	request_init(&r); r.method, r.url, r.headers, r.body ...
 *	session_exchange(s, &r, error);     sends it, follows redirects, keeps cookies
 *	request_release(&r);
 *	session_last(s)->response, ->body ...
 */
#ifndef COMMANDS_SESSION_EXCHANGE_H
#define COMMANDS_SESSION_EXCHANGE_H

#include "commands/session/body_store.h"
#include "commands/session/connection.h"
#include "net/http/http.h"
#include "net/url.h"

struct download;
struct page;
struct session;

enum { REQUEST_MAX_BODY = 256 << 20 };

/* What a command asks for. */
struct request {
	char *method;
	struct url url;
	struct http_headers headers; /* given for this request only; an empty value removes a default header */
	char **removed;              /* names not to be sent */
	size_t n_removed;
	struct buf body;           /* REQUEST_MAX_BODY bytes at most */
	int body_fd;               /* -1, or a file that is the body */
	uint64_t body_length;      /* of body_fd */
	const char *body_type;     /* its media type by the file's name; static */
	char *target;              /* of the request line, word for word; NULL = the URL's */
	struct download *download; /* borrowed: where the body goes; NULL = kept as usual */
	FILE *out;                 /* where the decoded body goes; NULL: it is only kept */
	bool has_body;
};
void request_init(struct request *r);
void request_release(struct request *r); /* closes body_fd; it is as after request_init() then */

/* The last exchange: what was sent at last, behind all redirects, and what came. */
struct exchange {
	char *method;
	struct url url;          /* of the last request, after redirects */
	char *request_head;      /* as sent */
	struct str request_body; /* view of kept_body; empty when it came from a file */
	char *kept_body;
	struct http_response response;
	struct body_store body;
	struct page *page;       /* parsed on first use: session_page() */
	struct error page_error; /* why it cannot be, whoever asks next */
	struct connection *connection;
	int64_t start_us;
	unsigned redirects;
	bool done; /* a whole response came */
};

/* Sends it, follows redirects, keeps cookies; the answer is the session's last one then, also one that broke off.
 * ERROR_STATUS with `set fail`; every other kind that connections and HTTP have. */
int session_exchange(struct session *s, struct request *r, struct error *error);

/* NULL: nothing was answered yet. Borrowed, until the next exchange. */
struct exchange *session_last(const struct session *s);

#endif
