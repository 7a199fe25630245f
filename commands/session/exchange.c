/*
 * One command's exchange: a connection taken or made, the request sent (once more when a kept connection turned out
 * closed), cookies kept, a challenge answered, redirects followed, the body stored.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "commands/session/download.h"
#include "commands/session/running.h"

/* ---- the answer ---- */

static void
keep_cookies(struct running *e, const struct http_response *response)
{
	struct error ignored = { .kind = ERROR_NONE };
	struct url url;

	if (!e->s->settings.set.cookies)
		return;
	url_init(&url);
	exchange_cookie_url(e, &url);
	for (size_t i = 0; i < response->headers.n; i++)
		if (strcasecmp(response->headers.items[i].name, "Set-Cookie") == 0 &&
		    jar_receive(&e->s->jar, &url, str_of(response->headers.items[i].value), (int64_t)time(NULL),
			&ignored) != 0 &&
		    e->s->settings.tls.trace != TRACE_OFF)
			hooks_note(&e->s->hooks, "%s", ignored.text);
	url_release(&url);
}

/* RFC 9110 section 15.5.20: the host that was asked for is not one of this server's. */
static void
tell_misdirected(const struct running *e)
{
	const char *sni = e->x.connection->sni, *by_hand = http_headers_get(&e->r->headers, "Host");
	char *host = by_hand != NULL && e->by_hand ? str_dup(str_of(by_hand)) : url_host_header(&e->x.url);

	hooks_note(&e->s->hooks, "the server does not answer for this host here: SNI %s, Host %s",
	    sni[0] != '\0' ? sni : "was not sent", host);
	free(host);
}

static void
tell_refusal(const struct running *e, const struct http_response *response)
{
	const char *after = http_headers_get(&response->headers, "Retry-After");

	if (response->status == 401 || response->status == 403)
		exchange_tell_withheld(e);
	if (response->status == 421)
		tell_misdirected(e);
	if ((response->status == 429 || response->status == 503) && after != NULL)
		hooks_note(&e->s->hooks, "the server asks to come again later: Retry-After %s", after);
}

/* What an answer asks for. RFC 9110 section 10.1.1: "A client that receives a 417 (Expectation Failed) status code in
 * response to a request containing a 100-continue expectation SHOULD repeat that request without a 100-continue
 * expectation". */
static int
choose_step(struct running *e, const struct http_response *response, struct error *error)
{
	int next;

	e->step = STEP_AGAIN;
	tell_refusal(e, response);
	if (auth_answers(e->s, &e->auth, &e->x.url, response))
		return 0;
	if (e->probe && response->status < 300) { /* no challenge: now with the body */
		e->probed = true;
		return 0;
	}
	if (response->status == 417 && !e->no_expect && e->body && e->r->has_body &&
	    http_headers_get(&e->r->headers, "Expect") == NULL) {
		e->no_expect = true;
		return 0;
	}
	redirect_release(&e->next);
	next = e->s->settings.set.follow ? redirect_next(&e->next, response, e->x.method, &e->x.url, error) : 0;
	e->step = next > 0 ? STEP_FOLLOW : STEP_DONE;
	return next < 0 ? -1 : 0;
}

static bool
is_failure(const struct running *e, const struct http_response *response)
{
	return e->s->settings.set.fail && response->status >= 400;
}

/* 1 = nobody asks for this answer's body. */
static int
on_head(void *context, const struct http_response *response, struct error *error)
{
	struct running *e = context;

	keep_cookies(e, response);
	if (choose_step(e, response, error) != 0)
		return -1;
	if (e->step != STEP_DONE)
		return 1;
	if (e->r->download != NULL) {
		e->x.body.drop = true;
		if (download_head(e->r->download, response, error) != 0)
			return -1;
		return !e->r->download->writing;
	}
	if (is_failure(e, response))
		return 1;
	if (e->r->out != NULL)
		body_store_into(&e->x.body, e->r->out);
	return 0;
}

static int
on_body(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct running *e = context;

	if (e->step != STEP_DONE)
		return 0;
	if (e->r->download != NULL && e->r->download->writing && download_body(e->r->download, p, n, error) != 0)
		return -1;
	return body_store_add(&e->x.body, p, n, error);
}

static void
reset_answer(struct exchange *x)
{
	http_response_release(&x->response);
	x->response = (struct http_response){ .status = 0 };
	body_store_release(&x->body);
	body_store_init(&x->body);
}

