/* Words, lines and where they stand: what POSIX says of quoting, and what differs on purpose (shell/words.h). */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "shell/complete.h"
#include "shell/secrets.h"
#include "shell/table.h"
#include "shell/words.h"
#include "tests/support/unit.h"

/* $v is "val  ue", $empty is nothing, others are not defined */
static int
value_of(void *context, struct str name, struct buf *out, struct error *error)
{
	(void)context;
	if (str_is(name, "v"))
		return buf_add_str(out, STR("val  ue"));
	if (str_is(name, "1"))
		return buf_add_str(out, STR("one"));
	if (str_is(name, "a.b-c"))
		return buf_add_str(out, STR("dotted"));
	if (str_is(name, "empty"))
		return 0;
	return fail(error, ERROR_USAGE, 0, "no %.*s", STR_ARG(name));
}

/* All commands of the text, words as <word>, with their targets: "<echo><a>>f;..." */
static char *
shape(const char *text)
{
	struct str all = str_of(text);
	struct error error = { .kind = ERROR_NONE };
	struct buf out;
	size_t at = 0, where = 0;
	bool incomplete = false;

	buf_init(&out, 0);
	while (at < all.n) {
		struct line line;

		if (line_parse(&line, all, &at, &where, &incomplete, &error) != 0) {
			buf_clear(&out);
			buf_addf(&out, "%s at %zu: %s", incomplete ? "incomplete" : "error", where, error.text);
			return buf_take(&out);
		}
		for (size_t i = 0; i < line.n_commands; i++) {
			const struct line_command *c = &line.commands[i];
			char *word;

			for (size_t k = 0; k < c->n_words; k++) {
				word = word_expand(&c->words[k], value_of, NULL, &where, &error);
				buf_addf(&out, word != NULL ? "<%s>" : "<?%s>", word != NULL ? word : error.text);
				free(word);
			}
			if (c->redirect != REDIRECT_NONE) {
				word = word_expand(&c->target, value_of, NULL, &where, &error);
				buf_addf(&out, "%s%s", c->redirect == REDIRECT_WRITE ? ">" : ">>", word);
				free(word);
			}
			if (c->pipe != NULL)
				buf_addf(&out, "|%s", c->pipe);
			if (c->escape != NULL)
				buf_addf(&out, "!%s", c->escape);
			if (c->has_heredoc) {
				word = word_expand(&c->heredoc, value_of, NULL, &where, &error);
				buf_addf(&out, "{%s}", word);
				free(word);
			}
			buf_add_char(&out, ';');
		}
		line_release(&line);
	}
	return buf_take(&out);
}

static void
is_shape(const char *text, const char *want)
{
	char *got = shape(text);

	if (strcmp(got, want) != 0)
		fail_msg("%s\n  gives %s\n  not   %s", text, got, want);
	free(got);
}

static void
quoting(void **state)
{
	(void)state;
	is_shape("a b  c", "<a><b><c>;");
	is_shape("'a b' \"c d\" e\\ f", "<a b><c d><e f>;");
	is_shape("a'b'\"c\"d", "<abcd>;");
	is_shape("'' \"\"", "<><>;");
	is_shape("'a\\b' \"a\\b\" a\\b", "<a\\b><a\\b><ab>;");
	is_shape("\"\\$ \\` \\\" \\\\ \\n\"", "<$ ` \" \\ \\n>;");
	is_shape("'it'\\''s'", "<it's>;");
	is_shape("\"a\\\nb\" c\\\nd", "<ab><cd>;");
	is_shape("a \\\n b", "<a><b>;");
	is_shape("a \\\r\n b\r\n", "<a><b>;");
	is_shape("'a\nb'", "<a\nb>;");
	is_shape("gr\xC3\xBCn \xE6\x97\xA5", "<gr\xC3\xBCn><\xE6\x97\xA5>;");
}

static void
variables(void **state)
{
	(void)state;
	is_shape("$v ${v} \"$v\" '$v' \\$v", "<val  ue><val  ue><val  ue><$v><$v>;");
	is_shape("a${v}b $v-", "<aval  ueb><val  ue->;");
	is_shape("$1 ${1} $12", "<one><one><one2>;");
	is_shape("${a.b-c} $empty", "<dotted><>;");
	is_shape("$ a$ $/ \"$\" $$", "<$><a$><$/><$><$$>;");
	is_shape("$nope", "<?no nope>;");
	is_shape("${", "error at 0: a variable is written ${name}");
	is_shape("x ${a b}", "error at 2: a variable is written ${name}");
	is_shape("x $(date)", "error at 2: $(...) is not known here");
}

