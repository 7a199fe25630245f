/* An attempt is a function: under copied settings with one value changed it leaves the session as it was. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"
#include "commands/settings/settings.h"
#include "tests/support/unit.h"

static void
set(struct settings *settings, const char *group, const char *name, const char *value)
{
	assert_int_equal(setting_set(settings, setting_find(group, str_of(name), NULL), str_of(value), ORIGIN_COMMAND,
			     NULL),
	    0);
}

/* All of a session that an attempt could change, as text; caller frees. */
static char *
state_of(const struct session *s)
{
	struct buf out;

	buf_init(&out, 0);
	settings_save(&s->settings, &out);
	jar_export(&s->jar, &out, true);
	for (size_t i = 0; i < SESSION_ATTEMPTS && s->notes[i].key != NULL; i++)
		buf_addf(&out, "%s|%s|%s\n", s->notes[i].key, s->notes[i].settings, s->notes[i].outcome);
	for (size_t i = 0; i < SESSION_KEPT_CONNECTIONS; i++)
		buf_addf(&out, "%p %u ", (void *)s->kept[i], s->kept[i] != NULL ? s->kept[i]->references : 0);
	for (size_t i = 0; i < SESSION_KEPT_TICKETS; i++)
		buf_addf(&out, "%s %p\n", s->tickets[i].key != NULL ? s->tickets[i].key : "",
		    (void *)s->tickets[i].session);
	buf_addf(&out, "%p %u %p %lld %zu %zu", (void *)s->attempt, s->attempt != NULL ? s->attempt->references : 0,
	    (void *)s->last, (long long)s->limits.deadline_us, s->n_visited, s->n_headers);
	return buf_take(&out);
}

/* The session has one connection, kept, with a ticket of its own, when the experiment begins. */
static struct session *
session_at_work(struct url *url)
{
	struct session *s = session_new();
	struct error error = { .kind = ERROR_NONE };
	struct request r;

	assert_int_equal(session_lab_start(s, &error), 0);
	set(&s->settings, "tls", "proto", "tls1.2");
	url_init(url);
	assert_int_equal(url_parse(url, STR("https://ok.lab.test/login"), NULL, &error), 0);
	request_init(&r);
	r.method = str_dup(STR("GET"));
	url_copy(&r.url, url);
	if (session_exchange(s, &r, &error) != 0)
		fail_msg("%s", error.text);
	request_release(&r);
	assert_int_equal(tickets_count(s), 1);
	assert_non_null(s->kept[0]);
	return s;
}

static void
end(struct session *s, struct url *url)
{
	connections_close_all(s);
	session_lab_stop(s);
	url_release(url);
	session_free(s);
}

static bool
yes(void *context, const struct key_question *question)
{
	(void)question;
	++*(unsigned *)context;
	return true;
}

/* One experiment. The session is the same before and after. */
static struct connection *
try(struct session *s, struct settings *changed, struct terms *terms, const struct url *url)
{
	char *before = state_of(s), *after;
	struct connection *c = connection_attempt(terms, url, &(struct known){ .address = NULL });

	assert_ptr_equal(terms->settings, changed);
	after = state_of(s);
	assert_string_equal(before, after);
	free(before);
	free(after);
	return c;
}

static void
test_one_changed_value(void **state)
{
	struct url url;
	struct session *s = session_at_work(&url);
	struct settings changed;
	struct terms terms = *session_terms(s);
	struct connection *c;

	(void)state;
	settings_copy(&changed, &s->settings);
	terms.settings = &changed;
	set(&changed, "tls", "sni", "off");
	c = try(s, &changed, &terms, &url);
	assert_string_equal(c->failure.text, "");
	assert_string_equal(c->sni, "");
	assert_string_equal(s->kept[0]->sni, "ok.lab.test");
	connection_drop(c);
	set(&changed, "tls", "proto", "tls1.3");
	c = try(s, &changed, &terms, &url);
	assert_int_equal(c->failure.kind, ERROR_TLS); /* also a failure is a fact of the attempt alone */
	connection_drop(c);
	settings_release(&changed);
	end(s, &url);
}

/* A person's yes is a fact of the attempt, too, until the session keeps it. */
static void
test_asked_for_a_key(void **state)
{
	struct url url;
	struct session *s = session_at_work(&url);
	struct settings changed;
	unsigned asked = 0;
	struct session_hooks hooks = { .context = &asked, .trust_key = yes };
	struct terms terms = *session_terms(s);
	struct connection *c;

	(void)state;
	assert_int_equal(url_parse(&url, STR("https://selfsigned.lab.test/"), NULL, NULL), 0);
	settings_copy(&changed, &s->settings);
	set(&changed, "trust", "mode", "ask");
	terms.settings = &changed;
	terms.hooks = &hooks;
	c = try(s, &changed, &terms, &url);
	assert_int_equal(c->failure.kind, ERROR_NONE);
	assert_int_equal(asked, 1);
	assert_non_null(c->pin);
	assert_int_equal(changed.trust.n_hosts, 0);
	assert_int_equal(connection_keep_rule(s, c, NULL), 0);
	assert_int_equal(s->settings.trust.n_hosts, 1);
	connection_drop(c);
	settings_release(&changed);
	end(s, &url);
}

/* Every row, set to something else, is the same in a copy; and the copy's changes are its own. */
static void
test_copy(void **state)
{
	struct session *s = session_new();
	struct settings copy;
	char *key, *again;

	(void)state;
	set(&s->settings, "set", "resolve", "a.test:443:127.0.0.1");
	set(&s->settings, "set", "resolve", "b.test:443:127.0.0.2");
	set(&s->settings, "set", "user-agent", "me");
	set(&s->settings, "trust", "host", "h.test off");
	set(&s->settings, "tls", "proto", "tls1.1..tls1.2");
	settings_copy(&copy, &s->settings);
	key = settings_wire_key(&s->settings);
	again = settings_wire_key(&copy);
	assert_string_equal(key, again);
	free(again);
	assert_int_equal(copy.set.n_overrides, 2);
	assert_int_equal(copy.trust.n_hosts, 1);
	assert_ptr_not_equal(copy.trust.hosts, s->settings.trust.hosts);
	set(&copy, "tls", "proto", "tls1.3");
	set(&copy, "trust", "host", "h.test on");
	again = settings_wire_key(&s->settings);
	assert_string_equal(key, again);
	free(key);
	free(again);
	settings_release(&copy);
	session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_copy), cmocka_unit_test(test_one_changed_value),
		cmocka_unit_test(test_asked_for_a_key) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