/* What the server chose to speak behind TLS must be what is spoken here. */
static int
check_protocol(const struct connection *c, struct error *error)
{
	const struct tls_info *i = connection_tls(c);
	char shown[80];

	if (i == NULL || i->alpn[0] == '\0' || strncmp(i->alpn, "http/1.", 7) == 0 || strcmp(i->alpn, "http/0.9") == 0)
		return 0;
	fail(error, ERROR_HTTP, 0, "the server chose the protocol %s (ALPN), which httpsh does not speak",
	    str_printable(str_of(i->alpn), shown, sizeof shown));
	return hint(error, "tls alpn http/1.1");
}

/* The body goes where somebody wants it whole: a file, a pipe. What a variable takes is no such place. */
static bool
goes_out(const struct running *e)
{
	return e->r->download != NULL || (e->r->out != NULL && fileno(e->r->out) >= 0);
}

static int
send_on(struct running *e, const struct http_request *q, bool fresh, bool *again, struct error *error)
{
	struct session *s = e->s;
	struct work work = { .deadline_us = s->limits.deadline_us, .interrupted = s->limits.interrupted };
	struct http_options options = {
		.max_body = (uint64_t)s->settings.set.max_body,
		.work = &work,
		.max_ratio = goes_out(e) ? 0 : (uint64_t)s->settings.set.max_ratio,
		.decode = s->settings.set.decode,
		.raw = s->settings.set.raw,
		.http09 = s->settings.set.http09,
		.no_expect = e->no_expect,
		.observer = &s->observer,
	};
	struct http_sink sink = { on_head, on_body, e };
	bool reused, unsent = false;
	struct connection *c = connection_open(s, &e->x.url, fresh, &reused, error);
	struct wait wait = terms_wait(&s->terms, 0);
	int status;

	*again = false;
	if (c == NULL)
		return -1;
	connection_drop(e->x.connection);
	e->x.connection = c;
	tcp_set_wait(c->tcp, &wait);
	reset_answer(&e->x);
	status = check_protocol(c, error) != 0 ?
	    -1 :
	    http_exchange(c->stream, q, &options, &sink, &e->x.response, &unsent, error);
	c->exchanges += e->x.response.status != 0;
	tickets_store(s, c, status == 0);
	if (connection_keep_rule(s, c, status == 0 ? error : NULL) != 0)
		status = -1;
	if (status == 0 && e->x.response.keep && s->settings.set.keep_alive)
		connection_keep(s, c);
	else
		connection_close(c);
	*again = status != 0 && reused && unsent && !fresh;
	/* spoken to in the clear, a TLS server may close without a word */
	if (status != 0 && !url_is_https(&e->x.url) && !reused && unsent && error->kind == ERROR_HTTP &&
	    error->command[0] == '\0')
		remark(error, "if this port speaks TLS: https:// in the URL");
	if (status != 0)
		body_store_abandon(&e->x.body);
	return status;
}

/* A body from a pipe is gone when it has been sent. */
static int
check_body(struct running *e, const struct http_request *q, struct error *error)
{
	if (q->body.fd >= 0 && e->body_sent && lseek(q->body.fd, 0, SEEK_CUR) < 0)
		return fail(error, ERROR_OTHER, ESPIPE,
		    "the answer asks for the body once more, but it came from a pipe");
	e->body_sent = e->body_sent || q->body.fd >= 0;
	return 0;
}

static int
send_once(struct running *e, struct error *error)
{
	struct http_request q;
	bool again;
	int status = exchange_compose(e, &q, error);

	str_wipe_free(e->s->sent_head);
	e->s->sent_head = NULL;
	if (status == 0)
		status = check_body(e, &q, error);
	if (status == 0) {
		status = send_on(e, &q, false, &again, error);
		if (status != 0 && again) {
			error_clear(error);
			status = send_on(e, &q, true, &again, error);
		}
	}
	http_request_release(&q);
	str_wipe_free(e->x.request_head);
	e->x.request_head = e->s->sent_head;
	e->s->sent_head = NULL;
	return status;
}

/* Names the URL that is not asked for any more. */
static void
too_many(const struct running *e, struct error *error)
{
	char *next = url_shown(&e->next.url, true);

	fail(error, ERROR_LIMIT, 0, "more than %lld redirects: the next one leads to %s",
	    (long long)e->s->settings.set.max_redirects, next);
	free(next);
}