static void
comments_and_lines(void **state)
{
	(void)state;
	is_shape("# all\n\n  # more\na#b #c\n", "<a#b>;");
	is_shape("get https://h/p#frag", "<get><https://h/p#frag>;");
	is_shape("a; b ;; c;", "<a>;<b>;<c>;");
	is_shape("a\nb", "<a>;<b>;");
	is_shape("a ';' b", "<a><;><b>;");
	is_shape("a & b (c) *? ~", "<a><&><b><(c)><*?><~>;");
	is_shape("get https://h/?a=1&b=2", "<get><https://h/?a=1&b=2>;");
}

static void
operators(void **state)
{
	(void)state;
	is_shape("a > f", "<a>>f;");
	is_shape("a>f", "<a>>f;");
	is_shape("a >> 'f g' b", "<a><b>>>f g;");
	is_shape("a > $v", "<a>>val  ue;");
	is_shape("a | tr '|;' x; b", "<a>|tr '|;' x;<b>;");
	is_shape("a|b|c", "<a>|b|c;");
	is_shape("!ls; echo 'x\ny' # z", "!ls; echo 'x\ny' # z;");
	is_shape("a; !b", "<a>;!b;");
	is_shape("expect time < 2s", "<expect><time><<><2s>;");
	is_shape("expect a >= 2; b > f", "<expect><a><>=><2>;<b>>f;");
	is_shape("extract a>b", "<extract><a>>b;");
	is_shape("a >", "error at 2: a file name must follow");
	is_shape("a > f > g", "error at 6: the output has a file already");
	is_shape("a |", "error at 2: a command for the system's shell must follow");
	is_shape("> f", "error at 0: a command must stand here");
	is_shape("a\n!", "error at 2: a command for the system's shell must follow");
}

static void
here_documents(void **state)
{
	(void)state;
	is_shape("a <<E\none $v \\$v \"q\"\nE\nb", "<a>{one val  ue $v \"q\"\n};<b>;");
	is_shape("a <<'E'\none $v \\$\nE\n", "<a>{one $v \\$\n};");
	is_shape("a <<E > f\nx\nE", "<a>>f{x\n};");
	is_shape("a <<E; b <<F\n1\nE\n2\nF\n", "<a>{1\n};<b>{2\n};");
	is_shape("a <<E\nE\n", "<a>{};");
	is_shape("a <<E\r\nx\r\nE\r\n", "<a>{x\r\n};");
	is_shape("a <<E\nx\n", "incomplete at 0: the text behind << has no end");
	is_shape("a <<", "error at 2: the word that ends the text must follow: <<EOF");
}

static void
unfinished(void **state)
{
	(void)state;
	is_shape("a 'b", "incomplete at 2: this quote is never closed");
	is_shape("a \"b $v", "incomplete at 2: this quote is never closed");
	is_shape("a \\", "incomplete at 2: the line ends with a backslash and nothing follows");
	is_shape("a \\\n", "<a>;");
	is_shape("a | 'b", "incomplete at 2: a quote behind this is never closed");
}

static void
nul_bytes(void **state)
{
	struct line line;
	struct error error;
	size_t at = 0, where;
	bool incomplete;

	(void)state;
	assert_int_equal(line_parse(&line, STR("a\0b"), &at, &where, &incomplete, &error), -1);
	assert_int_equal(where, 1);
	assert_false(incomplete);
}

static void
quoted_words_come_back(void **state)
{
	static const char *const words[] = { "", "plain", "two words", "it's", "\"", "$v", "`x`", "a\\b", "a\nb", "#x",
		"a#b", "!x", ";|>", "gr\xC3\xBCn", "https://h/?a=1&b[]=2#f", "~", "*", "'", "''", "\t" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct buf out;
		char *want = str_printf("<echo><%s>;", words[i]);

		buf_init(&out, 0);
		buf_add_str(&out, STR("echo "));
		word_quote(str_of(words[i]), &out);
		is_shape((const char *)out.data, want);
		free(want);
		buf_release(&out);
	}
}

