/* Digest authentication's answer to a challenge (RFC 7616): MD5, SHA-256, SHA-512-256. */
#include "net/http/auth.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { HEX_MAX = 2 * AUTH_HASH_MAX + 1 };

/* H(parts with ":" between) in hexadecimal. */
static void
hash_of(const struct auth_hash *hash, const struct str *parts, size_t n, char out[HEX_MAX])
{
	uint8_t digest[AUTH_HASH_MAX];
	struct buf text;

	buf_init(&text, 0);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(&text, ':');
		buf_add_str(&text, parts[i]);
	}
	hash->digest(buf_str(&text), digest);
	hex_write(str_from(digest, hash->size), out);
	buf_wipe_release(&text);
}

void
auth_digest_release(struct auth_digest *d)
{
	free(d->realm);
	free(d->nonce);
	free(d->opaque);
	free(d->cnonce);
	*d = (struct auth_digest){ 0 };
}

bool
auth_digest_is_stale(const struct auth_challenges *list)
{
	const struct auth_challenge *c = auth_challenges_find(list, "Digest");
	const char *stale = c != NULL ? http_headers_get(&c->params, "stale") : NULL;

	return stale != NULL && str_is_nocase(str_of(stale), "true");
}

/* RFC 7616 section 3.3: algorithm is the hash's name, perhaps with "-sess"; MD5 when absent. */
static bool
uses_hash(const struct auth_challenge *c, const struct auth_hash *hash, bool *session)
{
	const char *named = http_headers_get(&c->params, "algorithm");
	struct str algorithm = named != NULL ? str_of(named) : STR("MD5");

	*session = str_ends_nocase(algorithm, STR("-sess"));
	if (*session)
		algorithm.n -= 5;
	return str_is_nocase(algorithm, hash->name);
}

/* Whether the list qop has the word. */
static bool
offers_qop(const struct auth_challenge *c, const char *word)
{
	struct str rest = str_of(http_headers_get(&c->params, "qop"));

	while (rest.p != NULL)
		if (str_is_nocase(str_trim(str_cut(&rest, ',')), word))
			return true;
	return false;
}

/* Without qop the digest is RFC 2069's; a list of unknown words cannot be answered. */
static bool
offers_known_qop(const struct auth_challenge *c)
{
	return http_headers_get(&c->params, "qop") == NULL || offers_qop(c, "auth") || offers_qop(c, "auth-int");
}

static void
take(struct auth_digest *d, const struct auth_challenge *c, const struct auth_hash *hash, bool session)
{
	const char *opaque = http_headers_get(&c->params, "opaque"),
		   *userhash = http_headers_get(&c->params, "userhash");
	uint8_t random[16] = { 0 };
	char cnonce[2 * sizeof random + 1];

	auth_digest_release(d);
	d->realm = str_dup(str_of(http_headers_get(&c->params, "realm")));
	d->nonce = str_dup(str_of(http_headers_get(&c->params, "nonce")));
	d->opaque = opaque != NULL ? str_dup(str_of(opaque)) : NULL;
	d->hash = hash;
	d->named = http_headers_get(&c->params, "algorithm") != NULL;
	d->session = session;
	d->qop = http_headers_get(&c->params, "qop") != NULL;
	d->qop_int = d->qop && !offers_qop(c, "auth");
	d->userhash = userhash != NULL && str_is_nocase(str_of(userhash), "true");
	while (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		;
	hex_write(str_from(random, sizeof random), cnonce);
	d->cnonce = str_dup(str_of(cnonce));
}

/* "Negotiate, NTLM", "Digest with SHA3-256", "Digest with qop=x": what there is. */
static int
nothing_to_answer(const struct auth_challenges *list, struct error *error)
{
	char shown[160];
	struct buf out;

	if (list->n == 0)
		return fail(error, ERROR_HTTP, 0,
		    "the server refuses and offers no way to authenticate (no WWW-Authenticate)");
	buf_init(&out, 1024);
	for (size_t i = 0; i < list->n; i++) {
		const struct auth_challenge *c = &list->items[i];
		const char *algorithm = http_headers_get(&c->params, "algorithm");
		const char *qop = http_headers_get(&c->params, "qop");

		buf_addf(&out, "%s%s", i > 0 ? ", " : "", c->scheme);
		if (!str_is_nocase(str_of(c->scheme), "Digest"))
			continue;
		if (http_headers_get(&c->params, "nonce") == NULL || http_headers_get(&c->params, "realm") == NULL)
			buf_add_str(&out, STR(" without realm or nonce"));
		else if (!offers_known_qop(c))
			buf_addf(&out, " with qop=%s", qop);
		else if (algorithm != NULL)
			buf_addf(&out, " with %s", algorithm);
	}
	str_printable(buf_str(&out), shown, sizeof shown);
	buf_release(&out);
	return fail(error, ERROR_HTTP, 0, "the server offers only %s", shown);
}

int
auth_digest_take(struct auth_digest *d, const struct auth_challenges *list, const struct auth_hash *hashes, size_t n,
    struct error *error)
{
	for (size_t h = 0; h < n; h++)
		for (size_t i = 0; i < list->n; i++) {
			const struct auth_challenge *c = &list->items[i];
			bool session;

			if (!str_is_nocase(str_of(c->scheme), "Digest") ||
			    http_headers_get(&c->params, "nonce") == NULL ||
			    http_headers_get(&c->params, "realm") == NULL || !uses_hash(c, &hashes[h], &session) ||
			    !offers_known_qop(c))
				continue;
			take(d, c, &hashes[h], session);
			return 0;
		}
	return nothing_to_answer(list, error);
}

void
auth_digest_next(struct auth_digest *d, const struct http_headers *h)
{
	struct auth_challenges info;
	const char *next;

	auth_parameters_parse(&info, h, "Authentication-Info");
	next = info.n > 0 ? http_headers_get(&info.items[0].params, "nextnonce") : NULL;
	if (next != NULL && next[0] != '\0') {
		free(d->nonce);
		d->nonce = str_dup(str_of(next));
		d->count = 0;
	}
	auth_challenges_release(&info);
}

/* , name="value" with the quoting of RFC 9110 section 5.6.4 */
static void
add_quoted(struct buf *out, const char *name, struct str value)
{
	buf_addf(out, "%s%s=\"", out->data[out->len - 1] == ' ' ? "" : ", ", name);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, value.p[i]);
	}
	buf_add_char(out, '"');
}

