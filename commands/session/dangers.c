/* What the settings give away of what is checked, in short: for the prompt, and for the line said when a session is
 * loaded. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"

enum { HOSTS_SHOWN = 3 };

static void
add(struct buf *out, const char *what, const char *value)
{
	buf_addf(out, "%s%s%s", out->len > 0 ? ", " : "", what, value);
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

static bool
is_trust(const struct setting *row)
{
	return strcmp(row->group, "trust") == 0;
}

/* The mode stands first, with the rule of the host. */
static bool
is_mode(const struct setting *row)
{
	return row->offset == offsetof(struct settings, trust.mode);
}

static bool
is_trust_else(const struct setting *row)
{
	return is_trust(row) && !is_mode(row);
}

static bool
is_other(const struct setting *row)
{
	return !is_trust(row) && !row->in_profile;
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
	settings_dangers(&s->settings, is_mode, DANGER_TOLD, &out);
	if (rule != NULL && rule->off)
		add(&out, "trust host off", "");
	free(host);
	settings_dangers(&s->settings, is_trust_else, DANGER_TOLD, &out);
	settings_dangers(&s->settings, setting_in_profile, DANGER_TOLD, &out);
	if (s->settings.tls.profile != NULL)
		buf_addf(&out, "%sas %s%s", out.len > 0 ? ", " : "", s->settings.tls.profile,
		    s->settings.tls.profile_changed ? ", changed" : "");
	settings_dangers(&s->settings, is_other, DANGER_TOLD, &out);
	return taken(&out);
}

char *
session_loosened(const struct session *s)
{
	struct buf out;

	buf_init(&out, 0);
	settings_dangers(&s->settings, is_mode, DANGER_LOOSE, &out);
	add_hosts(s, &out);
	settings_dangers(&s->settings, is_trust_else, DANGER_LOOSE, &out);
	settings_dangers(&s->settings, setting_in_profile, DANGER_LOOSE, &out);
	settings_dangers(&s->settings, is_other, DANGER_LOOSE, &out);
	return taken(&out);
}
