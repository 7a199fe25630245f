/* Words into options and arguments, by a command's tables; names and usage lines. */
#include "commands/command.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "net/buf.h"
#include "net/nearest.h"

enum { USAGE_OPTIONS_MAX = 48 };

/* ---- names ---- */
static const struct command *
find_name(const struct command *const *list, struct str name, bool prefix, size_t *matches)
{
	const struct command *found = NULL;

	*matches = 0;
	for (; *list != NULL; list++) {
		struct str own = str_of((*list)->name), alias = str_of((*list)->alias);

		if (prefix ? str_starts(own, name) : str_eq(own, name) || (alias.n > 0 && str_eq(alias, name))) {
			found = *list;
			(*matches)++;
		}
	}
	return found;
}

static int
fail_ambiguous(const struct command *const *list, struct str name, const char *what, struct error *error)
{
	struct buf names;

	buf_init(&names, ERROR_WHY_MAX / 2);
	for (; *list != NULL; list++)
		if (str_starts(str_of((*list)->name), name))
			buf_addf(&names, "%s%s", names.len > 0 ? ", " : "", (*list)->name);
	fail(error, ERROR_USAGE, 0, "ambiguous %s \"%.*s\"", what, STR_ARG(name));
	remark(error, "one of: %.*s", STR_ARG(buf_str(&names)));
	buf_release(&names);
	return -1;
}

const struct command *
command_find(const struct command *const *list, struct str name, const char *what, struct error *error)
{
	const struct command *found;
	struct nearest near = { .word = name };
	char shown[80];
	size_t matches;

	found = find_name(list, name, false, &matches);
	if (found == NULL && name.n > 0)
		found = find_name(list, name, true, &matches);
	if (matches == 1)
		return found;
	if (matches > 1) {
		fail_ambiguous(list, name, what, error);
		return NULL;
	}
	for (; *list != NULL; list++)
		nearest_see(&near, (*list)->name);
	fail(error, ERROR_USAGE, 0, "unknown %s \"%s\"", what, str_printable(name, shown, sizeof shown));
	if (near.name != NULL)
		remark(error, "did you mean \"%s\"?", near.name);
	return NULL;
}

/* ---- usage ---- */
static void
add_option_usage(const struct opt *o, struct buf *out)
{
	if (o->value == NULL)
		buf_addf(out, " [--%s]", o->name);
	else
		buf_addf(out, " [--%s %s]", o->name, o->value);
}

static void
add_argument_usage(const struct arg *a, struct buf *out)
{
	const char *name = a->kind == ARG_CHOICE && a->choices != NULL ? a->choices : a->name;
	const char *dots = (a->flags & ARG_REPEAT) != 0 ? " ..." : "";

	buf_addf(out, (a->flags & ARG_OPTIONAL) != 0 ? " [%s%s]" : " %s%s", name, dots);
}

char *
command_usage(const struct command *command, const char *prefix)
{
	struct buf out, options;

	buf_init(&out, 0);
	buf_init(&options, 0);
	buf_addf(&out, "%s%s%s", prefix != NULL ? prefix : "", prefix != NULL ? " " : "", command->name);
	for (const struct opt *o = command->opts; o != NULL && o->name != NULL; o++)
		add_option_usage(o, &options);
	buf_add_str(&out, options.len > USAGE_OPTIONS_MAX ? STR(" [OPTION ...]") : buf_str(&options));
	buf_release(&options);
	if (command->subcommands != NULL && (command->args == NULL || command->args->name == NULL)) {
		buf_add_char(&out, ' ');
		for (size_t i = 0; command->subcommands[i] != NULL; i++)
			buf_addf(&out, "%s%s",
			    i > 0                    ? "|" :
				command->run != NULL ? "[" :
						       "",
			    command->subcommands[i]->name);
		if (command->run != NULL)
			buf_add_char(&out, ']');
	}
	for (const struct arg *a = command->args; a != NULL && a->name != NULL; a++)
		add_argument_usage(a, &out);
	return buf_take(&out);
}