/* The sections 3.4.1 to 3.4.3; count: the nonce's, 8 digits. */
static void
digest_response(const struct auth_digest *d, struct str user, struct str password, const char *method, struct str uri,
    const struct str *body, const char *count, char response[HEX_MAX])
{
	struct str realm = str_of(d->realm), nonce = str_of(d->nonce), cnonce = str_of(d->cnonce);
	struct str qop = d->qop_int ? STR("auth-int") : STR("auth");
	char a1[HEX_MAX], a2[HEX_MAX], entity[HEX_MAX];

	hash_of(d->hash, (struct str[]){ user, realm, password }, 3, a1);
	if (d->session)
		hash_of(d->hash, (struct str[]){ str_of(a1), nonce, cnonce }, 3, a1);
	if (d->qop_int) {
		hash_of(d->hash, body, 1, entity);
		hash_of(d->hash, (struct str[]){ str_of(method), uri, str_of(entity) }, 3, a2);
	} else {
		hash_of(d->hash, (struct str[]){ str_of(method), uri }, 2, a2);
	}
	if (d->qop)
		hash_of(d->hash, (struct str[]){ str_of(a1), nonce, str_of(count), cnonce, qop, str_of(a2) }, 6,
		    response);
	else
		hash_of(d->hash, (struct str[]){ str_of(a1), nonce, str_of(a2) }, 3, response);
	mem_wipe(a1, sizeof a1);
}

int
auth_digest(struct auth_digest *d, struct str user, struct str password, const char *method, const char *target,
    const struct str *body, char **value, struct error *error)
{
	struct str realm = str_of(d->realm), uri = str_of(target);
	char response[HEX_MAX], hidden[HEX_MAX], count[9];
	uint8_t number[4];
	struct buf out;

	if (str_find_char(user, '\n') >= 0 || str_find_char(user, '\r') >= 0 || str_find_char(user, ':') >= 0)
		return fail(error, ERROR_USAGE, 0, "a user name with a colon or line break cannot be sent with Digest");
	if (d->qop_int && body == NULL)
		return fail(error, ERROR_USAGE, 0,
		    "the server wants the body's digest (qop=auth-int), which a body from a file has not");
	d->count++;
	for (size_t i = 0; i < 4; i++)
		number[i] = (uint8_t)(d->count >> (24 - 8 * i));
	hex_write(str_from(number, 4), count);
	digest_response(d, user, password, method, uri, body, count, response);
	if (d->userhash)
		hash_of(d->hash, (struct str[]){ user, realm }, 2, hidden);

	buf_init(&out, 0);
	buf_add_str(&out, STR("Digest "));
	add_quoted(&out, "username", d->userhash ? str_of(hidden) : user);
	add_quoted(&out, "realm", realm);
	add_quoted(&out, "nonce", str_of(d->nonce));
	add_quoted(&out, "uri", uri);
	if (d->qop || d->session)
		add_quoted(&out, "cnonce", str_of(d->cnonce));
	if (d->qop)
		buf_addf(&out, ", nc=%s, qop=%s", count, d->qop_int ? "auth-int" : "auth");
	add_quoted(&out, "response", str_of(response));
	if (d->opaque != NULL)
		add_quoted(&out, "opaque", str_of(d->opaque));
	if (d->named)
		buf_addf(&out, ", algorithm=%s%s", d->hash->name, d->session ? "-sess" : "");
	if (d->userhash)
		buf_add_str(&out, STR(", userhash=true"));
	*value = buf_take(&out);
	return 0;
}