/* Goes to the next URL of a redirect; -1 when that is not wanted. */
static int
follow(struct running *e, struct error *error)
{
	if (e->next.downgrade && !e->s->settings.set.follow_insecure) {
		fail(error, ERROR_HTTP, 0,
		    "the redirect leads from https to http, where everything can be read on the way");
		return hint_why(error, "to follow it all the same", "set follow-insecure on");
	}
	if (++e->x.redirects > (unsigned)e->s->settings.set.max_redirects) {
		too_many(e, error);
		return hint_why(error, "to look at each one; \"set max-redirects N\" follows more", "set follow off");
	}
	if (e->next.cross_origin)
		e->by_hand = false;
	url_keep_user(&e->x.url, &e->next.url);
	if (e->next.drop_body)
		e->body = false;
	e->auth = (struct auth_try){ .rounds = 0 };
	str_wipe_free(e->r->target);
	e->r->target = NULL;
	if (strcmp(e->x.method, e->next.method) != 0) {
		free(e->x.method);
		e->x.method = str_dup(str_of(e->next.method));
	}
	url_copy(&e->x.url, &e->next.url);
	reset_answer(&e->x);
	return 0;
}

static int
run(struct running *e, struct error *error)
{
	for (;;) {
		e->step = STEP_DONE;
		if (send_once(e, error) != 0)
			return -1;
		if (e->step == STEP_DONE)
			return 0;
		if (e->step == STEP_FOLLOW && follow(e, error) != 0)
			return -1;
	}
}

/* The answer becomes the session's last one, also one that broke off: what came of it can be looked at. */
static void
keep_answer(struct running *e, bool done)
{
	struct session *s = e->s;

	e->x.done = done;
	if (e->r->body.len > 0 && e->r->body_fd < 0) {
		e->x.kept_body = str_dup(buf_str(&e->r->body));
		e->x.request_body = str_from(e->x.kept_body, e->r->body.len);
	}
	if (s->last != NULL)
		exchange_release(s->last);
	free(s->last);
	s->last = mem_dup(&e->x, sizeof e->x);
	if (done) {
		session_visit(s, &s->last->url);
		session_set_base(s, &s->last->url);
	}
}

/* It failed after the handshake: that is what came of the attempt. */
static void
note_failure(struct session *s, const struct error *error)
{
	struct connection *c = s->attempt;

	if (c == NULL || c->failure.kind != ERROR_NONE || !connection_explains(c, error))
		return;
	c->failure = *error;
	attempts_note(s, c);
}

/* What else there is to know about a failure: who led there, what came of the answer, what was not used. */
static void
add_circumstances(const struct running *e, struct error *error)
{
	const char *proxy = getenv("https_proxy") != NULL ? getenv("https_proxy") : getenv("HTTPS_PROXY");
	struct buf hidden;
	char *from;

	if (e->x.response.status == 0 && e->x.redirects > 0) {
		from = url_shown(&e->r->url, false);
		error_add(error, "; a redirect from %s led there", from);
		free(from);
	}
	if (error->command[0] != '\0' || error->why[0] != '\0')
		return;
	if (e->x.response.status != 0 && e->x.body.length > 0 && e->r->download == NULL)
		hint_why(error, "to see what came of the body", "show body");
	else if (error->kind == ERROR_NETWORK && proxy != NULL && proxy[0] != '\0') {
		buf_init(&hidden, 0);
		url_hide_user(str_of(proxy), &hidden);
		from = buf_take(&hidden);
		remark(error, "https_proxy is set to %s, which is not used: the connection is made directly", from);
		free(from);
	}
}

int
session_exchange(struct session *s, struct request *r, struct error *error)
{
	struct running e = { .s = s, .r = r, .body = true, .by_hand = true };
	int status;

	e.x.method = str_dup(str_of(r->method));
	url_init(&e.x.url);
	url_copy(&e.x.url, &r->url);
	body_store_init(&e.x.body);
	e.x.start_us = now_us();
	s->limits.deadline_us = s->settings.set.max_time_ms > 0 ? now_us() + s->settings.set.max_time_ms * 1000 : 0;
	status = run(&e, error);
	s->limits.deadline_us = 0;
	if (s->hooks.progress != NULL)
		s->hooks.progress(s->hooks.context, 0, 0);
	redirect_release(&e.next);
	if (status != 0)
		add_circumstances(&e, error);
	s->unanswered = status != 0 && e.x.response.status == 0;
	if (s->unanswered) {
		exchange_release(&e.x);
	} else {
		keep_answer(&e, status == 0 && e.x.response.complete);
		if (status == 0 && is_failure(&e, &s->last->response) && (r->download == NULL || !r->download->whole))
			status = fail(error, ERROR_STATUS, (int)s->last->response.status, "the server answered %u %s",
			    s->last->response.status, s->last->response.reason != NULL ? s->last->response.reason : "");
		else if (status == 0 && r->out != NULL)
			status = body_store_finish(&s->last->body, r->out, error);
	}
	if (status != 0)
		note_failure(s, error);
	return status;
}
