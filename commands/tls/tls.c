/* `tls`: its settings, and what can be done with TLS besides: profile, connect, export, forget. */
#include <stdlib.h>
#include <string.h>

#include "commands/requests/request.h"
#include "commands/session/connection.h"
#include "commands/session/session.h"
#include "commands/session/tickets.h"
#include "commands/settings/profiles.h"
#include "commands/settings/values.h"
#include "commands/show/view.h"
#include "commands/state/settings.h"
#include "commands/table.h"

enum { EXPORT_DEFAULT = 32, EXPORT_MAX = 1024 };

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };

/* ---- settings ---- */
static const struct setting *
row_of(const char *name)
{
	return setting_find("tls", str_of(name), NULL);
}

/* A certificate is read at once, so that what is wrong with it is told where it was typed; the one before then
 * stays. */
static int
set_certificate(struct call *call, const char *cert, const char *key)
{
	struct session *s = call->session;
	const char *key_file = key != NULL ? key : setting_text(session_settings(s), row_of("key"));
	struct tls_credentials *loaded = NULL;

	if (!session_loading(s) && strcmp(cert, "off") != 0) {
		loaded = tls_credentials_load(cert, strcmp(key_file, "off") == 0 ? cert : key_file, call->error);
		if (loaded == NULL)
			return key != NULL || call->error->command[0] != '\0' ?
			    -1 :
			    remark(call->error, "with the key in its own file: tls cert %s KEY", cert);
	}
	if ((key != NULL &&
		setting_set(session_settings(s), row_of("key"), str_of(key), ORIGIN_COMMAND, call->error) != 0) ||
	    setting_set(session_settings(s), row_of("cert"), str_of(cert),
		session_loading(s) ? ORIGIN_SESSION : ORIGIN_COMMAND, call->error) != 0) {
		tls_credentials_drop(loaded);
		return -1;
	}
	session_settings(s)->tls.credentials = loaded;
	return 0;
}

static int
run_tls(struct call *call)
{
	const char *const *w = call->args;

	if ((call->n_args == 2 || call->n_args == 3) && call_says(call, 0, "cert") && strcmp(w[1], "default") != 0)
		return set_certificate(call, w[1], call->n_args == 3 ? w[2] : NULL);
	return call->n_args == 0 ? settings_print(call, "tls") :
				   settings_change(call, "tls", w, call->arg_marks, call->n_args);
}

static int
check_tls(struct call *call)
{
	return settings_check(call, "tls");
}

/* ---- profile ---- */
static int
profile_show(struct call *call, const char *name)
{
	struct buf text;
	int status;

	buf_init(&text, PROFILE_MAX_FILE);
	status = profile_read(name, &text, call->error);
	if (status == 0)
		fwrite(text.data != NULL ? (const char *)text.data : "", 1, text.len, call->out);
	buf_release(&text);
	return status;
}

/* Tried on a copy of the settings; nothing is saved. */
static int
check_name(struct call *call, const char *what, const char *name)
{
	struct settings copy;
	struct buf text;
	int status = 0;

	if (name != NULL) {
		buf_init(&text, PROFILE_MAX_FILE);
		status = call_says(call, 0, "show") ? profile_read(name, &text, call->error) : 0;
		buf_release(&text);
	} else if (!call_says(call, 0, "off")) {
		settings_copy(&copy, session_settings(call->session));
		status = profile_apply(&copy, what, call->error);
		settings_release(&copy);
	}
	return status;
}

static int
check_profile(struct call *call)
{
	const char *what = call_arg(call, 0), *name = call_arg(call, 1);
	bool takes_name = call_says(call, 0, "show") || call_says(call, 0, "save");

	if (takes_name && name == NULL)
		return fail(call->error, ERROR_USAGE, 0, "tls profile %s: which one?", what);
	if (!takes_name && name != NULL)
		return fail(call->error, ERROR_USAGE, 0,
		    "tls profile takes one name; show NAME and save NAME take another word");
	if (what == NULL || !call->checking || !call_known(call, 0) || !call_known(call, 1))
		return 0;
	return check_name(call, what, name);
}