static void
places(void **state)
{
	struct str text = STR("one\n\techo \xE6\x97\xA5 x\nlast");
	struct buf out;

	(void)state;
	assert_int_equal(line_number(text, 0), 1);
	assert_int_equal(line_number(text, 4), 2);
	assert_int_equal(line_number(text, text.n), 3);
	buf_init(&out, 0);
	line_caret(STR("a \xE6\x97\xA5 x\nb"), 6, &out);
	assert_string_equal((const char *)out.data, "a \xE6\x97\xA5 x\n     ^\n");
	buf_clear(&out);
	line_caret(STR("ab"), 2, &out);
	assert_string_equal((const char *)out.data, "ab\n  ^\n");
	buf_release(&out);
}

/* ---- secrets ---- */

static void
masks(const char *line, const char *want)
{
	char *text = str_printf("first password=x\n%s\nlast password=x", line);
	char *got = secret_masked(command_table(), str_of(text), strlen("first password=x\n") + strlen(line));
	char *whole = str_printf("first password=x\n%s\nlast password=x", want);

	if (strncmp(got, whole, strlen(whole)) != 0)
		fail_msg("%s is shown as %s", line, got);
	free(text);
	free(got);
	free(whole);
}

/* Errors show the line: what a script holds does not get into a log. */
static void
secrets_are_masked(void **state)
{
	(void)state;
	masks("get https://u:pw@h/ $nope", "get https://u:**@h/ $nope");
	masks("post /x password=abc user=me $nope", "post /x password=*** user=me $nope");
	masks("post /x password=$abc $nope", "post /x password=$abc $nope");
	masks("auth basic me:abc; x", "auth basic me:***; x");
	masks("auth basic 'me:a b'; x", "auth basic ********; x");
	masks("header set X-Api-Key abc", "header set X-Api-Key ***");
	masks("header set X-Team abc", "header set X-Team abc");
	masks("let password = abc", "let password = ***");
	masks("get /x 'password=abc", "get /x 'password=***");
	masks("", "");
}

static void
keeps(const char *line, const char *want)
{
	char *got = secret_free_line(command_table(), str_of(line));

	if (want == NULL ? got != NULL : got == NULL || strcmp(got, want) != 0)
		fail_msg("%s\n  is kept as %s\n  not        %s", line, got != NULL ? got : "(nothing)",
		    want != NULL ? want : "(nothing)");
	free(got);
}

/* A line whose text for sh holds a secret is not kept. */
static void
secrets_for_sh(void **state)
{
	static const char *const hidden[] = { "curl -H 'Authorization: Basic eDp5' https://h/",
		"curl -H \"Authorization: Bearer abc\" h", "curl -H Authorization:x h", "curl -HAuthorization:x h",
		"curl -H 'X-Api-Key: k' h", "curl -H 'x-access-key:k' h", "curl -u me:pw h", "curl -ume:pw h",
		"curl -u 'me:p w' h", "curl --user me:pw h", "curl --user=me:pw h", "curl -U me:pw h",
		"curl --proxy-user me:pw h", "curl --oauth2-bearer tok h", "curl https://me:pw@h/",
		"curl -d user_pass=x h", "curl -d 'a=1&j_pass=x' h", "curl --data-raw '{\"password\": \"x\"}' h",
		"curl -b sid=x h", "wget --password x h", "wget --http-password=x h", "PGPASSWORD=x psql",
		"export API_KEY=x", "openssl rsa -passin pass:x", "echo Bearer abc123", "printf 'token: x'",
		"curl -d token=$T -d password=x h", "curl -sSu me:pw h", "http h 'Cookie: a=b'" };
	static const char *const kept[] = { "curl https://h/?page=2", "date -u +%H:%M", "sort -u -t: file",
		"grep passenger=x", "grep author: x", "curl -H 'Accept: x' h",
		"curl -H \"Authorization: Bearer $TOKEN\" h", "curl -d password=$PW h", "curl -u \"$ME:$PW\" h",
		"jq .token", "ps -u root", "grep -i '^cookie'", "cut -d: -f2", "curl -u me: h", "curl --user me h",
		"grep token:", "man bearer of news" };

	(void)state;
	for (size_t i = 0; i < 2 * (sizeof hidden / sizeof hidden[0]); i++) {
		char *line = str_printf(i % 2 == 0 ? "!%s" : "get /x | %s", hidden[i / 2]);

		keeps(line, NULL);
		free(line);
	}
	for (size_t i = 0; i < 2 * (sizeof kept / sizeof kept[0]); i++) {
		char *line = str_printf(i % 2 == 0 ? "!%s" : "get /x | %s", kept[i / 2]);

		keeps(line, line);
		free(line);
	}
}

