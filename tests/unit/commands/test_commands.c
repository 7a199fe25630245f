/* Commands run as the shell runs them, with their output in memory; requests go to the lab. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/session/session.h"
#include "commands/table.h"

struct ran {
	int status;
	struct error error;
	char *out, *err;
};

static const struct command *
find(const char *const *words, size_t n, size_t *used, struct error *error)
{
	const struct command *c = command_find(session_commands, str_of(words[0]), "command", error), *sub;

	*used = 1;
	if (c == NULL || c->subcommands == NULL || n < 2)
		return c;
	sub = command_find(c->subcommands, str_of(words[1]), "command", NULL);
	if (sub == NULL)
		return c;
	*used = 2;
	return sub;
}

static struct ran
run(struct session *s, const char *const *words)
{
	struct ran r = { .status = -1, .error = { .kind = ERROR_NONE } };
	struct call call = { .session = s, .content_wanted = true, .error = &r.error };
	size_t out_size, err_size, n = 0, used;
	const struct command *c;

	while (words[n] != NULL)
		n++;
	call.out = open_memstream(&r.out, &out_size);
	call.err = open_memstream(&r.err, &err_size);
	c = find(words, n, &used, &r.error);
	if (c != NULL && call_parse(&call, c, words + used, n - used) == 0)
		r.status = c->run(&call);
	call_release(&call);
	fclose(call.out);
	fclose(call.err);
	return r;
}

#define RUN(s, ...) run(s, (const char *const[]){ __VA_ARGS__, NULL })

static void
release(struct ran r)
{
	free(r.out);
	free(r.err);
}

/* Succeeds with exactly this content; NULL: with any. */
static void
check(struct ran r, const char *out)
{
	if (r.status != 0)
		fail_msg("%s", r.error.text);
	if (out != NULL)
		assert_string_equal(r.out, out);
	release(r);
}

static void
check_has(struct ran r, const char *part)
{
	if (r.status != 0 || strstr(r.out, part) == NULL)
		fail_msg("no \"%s\" in \"%s\" (%s)", part, r.out, r.error.text);
	release(r);
}

static void
check_fails(struct ran r, enum error_kind kind, const char *part)
{
	if (r.status != -1 || r.error.kind != kind || strstr(r.error.text, part) == NULL)
		fail_msg("no \"%s\" of kind %d in \"%s\" of kind %d, %s", part, (int)kind, r.error.text,
		    (int)r.error.kind, r.out);
	assert_string_equal(r.out, "");
	release(r);
}

/* ---- without a network ---- */
static void
test_headers(void **state)
{
	struct session *s = session_new();

	(void)state;
	check(RUN(s, "header", "set", "X-One", "a", "b"), "");
	check(RUN(s, "header", "set", "x-one:", "c"), "");
	check(RUN(s, "header", "set", "Two", "it's"), "");
	check(RUN(s, "header", "list"), "x-one: c\nTwo: it's\n");
	check_fails(RUN(s, "header", "set", "Bad Name", "x"), ERROR_USAGE, "");
	check_fails(RUN(s, "header", "set", "Name", "a\r\nB: c"), ERROR_USAGE, "");
	check(RUN(s, "header", "unset", "X-ONE"), "");
	check_fails(RUN(s, "header", "unset", "X-One"), ERROR_OTHER, "there is no sticky header X-One");
	check(RUN(s, "header", "list"), "Two: it's\n");
	session_free(s);
}

static void
test_settings(void **state)
{
	struct session *s = session_new();
	char *dangers;

	(void)state;
	assert_null(session_prompt_dangers(s));
	check(RUN(s, "set", "follow"), "on\n");
	check(RUN(s, "set", "follow", "no"), "");
	check(RUN(s, "set", "follow"), "off\n");
	check(RUN(s, "set", "timeout", "1500ms"), "");
	check_has(RUN(s, "set", "--changed"), "timeout");
	check(RUN(s, "set", "follow", "default"), "");
	check(RUN(s, "set", "follow"), "on\n");
	check_fails(RUN(s, "set", "follow", "maybe"), ERROR_USAGE, "maybe");
	check_fails(RUN(s, "set", "folow", "on"), ERROR_USAGE, "folow");
	check_fails(RUN(s, "set", "max-redirects", "-1"), ERROR_USAGE, "");
	check_fails(RUN(s, "tls", "proto", "tls9"), ERROR_USAGE, "tls9");
	check_fails(RUN(s, "tls", "ciphers", "NOPE"), ERROR_USAGE, "NOPE");
	check_fails(RUN(s, "trust", "pin", "sha256/short"), ERROR_USAGE, "");
	check(RUN(s, "set", "resolve", "a.test:1:127.0.0.1"), "");
	check(RUN(s, "set", "resolve", "b.test:1:127.0.0.1"), "");
	check(RUN(s, "set", "resolve", "a.test:1:127.0.0.1"), "");
	check(RUN(s, "set", "resolve"), "b.test:1:127.0.0.1\na.test:1:127.0.0.1\n");
	check(RUN(s, "tls", "proto", "ssl3..tls1.0"), "");
	check(RUN(s, "trust", "off"), "");
	dangers = session_prompt_dangers(s);
	assert_non_null(strstr(dangers, "trust off"));
	assert_non_null(strstr(dangers, "ssl3"));
	free(dangers);
	session_free(s);
}

