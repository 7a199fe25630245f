/* The doors to the table of settings: what `set`, `tls` and `trust` have in common. */
#include <stdlib.h>
#include <string.h>

#include "commands/session/session.h"
#include "commands/settings/settings.h"
#include "commands/show/view.h"
#include "commands/state/settings.h"

enum { SETTING_HANG = 20 };

static int
fail_value(struct call *call, const struct setting *row, const char *value, const char *why)
{
	char shown[80];

	return fail(call->error, ERROR_USAGE, 0, "%s %s: \"%s\" comes from a variable, %s", row->group, row->name,
	    str_printable(str_of(value), shown, sizeof shown), why);
}

/* A value that is put together: what a variable gives to it is one part. */
static int
check_parts(struct call *call, const struct setting *row, const char *const *words, const uint8_t *const *marks,
    size_t n)
{
	const char *separators = row->separators != NULL ? row->separators : row->type == SETTING_LIST ? " ,:" : "";

	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(words[i]), data = 0, bad = 0;

		for (size_t k = 0; k < length; k++)
			if (mark_value(marks[i], k)) {
				data++;
				bad += strchr(separators, words[i][k]) != NULL;
			}
		if (n == 1 && data == length)
			continue;
		if (bad > 0)
			return fail_value(call, row, words[i], "and so can be no more than one part of the value");
		if (length == 0 && separators[0] != '\0')
			return fail(call->error, ERROR_USAGE, 0, "%s %s: a part of the value is empty", row->group,
			    row->name);
	}
	return 0;
}

static int
check_value(struct call *call, const struct setting *row, const char *const *words, const uint8_t *const *marks,
    size_t n)
{
	bool clears = strcmp(words[0], "default") == 0 || (row->repeatable && strcmp(words[0], "off") == 0);

	if (n == 1 && clears && !marks_written(marks[0], strlen(words[0])))
		return fail_value(call, row, words[0], "and that word must be written");
	if (row->value != NULL && strcmp(row->value, "COMMAND") == 0)
		for (size_t i = 0; i < n; i++)
			if (!marks_written(marks[i], strlen(words[i])))
				return fail_value(call, row, words[i], "and a command must be written");
	return check_parts(call, row, words, marks, n);
}

int
settings_check(struct call *call, const char *group)
{
	if (!call->checking || call->n_args == 0 || !call_known(call, 0))
		return 0;
	return setting_find(group, str_of(call->args[0]), call->error) != NULL ? 0 : -1;
}

/* What was set by hand, and follows. */
static void
tell_note(struct call *call, const struct setting *row)
{
	char *note = row->note != NULL ? row->note(session_settings(call->session)) : NULL;

	if (note != NULL && !session_loading(call->session))
		fprintf(call->err, "%s\n", note);
	free(note);
}

/* Repeatable rows and lists take several words. */
int
settings_change(struct call *call, const char *group, const char *const *words, const uint8_t *const *marks, size_t n)
{
	const struct setting *row;
	struct buf value;
	int status;

	if (marks != NULL && !marks_written(marks[0], strlen(words[0])))
		return fail(call->error, ERROR_USAGE, 0, "%s: the first word is written, no variable's value", group);
	row = setting_find(group, str_of(words[0]), call->error);
	if (row == NULL)
		return -1;
	if (n == 1) {
		fprintf(call->out, "%s\n", setting_text(session_settings(call->session), row));
		return 0;
	}
	if (marks != NULL && check_value(call, row, words + 1, marks + 1, n - 1) != 0)
		return -1;
	if (n == 2 && strcmp(words[1], "default") == 0 &&
	    (row->choices == NULL || strstr(row->choices, "default") == NULL))
		return setting_reset(session_settings(call->session), row, call->error);
	buf_init(&value, 1 << 20);
	for (size_t i = 1; i < n; i++)
		buf_addf(&value, "%s%s", i > 1 ? " " : "", words[i]);
	status = setting_set(session_settings(call->session), row, buf_str(&value),
	    session_loading(call->session) ? ORIGIN_SESSION : ORIGIN_COMMAND, call->error);
	buf_release(&value);
	if (status == 0)
		tell_note(call, row);
	return status;
}

int
settings_print(struct call *call, const char *group)
{
	struct buf out;

	buf_init(&out, 0);
	settings_list(session_settings(call->session), group, call_flag(call, "changed"), &out);
	print_lines(call->out, buf_str(&out), SETTING_HANG, view_width(call->view, call->out));
	buf_release(&out);
	return 0;
}

const struct opt settings_options[] = {
	{ "changed", 'c', NULL, ARG_TEXT, "only those that differ from the default", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
const struct arg settings_args[] = {
	{ "NAME", ARG_SETTING, ARG_OPTIONAL, NULL },
	{ "VALUE", ARG_VALUE, ARG_OPTIONAL | ARG_REPEAT, NULL },
	{ NULL, ARG_TEXT, 0, NULL },
};