static void
secrets_stay_out(void **state)
{
	(void)state;
	keeps("get https://h/", "get https://h/");
	keeps(" get https://h/", NULL);
	keeps("post /x user=me password=x  last=1", "post /x user=me password=  last=1");
	keeps("post /x 'password=a b' z", "post /x password= z");
	keeps("post /x password=$p", "post /x password=$p");
	keeps("post /x password=a$p", "post /x password=");
	keeps("post /x user[password]=x", "post /x user[password]=");
	keeps("post /x password@file", "post /x password@file");
	keeps("post /x password=@file", "post /x password=@file");
	keeps("get /x Authorization:Bearer\\ x", "get /x Authorization:");
	keeps("get 'https://h/?token=x&page=2#f'", "get 'https://h/?token=&page=2#f'");
	keeps("get https://u:p@h/", "get https://u:@h/");
	keeps("get https://token:443/", "get https://token:443/");
	keeps("extract 'input[name=token]' @value", "extract 'input[name=token]' @value");
	keeps("extract a.token:hover", "extract a.token:hover");
	keeps("auth basic u:p", "auth basic u");
	keeps("auth basic u p", "auth basic u");
	keeps("auth basic u", "auth basic u");
	keeps("auth bearer t", "auth bearer");
	keeps("a; auth bearer t; b", "a; auth bearer; b");
	keeps("header set Authorization Basic x", "header set Authorization");
	keeps("header set X-Team red", "header set X-Team red");
	keeps("let pw = x", "let pw =");
	keeps("let token = extract i @value", "let token = extract i @value");
	keeps("let token = title", "let token = title");
	keeps("post /x <<E\npassword=x\nE", NULL);
	keeps("post /x <<E\nuser=x\nE", "post /x <<E\nuser=x\nE");
	keeps("!curl -d password=x", NULL);
	keeps("post /x user_pass=x j_pass=y passenger=z", "post /x user_pass= j_pass= passenger=z");
	keeps("get /x X-Access-Key:k 'X-Passphrase: p q' Author:me", "get /x X-Access-Key: 'X-Passphrase: ' Author:me");
	keeps("header set X-Access-Key k", "header set X-Access-Key");
	keeps("header set X-Team k", "header set X-Team k");
	keeps("let db_pass = k", "let db_pass =");
	keeps("post /x note='Bearer abc123def'", "post /x 'note=Bearer '");
	keeps("post /x 'note=Bearer of news'", "post /x 'note=Bearer of news'");
	keeps("echo 'password=x", NULL);
	keeps("echo 'x", "echo 'x");
}

/* ---- what Tab writes ---- */

static void
completion_is_quoted(void **state)
{
	static const struct {
		char quote;
		const char *rest;
		bool finish;
		const char *want;
	} cases[] = {
		{ '\0', "plain", true, "plain " },
		{ '\0', "a b'c", true, "a\\ b\\'c " },
		{ '\0', "a$b", false, "a\\$b" },
		{ '"', "a b\"$", true, "a b\\\"\\$\" " },
		{ '\'', "a'b \"", true, "a'\\''b \"' " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct completions c = { .quote = cases[i].quote };
		struct buf out;

		buf_init(&out, 0);
		completion_source(&c, str_of(cases[i].rest), cases[i].finish, &out);
		assert_string_equal((const char *)out.data, cases[i].want);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(quoting), cmocka_unit_test(variables),
		cmocka_unit_test(comments_and_lines), cmocka_unit_test(operators), cmocka_unit_test(here_documents),
		cmocka_unit_test(unfinished), cmocka_unit_test(nul_bytes), cmocka_unit_test(quoted_words_come_back),
		cmocka_unit_test(places), cmocka_unit_test(secrets_stay_out), cmocka_unit_test(secrets_for_sh),
		cmocka_unit_test(secrets_are_masked), cmocka_unit_test(completion_is_quoted) };

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
