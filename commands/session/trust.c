/*
 * Whether a server's chain is believed: the verdict of net/x509 under the settings of `trust`. The chain is judged also
 * when trust is off, so that `show chain` tells every reason.
 */
#include "commands/session/trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/session/connection.h"
#include "commands/session/hooks.h"
#include "commands/session/lab.h"
#include "commands/settings/values.h"
#include "net/quote.h"

static const char KEPT_PIN[] = "the pin kept for this host", A_PERSON[] = "a person, just now";

static const struct x509_store *
anchors_for(const struct terms *terms, const char *host, struct error *error)
{
	struct trust_values *trust = &terms->settings->trust;

	if (lab_anchors(terms->lab, host) != NULL)
		return lab_anchors(terms->lab, host);
	if (trust->store == NULL) {
		trust->store = x509_store_new();
		if (x509_store_load_system(trust->store, error) < 0) {
			x509_store_free(trust->store);
			trust->store = NULL;
		}
	}
	return trust->store;
}

/* A name with the dot of the root behind it leads to the same place: no rule is got round by it. */
static bool
is_host(const char *a, const char *b)
{
	struct str x = str_of(a), y = str_of(b);

	x.n -= str_ends(x, STR("."));
	y.n -= str_ends(y, STR("."));
	return str_eq(x, y);
}

const struct trust_host *
trust_host_rule(const struct trust_values *t, const char *host)
{
	for (size_t i = t->n_hosts; i > 0; i--) /* the last one given wins */
		if (is_host(t->hosts[i - 1].host, host))
			return &t->hosts[i - 1];
	return NULL;
}

/* The pins for the host, or those for every host (NULL). */
static size_t
pins_of(const struct trust_values *t, const char *host, const char **pins)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_pins; i++)
		if (host == NULL ? t->pins[i].host == NULL : t->pins[i].host != NULL && is_host(t->pins[i].host, host))
			pins[n++] = t->pins[i].pin;
	return n;
}

static void
decided_by(struct connection *c, const char *what)
{
	free(c->trust);
	c->trust = str_dup(str_of(what));
}

/* Asks a person. The time that takes is not the server's: no deadline counts it. Yes: the key is the host's from now
 * on. */
static int
ask_person(struct connection *c, const struct x509_cert *leaf, const char *pin, struct error *error)
{
	const struct session_hooks *hooks = c->terms->hooks;
	struct limits *limits = c->terms->limits;
	int64_t began = now_us(), took;
	bool yes;

	if (hooks->trust_key == NULL)
		return -1;
	yes = hooks->trust_key(hooks->context, &(struct key_question){ c->host, leaf, &c->verdict, pin });
	took = now_us() - began;
	if (c->tcp != NULL)
		tcp_put_off(c->tcp, took);
	if (limits->deadline_us > 0)
		limits->deadline_us += took;
	if (limits->interrupted != NULL && *limits->interrupted) {
		error_clear(error);
		return fail(error, ERROR_INTERRUPTED, EINTR, "interrupted at the question whether to trust %s",
		    c->host);
	}
	if (!yes)
		return -1;
	free(c->pin);
	c->pin = str_dup(str_of(pin));
	error_clear(error);
	return 0;
}

