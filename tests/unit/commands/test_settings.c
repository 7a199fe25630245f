/* Settings, profiles, and what the prompt says of them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/session/state.h"
#include "commands/settings/profiles.h"
#include "net/tls/extension.h"
#include "tests/support/unit.h"

static int
set(struct session *s, const char *group, const char *name, const char *value, struct error *error)
{
	const struct setting *row = setting_find(group, str_of(name), error);

	return row != NULL ? setting_set(session_settings(s), row, str_of(value), ORIGIN_COMMAND, error) : -1;
}

static void
assert_refused(struct session *s, const char *name, const char *value, const char *part)
{
	struct error error = { .kind = ERROR_NONE };

	assert_int_equal(set(s, "tls", name, value, &error), -1);
	assert_int_equal(error.kind, ERROR_USAGE);
	if (strstr(error.text, part) == NULL)
		fail_msg("%s %s: \"%s\" does not say \"%s\"", name, value, error.text, part);
}

static void
test_refusals(void **state)
{
	struct session *s = session_new();

	(void)state;
	assert_refused(s, "ems", "maybe", "on|off|required");
	assert_refused(s, "premaster", "random", "offered|negotiated");
	assert_refused(s, "proto", "tls2", "is no version");
	assert_refused(s, "proto", "tls1.2..tls1.0", "is above");
	assert_refused(s, "pad-hello", "99999", "not within 0 and 16384");
	assert_refused(s, "pad-hello", "many", "not a number");
	assert_refused(s, "ciphers", "AES129-SHA", "unknown cipher suite");
	assert_refused(s, "groups", "P-255", "unknown group");
	assert_refused(s, "schemes", "rsa_none", "unknown signature scheme");
	assert_refused(s, "extensions-off", "server_nam", "there is no extension");
	assert_refused(s, "emms", "on", "there is no setting");
	assert_refused(s, "split", "5", "ambiguous");
	session_free(s);
}

/* What an extension's row says of its setting leads to a row here. */
static void
test_extensions(void **state)
{
	const struct extension_row *row;

	(void)state;
	for (size_t i = 0; (row = extension_row_at(i)) != NULL; i++) {
		struct error error = { .kind = ERROR_NONE };
		const struct setting *setting =
		    row->setting == NULL ? NULL : setting_find("tls", str_of(row->setting), &error);

		if (row->setting != NULL && (setting == NULL || strcmp(setting->name, row->setting) != 0))
			fail_msg("%s: there is no setting \"tls %s\"", tls_extension_name(row->id), row->setting);
	}
}

/* Every row: its default is accepted as a value and leaves nothing changed. */
static void
test_defaults(void **state)
{
	struct session *s = session_new();
	const struct setting *row;
	char *before = settings_wire_key(&s->settings), *after;

	(void)state;
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++) {
		struct error error = { .kind = ERROR_NONE };

		assert_true(row->summary[strlen(row->summary) - 1] == '.');
		if (setting_set(session_settings(s), row, str_of(row->initial), ORIGIN_COMMAND, &error) != 0)
			fail_msg("%s %s %s: %s", row->group, row->name, row->initial, error.text);
	}
	after = settings_wire_key(&s->settings);
	assert_string_equal(before, "");
	assert_string_equal(after, "");
	free(before);
	free(after);
	session_free(s);
}

static void
assert_dangers(struct session *s, const char *expected)
{
	char *dangers = session_prompt_dangers(s);

	assert_string_equal(dangers != NULL ? dangers : "", expected);
	free(dangers);
}

static void
test_dangers(void **state)
{
	struct session *s = session_new();

	(void)state;
	assert_dangers(s, "");
	assert_int_equal(set(s, "tls", "record-split", "off", NULL), 0);
	assert_int_equal(set(s, "tls", "min-dh", "512", NULL), 0);
	assert_int_equal(set(s, "tls", "ciphers", "AES128-SHA", NULL), 0);
	assert_int_equal(set(s, "trust", "mode", "off", NULL), 0);
	assert_dangers(s, "trust off, legacy ciphers, record-split off, weak DH");
	session_free(s);
	s = session_new();
	assert_int_equal(profile_apply(session_settings(s), "java6", NULL), 0);
	assert_dangers(s, "tls ssl3..tls1.0, legacy ciphers, as java6");
	assert_int_equal(set(s, "tls", "sni", "auto", NULL), 0);
	assert_dangers(s, "tls ssl3..tls1.0, legacy ciphers, as java6, changed");
	session_free(s);
}

