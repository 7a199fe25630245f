/* Credentials, and what they put into requests: Basic and Bearer with every one, Digest and `any` after the server's
 * challenge. */
#include "commands/session/auth.h"

#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"
#include "net/x509/digest.h"

enum { AUTH_ROUNDS = 3 }; /* challenges answered for one request */

/* The strongest first. */
static const struct auth_hash hashes[] = {
	{ "SHA-512-256", DIGEST_SHA512_256_SIZE, digest_sha512_256 },
	{ "SHA-256", DIGEST_SHA256_SIZE, digest_sha256 },
	{ "MD5", DIGEST_MD5_SIZE, digest_md5 },
};

void
credentials_release(struct credentials *c)
{
	free(c->user);
	str_wipe_free(c->secret);
	free(c->origin);
	auth_digest_release(&c->digest);
	*c = (struct credentials){ .kind = AUTH_OFF };
}

void
session_set_auth(struct session *s, enum auth_kind kind, const char *user, const char *secret)
{
	credentials_release(&s->auth);
	if (kind == AUTH_OFF)
		return;
	s->auth.kind = kind;
	s->auth.user = user != NULL ? str_dup(str_of(user)) : NULL;
	s->auth.secret = str_dup(str_of(secret));
	if (s->has_base)
		s->auth.origin = url_origin(&s->base);
}

const struct credentials *
session_auth(const struct session *s)
{
	return &s->auth;
}

/* ---- in requests ---- */

void
auth_bind(struct session *s, const struct url *url)
{
	if (s->auth.kind != AUTH_OFF && s->auth.origin == NULL)
		s->auth.origin = url_origin(url);
}

static bool
is_for(const struct credentials *c, const struct url *url)
{
	char *origin;
	bool same;

	if (c->kind == AUTH_OFF || c->origin == NULL)
		return false;
	origin = url_origin(url);
	same = strcmp(c->origin, origin) == 0;
	free(origin);
	return same;
}

/* user:password@ in the URL */
static int
value_of_url(const struct url *url, char **value, struct error *error)
{
	char *user = url_percent_decode(str_of(url->username), NULL),
	     *password = url_percent_decode(str_of(url->password), NULL);
	int status = auth_basic(str_of(user), str_of(password), value, error);

	free(user);
	str_wipe_free(password);
	return status;
}

bool
auth_is_probe(struct session *s, const struct url *url)
{
	return is_for(&s->auth, url) && s->auth.kind == AUTH_DIGEST && s->auth.digest.hash == NULL;
}

int
auth_value(struct session *s, struct auth_try *t, const struct url *url, const struct http_request *q, char **value,
    struct error *error)
{
	struct credentials *c = &s->auth;
	const struct str *body = q->body.fd < 0 ? &q->body.bytes : NULL;

	*value = NULL;
	t->digest = false;
	if (!is_for(c, url))
		return url->username[0] != '\0' || url->password[0] != '\0' ? value_of_url(url, value, error) : 0;
	if (c->kind == AUTH_BEARER)
		return auth_bearer(str_of(c->secret), value, error);
	if (c->kind == AUTH_BASIC || (c->kind == AUTH_CHALLENGED && c->basic))
		return auth_basic(str_of(c->user), str_of(c->secret), value, error);
	if (c->digest.hash == NULL)
		return 0;
	t->digest = true;
	return auth_digest(&c->digest, str_of(c->user), str_of(c->secret), q->method, q->target, body, value, error);
}

/* Whether a refusal may be answered: it is the first, or only the nonce that was refused is too old. */
static bool
may_answer(const struct credentials *c, const struct auth_try *t, const struct auth_challenges *list)
{
	const struct auth_challenge *digest = auth_challenges_find(list, "Digest");
	const char *nonce = digest != NULL ? http_headers_get(&digest->params, "nonce") : NULL;

	if (t->rounds >= AUTH_ROUNDS || (c->kind == AUTH_CHALLENGED && c->basic))
		return false;
	if (!t->digest || auth_digest_is_stale(list))
		return true;
	/* a nonce from an earlier exchange: not every server says stale */
	return t->rounds == 0 && nonce != NULL && strcmp(nonce, c->digest.nonce) != 0;
}

static void
tell_unanswered(struct session *s, const struct auth_challenges *list, const struct error *reason)
{
	bool basic = auth_challenges_find(list, "Basic") != NULL;

	hooks_note(&s->hooks, "%s%s", reason->text,
	    basic           ? ", and auth digest answers Digest: auth basic, auth any" :
		list->n > 0 ? ", which are not answered here" :
			      "");
}

bool
auth_answers(struct session *s, struct auth_try *t, const struct url *url, const struct http_response *response)
{
	struct credentials *c = &s->auth;
	struct auth_challenges list;
	struct error reason = { .kind = ERROR_NONE };
	bool again = false;

	if (t->digest && is_for(c, url))
		auth_digest_next(&c->digest, &response->headers);
	if (response->status != 401 || c->kind == AUTH_OFF)
		return false;
	if (!is_for(c, url))
		hooks_note(&s->hooks, "the credentials are for %s only: auth", c->origin);
	if (!is_for(c, url) || (c->kind != AUTH_DIGEST && c->kind != AUTH_CHALLENGED))
		return false;
	auth_challenges_parse(&list, &response->headers, "WWW-Authenticate");
	if (may_answer(c, t, &list)) {
		again = auth_digest_take(&c->digest, &list, hashes, sizeof hashes / sizeof hashes[0], &reason) == 0;
		if (!again && c->kind == AUTH_CHALLENGED)
			again = c->basic = auth_challenges_find(&list, "Basic") != NULL;
		if (!again)
			tell_unanswered(s, &list, &reason);
	}
	auth_challenges_release(&list);
	t->rounds += again;
	return again;
}
