/* `auth`, and what it puts into requests: Basic and Bearer with every one, Digest and `any` after the server's challenge. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"
#include "commands/table.h"
#include "net/x509/digest.h"

enum { AUTH_ROUNDS = 3 };      /* challenges answered for one request */

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
	char *user = url_percent_decode(str_of(url->username), NULL), *password = url_percent_decode(str_of(url->password), NULL);
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
	if (c->kind == AUTH_BASIC || (c->kind == AUTH_ANY && c->basic))
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

	if (t->rounds >= AUTH_ROUNDS || (c->kind == AUTH_ANY && c->basic))
		return false;
	if (!t->digest || auth_digest_is_stale(list))
		return true;
	/* a nonce from an earlier exchange: not every server says stale */
	return t->rounds == 0 && nonce != NULL && strcmp(nonce, c->digest.nonce) != 0;
}

bool
auth_answers(struct session *s, struct auth_try *t, const struct url *url, const struct http_response *response)
{
	struct credentials *c = &s->auth;
	struct auth_challenges list;
	struct error reason = { .kind = ERROR_NONE };
	bool again = false;

	if (response->status != 401 || c->kind == AUTH_OFF)
		return false;
	if (!is_for(c, url) && s->chatter != NULL)
		fprintf(s->chatter, "the credentials are for %s only: auth\n", c->origin);
	if (!is_for(c, url) || (c->kind != AUTH_DIGEST && c->kind != AUTH_ANY))
		return false;
	auth_challenges_parse(&list, &response->headers, "WWW-Authenticate");
	if (may_answer(c, t, &list)) {
		again = auth_digest_take(&c->digest, &list, hashes, sizeof hashes / sizeof hashes[0], &reason) == 0;
		if (!again && c->kind == AUTH_ANY)
			again = c->basic = auth_challenges_find(&list, "Basic") != NULL;
		if (!again && s->chatter != NULL)
			fprintf(s->chatter, "%s%s\n", reason.text, c->kind == AUTH_DIGEST
			    && auth_challenges_find(&list, "Basic") != NULL ? ", but Basic: auth basic, auth any" : "");
	}
	auth_challenges_release(&list);
	t->rounds += again;
	return again;
}

/* ---- the command ---- */

static const struct { const char *name; bool password; } kinds[] = {
	[AUTH_OFF] = { "off", false }, [AUTH_BASIC] = { "basic", true }, [AUTH_BEARER] = { "bearer", false },
	[AUTH_DIGEST] = { "digest", true }, [AUTH_ANY] = { "any", true },
};

static int
ask_secret(struct call *call, const char *prompt, struct buf *answer)
{
	struct session *s = call->session;

	if (s->ask != NULL && s->ask(s->ask_context, prompt, false, answer) == 0)
		return 0;
	if (s->interrupted != NULL && *s->interrupted)
		return fail(call->error, ERROR_INTERRUPTED, 0, "interrupted; the credentials are as they were");
	return fail(call->error, ERROR_USAGE, 0, "the secret is missing and there is nobody to ask");
}

static int
set_auth(struct call *call, enum auth_kind kind, const char *user, const char *secret)
{
	struct session *s = call->session;
	struct buf answer;
	int status = 0;

	buf_init(&answer, 4096);
	if (secret == NULL) {
		status = ask_secret(call, kinds[kind].password ? "Password: " : "Token: ", &answer);
		secret = status == 0 ? (answer.data != NULL ? (const char *)answer.data : "") : NULL;
	}
	if (status == 0) {
		credentials_release(&s->auth);
		s->auth.kind = kind;
		s->auth.user = user != NULL ? str_dup(str_of(user)) : NULL;
		s->auth.secret = str_dup(str_of(secret));
		if (s->has_base)
			s->auth.origin = url_origin(&s->base);
	}
	buf_wipe_release(&answer);
	return status;
}