static bool
is_pin_mismatch(const struct x509_verdict *v)
{
	for (size_t i = 0; i < v->n_reasons; i++)
		if (v->reasons[i].fault == X509_PIN_MISMATCH)
			return true;
	return false;
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

/* What lets the server in, as far as it is not for the pins to say; NULL: nothing does. A rule for a host wins. */
static const char *
allowed_by(const struct trust_values *trust, const struct trust_host *rule, const char *key, bool good)
{
	if (rule != NULL && rule->pin != NULL)
		return strcmp(rule->pin, key) == 0 ? KEPT_PIN : NULL;
	if (good)
		return "trust on";
	if (rule != NULL)
		return rule->off ? "trust off for this host" : NULL;
	return trust->mode == TRUST_OFF ? "trust off" : NULL;
}

static int
refuse_pins(struct connection *c, const char *key, struct error *error)
{
	error_clear(error);
	decided_by(c, "trust pin");
	fail(error, ERROR_CERTIFICATE, X509_PIN_MISMATCH, "the key of %s is not one of those pinned: it is %s", c->host,
	    key);
	return hint_words(error, "if that is right", "trust", "pin", c->host, key, NULL);
}

/* Nothing lets the server in: error says what is wrong with its chain, and the table of causes which rule to relax. */
static int
refuse_server(struct connection *c, const struct trust_host *rule, const char *key, struct error *error)
{
	decided_by(c, rule == NULL ? "trust on" : rule->pin != NULL ? KEPT_PIN : "trust on for this host");
	if (rule != NULL && rule->pin != NULL) {
		error_clear(error);
		fail(error, ERROR_CERTIFICATE, X509_PIN_MISMATCH, "THE KEY OF %s HAS CHANGED: pinned %s, now %s",
		    c->host, rule->pin, key);
		hint_words(error, "if that is right", "trust", "host", c->host, key, NULL);
	} else if (error != NULL && error->kind == ERROR_CERTIFICATE && is_pin_mismatch(&c->verdict)) {
		hint_words(error, "if that is right", "trust", "pin", c->host, key, NULL);
	}
	return -1;
}

/*
 * Two questions, apart from each other: may the server in (its chain is good, or a rule, the mode or a person says so),
 * and do the pins hold, which count whatever the first answer is. A key on a path holds only when the path has no
 * fault, for anybody can send another's certificates; the server's own key always does, since the handshake proves it.
 */
static int
decide(struct connection *c, const struct x509_cert *leaf, const char *key, const struct x509_policy *policy, bool good,
    struct error *error)
{
	const struct trust_values *trust = &c->terms->settings->trust;
	const struct trust_host *rule = trust_host_rule(trust, c->host);
	const char *by = allowed_by(trust, rule, key, good);
	bool key_is_pinned = false, pins_hold;

	for (size_t i = 0; i < policy->n_pins; i++)
		key_is_pinned = key_is_pinned || strcmp(policy->pins[i], key) == 0;
	pins_hold = good || key_is_pinned || policy->n_pins == 0;
	/* what cannot be verified does not help whoever says yes */
	if (by == NULL && rule == NULL && trust->mode == TRUST_ASK && pins_hold && leaf != NULL &&
	    x509_key_usable(&leaf->key) && ask_person(c, leaf, key, error) == 0)
		by = A_PERSON;
	c->accepted = by != NULL && pins_hold && (good || by == A_PERSON || by == KEPT_PIN);
	if (by == NULL)
		return refuse_server(c, rule, key, error);
	if (!pins_hold)
		return refuse_pins(c, key, error);
	decided_by(c, by);
	error_clear(error);
	return 0;
}

int
trust_judge(struct connection *c, struct x509_cert *const *chain, size_t n, struct str staple, struct error *error)
{
	const struct trust_values *trust = &c->terms->settings->trust;
	const char **pins = mem_alloc((trust->n_pins + 1) * sizeof *pins);
	struct x509_policy policy = {
		.anchors = anchors_for(c->terms, c->host, error),
		.host = c->host,
		.now = (int64_t)time(NULL),
		.allow_sha1 = trust->sha1,
		.min_rsa_bits = trust->min_rsa,
		.pins = pins,
		.n_pins = pins_of(trust, c->host, pins),
		.staple = staple,
		.staple_asked = asked_for_staple(c),
		.staple_ignored = !trust->staple,
		.work = { .deadline_us = c->terms->limits->deadline_us, .interrupted = c->terms->limits->interrupted },
	};
	char *key = n > 0 ? x509_pin_text(chain[0]) : str_dup(STR(""));
	int result;

	if (policy.n_pins == 0)
		policy.n_pins = pins_of(trust, NULL, pins);
	x509_verdict_release(&c->verdict);
	result = x509_judge(chain, n, &policy, &c->verdict, error);
	c->judged = true;
	if (mem_missed()) /* nothing is decided on what may not be whole */
		result = mem_fail(error, "judging the certificate of %s", c->host);
	else if (c->verdict.ended == WORK_INTERRUPTED || c->verdict.ended == WORK_LATE)
		result = -1; /* no rule makes good what was not judged to the end */
	else
		result = decide(c, n > 0 ? chain[0] : NULL, key, &policy, result == 0, error);
	free(key);
	free(pins);
	return result;
}