static int
run_profile(struct call *call)
{
	struct session *s = call->session;
	const char *what = call_arg(call, 0), *name = call_arg(call, 1);
	struct buf text;
	int status;

	if (what == NULL) {
		buf_init(&text, 0);
		status = profile_list(session_settings(s), &text, call->error);
		fwrite(text.data != NULL ? (const char *)text.data : "", 1, text.len, call->out);
		buf_release(&text);
		return status;
	}
	if (call_says(call, 0, "show") || call_says(call, 0, "save")) {
		return what[1] == 'h' ? profile_show(call, name) :
					profile_save(session_settings(s), name, call_flag(call, "force"), call->error);
	}
	if (call_says(call, 0, "off")) {
		settings_reset(session_settings(s), setting_in_profile);
		free(session_settings(s)->tls.profile);
		session_settings(s)->tls.profile = NULL;
		return 0;
	}
	return profile_apply(session_settings(s), what, call->error);
}

/* To save one writes a file. */
static unsigned
profile_needs(const struct call *call)
{
	bool gives_one = call_arg(call, 0) != NULL && !call_says(call, 0, "show") && !call_says(call, 0, "save");

	return gives_one ? CMD_KEPT : 0;
}

static const struct opt profile_options[] = {
	{ "force", 'f', NULL, ARG_TEXT, "save: replace a profile that exists", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg profile_args[] = {
	{ "NAME|FILE|show|save|off", ARG_PROFILE, ARG_OPTIONAL, NULL },
	{ "NAME", ARG_PROFILE, ARG_OPTIONAL, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
static const struct command profile_command = {
	.name = "profile",
	.summary = "Give the hello the shape of another client: a named group of these settings.",
	.details =
	    "Without a name they are listed. NAME or FILE puts all settings of the hello to their defaults and then "
	    "runs the "
	    "profile's tls commands; off only does the former. show NAME prints it; save NAME stores the present "
	    "settings in "
	    "$XDG_CONFIG_HOME/httpsh/profiles/NAME.hsh. What httpsh does not speak is offered all the same: a server "
	    "that chooses it is told so.",
	.opts = profile_options,
	.args = profile_args,
	.flags = CMD_STATE,
	.needs = profile_needs,
	.check = check_profile,
	.run = run_profile,
};

/* ---- connect ---- */
static int
https_url(struct call *call, struct url *url)
{
	if (request_url(call, call->args[0], url) != 0)
		return -1;
	return url_is_https(url) ? 0 : fail(call->error, ERROR_USAGE, 0, "tls connect wants an https URL");
}

static int
check_connect(struct call *call)
{
	struct url url;
	int status;

	if (!call->checking || !call_known(call, 0))
		return 0;
	url_init(&url);
	status = https_url(call, &url);
	url_release(&url);
	return status;
}

static int
run_connect(struct call *call)
{
	struct session *s = call->session;
	const struct tls_info *i;
	struct connection *c;
	struct url url;
	bool reused;
	int status;

	url_init(&url);
	status = https_url(call, &url);
	c = status == 0 ? connection_open(s, &url, true, &reused, call->error) : NULL;
	if (c != NULL) {
		i = connection_tls(c);
		fprintf(call->out, "%s %s, %s\n", tls_version_name(i->version), tls_suite_name(i->suite), c->address);
		connection_keep(s, c);
		connection_drop(c);
	} else if (status == 0) {
		status = -1;
		show_outcome(call, status);
	}
	url_release(&url);
	return status;
}

static const struct arg connect_args[] = { { "URL", ARG_URL, 0, NULL }, { NULL, ARG_TEXT, 0, NULL } };
static const struct command connect_command = {
	.name = "connect",
	.summary = "A handshake and nothing more; the connection is kept.",
	.details = "The next request to the same origin goes over it. show tls tells about it, tls export works on it.",
	.args = connect_args,
	.flags = CMD_NETWORK,
	.check = check_connect,
	.run = run_connect,
};

/* ---- export ---- */
/* LABEL CONTEXT LENGTH, LABEL LENGTH: a number alone that was written is no context. False when the length is none. */
static bool
export_length(const struct call *call, const char **context, uint64_t *n)
{
	const char *length = call_arg(call, 2);

	*context = call_arg(call, 1);
	*n = EXPORT_DEFAULT;
	if (length == NULL && *context != NULL && call_written(call, 1) && str_to_u64(str_of(*context), EXPORT_MAX, n))
		*context = NULL;
	else if (length != NULL && !str_to_u64(str_of(length), EXPORT_MAX, n))
		return false;
	return *n > 0;
}

static int
check_export(struct call *call)
{
	const char *context;
	uint64_t n;

	if (!call_known(call, 2) || export_length(call, &context, &n))
		return 0;
	return fail(call->error, ERROR_USAGE, 0, "a length of 1 to %d bytes is wanted, not %s", EXPORT_MAX,
	    call_arg(call, 2) != NULL ? call->args[2] : call->args[1]);
}

static int
run_export(struct call *call)
{
	const struct connection *c = session_attempt(call->session);
	const char *context_text;
	struct str context;
	uint8_t value[EXPORT_MAX];
	char text[2 * EXPORT_MAX + 1];
	uint64_t n;

	export_length(call, &context_text, &n);
	context = str_of(context_text);
	if (c->engine == NULL || c->stream == NULL) {
		fail(call->error, ERROR_OTHER, 0, "the connection is closed, and its keys are gone");
		return remark(call->error, "\"tls connect URL\" makes one and keeps it open");
	}
	if (tls_export(c->engine, str_of(call->args[0]), context_text != NULL ? &context : NULL, value, (size_t)n,
		call->error) != 0)
		return -1;
	hex_write(str_from(value, (size_t)n), text);
	fprintf(call->out, "%s\n", text);
	mem_wipe(value, sizeof value);
	mem_wipe(text, sizeof text);
	return 0;
}

static const struct arg export_args[] = {
	{ "LABEL", ARG_TEXT, 0, NULL },
	{ "CONTEXT", ARG_TEXT, ARG_OPTIONAL, NULL },
	{ "LENGTH", ARG_NUMBER, ARG_OPTIONAL, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
static const struct command export_command = {
	.name = "export",
	.summary = "Keying material both ends can compute (RFC 5705, RFC 8446 section 7.5), in hex.",
	.details =
	    "Of the last connection while it is open. Up to TLS 1.2 an empty CONTEXT '' differs from none. LENGTH is "
	    "in bytes, 32 when not given.",
	.args = export_args,
	.flags = CMD_CONNECTION,
	.check = check_export,
	.run = run_export,
};

/* ---- forget ---- */
static int
run_forget(struct call *call)
{
	fprintf(call->err, "%zu sessions forgotten\n", tickets_count(call->session));
	tickets_forget(call->session);
	connections_close_all(call->session);
	return 0;
}

static const struct command forget_command = {
	.name = "forget",
	.summary = "Forget kept TLS sessions and connections.",
	.args = no_args,
	.run = run_forget,
};

static const struct command *const tls_commands[] = { &connect_command, &export_command, &forget_command,
	&profile_command, NULL };
const struct command command_tls = {
	.name = "tls",
	.group = "tls",
	.summary = "Settings of TLS: versions, cipher suites, extensions, trace.",
	.details =
	    "Without a name all are listed with value, origin and default. NAME shows one, NAME VALUE sets it, NAME "
	    "default resets it. tls cert FILE KEY sets certificate and key at once.",
	.example =
	    "tls proto tls1.2\nget https://ok.lab.test/\necho ${tls.version}\n| tls1.2\ntls proto default\ntls profile "
	    "java8\n"
	    "tls record-version\n| tls1.2\ntls profile off\ntls connect https://ok.lab.test/\nlet key = tls export "
	    "EXPORTER-test 16\ntls forget\n",
	.opts = settings_options,
	.args = settings_args,
	.flags = CMD_STATE | CMD_KEPT,
	.check = check_tls,
	.run = run_tls,
	.subcommands = tls_commands,
	.settings = "tls",
};
