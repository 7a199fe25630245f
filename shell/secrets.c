#include "shell/secrets.h"

#include <stdlib.h>
#include <string.h>

bool
secret_name(struct str name)
{
	static const char *const parts[] = { "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key",
		"api-key", "authorization", "credential", NULL };
	char lower[128];
	size_t n = name.n < sizeof(lower) - 1 ? name.n : sizeof(lower) - 1;

	for (size_t i = 0; i < n; i++)
		lower[i] = ascii_lower(name.p[i]);
	lower[n] = '\0';
	for (size_t i = 0; parts[i] != NULL; i++)
		if (strstr(lower, parts[i]) != NULL)
			return true;
	return strcmp(lower, "pass") == 0 || strcmp(lower, "pw") == 0 || strcmp(lower, "pin") == 0;
}

/* Length of "name=" (or :, ==, :=) at the start of a word when its value is secret; 0 otherwise. */
static size_t
secret_prefix(struct str word)
{
	size_t n = 0;

	while (n < word.n && word.p[n] != '=' && word.p[n] != ':')
		n++;
	if (n == 0 || n == word.n || !secret_name(str_slice(word, 0, n)))
		return 0;
	while (n < word.n && (word.p[n] == '=' || word.p[n] == ':'))
		n++;
	return n;
}

/* "auth basic USER:PASSWORD", "auth bearer TOKEN" */
static bool
is_auth(struct str line)
{
	line = str_trim(line);
	return str_starts(line, STR("auth b"));
}

char *
secret_free_line(struct str line)
{
	struct buf out;
	size_t i = 0;

	if (line.n == 0 || line.p[0] == ' ' || line.p[0] == '\t' || is_auth(line))
		return NULL;
	buf_init(&out, WORDS_MAX_TEXT);
	while (i < line.n) {
		size_t end = i, prefix;
		char quote = '\0';

		while (end < line.n && (quote != '\0' || !ascii_is_space(line.p[end]))) {
			if (quote != '\0' ? line.p[end] == quote : (line.p[end] == '\'' || line.p[end] == '"'))
				quote = quote != '\0' ? '\0' : line.p[end];
			else if (line.p[end] == '\\' && quote != '\'' && end + 1 < line.n)
				end++;
			end++;
		}
		prefix = secret_prefix(str_slice(line, i, end));
		/* a variable is no secret by itself */
		if (prefix > 0 && i + prefix < end && line.p[i + prefix] == '$')
			prefix = 0;
		buf_add_str(&out, str_slice(line, i, prefix > 0 ? i + prefix : end));
		for (i = end; i < line.n && ascii_is_space(line.p[i]); i++)
			buf_add_char(&out, line.p[i]);
	}
	return buf_take(&out);
}

static void
record_word(struct shell *sh, const char *word, bool secret, struct buf *out)
{
	size_t prefix = secret ? 0 : secret_prefix(str_of(word));

	if (!secret && prefix == 0) {
		word_quote(str_of(word), out);
		return;
	}
	if (prefix > 0)
		word_quote(str_slice(str_of(word), 0, prefix), out);
	buf_addf(out, "${secret%u}", ++sh->recorded_secrets);
}

void
record_words(struct shell *sh, const char *const *words, size_t n)
{
	struct buf out;
	bool auth = n >= 3 && strcmp(words[0], "auth") == 0;
	bool sensitive = n >= 4 && strcmp(words[0], "header") == 0 && secret_name(str_of(words[2]));
	unsigned before = sh->recorded_secrets;

	buf_init(&out, WORDS_MAX_TEXT);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(&out, ' ');
		record_word(sh, words[i], (auth && i >= 2) || (sensitive && i >= 3), &out);
	}
	if (sh->recorded_secrets > before)
		fprintf(sh->record, "# needs: let secret%u = ...\n", sh->recorded_secrets);
	fprintf(sh->record, "%s\n", out.data != NULL ? (const char *)out.data : "");
	fflush(sh->record);
	buf_wipe_release(&out);
}
