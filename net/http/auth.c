/* Authorization values for Basic and Bearer, and the challenges of a server taken apart. */
#include "net/http/auth.h"

#include <stdlib.h>
#include <string.h>

/* RFC 4648 section 4. */
static void
base64(struct buf *out, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		uint32_t bits = (uint32_t)(uint8_t)s.p[i] << 16;

		if (i + 1 < s.n)
			bits |= (uint32_t)(uint8_t)s.p[i + 1] << 8;
		if (i + 2 < s.n)
			bits |= (uint8_t)s.p[i + 2];
		buf_add_char(out, digits[bits >> 18]);
		buf_add_char(out, digits[bits >> 12 & 63]);
		buf_add_char(out, i + 1 < s.n ? digits[bits >> 6 & 63] : '=');
		buf_add_char(out, i + 2 < s.n ? digits[bits & 63] : '=');
	}
}

int
auth_basic(struct str user, struct str password, char **value, struct error *error)
{
	struct buf both, out;

	/* RFC 7617 section 2: "a user-id containing a colon character is invalid". Control characters are too, but
	 * base64 carries them without harm, and what a server makes of them may be what is asked. */
	if (str_find_char(user, ':') >= 0)
		return fail(error, ERROR_USAGE, 0, "a user name with a colon cannot be sent with Basic authentication");
	buf_init(&both, 0);
	buf_init(&out, 0);
	buf_add_str(&both, user);
	buf_add_char(&both, ':');
	buf_add_str(&both, password);
	buf_add_str(&out, STR("Basic "));
	base64(&out, buf_str(&both));
	buf_wipe_release(&both);
	*value = buf_take(&out);
	return 0;
}

/* 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" : RFC 9110 section 11.2. */
static bool
is_token68(struct str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != '\0' && (ascii_is_alnum(s.p[i]) || strchr("-._~+/", s.p[i]) != NULL))
		i++;
	if (i == 0)
		return false;
	while (i < s.n && s.p[i] == '=')
		i++;
	return i == s.n;
}

int
auth_bearer(struct str token, char **value, struct error *error)
{
	if (!is_token68(token))
		return fail(error, ERROR_USAGE, 0,
		    "this is no bearer token: letters, digits and -._~+/ with = at the end");
	*value = str_printf("Bearer %.*s", STR_ARG(token));
	return 0;
}

/* ---- challenges: challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ], in a list with commas ---- */

static void
skip(struct str *s, const char *what)
{
	while (s->n > 0 && s->p[0] != '\0' && strchr(what, s->p[0]) != NULL)
		*s = str_slice(*s, 1, s->n);
}

static struct str
take_token(struct str *s)
{
	size_t n = 0;
	struct str token;

	while (n < s->n && http_is_token(str_slice(*s, n, n + 1)))
		n++;
	token = str_slice(*s, 0, n);
	*s = str_slice(*s, n, s->n);
	return token;
}

/* token / quoted-string behind "="; false when it is neither. */
static bool
take_value(struct str *s, struct buf *value)
{
	buf_clear(value);
	skip(s, " \t");
	if (s->n == 0 || s->p[0] != '"') {
		struct str token = take_token(s);

		buf_add_str(value, token);
		return token.n > 0;
	}
	for (size_t i = 1; i < s->n; i++) {
		if (s->p[i] == '"') {
			*s = str_slice(*s, i + 1, s->n);
			return true;
		}
		if (s->p[i] == '\\' && i + 1 < s->n)
			i++;
		buf_add_char(value, s->p[i]);
	}
	return false;
}

static struct auth_challenge *
new_challenge(struct auth_challenges *list, struct str scheme)
{
	struct auth_challenge *c;

	if (list->n == AUTH_CHALLENGES_MAX)
		return NULL;
	list->items = mem_resize(list->items, (list->n + 1) * sizeof list->items[0]);
	c = &list->items[list->n++];
	*c = (struct auth_challenge){ .scheme = str_dup(scheme) };
	return c;
}

/* Behind a scheme and its space: a token68 reaches to a comma or the end. */
static void
take_token68(struct auth_challenge *c, struct str *s)
{
	ptrdiff_t comma = str_find_char(*s, ',');
	struct str word = str_trim(str_slice(*s, 0, comma >= 0 ? (size_t)comma : s->n));

	if (!is_token68(word))
		return;
	c->token68 = str_dup(word);
	*s = str_slice(*s, comma >= 0 ? (size_t)comma : s->n, s->n);
}

/* c: what parameters in front of any scheme belong to, or NULL. */
static void
parse_field(struct auth_challenges *list, struct auth_challenge *c, struct str s)
{
	struct buf value;

	buf_init(&value, 0);
	for (;;) {
		struct str name, before;
		bool spaced;

		skip(&s, " \t,");
		name = take_token(&s);
		if (name.n == 0)
			break;
		before = s;
		skip(&s, " \t");
		spaced = s.p != before.p;
		if (s.n > 0 && s.p[0] == '=' && c != NULL) {
			s = str_slice(s, 1, s.n);
			if (!take_value(&s, &value) || c->params.n == AUTH_PARAMS_MAX ||
			    http_headers_add(&c->params, name, buf_str(&value), NULL) != 0)
				break;
			continue;
		}
		c = new_challenge(list, name);
		if (c == NULL)
			break;
		if (spaced)
			take_token68(c, &s);
	}
	buf_release(&value);
}

void
auth_challenges_parse(struct auth_challenges *list, const struct http_headers *h, const char *field)
{
	*list = (struct auth_challenges){ 0 };
	for (size_t i = 0; i < h->n; i++)
		if (str_is_nocase(str_of(h->items[i].name), field))
			parse_field(list, NULL, str_of(h->items[i].value));
}

void
auth_parameters_parse(struct auth_challenges *list, const struct http_headers *h, const char *field)
{
	const char *value = http_headers_get(h, field);

	*list = (struct auth_challenges){ 0 };
	if (value != NULL)
		parse_field(list, new_challenge(list, STR("")), str_of(value));
}

void
auth_challenges_release(struct auth_challenges *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->items[i].scheme);
		free(list->items[i].token68);
		http_headers_release(&list->items[i].params);
	}
	free(list->items);
	*list = (struct auth_challenges){ 0 };
}

const struct auth_challenge *
auth_challenges_find(const struct auth_challenges *list, const char *scheme)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_is_nocase(str_of(list->items[i].scheme), scheme))
			return &list->items[i];
	return NULL;
}
