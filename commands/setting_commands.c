/* `set`, `tls` and `trust`: the three doors to the table of settings. */
#include <stdlib.h>
#include <string.h>

#include "commands/session_private.h"
#include "commands/table.h"

/* NAME alone shows it, NAME default resets it, NAME VALUE... sets it. Repeatable rows and lists take several words. */
static int
change(struct call *call, const char *group, const char *const *words, size_t n)
{
	const struct setting *row = setting_find(group, str_of(words[0]), call->error);
	struct buf value;
	int status;

	if (row == NULL)
		return -1;
	if (n == 1) {
		fprintf(call->out, "%s\n", setting_text(call->session, row));
		return 0;
	}
	if (n == 2 && strcmp(words[1], "default") == 0 && (row->choices == NULL || strstr(row->choices, "default") == NULL))
		return setting_reset(call->session, row, call->error);
	buf_init(&value, 1 << 20);
	for (size_t i = 1; i < n; i++)
		buf_addf(&value, "%s%s", i > 1 ? " " : "", words[i]);
	status = setting_set(call->session, row, buf_str(&value), call->session->loading ? ORIGIN_SESSION : ORIGIN_COMMAND,
	    call->error);
	buf_release(&value);
	return status;
}

static int
list(struct call *call, const char *group)
{
	struct buf out;

	buf_init(&out, 0);
	settings_list(call->session, group, call_flag(call, "changed"), &out);
	print_safe(call->out, buf_str(&out));
	buf_release(&out);
	return 0;
}

static const struct opt list_options[] = { { "changed", 'c', NULL, ARG_TEXT, "only those that differ from the default", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
static const struct arg setting_args[] = { { "NAME", ARG_SETTING, ARG_OPTIONAL, NULL },
	{ "VALUE", ARG_VALUE, ARG_OPTIONAL | ARG_REPEAT, NULL }, { NULL, ARG_TEXT, 0, NULL } };

static int
run_set(struct call *call)
{
	return call->n_args == 0 ? list(call, "set") : change(call, "set", call->args, call->n_args);
}

const struct command command_set = { .name = "set", .group = "session",
	.summary = "Settings of requests and of the shell.",
	.details = "Without a name all are listed with value, origin and default. NAME shows one, NAME VALUE sets it, NAME default "
	    "resets it.",
	.example = "set follow off\nset follow\n| off\nset follow default\n",
	.opts = list_options, .args = setting_args, .flags = CMD_STATE, .run = run_set, .settings = "set" };

/* ---- tls ---- */

static int
run_tls(struct call *call)
{
	const char *const *w = call->args;

	/* `tls cert FILE KEY` names two settings */
	if (call->n_args == 3 && strcmp(w[0], "cert") == 0) {
		const char *key[] = { "key", w[2] };

		return change(call, "tls", w, 2) != 0 ? -1 : change(call, "tls", key, 2);
	}
	return call->n_args == 0 ? list(call, "tls") : change(call, "tls", w, call->n_args);
}

static int
tls_forget(struct call *call)
{
	fprintf(call->err, "%zu sessions forgotten\n", tls_memory_count(call->session));
	tls_memory_forget(call->session);
	connections_close_all(call->session);
	return 0;
}

static const struct arg no_args[] = { { NULL, ARG_TEXT, 0, NULL } };
static const struct command tls_forget_command = { .name = "forget", .summary = "Forget kept TLS sessions and connections.",
	.args = no_args, .run = tls_forget };
static const struct command *const tls_commands[] = { &tls_forget_command, NULL };
const struct command command_tls = { .name = "tls", .group = "tls",
	.summary = "Settings of TLS: versions, cipher suites, extensions, trace.",
	.details = "Without a name all are listed with value, origin and default. NAME shows one, NAME VALUE sets it, NAME default "
	    "resets it. tls cert FILE KEY sets certificate and key at once.",
	.example = "tls proto tls1.2\nget https://ok.lab.test/\necho ${tls.version}\n| tls1.2\ntls proto default\ntls forget\n",
	.opts = list_options, .args = setting_args, .flags = CMD_STATE, .run = run_tls, .subcommands = tls_commands, .settings = "tls" };

/* ---- trust ---- */

static int
trust_pin_line(struct call *call)
{
	size_t n = 0;
	struct x509_cert *const *chain = call->session->attempt != NULL ? connection_chain(call->session->attempt, &n) : NULL;
	char *pin;

	if (n == 0) {
		fail(call->error, ERROR_OTHER, 0, "no certificate was seen yet");
		return hint(call->error, "get URL");
	}
	pin = x509_pin_text(chain[0]);
	fprintf(call->out, "trust pin %s\n", pin);
	free(pin);
	return 0;
}

static int
run_trust(struct call *call)
{
	const char *const *w = call->args;

	if (call->n_args == 0)
		return list(call, "trust");
	if (call->n_args == 1 && (strcmp(w[0], "on") == 0 || strcmp(w[0], "off") == 0 || strcmp(w[0], "ask") == 0)) {
		const char *mode[] = { "mode", w[0] };

		/* on means the system's anchors: what `trust file` and `trust pin` put in their place goes */
		if (strcmp(w[0], "on") == 0 && (setting_reset(call->session, setting_find("trust", STR("file"), NULL), call->error) != 0 ||
		    setting_reset(call->session, setting_find("trust", STR("pin"), NULL), call->error) != 0))
			return -1;
		return change(call, "trust", mode, 2);
	}
	if (call->n_args == 1 && strcmp(w[0], "pin") == 0)
		return trust_pin_line(call);
	/* `trust host off`: names are not checked for the base URL's host */
	if (call->n_args == 2 && strcmp(w[0], "host") == 0 && strcmp(w[1], "off") == 0 && call->session->has_base) {
		char *host = url_host_plain(&call->session->base);
		const char *words[] = { "host", host, "off" };
		int status = change(call, "trust", words, 3);

		free(host);
		return status;
	}
	return change(call, "trust", w, call->n_args);
}

const struct command command_trust = { .name = "trust", .group = "tls",
	.summary = "Which servers are believed: on, off, ask, file, pin, host.",
	.details = "trust on, off and ask are short for trust mode ...; trust host off is about the base URL's host. "
	    "trust pin alone prints the line that pins the key seen last. The chain is judged also when trust is off: show "
	    "chain tells every reason.",
	.example = "trust off\ntrust mode\n| off\ntrust on\n",
	.opts = list_options, .args = setting_args, .flags = CMD_STATE, .run = run_trust, .settings = "trust" };
