/* `auth`: whose credentials go with requests, and in which way. */
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/session/auth.h"
#include "commands/session/session.h"
#include "commands/show/view.h"
#include "commands/table.h"

static const struct {
	const char *name;
	bool password;
} kinds[] = { [AUTH_OFF] = { "off", false },
	[AUTH_BASIC] = { "basic", true },
	[AUTH_BEARER] = { "bearer", false },
	[AUTH_DIGEST] = { "digest", true },
	[AUTH_CHALLENGED] = { "any", true } };

static int
ask_secret(struct call *call, const char *prompt, struct buf *answer)
{
	if (view_ask_secret(call->view, prompt, answer) == 0)
		return 0;
	if (session_interrupted(call->session))
		return fail(call->error, ERROR_INTERRUPTED, 0, "interrupted; the credentials are as they were");
	return fail(call->error, ERROR_USAGE, 0, "the secret is missing and there is nobody to ask");
}

/* What could never be sent is refused at once. */
static int
check_secret(struct call *call, enum auth_kind kind, const char *secret)
{
	char *value;

	if (kind != AUTH_BEARER)
		return 0;
	if (auth_bearer(str_of(secret), &value, call->error) != 0)
		return -1;
	str_wipe_free(value);
	return 0;
}

static int
set_auth(struct call *call, enum auth_kind kind, const char *user, const char *secret)
{
	struct buf answer;
	int status = 0;

	buf_init(&answer, 4096);
	if (secret == NULL) {
		status = ask_secret(call, kinds[kind].password ? "Password: " : "Token: ", &answer);
		secret = status == 0 ? (answer.data != NULL ? (const char *)answer.data : "") : NULL;
	}
	if (status == 0)
		status = check_secret(call, kind, secret);
	if (status == 0)
		session_set_auth(call->session, kind, user, secret);
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
	return set_user(call, AUTH_CHALLENGED);
}

static int
auth_bearer_run(struct call *call)
{
	return set_auth(call, AUTH_BEARER, NULL, call_arg(call, 0));
}

static int
auth_off(struct call *call)
{
	session_set_auth(call->session, AUTH_OFF, NULL, NULL);
	return 0;
}

static int
auth_show(struct call *call)
{
	const struct credentials *c = session_auth(call->session);

	fprintf(call->out, "%s%s%s", kinds[c->kind].name, c->user != NULL ? " " : "", c->user != NULL ? c->user : "");
	if (c->kind != AUTH_OFF)
		fprintf(call->out, ", only to %s", c->origin != NULL ? c->origin : "the next origin");
	fputc('\n', call->out);
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct arg user_args[] = {
	{ "USER[:PASSWORD]", ARG_TEXT, ARG_SECRET_TAIL, NULL },
	{ "PASSWORD", ARG_TEXT, ARG_OPTIONAL | ARG_SECRET, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
static const struct arg bearer_args[] = {
	{ "TOKEN", ARG_TEXT, ARG_OPTIONAL | ARG_SECRET, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
static const struct command auth_basic_command = {
	.name = "basic",
	.summary = "Basic authentication (RFC 7617).",
	.args = user_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = auth_basic_run,
};
static const struct command auth_digest_command = {
	.name = "digest",
	.summary =
	    "Digest authentication (RFC 7616): MD5, SHA-256, SHA-512-256, also -sess; the password is never sent.",
	.details = "The server is asked first, a body goes along only when it has sent its challenge.",
	.args = user_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = auth_digest_run,
};
static const struct command auth_any_command = {
	.name = "any",
	.summary = "Digest or else Basic, as the server's 401 asks for.",
	.args = user_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = auth_any_run,
};
static const struct command auth_bearer_command = {
	.name = "bearer",
	.summary = "A bearer token (RFC 6750).",
	.args = bearer_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = auth_bearer_run,
};
static const struct command auth_off_command = {
	.name = "off",
	.summary = "No credentials.",
	.args = no_args,
	.flags = CMD_STATE | CMD_KEPT,
	.run = auth_off,
};
static const struct command *const auth_commands[] = { &auth_basic_command, &auth_digest_command, &auth_any_command,
	&auth_bearer_command, &auth_off_command, NULL };
const struct command command_auth = {
	.name = "auth",
	.group = "session",
	.summary = "Credentials for the Authorization header, for one origin.",
	.details =
	    "They belong to the base URL's origin, or to the first one requested. A secret that is not given is asked "
	    "for without echo.",
	.example =
	    "open https://ok.lab.test/\nauth basic demo:secret\nget /private\nexpect status 200\nauth bearer "
	    "token-of-mine\n"
	    "auth\n| bearer, only to https://ok.lab.test\nauth digest demo:secret\nauth any demo:secret\nget /private\n"
	    "expect status 200\nauth off\n",
	.args = no_args,
	.run = auth_show,
	.subcommands = auth_commands,
};
