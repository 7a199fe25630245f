/*
 * Whether a server's chain is believed: the verdict of net/x509 under the settings of `trust`. The chain is judged also when
 * trust is off, so that `show chain` tells every reason.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/lab_session.h"
#include "commands/session_private.h"

static const struct x509_store *
anchors_for(struct session *s, const char *host, struct error *error)
{
	if (lab_anchors(s, host) != NULL)
		return lab_anchors(s, host);
	if (s->trust.store == NULL) {
		s->trust.store = x509_store_new();
		if (x509_store_load_system(s->trust.store, error) < 0) {
			x509_store_free(s->trust.store);
			s->trust.store = NULL;
		}
	}
	return s->trust.store;
}

static const struct trust_host *
rule_for(const struct session *s, const char *host)
{
	for (size_t i = s->trust.n_hosts; i > 0; i--)      /* the last one given wins */
		if (strcmp(s->trust.hosts[i - 1].host, host) == 0)
			return &s->trust.hosts[i - 1];
	return NULL;
}

static bool
leaf_is_pinned(const struct session *s, const char *pin)
{
	for (size_t i = 0; i < s->trust.n_pins; i++)
		if (strcmp(s->trust.pins[i], pin) == 0)
			return true;
	return false;
}

static void
decided_by(struct connection *c, const char *what)
{
	free(c->trust);
	c->trust = str_dup(str_of(what));
}

/* The time a person takes is not the server's: no deadline counts it. */
static bool
answered_yes(struct session *s, struct connection *c, const char *prompt)
{
	int64_t began = now_us(), took;
	struct buf answer;
	bool yes;

	buf_init(&answer, 256);
	yes = s->ask(s->ask_context, prompt, true, &answer) == 0 && answer.len > 0 && ascii_lower((char)answer.data[0]) == 'y';
	buf_release(&answer);
	took = now_us() - began;
	tcp_put_off(c->tcp, took);
	if (s->deadline_us > 0)
		s->deadline_us += took;
	return yes;
}

/* Asks a person; yes pins the key for this host. */
static int
ask_person(struct session *s, struct connection *c, const struct x509_cert *leaf, const char *pin, struct error *error)
{
	char *prompt, *row;
	bool yes;
	int result;

	if (s->ask == NULL || !s->terminal)
		return -1;
	report_progress_end(s);
	if (s->chatter != NULL) {
		char shown[300], *fingerprint = x509_fingerprint_text(leaf, X509_SHA256);

		fprintf(s->chatter, "The certificate of %s is not trusted:\n", str_printable(str_of(c->host), shown, sizeof shown));
		for (size_t i = 0; i < c->verdict.n_reasons; i++)
			fprintf(s->chatter, "  - %s\n", c->verdict.reasons[i].text);
		fprintf(s->chatter, "Its SHA-256 fingerprint is %s\nIts key is %s\n", fingerprint, pin);
		free(fingerprint);
	}
	prompt = str_printf("Trust this key for %s from now on? [y/N] ", c->host);
	yes = answered_yes(s, c, prompt);
	free(prompt);
	if (s->interrupted != NULL && *s->interrupted) {
		error_clear(error);
		return fail(error, ERROR_INTERRUPTED, EINTR, "interrupted at the question whether to trust %s", c->host);
	}
	if (!yes)
		return -1;
	row = str_printf("%s %s", c->host, pin);
	result = setting_set(s, setting_find("trust", STR("host"), NULL), str_of(row), ORIGIN_COMMAND, error);
	free(row);
	if (result == 0) {
		error_clear(error);
		connection_rekey(c);    /* when the pin is taken back, nothing that it allowed is used again */
	}
	return result;
}

/* The command that relaxes the one rule that was broken; else the host is excepted. */
static void
hint_relaxing(const struct connection *c, struct error *error)
{
	const struct x509_reason *r = c->verdict.reasons;
	bool one = c->verdict.n_reasons > 0;

	for (size_t i = 1; i < c->verdict.n_reasons; i++)
		one = one && r[i].fault == r[0].fault;
	if (one && (r[0].fault == X509_REVOKED || r[0].fault == X509_STAPLE))
		hint(error, "\"show chain\" tells why; to be told only: trust staple off");
	else if (one && r[0].fault == X509_WEAK_SIGNATURE && strcasestr(r[0].text, "sha1") != NULL)
		hint(error, "to accept SHA-1: trust sha1 on");
	else if (one && r[0].fault == X509_WEAK_KEY)
		hint(error, "to accept smaller RSA keys: trust min-rsa 1024");
	else
		hint(error, "\"show chain\" tells why; for this host only: trust host %s off", c->host);
}

static int
accept(struct connection *c, const char *by, struct error *error)
{
	c->accepted = true;
	decided_by(c, by);
	error_clear(error);
	return 0;
}

static bool
asked_for_staple(const struct connection *c)
{
	const struct tls_info *info = connection_tls(c);

	for (size_t i = 0; info != NULL && i < info->offered.n_extensions; i++)
		if (info->offered.extensions[i] == EXT_STATUS_REQUEST)
			return true;
	return false;
}

int
trust_judge(struct session *s, struct connection *c, struct x509_cert *const *chain, size_t n, struct str staple,
    struct error *error)
{
	const struct trust_host *rule = rule_for(s, c->host);
	struct x509_policy policy = {
		.anchors = anchors_for(s, c->host, error),
		.host = c->host,
		.now = (int64_t)time(NULL),
		.allow_sha1 = s->trust.sha1,
		.min_rsa_bits = s->trust.min_rsa,
		.staple = staple,
		.staple_asked = asked_for_staple(c),
		.staple_ignored = !s->trust.staple,
	};
	char *pin = n > 0 ? x509_pin_text(chain[0]) : str_dup(STR(""));
	int result;

	if (!leaf_is_pinned(s, pin)) {
		policy.pins = (const char *const *)s->trust.pins;
		policy.n_pins = s->trust.n_pins;
	}
	x509_verdict_release(&c->verdict);
	result = x509_judge(chain, n, &policy, &c->verdict, error);
	if (mem_missed())                /* nothing is decided on what may not be whole */
		result = mem_fail(error, "judging the certificate of %s", c->host);
	c->judged = true;
	c->accepted = result == 0;
	decided_by(c, "trust on");
	if (rule != NULL && rule->pin != NULL) {
		if (strcmp(rule->pin, pin) == 0) {
			result = accept(c, "the pin kept for this host", error);
		} else {
			result = fail(error, ERROR_CERTIFICATE, X509_PIN_MISMATCH,
			    "THE KEY OF %s HAS CHANGED: pinned %s, now %s", c->host, rule->pin, pin);
			hint(error, "if that is right: trust host %s %s", c->host, pin);
			decided_by(c, "the pin kept for this host");
			c->accepted = false;
		}
	} else if (result != 0 && leaf_is_pinned(s, pin)) {
		result = accept(c, "trust pin", error);
	} else if (result != 0 && (s->trust.mode == TRUST_OFF || (rule != NULL && rule->off))) {
		result = 0;
		error_clear(error);
		decided_by(c, s->trust.mode == TRUST_OFF ? "trust off" : "trust off for this host");
	} else if (result != 0 && s->trust.mode == TRUST_ASK && n > 0 && ask_person(s, c, chain[0], pin, error) == 0) {
		result = accept(c, "a person, just now", error);
	} else if (result != 0) {
		if (error != NULL && error->hint[0] == '\0' && error->kind != ERROR_INTERRUPTED &&
		    !mem_failed(error))
			hint_relaxing(c, error);
	}
	free(pin);
	return result;
}
