/* `trust`: which servers are believed. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/connection.h"
#include "commands/session/session.h"
#include "commands/settings/settings.h"
#include "commands/state/settings.h"
#include "commands/table.h"

static int
trust_pin_line(struct call *call)
{
	size_t n;
	const struct connection *c = session_attempt(call->session);
	struct x509_cert *const *chain = connection_chain(c, &n);
	char *pin;

	if (n == 0)
		return fail(call->error, ERROR_OTHER, 0, "the last connection showed no certificate");
	pin = x509_pin_text(chain[0]);
	/* a pin opens no door: where the chain is refused, the line that goes by the key alone helps */
	if (c->accepted)
		fprintf(call->out, "trust pin %s\n", pin);
	else
		fprintf(call->out, "trust host %s %s\n", c->host, pin);
	free(pin);
	return 0;
}

static bool
is_pin_line(const struct call *call)
{
	return call->n_args == 1 && call_says(call, 0, "pin");
}

static unsigned
trust_needs(const struct call *call)
{
	return is_pin_line(call) ? CMD_CONNECTION : 0;
}

static int
run_trust(struct call *call)
{
	const struct url *base = session_base(call->session);
	const char *const *w = call->args;

	if (call->n_args == 0)
		return settings_print(call, "trust");
	if (call->n_args == 1 && (call_says(call, 0, "on") || call_says(call, 0, "off") || call_says(call, 0, "ask"))) {
		const char *mode[] = { "mode", w[0] };

		/* on means the system's anchors: what `trust file` put in their place goes; pins loosen nothing and
		 * stay */
		if (strcmp(w[0], "on") == 0 &&
		    setting_reset(session_settings(call->session), setting_find("trust", STR("file"), NULL),
			call->error) != 0)
			return -1;
		return settings_change(call, "trust", mode, NULL, 2);
	}
	if (is_pin_line(call))
		return trust_pin_line(call);
	/* `trust host off`: names are not checked for the base URL's host */
	if (call->n_args == 2 && call_says(call, 0, "host") && call_says(call, 1, "off") && base != NULL) {
		char *host = url_host_plain(base);
		const char *words[] = { "host", host, "off" };
		int status = settings_change(call, "trust", words, NULL, 3);

		free(host);
		return status;
	}
	return settings_change(call, "trust", w, call->arg_marks, call->n_args);
}

const struct command command_trust = {
	.name = "trust",
	.group = "tls",
	.summary = "Which servers are believed: on, off, ask, file, pin, host.",
	.details =
	    "trust on, off and ask are short for trust mode ...; trust host off is about the base URL's host. "
	    "A rule of trust host wins over the mode. trust pin never lets a server in: it is one more condition, also "
	    "when trust is "
	    "off; to reach a server by its key alone (self-signed): trust host NAME sha256/... trust pin alone prints "
	    "the line for "
	    "the key seen last. The chain is judged also when trust is off: show chain tells every reason.",
	.example = "trust off\ntrust mode\n| off\ntrust on\n",
	.opts = settings_options,
	.args = settings_args,
	.flags = CMD_STATE | CMD_KEPT,
	.needs = trust_needs,
	.run = run_trust,
	.settings = "trust",
};
