/* Who is let in: the mode, the rule for the host, the pins, and the chain, each with each. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bearssl.h>

#include "commands/diagnose/causes.h"
#include "commands/session/state.h"
#include "tests/support/make_cert.h"
#include "tests/support/unit.h"

enum { GOOD, EXPIRED, MISNAMED, UNKNOWN_ISSUER, CHAINS };
enum { CA_KEY = 1, LEAF_KEY = 2, STRANGER = 9 };
#define HOST "leaf.test"

static struct x509_cert *ca, *leaves[CHAINS];
static char *ca_pin, *leaf_pin, *other_pin;

/* "%": the leaf's pin, "^": the CA's, "!": another key's */
static void
set(struct session *s, const char *name, const char *value)
{
	struct error error = { .kind = ERROR_NONE };
	struct buf text;

	buf_init(&text, 0);
	for (; *value != '\0'; value++)
		if (strchr("%^!", *value) != NULL)
			buf_add_str(&text, str_of(*value == '%' ? leaf_pin : *value == '^' ? ca_pin : other_pin));
		else
			buf_add_char(&text, *value);
	if (setting_set(session_settings(s), setting_find("trust", str_of(name), NULL), buf_str(&text), ORIGIN_COMMAND,
		&error) != 0)
		fail_msg("trust %s: %s", name, error.text);
	buf_release(&text);
}

static bool
answer(void *context, const struct key_question *question)
{
	assert_non_null(question->leaf);
	assert_true(str_starts(str_of(question->pin), STR("sha256/")));
	return *(const char *)context == 'y';
}

static struct session *
session_with(const char *mode, const char *says)
{
	struct session *s = session_new();
	char pem[4096];
	size_t n = br_pem_encode(pem, ca->der, ca->der_len, "CERTIFICATE", 0);

	assert_true(n < sizeof pem);
	set(s, "mode", mode);
	s->settings.trust.store = x509_store_new();
	assert_int_equal(x509_store_add_pem(s->settings.trust.store, str_from(pem, n), NULL), 1);
	if (says != NULL)
		session_set_hooks(s,
		    &(struct session_hooks){ .context = (void *)(uintptr_t)says, .trust_key = answer });
	return s;
}

/* 'A' accepted, 'R' refused; the error's hint must be there then. */
static char
judged(struct session *s, int chain, const char *host, struct error *error)
{
	struct tls_info info = { .chain = &leaves[chain], .n_chain = 1 };
	struct connection c = {
		.terms = session_terms(s),
		.host = (char *)(uintptr_t)host,
		.key = str_dup(STR("https://h\n")),
		.copied = &info,
	};
	int result;

	error_clear(error);
	result = trust_judge(&c, &leaves[chain], 1, STR(""), error);
	assert_true(c.judged);
	c.failure = *error;
	cause_advise(s, &c, error);
	assert_non_null(c.trust);
	if (result == 0)
		assert_int_equal(error->kind, ERROR_NONE);
	else
		assert_true(error->kind == ERROR_CERTIFICATE && error->command[0] != '\0' && !c.accepted);
	x509_verdict_release(&c.verdict);
	if (c.pin != NULL)
		assert_int_equal(connection_keep_rule(s, &c, error), 0);
	free(c.trust);
	free(c.key);
	return result == 0 ? 'A' : 'R';
}

/* What `trust pin` was told; "NAME PIN" is bound, and then the others do not count there. */
static const char *const pins[][2] = {
	{ NULL },
	{ "%" },
	{ "^" },
	{ "!" },
	{ "!", HOST " %" },
	{ "%", HOST " !" },
	{ "!", "other.test %" },
	{ "!", "%" },
};
enum { PINS = sizeof pins / sizeof pins[0] };

