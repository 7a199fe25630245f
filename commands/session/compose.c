/* Requests on their way out: the headers given, sticky ones, credentials, cookies, defaults. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "commands/session/running.h"
#include "net/http/coding.h"
#include "net/http/secret.h"

/* What must not reach another origin than the one it was meant for. */
static bool
is_bound(const char *name)
{
	return strcasecmp(name, "Host") == 0 || secret_name(str_of(name));
}

static bool
is_removed(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->n_removed; i++)
		if (strcasecmp(r->removed[i], name) == 0)
			return true;
	return false;
}

/* The first value given for this command, when it applies to this request. */
static const char *
given(const struct running *e, const char *name)
{
	return is_bound(name) && !e->by_hand ? NULL : http_headers_get(&e->r->headers, name);
}

/* Credentials and sticky headers that are bound, and were not yet, belong to the origin that a person asks for first,
 * also when this request has others. */
static void
bind_secrets(struct running *e)
{
	if (!e->by_hand)
		return;
	auth_bind(e->s, &e->x.url);
	for (size_t i = 0; i < e->s->n_headers; i++)
		if (e->s->headers[i].origin == NULL && is_bound(e->s->headers[i].name))
			e->s->headers[i].origin = url_origin(&e->x.url);
}

static bool
applies(const struct running *e, const struct sticky_header *h)
{
	char *origin;
	bool same;

	if (!is_bound(h->name) || h->origin == NULL)
		return !is_bound(h->name);
	origin = url_origin(&e->x.url);
	same = strcmp(h->origin, origin) == 0;
	free(origin);
	return same;
}

/* A sticky header's value for this request, NULL when there is none. */
static const char *
sticky_value(const struct running *e, const char *name)
{
	for (size_t i = 0; i < e->s->n_headers; i++)
		if (strcasecmp(e->s->headers[i].name, name) == 0 && applies(e, &e->s->headers[i]))
			return e->s->headers[i].value;
	return NULL;
}

static const char *
host_by_hand(const struct running *e)
{
	const char *host = given(e, "Host");

	return host != NULL ? host : sticky_value(e, "Host");
}

/* A default: given by hand or removed, it is not added. */
static int
add_default(const struct running *e, struct http_headers *h, const char *name, const char *value, struct error *error)
{
	if (is_removed(e->r, name) || http_headers_get(h, name) != NULL || given(e, name) != NULL)
		return 0;
	return http_headers_add(h, str_of(name), str_of(value), error);
}

static int
add_host(struct running *e, struct http_headers *h, struct error *error)
{
	const char *by_hand = host_by_hand(e);
	char *host = by_hand != NULL ? str_dup(str_of(by_hand)) : url_host_header(&e->x.url);
	int status =
	    by_hand == NULL && is_removed(e->r, "Host") ? 0 : http_headers_add(h, STR("Host"), str_of(host), error);

	free(host);
	return status;
}

void
exchange_tell_withheld(const struct running *e)
{
	for (size_t i = 0; i < e->s->n_headers; i++) {
		const struct sticky_header *h = &e->s->headers[i];

		if (h->origin != NULL && !applies(e, h))
			hooks_note(&e->s->hooks, "%s goes only to %s: header list", h->name, h->origin);
	}
}

static int
add_sticky(struct running *e, struct http_headers *h, struct error *error)
{
	int status = 0;

	for (size_t i = 0; i < e->s->n_headers && status == 0; i++) {
		const struct sticky_header *sticky = &e->s->headers[i];

		/* Host stands first, see add_host */
		if (!is_removed(e->r, sticky->name) && given(e, sticky->name) == NULL && applies(e, sticky) &&
		    strcasecmp(sticky->name, "Host") != 0)
			status = http_headers_add(h, str_of(sticky->name), str_of(sticky->value), error);
	}
	return status;
}

static int
add_credentials(struct running *e, struct http_request *q, struct error *error)
{
	char *value = NULL;
	int status = 0;

	if (http_headers_get(&q->headers, "Authorization") != NULL || given(e, "Authorization") != NULL ||
	    is_removed(e->r, "Authorization"))
		return 0;
	status = auth_value(e->s, &e->auth, &e->x.url, q, &value, error);
	if (status == 0 && value != NULL)
		status = http_headers_add(&q->headers, STR("Authorization"), str_of(value), error);
	str_wipe_free(value);
	return status;
}