static void
test_needs(void **state)
{
	struct session *s = session_new();

	(void)state;
	check_fails(RUN(s, "extract", "a"), ERROR_OTHER, "no page");
	check_fails(RUN(s, "get"), ERROR_USAGE, "");
	check_fails(RUN(s, "get", "/relative"), ERROR_USAGE, "");
	check_fails(RUN(s, "get", "--no-such-option", "https://h.test/"), ERROR_USAGE,
	    "there is no option --no-such-option");
	check_fails(RUN(s, "nonsense"), ERROR_USAGE, "nonsense");
	session_free(s);
}

static void
test_cookies(void **state)
{
	struct session *s = session_new();

	(void)state;
	check(RUN(s, "open", "https://host.test/a/"), NULL);
	check(RUN(s, "cookies", "set", "sid=abc"), NULL);
	check_has(RUN(s, "cookies", "list"), "sid");
	check_has(RUN(s, "cookies", "export"), "\tsid\tabc\n");
	check(RUN(s, "cookies", "delete", "sid"), NULL);
	check_fails(RUN(s, "cookies", "delete", "sid"), ERROR_OTHER, "sid");
	session_free(s);
}

/* ---- the lab ---- */
static void
test_requests(void **state)
{
	struct session *s = session_new();
	char folder[] = "/tmp/httpsh-unit-XXXXXX", *name, *token;
	struct ran r;

	(void)state;
	assert_non_null(mkdtemp(folder));
	check(RUN(s, "lab", "start"), NULL);
	r = RUN(s, "get", "https://ok.lab.test/login");
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.out, "<form")); /* content was wanted: the body, byte for byte */
	assert_string_equal(r.err, "");
	release(r);
	r = RUN(s, "extract", "input[type=hidden]", "@value");
	assert_int_equal(r.status, 0);
	token = str_printf("csrf=%.*s", (int)strcspn(r.out, "\n"), r.out);
	release(r);
	check(RUN(s, "post", "/login", "user=demo", "password=secret", token), NULL);
	check_has(RUN(s, "show", "status"), "200");
	check_has(RUN(s, "show", "tls"), "TLS");
	check_has(RUN(s, "cookies", "list"), "ok.lab.test");
	check_has(RUN(s, "links"), "https://ok.lab.test/");
	check(RUN(s, "title"), NULL);
	check_fails(RUN(s, "extract", "no-such-element"), ERROR_OTHER, "nothing matches");
	check_fails(RUN(s, "extract", "a["), ERROR_USAGE, "");
	name = str_printf("%s/page.html", folder);
	check(RUN(s, "save", name), NULL);
	assert_int_equal(access(name, R_OK), 0);
	check_fails(RUN(s, "save", name), ERROR_OTHER, name);
	check(RUN(s, "save", "--force", name), NULL);
	unlink(name);
	rmdir(folder);
	free(name);
	free(token);
	check_fails(RUN(s, "get", "https://rollback.lab.test/"), ERROR_TLS, "handshake_failure");
	check(RUN(s, "tls", "proto", "tls1.0..tls1.2"), "");
	check_fails(RUN(s, "get", "https://rollback.lab.test/"), ERROR_TLS, "bad_record_mac");
	check(RUN(s, "tls", "proto", "tls1.0"), "");
	check(RUN(s, "get", "https://rollback.lab.test/"), NULL);
	check_has(RUN(s, "show", "tls"), "TLSv1");
	session_free(s);
}

/* ---- two shells on one session ---- */
static char state_folder[64];

