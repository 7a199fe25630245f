/*
 * The small site behind every room that can be reached: what it answers to a request. Shared by all
 * connections.
 */
#ifndef NET_LAB_SITE_H
#define NET_LAB_SITE_H

#include "net/lab/request.h"
#include "net/lab/rooms.h"

struct site_session {
	char id[LAB_TOKEN_SIZE];   /* the cookie; "" = free */
	char csrf[LAB_TOKEN_SIZE]; /* the login form's hidden token */
	bool logged_in;
	uint64_t used;
};

struct site {
	struct lab_papers *papers; /* source of tokens */
	pthread_mutex_t lock;      /* of what follows */
	struct site_session sessions[LAB_MAX_SESSIONS];
	uint64_t clock;
};

void site_init(struct site *s, struct lab_papers *papers);
void site_release(struct site *s);

/* ---- sessions (sessions.c) ---- */
/* A copy of the session with that id; false when there is none. */
bool site_session_find(struct site *s, struct str id, struct site_session *out);
/* A new one in place of the one with that id, if there is one; the oldest makes room. */
void site_session_replace(struct site *s, struct str id, bool logged_in, struct site_session *out);
void site_session_forget(struct site *s, struct str id);

/* ---- answers ---- */
enum { ANSWER_MAX_FIELDS = 4096, ANSWER_MAX_BODY = LAB_MAX_BODY + LAB_MAX_HEAD, SLOW_BYTES = 600 };

struct answer {
	int status;
	const char *type;  /* Content-Type; NULL none */
	struct buf fields; /* more fields, each with its CRLF */
	struct buf body;
	bool chunked;
	bool slow; /* SLOW_BYTES bytes, one a second, instead of the body */
};

void lab_answer_init(struct answer *a);
void lab_answer_release(struct answer *a);
const char *lab_status_phrase(int status);
/* A page that says what went wrong. detail is HTML. */
void lab_answer_error(struct answer *a, int status, const char *detail);
void site_answer(struct site *s, const struct lab_request *r, struct answer *a);

/* ---- one request on its way through the site ---- */
struct visit {
	struct site *site;
	const struct lab_request *request;
	struct answer *answer;
	struct str rest; /* of the path, behind the route's prefix */
};

/* site_page.c: what the pages have in common */
void lab_page_open(struct answer *a, const char *title);
void lab_page_close(struct answer *a);
void lab_add_escaped(struct buf *b, struct str text); /* for HTML text and attributes */
void lab_see_other(struct answer *a, int status, const char *location);

/* site_shop.c: the pages a person logs in for */
void site_visit_login(struct visit *v);
void site_visit_results(struct visit *v);
void site_visit_report(struct visit *v);
void site_visit_logout(struct visit *v);
/* site_tools.c: pages to try a client with */
void site_visit_echo(struct visit *v);
void site_visit_status(struct visit *v);
void site_visit_redirect(struct visit *v);
void site_visit_slow(struct visit *v);
void site_visit_chunked(struct visit *v);
void site_visit_private(struct visit *v);
void site_visit_messy(struct visit *v);

#endif
