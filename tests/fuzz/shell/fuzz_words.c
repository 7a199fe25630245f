/*
 * A script's text: split into commands and words, words expanded, quoted and read back, each command found in the real
 * table and its words parsed; nothing is run.
 */
#include <stdlib.h>
#include <string.h>

#include "commands/requests/items.h"
#include "shell/secrets.h"
#include "net/json.h"
#include "shell/lookup.h"
#include "shell/shell.h"
#include "shell/table.h"
#include "tests/fuzz/lines.h"
#include "tests/fuzz/mutator.h"

static int
value_of(void *context, struct str name, struct buf *out, struct error *error)
{
	(void)context;
	if (name.n == 0 || name.n > 8)
		return fail(error, ERROR_USAGE, 0, "not defined");
	buf_add_str(out, STR("a 'value' \"$x\" \\ "));
	return buf_add_str(out, name);
}

static void
check_error(const struct error *error)
{
	if (error->kind == ERROR_NONE || error->text[0] == '\0')
		abort();
	for (const char *p = error->text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
	for (const char *p = error->command; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
}

/* Quoted, it is read back as one word with the same bytes. */
static void
check_quoting(const char *text)
{
	struct line line = { NULL, 0 };
	struct buf quoted;
	size_t at = 0, where;
	bool incomplete;
	char *back;

	buf_init(&quoted, 0);
	buf_add_str(&quoted, STR("echo "));
	word_quote(str_of(text), &quoted);
	if (line_parse(&line, buf_str(&quoted), &at, &where, &incomplete, NULL) != 0 || at != quoted.len ||
	    line.n_commands != 1 || line.commands[0].n_words != 2)
		abort();
	back = word_expand(&line.commands[0].words[1], value_of, NULL, &where, NULL);
	if (back == NULL || strcmp(back, text) != 0)
		abort();
	free(back);
	line_release(&line);
	buf_release(&quoted);
}

static void
parse_call(const char *const *words, size_t n)
{
	struct error error = { .kind = ERROR_NONE };
	struct call call = { .error = &error };
	const struct command *c;
	struct item item;
	size_t used;

	c = command_lookup(command_table(), words, n, &used, &error);
	if (c == NULL) {
		check_error(&error);
		return;
	}
	if (call_parse(&call, c, words + used, n - used) != 0)
		check_error(&error);
	for (size_t i = 0; i < call.n_args; i++) {
		if (item_parse(&item, str_of(call.args[i]), NULL, NULL) == 0)
			item_release(&item);
		json_is_valid(str_of(call.args[i]));
	}
	call_release(&call);
}

static void
check_command(const struct line_command *c, size_t size)
{
	const char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	struct error error = { .kind = ERROR_NONE };
	size_t n = 0, where = 0;

	if (c->at > c->end || c->end > size)
		abort();
	for (; n < c->n_words; n++) {
		if (c->words[n].at > c->words[n].end || c->words[n].end > size)
			abort();
		words[n] = word_expand(&c->words[n], value_of, NULL, &where, &error);
		if (words[n] == NULL) {
			check_error(&error);
			if (where > size)
				abort();
			break;
		}
		check_quoting(words[n]);
	}
	if (n == c->n_words && n > 0)
		parse_call(words, n);
	while (n > 0)
		free((void *)words[--n]);
	free(words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from(data, size);
	struct buf caret;
	size_t at = 0, where = 0;
	bool incomplete;

	buf_init(&caret, 1 << 20);
	while (at < size) {
		struct line line = { NULL, 0 };
		struct error error = { .kind = ERROR_NONE };
		size_t before = at;
		int status = line_parse(&line, text, &at, &where, &incomplete, &error);

		if (status != 0) {
			check_error(&error);
			if (where > size)
				abort();
			line_caret(text, where, &caret);
			line_number(text, where);
		}
		for (size_t i = 0; status == 0 && i < line.n_commands; i++)
			check_command(&line.commands[i], size);
		line_release(&line);
		if (status != 0)
			break;
		if (at <= before)
			abort();
	}
	free(secret_free_line(command_table(), text));
	buf_release(&caret);
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	lines_describe(t, data, size);
}