/* USER[:PASSWORD] [PASSWORD] */
static int
set_user(struct call *call, enum auth_kind kind)
{
	const uint8_t *marks = call_marks(call, 0);
	struct str rest = str_of(call->args[0]), user = marks_cut(&rest, &marks, ':');
	char *name = str_dup(user), *password = rest.p != NULL ? str_dup(rest) : NULL;
	int status;

	if (str_find_char(user, ':') >= 0) {
		fail(call->error, ERROR_USAGE, 0, "a user's name has no colon, and a variable's separates nothing");
		status = hint(call->error, "auth %s $user:$password", call->command->name);
	} else if (password != NULL && call_arg(call, 1) != NULL) {
		status = fail(call->error, ERROR_USAGE, 0, "the password stands there twice");
	} else {
		status = set_auth(call, kind, name, call_arg(call, 1) != NULL ? call->args[1] : password);
	}
	free(name);
	str_wipe_free(password);
	return status;
}

static int
auth_basic_run(struct call *call)
{
	return set_user(call, AUTH_BASIC);
}

static int
auth_digest_run(struct call *call)
{
	return set_user(call, AUTH_DIGEST);
}

static int
auth_any_run(struct call *call)
{
	return set_user(call, AUTH_ANY);
}

static int
auth_bearer_run(struct call *call)
{
	return set_auth(call, AUTH_BEARER, NULL, call_arg(call, 0));
}

static int
auth_off(struct call *call)
{
	credentials_release(&call->session->auth);
	return 0;
}

static int
auth_show(struct call *call)
{
	const struct credentials *c = &call->session->auth;

	fprintf(call->out, "%s%s%s", kinds[c->kind].name, c->user != NULL ? " " : "", c->user != NULL ? c->user : "");
	if (c->kind != AUTH_OFF)
		fprintf(call->out, ", only to %s", c->origin != NULL ? c->origin : "the next origin");
	fputc('\n', call->out);
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct arg user_args[] = { { "USER[:PASSWORD]", ARG_TEXT, 0, NULL }, { "PASSWORD", ARG_TEXT, ARG_OPTIONAL, NULL },
	{ NULL, ARG_TEXT, 0, NULL } };
static const struct arg bearer_args[] = { { "TOKEN", ARG_TEXT, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct command auth_basic_command = { .name = "basic", .summary = "Basic authentication (RFC 7617).",
	.args = user_args, .flags = CMD_STATE, .run = auth_basic_run };
static const struct command auth_digest_command = { .name = "digest",
	.summary = "Digest authentication (RFC 7616): MD5, SHA-256, SHA-512-256, also -sess; the password is never sent.",
	.details = "The server is asked first, a body goes along only when it has sent its challenge.",
	.args = user_args, .flags = CMD_STATE, .run = auth_digest_run };
static const struct command auth_any_command = { .name = "any", .summary = "Digest or else Basic, as the server's 401 asks for.",
	.args = user_args, .flags = CMD_STATE, .run = auth_any_run };
static const struct command auth_bearer_command = { .name = "bearer", .summary = "A bearer token (RFC 6750).",
	.args = bearer_args, .flags = CMD_STATE, .run = auth_bearer_run };
static const struct command auth_off_command = { .name = "off", .summary = "No credentials.", .args = no_args,
	.flags = CMD_STATE, .run = auth_off };
static const struct command *const auth_commands[] = { &auth_basic_command, &auth_digest_command, &auth_any_command,
	&auth_bearer_command, &auth_off_command, NULL };
const struct command command_auth = { .name = "auth", .group = "session",
	.summary = "Credentials for the Authorization header, for one origin.",
	.details = "They belong to the base URL's origin, or to the first one requested. A secret that is not given is asked for "
	    "without echo.",
	.example = "open https://ok.lab.test/\nauth basic demo:secret\nget /private\nexpect status 200\nauth bearer token-of-mine\n"
	    "auth\n| bearer, only to https://ok.lab.test\nauth digest demo:secret\nauth any demo:secret\nget /private\n"
	    "expect status 200\nauth off\n",
	.args = no_args, .run = auth_show, .subcommands = auth_commands };
