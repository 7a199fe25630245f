/* `cookies`: the jar. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/session/session.h"
#include "commands/table.h"
#include "net/file.h"
#include "net/http/cookies.h"
#include "net/quote.h"

static void
print_expiry(const struct cookie *c, FILE *out)
{
	time_t when = (time_t)c->expires;
	char text[40];
	struct tm tm;

	if (c->persistent && gmtime_r(&when, &tm) != NULL &&
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
		fprintf(out, "until %s", text);
	else
		fputs(c->persistent ? "persistent" : "session", out);
}

static int
cookies_list(struct call *call)
{
	struct jar *jar = session_jar(call->session);

	jar_expire(jar, (int64_t)time(NULL));
	for (size_t i = 0; i < jar->n; i++) {
		const struct cookie *c = &jar->items[i];

		fprintf(call->out, "%s%s%s\t%s=%s\t", c->host_only ? "" : ".", c->domain, c->path, c->name, c->value);
		print_expiry(c, call->out);
		fprintf(call->out, "%s%s%s\n", c->secure ? ", Secure" : "", c->http_only ? ", HttpOnly" : "",
		    c->same_site == 'S'     ? ", SameSite=Strict" :
			c->same_site == 'L' ? ", SameSite=Lax" :
			c->same_site == 'N' ? ", SameSite=None" :
					      "");
	}
	return 0;
}

static int
put_cookie(struct call *call, struct jar *jar)
{
	const struct url *base = session_base(call->session);
	const uint8_t *marks = call_marks(call, 0);
	struct str value = str_of(call->args[0]), name = marks_cut(&value, &marks, '=');
	const char *domain = call_value(call, "domain"), *path = call_value(call, "path");
	char *host = domain != NULL ? str_dup(str_of(domain)) : base != NULL ? url_host_plain(base) : NULL;
	char *n = str_dup(name), *v = str_dup(value), *p = str_dup(path != NULL ? str_of(path) : STR("/"));
	struct cookie c = {
		.name = n,
		.value = v,
		.domain = host,
		.path = p,
		.expires = INT64_MAX,
		.host_only = domain == NULL || url_host_is_address(domain) || str_starts(name, STR("__Host-")),
		.secure = call_flag(call, "secure"),
		.created = (int64_t)time(NULL) * 1000000,
	};
	int status = 0;

	if (value.p == NULL)
		status = fail(call->error, ERROR_USAGE, 0, "NAME=VALUE is expected, not %s", call->args[0]);
	else if (host == NULL)
		status = fail(call->error, ERROR_USAGE, 0, "for which host? --domain NAME, or open URL first");
	else
		status = jar_set(jar, &c, call->error);
	free(host);
	free(n);
	free(v);
	free(p);
	return status;
}

static int
cookies_set(struct call *call)
{
	return put_cookie(call, session_jar(call->session));
}

static int
check_set(struct call *call)
{
	struct jar jar;
	int status;

	if (!call->checking || !call_known(call, 0) || !call_value_known(call, "domain") ||
	    !call_value_known(call, "path"))
		return 0;
	jar_init(&jar);
	status = put_cookie(call, &jar);
	jar_release(&jar);
	return status;
}

static int
cookies_delete(struct call *call)
{
	if (jar_delete(session_jar(call->session), call_value(call, "domain"), call_value(call, "path"),
		call->args[0]) > 0)
		return 0;
	return fail(call->error, ERROR_OTHER, 0, "there is no cookie %s", call->args[0]);
}

static int
cookies_clear(struct call *call)
{
	jar_delete(session_jar(call->session), NULL, NULL, NULL);
	return 0;
}

static int
cookies_import(struct call *call)
{
	struct error wrong = { .kind = ERROR_NONE };
	struct buf text;
	int count = 0, bad = 0, status;

	buf_init(&text, 16 << 20);
	status = file_read(call->args[0], &text, call->error);
	if (status == 0)
		count = jar_import(session_jar(call->session), buf_str(&text), &bad, &wrong);
	buf_wipe_release(&text);
	if (status != 0)
		return -1;
	if (bad > 0 && count == 0)
		return fail(call->error, wrong.kind, 0, "%s", wrong.text);
	if (bad > 0)
		fprintf(call->err, "%s; %d line%s left out\n", wrong.text, bad, bad > 1 ? "s" : "");
	fprintf(call->err, "%d cookies\n", count);
	return 0;
}

static int
cookies_export(struct call *call)
{
	const char *path = call_arg(call, 0);
	struct new_file f = { .out = call->out };
	bool own = path != NULL && strcmp(path, "-") != 0;
	struct buf text;
	int status = own ? new_file_open(&f, path, FILE_MODE_PRIVATE, call_flag(call, "force"), call->error) : 0;

	if (status == 0) {
		buf_init(&text, 64 << 20);
		jar_export(session_jar(call->session), &text, !call_flag(call, "plain"));
		fwrite(text.data != NULL ? (const char *)text.data : "", 1, text.len, f.out);
		buf_wipe_release(&text);
		if (own)
			status = new_file_close(&f, 0, call->error);
	}
	if (status != 0 && call->error->code == EEXIST)
		hint_words(call->error, NULL, "cookies", "export", "--force", path, NULL);
	return status;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct opt cookie_options[] = {
	{ "domain", 'd', "HOST", ARG_HOST, "the host it belongs to", NULL },
	{ "path", 'p', "PATH", ARG_TEXT, "the path it belongs to", NULL },
	{ "secure", 's', NULL, ARG_TEXT, "only over https", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct opt delete_options[] = {
	{ "domain", 'd', "HOST", ARG_HOST, "only that host's", NULL },
	{ "path", 'p', "PATH", ARG_TEXT, "only that path's", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct opt export_options[] = {
	{ "force", 'f', NULL, ARG_TEXT, "replace a file that exists", NULL },
	{ "plain", 0, NULL, ARG_TEXT, "without #HttpOnly_ marks, which wget takes for comments", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg pair_args[] = { { "NAME=VALUE", ARG_COOKIE, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct arg cookie_args[] = { { "NAME", ARG_COOKIE, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct arg file_args[] = { { "FILE", ARG_FILE, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct arg some_file_args[] = { { "FILE", ARG_FILE, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct command cookies_list_command = {
	.name = "list",
	.summary = "List the cookies.",
	.args = no_args,
	.run = cookies_list,
};
static const struct command cookies_set_command = {
	.name = "set",
	.summary = "Put a cookie into the jar.",
	.opts = cookie_options,
	.args = pair_args,
	.flags = CMD_STATE,
	.check = check_set,
	.run = cookies_set,
};
static const struct command cookies_delete_command = {
	.name = "delete",
	.summary = "Remove a cookie.",
	.opts = delete_options,
	.args = cookie_args,
	.flags = CMD_STATE,
	.run = cookies_delete,
};
static const struct command cookies_clear_command = {
	.name = "clear",
	.summary = "Remove all cookies.",
	.args = no_args,
	.flags = CMD_STATE,
	.run = cookies_clear,
};
static const struct command cookies_import_command = {
	.name = "import",
	.summary = "Read a Netscape cookie file, as curl and wget write it.",
	.args = file_args,
	.flags = CMD_STATE,
	.run = cookies_import,
};
static const struct command cookies_export_command = {
	.name = "export",
	.summary = "Write a Netscape cookie file.",
	.opts = export_options,
	.args = some_file_args,
	.run = cookies_export,
};
static const struct command *const cookies_commands[] = { &cookies_list_command, &cookies_set_command,
	&cookies_delete_command, &cookies_clear_command, &cookies_import_command, &cookies_export_command, NULL };
const struct command command_cookies = {
	.name = "cookies",
	.group = "session",
	.summary = "The cookie jar (RFC 6265bis).",
	.details =
	    "Answers fill it by their Set-Cookie headers. Alone it lists what is there: place, name and value, how "
	    "long and where it is sent. import and export speak the Netscape format, which curl and wget know.",
	.example =
	    "cookies set --domain ok.lab.test theme=dark\nget https://ok.lab.test/echo | grep -i ^cookie\n| Cookie: "
	    "theme=dark\n"
	    "cookies export --force /tmp/httpsh-cookies.txt\ncookies delete theme\ncookies list\n"
	    "cookies import /tmp/httpsh-cookies.txt\ncookies | cut -f2\n| theme=dark\n!rm /tmp/httpsh-cookies.txt\n"
	    "cookies clear\n",
	.args = no_args,
	.run = cookies_list,
	.subcommands = cookies_commands,
};
