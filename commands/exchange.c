/*
 * One command's exchange: cookies, credentials and sticky headers put on, a connection taken or made, the request sent (once
 * more when a kept connection turned out closed), redirects followed, the body stored.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "commands/session_private.h"
#include "net/http/auth.h"
#include "net/http/redirect.h"

struct running {
	struct session *s;
	struct call *call;
	struct request *r;
	struct exchange x;
	struct redirect next;
	bool follows;              /* this response leads to another request */
	bool by_hand;              /* sensitive headers given for this request still apply */
};

/* ---- headers ---- */

static bool
is_sensitive(const char *name)
{
	return strcasecmp(name, "Authorization") == 0 || strcasecmp(name, "Cookie") == 0 ||
	    strcasecmp(name, "Proxy-Authorization") == 0;
}

static bool
is_removed(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->n_removed; i++)
		if (strcasecmp(r->removed[i], name) == 0)
			return true;
	return false;
}

/* A default: given by hand or removed, it is not added. */
static int
add_default(const struct request *r, struct http_headers *h, const char *name, const char *value, struct error *error)
{
	if (is_removed(r, name) || http_headers_get(h, name) != NULL || http_headers_get(&r->headers, name) != NULL)
		return 0;
	return http_headers_add(h, str_of(name), str_of(value), error);
}

static int
add_host(struct running *e, struct http_headers *h, struct error *error)
{
	const char *by_hand = http_headers_get(&e->r->headers, "Host");
	char *host = by_hand != NULL && e->by_hand ? str_dup(str_of(by_hand)) : url_host_header(&e->x.url);
	int status = http_headers_add(h, STR("Host"), str_of(host), error);

	free(host);
	return status;
}

/* Sticky headers; the sensitive ones belong to the origin that saw them first. */
static int
add_sticky(struct running *e, struct http_headers *h, struct error *error)
{
	char *origin = url_origin(&e->x.url);
	int status = 0;

	for (size_t i = 0; i < e->s->n_headers && status == 0; i++) {
		struct sticky_header *sticky = &e->s->headers[i];

		if (is_removed(e->r, sticky->name) || http_headers_get(&e->r->headers, sticky->name) != NULL)
			continue;
		if (is_sensitive(sticky->name)) {
			if (sticky->origin == NULL)
				sticky->origin = str_dup(str_of(origin));
			if (strcmp(sticky->origin, origin) != 0)
				continue;
		}
		status = http_headers_add(h, str_of(sticky->name), str_of(sticky->value), error);
	}
	free(origin);
	return status;
}

static int
add_credentials(struct running *e, struct http_headers *h, struct error *error)
{
	struct credentials *c = &e->s->auth;
	char *origin, *value = NULL, *user, *password;
	int status = 0;

	if (http_headers_get(h, "Authorization") != NULL || http_headers_get(&e->r->headers, "Authorization") != NULL ||
	    is_removed(e->r, "Authorization"))
		return 0;
	origin = url_origin(&e->x.url);
	if (c->kind != AUTH_OFF && c->origin == NULL)
		c->origin = str_dup(str_of(origin));
	if (c->kind != AUTH_OFF && strcmp(c->origin, origin) == 0) {
		status = c->kind == AUTH_BASIC ? auth_basic(str_of(c->user), str_of(c->secret), &value, error) :
		    auth_bearer(str_of(c->secret), &value, error);
	} else if (e->x.url.username[0] != '\0' || e->x.url.password[0] != '\0') {
		user = url_percent_decode(str_of(e->x.url.username), NULL);
		password = url_percent_decode(str_of(e->x.url.password), NULL);
		status = auth_basic(str_of(user), str_of(password), &value, error);
		free(user);
		mem_wipe(password, strlen(password));
		free(password);
	}
	if (status == 0 && value != NULL)
		status = http_headers_add(h, STR("Authorization"), str_of(value), error);
	if (value != NULL)
		mem_wipe(value, strlen(value));
	free(value);
	free(origin);
	return status;
}