static int
run_line(void *context, const char *line, struct error *error)
{
	char *words[8] = { NULL }, *copy = str_dup(str_of(line)), *rest = copy;
	size_t n = 0;
	struct ran r;

	while (n < 7 && (words[n] = strtok_r(rest, " '", &rest)) != NULL)
		n++;
	r = run(context, (const char *const *)words);
	*error = r.error;
	release(r);
	free(copy);
	return r.status;
}

static struct session *
open_shared(void)
{
	struct session *s = session_new();
	struct error error = { .kind = ERROR_NONE };
	bool usable;

	if (session_open(s, "shared", run_line, s, &usable, &error) != 0)
		fail_msg("%s", error.text);
	assert_true(usable);
	return s;
}

static void
save(struct session *s)
{
	struct error error = { .kind = ERROR_NONE };

	if (session_save(s, &error) != 0)
		fail_msg("%s", error.text);
}

static void
remove_shared(struct session *s)
{
	static const char *const files[] = { "session.hsh", "cookies.txt", "lock", "." };
	char *path;

	for (size_t i = 0; i < 4; i++) {
		path = session_path(s, files[i]);
		if (strcmp(files[i], ".") == 0)
			path[strlen(path) - 2] = '\0';
		remove(path);
		free(path);
	}
	path = str_printf("%s/httpsh", state_folder);
	rmdir(path);
	free(path);
	rmdir(state_folder);
}

/* What one shell takes back is gone for the next one; the file is its user's alone. */
static void
check_taken_back(struct session *c)
{
	struct session *a;
	struct stat st;
	char *path;

	check(RUN(c, "set", "resolve", "off"), "");
	check(RUN(c, "set", "preview", "default"), "");
	check(RUN(c, "trust", "on"), "");
	save(c);
	a = open_shared();
	check(RUN(a, "set", "resolve"), "off\n");
	check(RUN(a, "set", "preview"), "6\n");
	check(RUN(a, "trust", "mode"), "on\n");
	path = session_path(a, "session.hsh");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
	session_free(a);
}

static void
test_two_shells(void **state)
{
	struct session *a, *b, *c;

	(void)state;
	snprintf(state_folder, sizeof state_folder, "/tmp/httpsh-state-XXXXXX");
	assert_non_null(mkdtemp(state_folder));
	setenv("XDG_STATE_HOME", state_folder, 1);
	a = open_shared();
	check(RUN(a, "set", "preview", "3"), "");
	check(RUN(a, "open", "https://host.test/"), NULL);
	check(RUN(a, "cookies", "set", "one=1"), NULL);
	check(RUN(a, "cookies", "set", "two=1"), NULL);
	check(RUN(a, "set", "resolve", "a.test:1:127.0.0.1"), "");
	save(a);
	b = open_shared();
	/* b changes, a saves twice more: b's work stays */
	check(RUN(b, "set", "preview", "4"), "");
	check(RUN(b, "trust", "off"), "");
	check(RUN(b, "header", "set", "X-B", "b"), "");
	check(RUN(b, "cookies", "set", "one=2"), NULL);
	check(RUN(b, "cookies", "delete", "two"), NULL);
	check(RUN(b, "set", "resolve", "b.test:1:127.0.0.1"), "");
	save(b);
	save(a);
	check(RUN(a, "set", "fail", "on"), "");
	check(RUN(a, "set", "resolve", "c.test:1:127.0.0.1"), "");
	check(RUN(a, "cookies", "set", "three=1"), NULL);
	save(a);
	save(b);
	c = open_shared();
	check(RUN(c, "set", "preview"), "4\n");
	check(RUN(c, "set", "fail"), "on\n");
	check(RUN(c, "trust", "mode"), "off\n");
	check(RUN(c, "header", "list"), "X-B: b\n");
	check_has(RUN(c, "cookies", "export"), "\tone\t2\n");
	check_has(RUN(c, "cookies", "export"), "\tthree\t1\n");
	check_has(RUN(c, "set", "resolve"), "a.test:1:127.0.0.1");
	check_has(RUN(c, "set", "resolve"), "b.test:1:127.0.0.1");
	check_has(RUN(c, "set", "resolve"), "c.test:1:127.0.0.1");
	check_fails(RUN(c, "cookies", "delete", "two"), ERROR_OTHER, "two");
	check_taken_back(c);
	remove_shared(a);
	session_free(a);
	session_free(b);
	session_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_two_shells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