/* Each that is built in runs, and its settings survive being saved and run again. */
static void
test_profiles(void **state)
{
	(void)state;
	for (const struct profile *p = built_in_profiles; p->name != NULL; p++) {
		struct session *s = session_new(), *copy = session_new();
		struct error error = { .kind = ERROR_NONE };
		char *key, *again, path[] = "/tmp/httpsh-profile-XXXXXX.hsh";
		struct buf text;
		int fd = mkstemps(path, 4);

		assert_true(p->lines[0][0] == '#');
		if (profile_apply(session_settings(s), p->name, &error) != 0)
			fail_msg("%s", error.text);
		buf_init(&text, PROFILE_MAX_FILE);
		settings_save_rows(session_settings(s), setting_in_profile, &text);
		assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
		close(fd);
		assert_int_equal(profile_apply(session_settings(copy), path, &error), 0);
		key = settings_wire_key(&s->settings);
		again = settings_wire_key(session_settings(copy));
		assert_true(strlen(key) > 0);
		assert_string_equal(key, again);
		unlink(path);
		free(key);
		free(again);
		buf_release(&text);
		session_free(s);
		session_free(copy);
	}
}

static int
apply_text(struct session *s, const char *text, struct error *error)
{
	char path[] = "/tmp/httpsh-profile-XXXXXX.hsh";
	int fd = mkstemps(path, 4), status;

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	status = profile_apply(session_settings(s), path, error);
	unlink(path);
	return status;
}

/* All or nothing, and only tls settings of the hello. */
static void
test_bad_profiles(void **state)
{
	static const struct {
		const char *text, *part;
	} bad[] = {
		{ "tls proto tls1.2\ntls ems maybe\n", "line 2: tls ems" },
		{ "get https://localhost/\n", "is not \"tls NAME VALUE\"" },
		{ "tls keylog /tmp/x\n", "not for a profile" },
		{ "tls cert /tmp/x\n", "not for a profile" },
		{ "tls sni 'open\n", "quotes" },
		{ "tls\n", "is not \"tls NAME VALUE\"" },
		{ "tls sni\n", "is not \"tls NAME VALUE\"" },
	};
	struct session *s = session_new();
	char *before, *after;

	(void)state;
	set(s, "tls", "proto", "tls1.1", NULL);
	set(s, "tls", "sni", "a.example", NULL);
	before = settings_wire_key(&s->settings);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct error error = { .kind = ERROR_NONE };

		assert_int_equal(apply_text(s, bad[i].text, &error), -1);
		if (strstr(error.text, bad[i].part) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", error.text, bad[i].part);
		after = settings_wire_key(&s->settings);
		assert_string_equal(before, after);
		free(after);
	}
	free(before);
	assert_int_equal(apply_text(s, "# x\n\n  tls sni 'it'\\''s'\ntls proto tls1.2\n", NULL), 0);
	after = settings_wire_key(&s->settings);
	assert_string_equal(after, "tls proto tls1.2\ntls sni it's\n");
	free(after);
	session_free(s);
}

/* Sessions are kept under this text: all of trust is in it, nothing that is only shown. */
static void
test_wire_key(void **state)
{
	const struct setting *row;

	(void)state;
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (strcmp(row->group, "trust") == 0)
			assert_false(row->cosmetic);
	assert_true(setting_find("tls", STR("trace"), NULL)->cosmetic);
	assert_false(setting_find("tls", STR("cert"), NULL)->cosmetic);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_dangers),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_bad_profiles),
		cmocka_unit_test(test_wire_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
