/* TLS on a connection: the engine's configuration and hooks, the facts kept after it. */
#include "commands/session/connection_tls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/session/connection.h"
#include "commands/session/hooks.h"
#include "commands/session/trust.h"
#include "commands/settings/values.h"
#include "net/file.h"

/* ---- hooks ---- */
static void
note(const struct connection *c, const char *text)
{
	event_report(c->terms->observer, (struct event){ .kind = EVENT_NOTE, .text = text });
}

/* For the trace: the verdict stands where the chain came. */
static void
report_judgement(const struct connection *c, bool goes_on)
{
	const char *verdict = c->accepted ? "accepted" : goes_on ? "refused, but the handshake goes on" : "refused";
	char *text = str_printf("certificates %s (%s)", verdict, c->trust != NULL ? c->trust : "");

	note(c, text);
	free(text);
	for (size_t i = 0; i < c->verdict.n_reasons; i++) {
		const struct x509_reason *r = &c->verdict.reasons[i];

		text = r->index >= 0 ? str_printf("certificate %d: %s", r->index, r->text) : str_dup(str_of(r->text));
		note(c, text);
		free(text);
	}
}

static int
on_judge(void *context, struct x509_cert *const *chain, size_t n, struct str ocsp_response, struct str sct_list,
    struct error *error)
{
	struct connection *c = context;
	int result;

	(void)sct_list; /* kept by the engine for show tls: nobody's keys to check it with */
	result = trust_judge(c, chain, n, ocsp_response, error);
	report_judgement(c, result == 0);
	return result;
}

static void
on_keylog(void *context, const char *line)
{
	struct connection *c = context;
	const char *path = c->terms->settings->tls.keylog;
	char *text;
	int fd;

	fd = file_open_private(path, O_WRONLY | O_APPEND);
	text = str_printf("%s\n", line);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		if (!c->keylog_failed)
			hooks_note(c->terms->hooks, "cannot write the key log %s: %s", path, strerror(errno));
		c->keylog_failed = true;
	}
	if (fd >= 0)
		close(fd);
	mem_wipe(text, strlen(text));
	free(text);
}

/* RFC 6066 section 3: literal IPv4 and IPv6 addresses are not permitted in HostName, and no trailing dot. */
static void
choose_sni(struct connection *c, struct tls_config *config)
{
	struct str name = str_of(c->terms->settings->tls.sni);

	if (str_is(name, "off"))
		return;
	if (str_is(name, "auto")) {
		name = str_of(c->host);
		if (url_host_is_address(c->host))
			return;
		if (str_ends(name, STR(".")))
			name.n--;
	}
	if (name.n >= sizeof config->sni)
		return;
	memcpy(config->sni, name.p, name.n);
	memcpy(c->sni, config->sni, sizeof c->sni);
}

/* What show tls tells later, when the settings may be others. */
static void
note_settings(struct connection *c, const struct tls_config *config)
{
	struct buf alpn;

	buf_init(&alpn, 0);
	for (size_t i = 0; i < config->n_alpn; i++)
		buf_addf(&alpn, "%s%s", i > 0 ? ", " : "", config->alpn[i]);
	if (config->n_alpn > 0)
		c->alpn = buf_take(&alpn);
	buf_release(&alpn);
	c->premaster_negotiated = config->premaster_negotiated;
	c->n_suites = config->n_suites;
	c->chose_groups = config->n_groups > 0;
	c->chose_schemes = config->n_schemes > 0;
	if (config->pad_hello > 0 && (config->no_extensions || config->sslv2_hello))
		note(c, "the hello cannot be padded: it has no extensions");
	if (config->split_hello_segment > 0) {
		char *text = str_printf("the first flight goes out in pieces of %u bytes", config->split_hello_segment);

		note(c, text);
		free(text);
	}
}

static int
handshake(struct connection *c, struct error *error)
{
	c->tls_start_us = now_us();
	c->stream = tls_stream_new(c->engine, c->tcp, error);
	if (c->stream != NULL)
		return 0;
	tcp_facts_read(tcp_fd(c->tcp), &c->tcp_facts);
	stream_free(c->tcp);
	c->tcp = NULL;
	return -1;
}

int
connection_start_tls(struct connection *c, const struct known *known, struct error *error)
{
	struct settings *settings = c->terms->settings;
	struct tls_hooks hooks = { .judge = on_judge, .context = c, .observer = c->terms->observer };
	struct wait wait = terms_wait(c->terms, settings->set.connect_timeout_ms);
	struct tls_config *config;

	if (settings_load_credentials(settings, error) != 0)
		return -1;
	config = mem_dup(&settings->tls.config, sizeof *config);
	config->credentials = settings->tls.credentials;
	choose_sni(c, config);
	note_settings(c, config);
	if (strcmp(settings->tls.keylog, "off") != 0)
		hooks.keylog = on_keylog;
	c->engine = tls_new(config, &hooks);
	free(config);
	if (known->session != NULL) {
		tls_offer_session(c->engine, known->session);
		c->first = connection_hold(known->origin);
	}
	tcp_set_wait(c->tcp, &wait);
	if (handshake(c, error) != 0)
		return -1;
	if (tls_info(c->engine)->resumed && c->first != NULL) {
		c->accepted = c->first->accepted;
	} else {
		connection_drop(c->first);
		c->first = NULL;
	}
	return 0;
}