static const struct {
	const char *mode, *says, *rule; /* says: what a person answers */
	const char *allowed[PINS];      /* good, expired, misnamed, unknown issuer; by the pins above */
} table[] = {
	/*                             none    leaf    CA      other   bound   wrongly elsewhere one of two */
	{ "on", NULL, NULL, { "ARRR", "ARRR", "ARRR", "RRRR", "ARRR", "RRRR", "RRRR", "ARRR" } },
	{ "on", NULL, "on", { "ARRR", "ARRR", "ARRR", "RRRR", "ARRR", "RRRR", "RRRR", "ARRR" } },
	{ "on", NULL, "off", { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "on", NULL, "%", { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "on", NULL, "!", { "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR" } },
	{ "off", NULL, NULL, { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "off", NULL, "on", { "ARRR", "ARRR", "ARRR", "RRRR", "ARRR", "RRRR", "RRRR", "ARRR" } },
	{ "off", NULL, "off", { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "off", NULL, "%", { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "off", NULL, "!", { "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR" } },
	{ "ask", NULL, NULL, { "ARRR", "ARRR", "ARRR", "RRRR", "ARRR", "RRRR", "RRRR", "ARRR" } },
	{ "ask", "n", NULL, { "ARRR", "ARRR", "ARRR", "RRRR", "ARRR", "RRRR", "RRRR", "ARRR" } },
	{ "ask", "y", NULL, { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "ask", "y", "on", { "ARRR", "ARRR", "ARRR", "RRRR", "ARRR", "RRRR", "RRRR", "ARRR" } },
	{ "ask", "y", "off", { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "ask", "y", "%", { "AAAA", "AAAA", "ARRR", "RRRR", "AAAA", "RRRR", "RRRR", "AAAA" } },
	{ "ask", "y", "!", { "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR", "RRRR" } },
};

static char
decided(size_t row, size_t pin, int chain)
{
	struct session *s = session_with(table[row].mode, table[row].says);
	struct error error = { .kind = ERROR_NONE };
	char got;

	if (table[row].rule != NULL) {
		char *rule = str_printf(HOST " %s", table[row].rule);

		set(s, "host", rule);
		free(rule);
	}
	for (size_t i = 0; i < 2 && pins[pin][i] != NULL; i++)
		set(s, "pin", pins[pin][i]);
	got = judged(s, chain, HOST, &error);
	session_free(s);
	return got;
}

static void
test_table(void **state)
{
	(void)state;
	for (size_t row = 0; row < sizeof table / sizeof table[0]; row++)
		for (size_t pin = 0; pin < PINS; pin++)
			for (int chain = GOOD; chain < CHAINS; chain++)
				if (decided(row, pin, chain) != table[row].allowed[pin][chain])
					fail_msg("trust %s (%s), host %s, pin %s %s, chain %d: not %c", table[row].mode,
					    table[row].says != NULL ? table[row].says : "nobody", table[row].rule,
					    pins[pin][0], pins[pin][1], chain, table[row].allowed[pin][chain]);
}

/* A rule is about its host only, in any spelling of it. */
static void
test_names(void **state)
{
	static const struct {
		const char *rule, *host;
		char expected;
	} cases[] = {
		{ HOST " on", HOST, 'R' },
		{ HOST " on", HOST ".", 'R' },
		{ HOST ". on", HOST, 'R' },
		{ "LEAF.test on", HOST, 'R' },
		{ "test on", HOST, 'A' },
		{ "other.test on", HOST, 'A' },
		{ "127.0.0.1 on", "127.0.0.1", 'R' },
		{ "0x7f.1 on", "127.0.0.1", 'R' },
		{ "[::1] on", "::1", 'R' },
		{ "::1 on", "::1", 'R' },
		{ "b\xc3\xbc"
		  "cher.test on",
		    "xn--bcher-kva.test", 'R' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct session *s = session_with("off", NULL);
		struct error error = { .kind = ERROR_NONE };

		set(s, "host", cases[i].rule);
		if (judged(s, EXPIRED, cases[i].host, &error) != cases[i].expected)
			fail_msg("trust off, trust host %s: %s is not %c", cases[i].rule, cases[i].host,
			    cases[i].expected);
		session_free(s);
	}
}

/* The last rule for a host wins, and what a hint says is a command that helps. */
static void
test_rules_and_hints(void **state)
{
	struct session *s = session_with("off", NULL);
	struct error error = { .kind = ERROR_NONE };

	(void)state;
	set(s, "host", HOST " off");
	set(s, "host", HOST " on");
	assert_int_equal(judged(s, EXPIRED, HOST, &error), 'R');
	assert_non_null(strstr(error.command, "trust host " HOST " sha256/"));
	set(s, "host", HOST " off");
	assert_int_equal(judged(s, EXPIRED, HOST, &error), 'A');
	set(s, "pin", "!");
	assert_int_equal(judged(s, EXPIRED, HOST, &error), 'R');
	assert_int_equal(error.code, X509_PIN_MISMATCH);
	assert_non_null(strstr(error.command, "trust pin " HOST " sha256/"));
	assert_non_null(strstr(error.command, leaf_pin));
	set(s, "pin", HOST " %");
	assert_int_equal(judged(s, EXPIRED, HOST, &error), 'A');
	set(s, "host", HOST " on");
	assert_int_equal(judged(s, EXPIRED, HOST, &error), 'R');
	assert_non_null(strstr(error.command, "trust host " HOST " sha256/"));
	set(s, "host", HOST " %");
	assert_int_equal(judged(s, EXPIRED, HOST, &error), 'A');
	assert_int_equal(judged(s, EXPIRED, "other.test", &error), 'R');
	session_free(s);
}

static void
test_refused_values(void **state)
{
	static const char *const values[] = { "sha256/AAAA", HOST, HOST " on", HOST " sha256/", "a/b !", " !!",
		"! " HOST, HOST " ! !", HOST " " HOST " !" };
	struct session *s = session_with("on", NULL);

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct error error = { .kind = ERROR_NONE };
		struct buf text;

		buf_init(&text, 0);
		for (const char *p = values[i]; *p != '\0'; p++)
			buf_add_str(&text, *p == '!' ? str_of(other_pin) : str_from(p, 1));
		if (setting_set(session_settings(s), setting_find("trust", STR("pin"), NULL), buf_str(&text),
			ORIGIN_COMMAND, &error) == 0)
			fail_msg("trust pin %s is taken", values[i]);
		assert_int_equal(error.kind, ERROR_USAGE);
		buf_release(&text);
	}
	assert_int_equal(s->settings.trust.n_pins, 0);
	session_free(s);
}

static void
assert_loosened(struct session *s, const char *expected)
{
	char *text = session_loosened(s);

	if (text == NULL || strcmp(text, expected) != 0)
		fail_msg("\"%s\" instead of \"%s\"", text != NULL ? text : "", expected);
	free(text);
}

static void
test_loosened(void **state)
{
	struct session *s = session_with("on", NULL);

	(void)state;
	set(s, "pin", "%");
	set(s, "host", "strict.test on");
	assert_int_equal(setting_set(session_settings(s), setting_find("tls", STR("proto"), NULL), STR("tls1.3"),
			     ORIGIN_COMMAND, NULL),
	    0);
	assert_null(session_loosened(s));
	set(s, "mode", "off");
	set(s, "host", "a.test off");
	set(s, "host", "b.test %");
	assert_loosened(s, "trust off, trust host a.test off, trust host b.test by its key");
	set(s, "mode", "ask");
	set(s, "host", "c.test off");
	set(s, "host", "d.test off");
	set(s, "host", "e.test off");
	set(s, "sha1", "on");
	assert_int_equal(setting_set(session_settings(s), setting_find("tls", STR("proto"), NULL),
			     STR("tls1.0..tls1.2"), ORIGIN_COMMAND, NULL),
	    0);
	assert_loosened(s,
	    "trust host a.test off, trust host b.test by its key, trust host c.test off and 2 hosts more, trust sha1, "
	    "tls tls1.0..tls1.2");
	session_free(s);
}

static int
make_all(void **state)
{
	int64_t now = (int64_t)time(NULL), from = now - 10 * MAKE_DAY;
	struct made authority = {
		.subject = "CN=CA",
		.issuer = "CN=CA",
		.key = CA_KEY,
		.ca = 1,
		.usage = X509_USAGE_CERT_SIGN,
		.from = from,
		.until = now + 10 * MAKE_DAY,
	};
	struct made leaf = {
		.names = "DNS:" HOST,
		.key = LEAF_KEY,
		.eku = "server",
		.from = from,
		.until = now + 5 * MAKE_DAY,
	};
	struct x509_cert *stranger;

	(void)state;
	ca = make_decoded(&authority);
	leaves[GOOD] = make_decoded(&leaf);
	leaf.until = now - MAKE_DAY;
	leaves[EXPIRED] = make_decoded(&leaf);
	leaf.until = now + 5 * MAKE_DAY;
	leaf.names = "DNS:another.test";
	leaves[MISNAMED] = make_decoded(&leaf);
	leaf.names = "DNS:" HOST;
	leaf.issuer = "CN=Nobody";
	leaf.signer = STRANGER;
	leaves[UNKNOWN_ISSUER] = make_decoded(&leaf);
	leaf.key = STRANGER;
	stranger = make_decoded(&leaf);
	ca_pin = x509_pin_text(ca);
	leaf_pin = x509_pin_text(leaves[GOOD]);
	other_pin = x509_pin_text(stranger);
	x509_cert_free(stranger);
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	x509_cert_free(ca);
	for (int i = 0; i < CHAINS; i++)
		x509_cert_free(leaves[i]);
	free(ca_pin);
	free(leaf_pin);
	free(other_pin);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_names),
		cmocka_unit_test(test_rules_and_hints), cmocka_unit_test(test_refused_values),
		cmocka_unit_test(test_loosened) };

	return cmocka_run_group_tests(tests, make_all, free_all);
}
