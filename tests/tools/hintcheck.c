/*
 * Whether commands parse: a line each on standard input, as the shell shows it behind "try: ". Names, options and
 * arguments are checked by the command's own tables; one of settings (set, tls, trust) is run in a session of its own,
 * so that its value is looked at, too. Prints "LINE: reason" for each that does not, and ends with status 1 then.
 */
#include <stdlib.h>
#include <string.h>

#include "commands/capture.h"
#include "commands/session/session.h"
#include "shell/lookup.h"
#include "shell/table.h"
#include "shell/words.h"

/* Values are not known here: any variable is a word. */
static int
some_value(void *context, struct str name, struct buf *out, struct error *error)
{
	(void)context, (void)name, (void)error;
	return buf_add_str(out, STR("value"));
}

static int
check_settings(struct call *call)
{
	struct capture shown;
	int status;

	call->session = session_new();
	call->out = call->err = capture_open(&shown);
	status = call->command->run(call);
	capture_close(&shown);
	capture_release(&shown);
	session_free(call->session);
	return status;
}

static int
check_words(const char *const *words, const uint8_t *const *marks, size_t n, struct error *error)
{
	struct call call = { .error = error };
	size_t used;
	const struct command *c = command_lookup_written(command_table(), words, marks, n, &used, error);
	int status;

	if (c == NULL)
		return -1;
	call.parent = used > 1 ? words[0] : NULL;
	call.marks = marks + used;
	status = call_parse(&call, c, words + used, n - used);
	if (status == 0 && c->settings != NULL && (c->needs == NULL || c->needs(&call) == 0))
		status = check_settings(&call);
	call_release(&call);
	return status;
}

static int
check_command(const struct line_command *c, struct error *error)
{
	char **words = mem_alloc((c->n_words + 1) * sizeof *words);
	uint8_t **marks = mem_alloc((c->n_words + 1) * sizeof *marks);
	size_t where;
	int status = 0;

	for (size_t i = 0; i < c->n_words && status == 0; i++) {
		words[i] = word_expand_marked(&c->words[i], some_value, NULL, &marks[i], &where, error);
		status = words[i] != NULL ? 0 : -1;
	}
	if (status == 0 && c->escape == NULL)
		status = check_words((const char *const *)words, (const uint8_t *const *)marks, c->n_words, error);
	for (size_t i = 0; i < c->n_words; i++) {
		free(words[i]);
		free(marks[i]);
	}
	free(words);
	free(marks);
	return status;
}

static int
check_line(struct str text, struct error *error)
{
	struct line line;
	size_t at = 0, where;
	bool incomplete;
	int status = line_parse(&line, text, &at, &where, &incomplete, error);

	if (status == 0 && line.n_commands == 0)
		status = fail(error, ERROR_USAGE, 0, "no command");
	for (size_t i = 0; i < line.n_commands && status == 0; i++)
		status = check_command(&line.commands[i], error);
	line_release(&line);
	return status;
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	int result = EXIT_SUCCESS;

	while (getline(&line, &size, stdin) > 0) {
		struct error error = { .kind = ERROR_NONE };

		line[strcspn(line, "\n")] = '\0';
		if (check_line(str_of(line), &error) == 0)
			continue;
		printf("%s: %s\n", line, error.text);
		result = EXIT_FAILURE;
	}
	free(line);
	return result;
}
