/* What the settings give away of what is checked, in short: for the prompt, and for the line said when a session is loaded. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

enum { HOSTS_SHOWN = 3 };

static void
add(struct buf *out, const char *what, const char *value)
{
	buf_addf(out, "%s%s%s", out->len > 0 ? ", " : "", what, value);
}

static void
add_trust(const struct session *s, struct buf *out)
{
	if (!s->settings.trust.staple)
		add(out, "trust staple off", "");
	if (s->settings.trust.sha1)
		add(out, "trust sha1", "");
	if (s->settings.trust.min_rsa < 2048)
		add(out, "weak RSA", "");
}

/* The rules that let a host in without a good chain. */
static void
add_hosts(const struct session *s, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->settings.trust.n_hosts; i++) {
		const struct trust_host *rule = &s->settings.trust.hosts[i];

		if ((!rule->off && rule->pin == NULL) || ++n > HOSTS_SHOWN)
			continue;
		add(out, "trust host ", rule->host);
		buf_add_str(out, rule->off ? STR(" off") : STR(" by its key"));
	}
	if (n > HOSTS_SHOWN)
		buf_addf(out, " and %zu hosts more", n - HOSTS_SHOWN);
}

static void
add_tls(const struct session *s, struct buf *out)
{
	const struct tls_config *c = &s->settings.tls.config;
	bool legacy = false;

	for (size_t i = 0; i < c->n_suites; i++) {
		const struct tls_suite_info *suite = tls_suite_find(c->suites[i]);

		legacy = legacy || (suite != NULL && suite->legacy);
	}
	if (legacy)
		add(out, "legacy ciphers", "");
	if (c->no_record_split)
		add(out, "record-split off", "");
	if (c->min_dh_bits < 1024)
		add(out, "weak DH", "");
}

static void
add_versions(const struct session *s, struct buf *out)
{
	add(out, "tls ", setting_text(&s->settings, setting_find("tls", STR("proto"), NULL)));
}

static void
add_leaks(const struct session *s, struct buf *out)
{
	if (strcmp(s->settings.tls.keylog, "off") != 0)
		add(out, "keylog", "");
	if (s->settings.set.follow_insecure)
		add(out, "follow-insecure", "");
}

static char *
taken(struct buf *out)
{
	char *text = out->len > 0 ? buf_take(out) : NULL;

	buf_release(out);
	return text;
}

char *
session_prompt_dangers(const struct session *s)
{
	char *host = s->has_base && s->base.host != NULL ? url_host_plain(&s->base) : NULL;
	const struct trust_host *rule = host != NULL ? trust_host_rule(&s->settings.trust, host) : NULL;
	struct buf out;

	buf_init(&out, 0);
	if (s->settings.trust.mode == TRUST_OFF)
		add(&out, "trust off", "");
	if (rule != NULL && rule->off)
		add(&out, "trust host off", "");
	free(host);
	add_trust(s, &out);
	if (s->settings.tls.config.versions_set)
		add_versions(s, &out);
	add_tls(s, &out);
	if (s->settings.tls.profile != NULL)
		buf_addf(&out, "%sas %s%s", out.len > 0 ? ", " : "", s->settings.tls.profile, s->settings.tls.profile_changed ? ", changed" : "");
	add_leaks(s, &out);
	return taken(&out);
}

char *
session_loosened(const struct session *s)
{
	struct buf out;

	buf_init(&out, 0);
	if (s->settings.trust.mode == TRUST_OFF)
		add(&out, "trust off", "");
	add_hosts(s, &out);
	add_trust(s, &out);
	if (s->settings.tls.config.versions_set && s->settings.tls.config.min_version < TLS_1_2)
		add_versions(s, &out);
	add_tls(s, &out);
	add_leaks(s, &out);
	return taken(&out);
}
