/* struct settings is a value: it can be copied, changed and compared, row by row, and a copy shares nothing with its
 * origin. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/settings/values.h"
#include "tests/support/unit.h"

#define KEY "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const char certificate[] = "tests/data/tls/rsa.crt";

/* A value that is not the row's own, for each kind of row. */
static const char *
other_value(const struct setting *row)
{
	static const struct {
		const char *name, *value;
	} special[] = {
		{ "user-agent", "curl/8" },
		{ "resolve", "a.example:443:127.0.0.1" },
		{ "pager", "less -R" },
		{ "proto", "tls1.0..tls1.2" },
		{ "ciphers", "legacy" },
		{ "groups", "P-256" },
		{ "key-shares", "none" },
		{ "schemes", "rsa_pkcs1_sha256" },
		{ "sni", "other.example" },
		{ "alpn", "http/1.1,h2" },
		{ "cert", certificate },
		{ "key", "k.pem" },
		{ "extensions-off", "ems,35" },
		{ "record-version", "tls1.0" },
		{ "keylog", "keys.log" },
		{ "file", certificate },
		{ "pin", "a.example " KEY },
		{ "host", "a.example off" },
		{ "max-segment", "1000" },
		{ "min-dh", "512" },
		{ "min-rsa", "1024" },
		{ "max-cert-list", "64K" },
		{ "max-body", "1M" },
	};

	for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
		if (strcmp(row->name, special[i].name) == 0)
			return special[i].value;
	if (row->type == SETTING_CHOICE)
		return strrchr(row->choices, '|') + 1;
	if (row->type == SETTING_BOOL)
		return strcmp(row->initial, "on") == 0 ? "off" : "on";
	return row->type == SETTING_DURATION ? "7s" : "77";
}

static void
change(struct settings *s, const struct setting *row)
{
	struct error error = { .kind = ERROR_NONE };

	if (setting_set(s, row, str_of(other_value(row)), ORIGIN_COMMAND, &error) != 0)
		fail_msg("%s %s %s: %s", row->group, row->name, other_value(row), error.text);
	if (strcmp(setting_text(s, row), row->initial) == 0)
		fail_msg("%s %s: \"%s\" is its default", row->group, row->name, other_value(row));
}

static void
change_all(struct settings *s)
{
	const struct setting *row;

	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		change(s, row);
}

static char *
commands_of(const struct settings *s)
{
	struct buf out;

	buf_init(&out, 0);
	settings_save(s, &out);
	return buf_take(&out);
}

/* Each row: only the copy is changed; both are released. */
static void
test_copies_are_changed_alone(void **state)
{
	const struct setting *row;
	struct settings original;

	(void)state;
	settings_init(&original);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		struct settings copy;

		settings_copy(&copy, &original);
		assert_true(settings_equal(&copy, &original));
		change(&copy, row);
		if (settings_equal(&copy, &original))
			fail_msg("%s %s: a change is not seen", row->group, row->name);
		assert_string_equal(setting_text(&original, row), row->initial);
		assert_int_equal(setting_reset(&copy, row, NULL), 0);
		if (!settings_equal(&copy, &original))
			fail_msg("%s %s: reset, and not as before", row->group, row->name);
		settings_release(&copy);
	}
	settings_release(&original);
}

/* What the fields of a copy point to lives on when the original is gone. */
static void
test_copies_outlive(void **state)
{
	struct settings original, copy;
	char *before, *after;

	(void)state;
	settings_init(&original);
	change_all(&original);
	original.tls.profile = str_dup(STR("java6"));
	assert_int_equal(setting_set(&original, setting_find("tls", STR("key"), NULL), STR("off"), ORIGIN_COMMAND,
			     NULL),
	    0);
	assert_int_equal(settings_load_credentials(&original, NULL), -1); /* the file has no key */
	before = commands_of(&original);
	settings_copy(&copy, &original);
	assert_ptr_equal(copy.trust.store, original.trust.store);
	settings_release(&original);
	after = commands_of(&copy);
	assert_string_equal(before, after);
	assert_string_equal(copy.set.user_agent, "curl/8");
	assert_string_equal(copy.set.overrides[0].host, "a.example");
	assert_string_equal(copy.set.overrides[0].address, "127.0.0.1");
	assert_string_equal(copy.tls.sni, "other.example");
	assert_string_equal(copy.tls.keylog, "keys.log");
	assert_string_equal(copy.tls.cert, certificate);
	assert_string_equal(copy.tls.profile, "java6");
	assert_string_equal(copy.trust.files[0], certificate);
	assert_string_equal(copy.trust.pins[0].host, "a.example");
	assert_string_equal(copy.trust.hosts[0].host, "a.example");
	assert_int_equal(x509_store_count(copy.trust.store), 1);
	free(before);
	free(after);
	settings_release(&copy);
}