/* The part of "host:port" or "[::1]:port" before the port. */
static struct str
without_port(struct str host)
{
	ptrdiff_t bracket = str_find_char(host, ']'), colon = str_find_char(host, ':');

	if (bracket >= 0)
		return str_slice(host, 0, (size_t)bracket + 1);
	return colon >= 0 ? str_slice(host, 0, (size_t)colon) : host;
}

void
exchange_cookie_url(const struct running *e, struct url *url)
{
	const char *by_hand = host_by_hand(e);
	struct str host = str_trim(without_port(str_of(by_hand)));

	url_copy(url, &e->x.url);
	if (host.n == 0)
		return;
	free(url->host);
	url->host = str_dup(host);
	for (char *p = url->host; *p != '\0'; p++)
		*p = ascii_lower(*p);
}

static int
add_cookies(struct running *e, struct http_headers *h, struct error *error)
{
	struct url url;
	size_t left_out;
	char *cookie;
	int status = 0;

	if (!e->s->settings.set.cookies)
		return 0;
	url_init(&url);
	exchange_cookie_url(e, &url);
	cookie = jar_header(&e->s->jar, &url, (int64_t)time(NULL), &left_out);
	if (left_out > 0)
		hooks_note(&e->s->hooks,
		    "%zu cookies are not sent: a Cookie field takes %d bytes (cookies, cookies delete)", left_out,
		    COOKIE_MAX_HEADER);
	if (cookie != NULL)
		status = add_default(e, h, "Cookie", cookie, error);
	str_wipe_free(cookie);
	url_release(&url);
	return status;
}

/* Fields that say how long the body is. */
static bool
is_framing(const char *name)
{
	return strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0 ||
	    strcasecmp(name, "Expect") == 0;
}

static int
add_given(struct running *e, struct http_headers *h, struct error *error)
{
	int status = 0;

	for (size_t i = 0; i < e->r->headers.n && status == 0; i++) {
		const struct http_header *g = &e->r->headers.items[i];

		if (strcasecmp(g->name, "Host") == 0 || (is_bound(g->name) && !e->by_hand) ||
		    (!e->body && redirect_drops_header(g->name)) || (e->probe && is_framing(g->name)))
			continue;
		status = http_headers_add(h, str_of(g->name), str_of(g->value), error);
	}
	return status;
}

static int
add_headers(struct running *e, struct http_request *q, struct error *error)
{
	const struct set_values *set = &e->s->settings.set;
	struct http_headers *h = &q->headers;

	if (add_host(e, h, error) != 0 || add_sticky(e, h, error) != 0 || add_credentials(e, q, error) != 0)
		return -1;
	if (set->user_agent[0] != '\0' && add_default(e, h, "User-Agent", set->user_agent, error) != 0)
		return -1;
	if (add_default(e, h, "Accept", "*/*", error) != 0)
		return -1;
	/* a part of a compressed body is of no use, so the Fetch Standard asks for the plain one with a Range */
	if (set->decode &&
	    add_default(e, h, "Accept-Encoding", given(e, "Range") != NULL ? "identity" : CODING_ACCEPT, error) != 0)
		return -1;
	if (add_cookies(e, h, error) != 0)
		return -1;
	if (!set->keep_alive && add_default(e, h, "Connection", "close", error) != 0)
		return -1;
	return add_given(e, h, error);
}

int
exchange_compose(struct running *e, struct http_request *q, struct error *error)
{
	*q = (struct http_request){
		.method = str_dup(str_of(e->x.method)),
		.body = { .fd = -1 },
		.http10 = e->s->settings.set.http == 1,
	};
	q->target = e->r->target != NULL && e->by_hand ? str_dup(str_of(e->r->target)) : url_request_target(&e->x.url);
	q->has_body = e->body && e->r->has_body;
	bind_secrets(e);
	e->probe = q->has_body && !e->probed && auth_is_probe(e->s, &e->x.url);
	if (q->has_body && !e->probe && e->r->body_fd >= 0) {
		q->body.fd = e->r->body_fd;
		q->body.length = e->r->body_length;
	} else if (q->has_body && !e->probe) {
		q->body.bytes = buf_str(&e->r->body);
	}
	return add_headers(e, q, error);
}