static int
add_given(struct running *e, struct http_headers *h, bool body, struct error *error)
{
	int status = 0;

	for (size_t i = 0; i < e->r->headers.n && status == 0; i++) {
		const struct http_header *g = &e->r->headers.items[i];

		if (strcasecmp(g->name, "Host") == 0 || (is_sensitive(g->name) && !e->by_hand) ||
		    (!body && redirect_drops_header(g->name)))
			continue;
		status = http_headers_add(h, str_of(g->name), str_of(g->value), error);
	}
	return status;
}

static int
add_headers(struct running *e, struct http_headers *h, bool body, struct error *error)
{
	const struct set_values *set = &e->s->set;
	char *cookie;
	int status;

	if (add_host(e, h, error) != 0 || add_sticky(e, h, error) != 0 || add_credentials(e, h, error) != 0)
		return -1;
	if (set->user_agent[0] != '\0' && add_default(e->r, h, "User-Agent", set->user_agent, error) != 0)
		return -1;
	if (add_default(e->r, h, "Accept", "*/*", error) != 0)
		return -1;
	if (set->decode && add_default(e->r, h, "Accept-Encoding", "gzip, deflate, br, zstd", error) != 0)
		return -1;
	cookie = jar_header(&e->s->jar, &e->x.url, (int64_t)time(NULL));
	status = cookie != NULL ? add_default(e->r, h, "Cookie", cookie, error) : 0;
	free(cookie);
	if (status == 0 && !set->keep_alive)
		status = add_default(e->r, h, "Connection", "close", error);
	return status == 0 ? add_given(e, h, body, error) : -1;
}

static int
compose(struct running *e, struct http_request *q, bool body, struct error *error)
{
	*q = (struct http_request){ .method = str_dup(str_of(e->x.method)), .target = url_request_target(&e->x.url),
		.body = { .fd = -1 } };
	if (add_headers(e, &q->headers, body, error) != 0)
		return -1;
	q->has_body = body && e->r->has_body;
	if (q->has_body && e->r->body_fd >= 0) {
		q->body.fd = e->r->body_fd;
		q->body.length = e->r->body_length;
	} else if (q->has_body) {
		q->body.bytes = buf_str(&e->r->body);
	}
	return 0;
}

/* ---- the answer ---- */

static int
on_head(void *context, const struct http_response *response, struct error *error)
{
	struct running *e = context;
	struct error ignored = { .kind = ERROR_NONE };
	int next;

	for (size_t i = 0; i < response->headers.n; i++)
		if (strcasecmp(response->headers.items[i].name, "Set-Cookie") == 0 &&
		    jar_receive(&e->s->jar, &e->x.url, str_of(response->headers.items[i].value), (int64_t)time(NULL), &ignored) != 0 &&
		    e->s->tls.trace != TRACE_OFF && e->s->chatter != NULL)
			fprintf(e->s->chatter, "cookie ignored: %s\n", ignored.text);
	redirect_release(&e->next);
	next = e->s->set.follow ? redirect_next(&e->next, response, e->x.method, &e->x.url, error) : 0;
	if (next < 0)
		return -1;
	e->follows = next > 0;
	if (!e->follows && e->call->content_wanted && !(e->s->set.fail && response->status >= 400))
		body_store_into(&e->x.body, e->call->out);
	return 0;
}