static bool
of_tls(const struct setting *row)
{
	return strcmp(row->group, "tls") == 0;
}

static void
test_keep_and_restore(void **state)
{
	struct settings s, as_changed;
	struct settings_kept *kept;
	const struct setting *row;

	(void)state;
	settings_init(&s);
	change_all(&s);
	settings_copy(&as_changed, &s);
	kept = settings_keep(&s, of_tls);
	settings_reset(&s, of_tls);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		assert_string_equal(setting_text(&s, row), of_tls(row) ? row->initial : setting_text(&as_changed, row));
	settings_restore(&s, kept);
	assert_true(settings_equal(&s, &as_changed));
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		assert_int_equal(setting_origin(&s, row), ORIGIN_COMMAND);
	settings_kept_free(kept);
	settings_release(&s);
	settings_release(&as_changed);
}

/* Where a value comes from is no part of it; what goes over the wire is what the key says. */
static void
test_compare(void **state)
{
	const struct setting *row;
	struct settings a, b;
	char *key_a, *key_b;

	(void)state;
	settings_init(&a);
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		settings_copy(&b, &a);
		assert_int_equal(setting_set(&b, row, str_of(row->initial), ORIGIN_SESSION, NULL), 0);
		assert_true(settings_equal(&a, &b));
		change(&b, row);
		key_a = settings_wire_key(&a);
		key_b = settings_wire_key(&b);
		if ((strcmp(key_a, key_b) == 0) != row->cosmetic)
			fail_msg("%s %s: cosmetic %d", row->group, row->name, row->cosmetic);
		free(key_a);
		free(key_b);
		settings_release(&b);
	}
	settings_release(&a);
}

static bool
any(const struct setting *row)
{
	(void)row;
	return true;
}

static void
assert_dangers(const struct settings *s, enum setting_danger least, const char *expected)
{
	struct buf out;
	char *text;

	buf_init(&out, 0);
	settings_dangers(s, any, least, &out);
	text = buf_take(&out);
	assert_string_equal(text, expected);
	free(text);
}

/* By default nothing is a danger; each row that can be one is named when it is, and no other is. */
static void
test_dangers(void **state)
{
	const struct setting *row;
	struct settings s;

	(void)state;
	settings_init(&s);
	assert_dangers(&s, DANGER_TOLD, "");
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		if (row->danger_name != NULL)
			assert_non_null(row->danger);
		if (row->danger != NULL)
			assert_int_equal(row->danger(&s, row), DANGER_NONE);
	}
	change_all(&s);
	assert_dangers(&s, DANGER_TOLD,
	    "follow-insecure, tls tls1.0..tls1.2, legacy ciphers, record-split off, weak DH, keylog, "
	    "trust staple off, trust sha1, weak RSA");
	assert_int_equal(setting_set(&s, setting_find("trust", STR("mode"), NULL), STR("off"), ORIGIN_COMMAND, NULL),
	    0);
	assert_int_equal(setting_set(&s, setting_find("tls", STR("proto"), NULL), STR("tls1.3"), ORIGIN_COMMAND, NULL),
	    0);
	assert_dangers(&s, DANGER_TOLD,
	    "follow-insecure, tls tls1.3, legacy ciphers, record-split off, weak DH, keylog, trust off, "
	    "trust staple off, trust sha1, weak RSA");
	assert_dangers(&s, DANGER_LOOSE,
	    "follow-insecure, legacy ciphers, record-split off, weak DH, keylog, trust off, "
	    "trust staple off, trust sha1, weak RSA");
	settings_release(&s);
}

/* A profile is the shape of a hello: every row of tls that goes over the wire, but no file of the user's. */
static void
test_rows_of_profiles(void **state)
{
	const struct setting *row;

	(void)state;
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (row->in_profile != (of_tls(row) && !row->cosmetic && row->type != SETTING_FILE))
			fail_msg("%s %s: in_profile is %d", row->group, row->name, row->in_profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies_are_changed_alone),
		cmocka_unit_test(test_copies_outlive),
		cmocka_unit_test(test_keep_and_restore),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_dangers),
		cmocka_unit_test(test_rows_of_profiles),
	};

	unsetenv("SSLKEYLOGFILE");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
