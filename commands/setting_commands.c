/* `set` and `trust`, and what they share with `tls` (tls_command.c): the doors to the table of settings. */
#include <stdlib.h>
#include <string.h>

#include "commands/session_private.h"
#include "commands/setting_commands.h"
#include "commands/table.h"

enum { SETTING_HANG = 20 };

/* Repeatable rows and lists take several words. */
int
settings_change(struct call *call, const char *group, const char *const *words, size_t n)
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

int
settings_print(struct call *call, const char *group)
{
	struct buf out;

	buf_init(&out, 0);
	settings_list(call->session, group, call_flag(call, "changed"), &out);
	print_lines(call->out, buf_str(&out), SETTING_HANG, print_width(call->session, call->out));
	buf_release(&out);
	return 0;
}

const struct opt settings_options[] = { { "changed", 'c', NULL, ARG_TEXT, "only those that differ from the default", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL } };
const struct arg settings_args[] = { { "NAME", ARG_SETTING, ARG_OPTIONAL, NULL },
	{ "VALUE", ARG_VALUE, ARG_OPTIONAL | ARG_REPEAT, NULL }, { NULL, ARG_TEXT, 0, NULL } };

static int
run_set(struct call *call)
{
	return call->n_args == 0 ? settings_print(call, "set") : settings_change(call, "set", call->args, call->n_args);
}

const struct command command_set = { .name = "set", .group = "session",
	.summary = "Settings of requests and of the shell.",
	.details = "Without a name all are listed with value, origin and default. NAME shows one, NAME VALUE sets it, NAME default "
	    "resets it.",
	.example = "set follow off\nset follow\n| off\nset follow default\n",
	.opts = settings_options, .args = settings_args, .flags = CMD_STATE, .run = run_set, .settings = "set" };

/* ---- trust ---- */

static int
trust_pin_line(struct call *call)
{
	size_t n = 0;
	const struct connection *c = call->session->attempt;
	struct x509_cert *const *chain = c != NULL ? connection_chain(c, &n) : NULL;
	char *pin;

	if (n == 0) {
		fail(call->error, ERROR_OTHER, 0, "no certificate was seen yet");
		return hint(call->error, "get URL");
	}
	pin = x509_pin_text(chain[0]);
	/* a pin opens no door: where the chain is refused, the line that goes by the key alone helps */
	if (c->accepted)
		fprintf(call->out, "trust pin %s\n", pin);
	else
		fprintf(call->out, "trust host %s %s\n", c->host, pin);
	free(pin);
	return 0;
}

static int
run_trust(struct call *call)
{
	const char *const *w = call->args;

	if (call->n_args == 0)
		return settings_print(call, "trust");
	if (call->n_args == 1 && (strcmp(w[0], "on") == 0 || strcmp(w[0], "off") == 0 || strcmp(w[0], "ask") == 0)) {
		const char *mode[] = { "mode", w[0] };

		/* on means the system's anchors: what `trust file` put in their place goes; pins loosen nothing and stay */
		if (strcmp(w[0], "on") == 0 && setting_reset(call->session, setting_find("trust", STR("file"), NULL), call->error) != 0)
			return -1;
		return settings_change(call, "trust", mode, 2);
	}
	if (call->n_args == 1 && strcmp(w[0], "pin") == 0)
		return trust_pin_line(call);
	/* `trust host off`: names are not checked for the base URL's host */
	if (call->n_args == 2 && strcmp(w[0], "host") == 0 && strcmp(w[1], "off") == 0 && call->session->has_base) {
		char *host = url_host_plain(&call->session->base);
		const char *words[] = { "host", host, "off" };
		int status = settings_change(call, "trust", words, 3);

		free(host);
		return status;
	}
	return settings_change(call, "trust", w, call->n_args);
}

const struct command command_trust = { .name = "trust", .group = "tls",
	.summary = "Which servers are believed: on, off, ask, file, pin, host.",
	.details = "trust on, off and ask are short for trust mode ...; trust host off is about the base URL's host. "
	    "A rule of trust host wins over the mode. trust pin never lets a server in: it is one more condition, also when trust is "
	    "off; to reach a server by its key alone (self-signed): trust host NAME sha256/... trust pin alone prints the line for "
	    "the key seen last. The chain is judged also when trust is off: show chain tells every reason.",
	.example = "trust off\ntrust mode\n| off\ntrust on\n",
	.opts = settings_options, .args = settings_args, .flags = CMD_STATE, .run = run_trust, .settings = "trust" };