static int
on_body(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct running *e = context;

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

static int
send_on(struct running *e, const struct http_request *q, bool fresh, bool *again, struct error *error)
{
	struct session *s = e->s;
	struct http_options options = { .max_body = (uint64_t)s->set.max_body, .decode = s->set.decode, .observer = &s->observer };
	struct http_sink sink = { on_head, on_body, e };
	struct wait wait = session_wait(s, s->set.max_time_ms);
	bool reused, unsent = false;
	struct connection *c = connection_open(s, &e->x.url, fresh, &reused, error);
	int status;

	*again = false;
	if (c == NULL)
		return -1;
	connection_drop(e->x.connection);
	e->x.connection = c;
	tcp_set_wait(c->tcp, &wait);
	reset_answer(&e->x);
	status = check_protocol(c, error) != 0 ? -1 :
	    http_exchange(c->stream, q, &options, &sink, &e->x.response, &unsent, error);
	c->exchanges++;
	tls_memory_store(s, c);
	if (status == 0 && e->x.response.keep && s->set.keep_alive)
		connection_keep(s, c);
	else
		connection_close(c);
	*again = status != 0 && reused && unsent && !fresh;
	if (status != 0)
		body_store_abandon(&e->x.body);
	return status;
}

static int
send_once(struct running *e, bool body, struct error *error)
{
	struct http_request q;
	bool again;
	int status = compose(e, &q, body, error);

	free(e->s->sent_head);
	e->s->sent_head = NULL;
	if (status == 0) {
		status = send_on(e, &q, false, &again, error);
		if (status != 0 && again) {
			error_clear(error);
			status = send_on(e, &q, true, &again, error);
		}
	}
	http_request_release(&q);
	free(e->x.request_head);
	e->x.request_head = e->s->sent_head;
	e->s->sent_head = NULL;
	return status;
}

/* Goes to the next URL of a redirect; -1 when that is not wanted. */
static int
follow(struct running *e, bool *body, struct error *error)
{
	if (e->next.downgrade && !e->s->set.follow_insecure) {
		fail(error, ERROR_HTTP, 0, "the redirect leads from https to http, where everything can be read on the way");
		return hint(error, "to follow it all the same: set follow-insecure on");
	}
	if (++e->x.redirects > (unsigned)e->s->set.max_redirects) {
		fail(error, ERROR_LIMIT, 0, "more than %lld redirects", (long long)e->s->set.max_redirects);
		return hint(error, "set max-redirects N, or look at each one: set follow off");
	}
	if (e->next.cross_origin)
		e->by_hand = false;
	if (e->next.drop_body)
		*body = false;
	if (strcmp(e->x.method, e->next.method) != 0) {
		free(e->x.method);
		e->x.method = str_dup(str_of(e->next.method));
	}
	url_copy(&e->x.url, &e->next.url);
	return 0;
}

static int
run(struct running *e, struct error *error)
{
	bool body = true;

	for (;;) {
		e->follows = false;
		if (send_once(e, body, error) != 0)
			return -1;
		if (!e->follows)
			return 0;
		if (follow(e, &body, error) != 0)
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
	if (s->has_last)
		exchange_release(&s->last);
	s->last = e->x;
	s->has_last = true;
	if (done) {
		session_visit(s, &s->last.url);
		session_set_base(s, &s->last.url);
	}
}

int
session_exchange(struct session *s, struct call *call, struct request *r, struct error *error)
{
	struct running e = { .s = s, .call = call, .r = r, .by_hand = true };
	int status;

	e.x.method = str_dup(str_of(r->method));
	url_init(&e.x.url);
	url_copy(&e.x.url, &r->url);
	body_store_init(&e.x.body);
	e.x.start_us = now_us();
	s->chatter = call->err;
	status = run(&e, error);
	report_progress_end(s);
	redirect_release(&e.next);
	if (status != 0 && e.x.response.status == 0) {
		exchange_release(&e.x);
	} else {
		keep_answer(&e, status == 0);
		if (status == 0 && s->set.fail && s->last.response.status >= 400)
			status = fail(error, ERROR_STATUS, (int)s->last.response.status, "the server answered %u %s",
			    s->last.response.status, s->last.response.reason != NULL ? s->last.response.reason : "");
		else if (status == 0 && call->content_wanted)
			status = body_store_finish(&s->last.body, call->out, error);
	}
	if (status == 0)
		report_response(s, call);
	else if (error->kind != ERROR_STATUS)
		report_failure(s, call, error);
	s->chatter = NULL;
	return status;
}