/* A mistake in the command's words, with the name as it was typed: "cookies set: ...". */
static int __attribute__((format(printf, 2, 3))) fail_words(const struct call *call, const char *format, ...)
{
	char text[ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return fail(call->error, ERROR_USAGE, 0, "%s%s%s: %s", call->parent != NULL ? call->parent : "",
	    call->parent != NULL ? " " : "", call->command->name, text);
}

static int
hint_usage(const struct call *call)
{
	char *usage = command_usage(call->command, call->parent);

	remark(call->error, "usage: %s", usage);
	free(usage);
	return -1;
}

/* ---- options ---- */
struct parse {
	struct call *call;
	const struct command *command;
	const char **args;
	const uint8_t **arg_marks;
	struct call_option *options;
	size_t n_args, n_options;
};

static const struct opt *
option_by_name(const struct call *call, struct str name)
{
	const struct opt *found = NULL;
	struct nearest near = { .word = name };
	size_t matches = 0;
	char shown[80];

	for (const struct opt *o = call->command->opts; o != NULL && o->name != NULL; o++) {
		if (str_is(name, o->name))
			return o;
		if (name.n > 0 && str_starts(str_of(o->name), name)) {
			found = o;
			matches++;
		}
		nearest_see(&near, o->name);
	}
	if (matches == 1)
		return found;
	str_printable(name, shown, sizeof shown);
	fail_words(call, matches > 1 ? "option --%s is ambiguous" : "there is no option --%s", shown);
	if (near.name != NULL)
		remark(call->error, "did you mean --%s?", near.name);
	else
		hint_usage(call);
	return NULL;
}

static bool
choice_holds(const char *choices, struct str value)
{
	struct str rest = str_of(choices);

	while (rest.p != NULL && rest.n > 0)
		if (str_eq(str_cut(&rest, '|'), value))
			return true;
	return false;
}

static int
check_value(const struct call *call, const char *name, enum arg_kind kind, const char *choices, const char *value,
    const uint8_t *marks)
{
	char shown[80];
	uint64_t number;

	if (!call_text_known(call, str_of(value), marks))
		return 0;
	str_printable(str_of(value), shown, sizeof shown);
	if (kind == ARG_CHOICE && choices != NULL && !choice_holds(choices, str_of(value))) {
		fail_words(call, "%s cannot be \"%s\"", name, shown);
		return remark(call->error, "one of: %s", choices);
	}
	if (kind == ARG_NUMBER && !str_to_u64(str_of(value), INT64_MAX, &number)) {
		fail_words(call, "%s is not a number: \"%s\"", name, shown);
		return hint_usage(call);
	}
	return 0;
}

static int
add_option(struct parse *p, const struct opt *o, const char *value, const uint8_t *marks)
{
	if (value != NULL && check_value(p->call, o->name, o->kind, o->choices, value, marks) < 0)
		return -1;
	p->options[p->n_options++] = (struct call_option){ o, value, marks };
	return 0;
}

static int
fail_no_value(struct parse *p, const struct opt *o)
{
	fail_words(p->call, "--%s needs a value: %s", o->name, o->value);
	return hint_usage(p->call);
}

static int
fail_option_value(struct parse *p, const char *word)
{
	char shown[80];

	return fail_words(p->call, "the name of an option is written, it cannot come from a variable: \"%s\"",
	    str_printable(str_of(word), shown, sizeof shown));
}

/* The word behind an option, which is its value. */
struct next {
	const char *text; /* NULL: there is none */
	const uint8_t *marks;
};

/* --name, --name=VALUE, --name VALUE; *taken: how many of the following words were used. */
static int
parse_long(struct parse *p, const char *word, const uint8_t *marks, struct next next, size_t *taken)
{
	const uint8_t *rest_marks = marks;
	struct str rest = str_of(word), name = marks_cut(&rest, &rest_marks, '=');
	const struct opt *o;

	if (!marks_written(marks, name.n))
		return fail_option_value(p, word);
	o = option_by_name(p->call, str_slice(name, 2, name.n));
	if (o == NULL)
		return -1;
	if (o->value == NULL) {
		if (rest.p != NULL)
			return fail_words(p->call, "--%s takes no value", o->name);
		return add_option(p, o, NULL, NULL);
	}
	if (rest.p != NULL)
		return add_option(p, o, rest.p, rest_marks);
	if (next.text == NULL)
		return fail_no_value(p, o);
	*taken = 1;
	return add_option(p, o, next.text, next.marks);
}

/* -f, -fv, -oFILE, -o FILE */
static int
parse_letters(struct parse *p, const char *word, const uint8_t *marks, struct next next, size_t *taken)
{
	for (const char *at = word + 1; *at != '\0'; at++) {
		const struct opt *o = p->command->opts;
		char shown[16];

		if (!mark_written(marks, (size_t)(at - word)))
			return fail_option_value(p, word);
		while (o != NULL && o->name != NULL && o->letter != *at)
			o++;
		if (o == NULL || o->name == NULL) {
			str_printable(str_from(at, 1), shown, sizeof shown);
			fail_words(p->call, "there is no option -%s", shown);
			return hint_usage(p->call);
		}
		if (o->value == NULL) {
			if (add_option(p, o, NULL, NULL) < 0)
				return -1;
			continue;
		}
		if (at[1] != '\0')
			return add_option(p, o, at + 1, marks != NULL ? marks + (at + 1 - word) : NULL);
		if (next.text == NULL)
			return fail_no_value(p, o);
		*taken = 1;
		return add_option(p, o, next.text, next.marks);
	}
	return 0;
}

static int
check_arguments(struct parse *p)
{
	const struct arg *a = p->command->args;
	char shown[80];

	for (size_t i = 0; i < p->n_args; i++) {
		if (a == NULL || a->name == NULL) {
			fail_words(p->call, "one argument too many: \"%s\"",
			    str_printable(str_of(p->args[i]), shown, sizeof shown));
			return hint_usage(p->call);
		}
		if (a->kind == ARG_CHOICE && !marks_written(p->arg_marks[i], strlen(p->args[i])))
			return fail_words(p->call, "%s is written, it cannot come from a variable", a->name);
		if (check_value(p->call, a->name, a->kind, a->choices, p->args[i], p->arg_marks[i]) < 0)
			return -1;
		if ((a->flags & ARG_REPEAT) == 0)
			a++;
		else if ((a->flags & ARG_OPTIONAL) == 0 && i + 1 == p->n_args)
			return 0;
	}
	if (a != NULL && a->name != NULL && (a->flags & ARG_OPTIONAL) == 0) {
		fail_words(p->call, "%s is missing", a->name);
		return hint_usage(p->call);
	}
	return 0;
}

int
call_parse(struct call *call, const struct command *command, const char *const *words, size_t n_words)
{
	struct parse p = { .call = call, .command = command };
	size_t letters = 0;
	bool ended = false;

	for (size_t i = 0; i < n_words; i++)
		letters += strlen(words[i]) + 1;
	call->command = command;
	call->words = words;
	call->n_words = n_words;
	p.args = mem_alloc((n_words + 1) * sizeof *p.args);
	p.arg_marks = mem_alloc((n_words + 1) * sizeof *p.arg_marks);
	p.options = mem_alloc((letters + 1) * sizeof *p.options);
	call->args = p.args;
	call->arg_marks = p.arg_marks;
	call->options = p.options;
	if ((command->flags & CMD_RAW) != 0)
		return 0;
	for (size_t i = 0; i < n_words; i++) {
		const char *word = words[i];
		struct next next = i + 1 < n_words ? (struct next){ words[i + 1], call_word_marks(call, i + 1) } :
						     (struct next){ NULL, NULL };
		const uint8_t *marks = call_word_marks(call, i);
		bool option = !ended && word[0] == '-' && mark_written(marks, 0) && !mark_behind_empty(marks, 0);
		size_t taken = 0;
		int result = 0;

		if (option && call_word_says(call, i, "--")) {
			ended = true;
		} else if (option && word[1] == '-') {
			result = parse_long(&p, word, marks, next, &taken);
		} else if (option && word[1] != '\0' && !ascii_is_digit(word[1])) {
			result = parse_letters(&p, word, marks, next, &taken);
		} else {
			p.arg_marks[p.n_args] = marks;
			p.args[p.n_args++] = word;
		}
		ended = ended || (p.n_args > 0 && (command->flags & CMD_OPTIONS_FIRST) != 0);
		if (result < 0)
			return -1;
		i += taken;
	}
	call->n_args = p.n_args;
	call->n_options = p.n_options;
	return check_arguments(&p);
}

void
call_release(struct call *call)
{
	free((void *)call->args);
	free((void *)call->arg_marks);
	free((void *)call->options);
	call->args = NULL;
	call->arg_marks = NULL;
	call->options = NULL;
	call->n_args = call->n_options = 0;
}

/* ---- what was given ---- */
static const struct call_option *
last_option(const struct call *call, const char *name)
{
	for (size_t i = call->n_options; i > 0; i--)
		if (strcmp(call->options[i - 1].opt->name, name) == 0)
			return &call->options[i - 1];
	return NULL;
}

bool
call_flag(const struct call *call, const char *name)
{
	return last_option(call, name) != NULL;
}

const char *
call_value(const struct call *call, const char *name)
{
	const struct call_option *o = last_option(call, name);

	return o != NULL ? o->value : NULL;
}

const char *
call_arg(const struct call *call, size_t index)
{
	return index < call->n_args ? call->args[index] : NULL;
}

const uint8_t *
call_word_marks(const struct call *call, size_t index)
{
	return call->marks != NULL ? call->marks[index] : NULL;
}

const uint8_t *
call_marks(const struct call *call, size_t index)
{
	return call->arg_marks != NULL ? call->arg_marks[index] : NULL;
}

bool
call_written(const struct call *call, size_t index)
{
	return marks_written(call_marks(call, index), strlen(call->args[index]));
}

bool
call_says(const struct call *call, size_t index, const char *word)
{
	return index < call->n_args && strcmp(call->args[index], word) == 0 && call_written(call, index);
}

bool
call_word_says(const struct call *call, size_t index, const char *word)
{
	return index < call->n_words && strcmp(call->words[index], word) == 0 &&
	    marks_written(call_word_marks(call, index), strlen(word));
}

/* ---- what is known ---- */
bool
call_text_known(const struct call *call, struct str text, const uint8_t *marks)
{
	for (size_t i = 0; call->checking && i < text.n; i++)
		if (mark_value(marks, i))
			return false;
	return true;
}

bool
call_known(const struct call *call, size_t index)
{
	return index >= call->n_args || call_text_known(call, str_of(call->args[index]), call_marks(call, index));
}

bool
call_word_known(const struct call *call, size_t index)
{
	return index >= call->n_words ||
	    call_text_known(call, str_of(call->words[index]), call_word_marks(call, index));
}

bool
call_value_known(const struct call *call, const char *name)
{
	const struct call_option *o = last_option(call, name);

	return o == NULL || call_text_known(call, str_of(o->value), o->marks);
}

struct inner
call_runs(const struct call *call)
{
	return call->command->runs != NULL ? call->command->runs(call) : (struct inner){ 0, 0, false };
}
