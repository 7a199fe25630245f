/* `record`: commands as a script that replays them. */
#include "shell/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/file.h"
#include "net/http/secret.h"
#include "net/quote.h"
#include "shell/lookup.h"
#include "shell/secrets.h"
#include "shell/table.h"

struct recording {
	struct new_file file;
	struct variables defined; /* names that the replay has; no values */
	size_t defined_before;    /* of the command being composed, for discard */
	unsigned secrets, secrets_before;
	bool answered; /* a request is in it: the replay has $status and the like, too */
};

/* ---- writing a command again ---- */

struct writer {
	struct shell *sh;
	struct recording *r;
	struct buf before, line;
};

static void
add_secret(struct writer *w)
{
	unsigned number = ++w->r->secrets;

	buf_addf(&w->before, "# needs: let secret%u = ...\n", number);
	buf_addf(&w->line, "${secret%u}", number);
}

/* In a body only $, ` and \ are special. */
static void
add_body(struct writer *w, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '$' || text.p[i] == '`' || text.p[i] == '\\')
			buf_add_char(&w->line, '\\');
		buf_add_char(&w->line, text.p[i]);
	}
}

/* The value of a variable in its place. */
static void
add_value(struct writer *w, struct str value, bool body)
{
	if (body)
		add_body(w, value);
	else
		word_data(value, &w->line);
}

/* A variable that the replay does not have: its value in front of the command. */
static void
define(struct writer *w, const char *name, const char *value)
{
	if (variables_get(&w->r->defined, str_of(name)) != NULL)
		return;
	variables_set(&w->r->defined, str_of(name), str_of(""), NULL);
	if (secret_name(str_of(name))) {
		buf_addf(&w->before, "# needs: let %s = ...\n", name);
		return;
	}
	buf_addf(&w->before, "let %s = ", name);
	let_quote(w->sh->commands, str_of(value), &w->before);
	buf_add_char(&w->before, '\n');
}

static void
add_variable(struct writer *w, const char *name, bool body)
{
	const char *mine = variables_get(&w->sh->variables, str_of(name));
	struct buf value;

	buf_init(&value, WORDS_MAX_TEXT);
	if (mine != NULL) {
		define(w, name, mine);
	} else if (ascii_is_digit(name[0]) || !w->r->answered) {
		/* an argument of the script that runs now, or of an answer from before the recording */
		bool literal = ascii_is_digit(name[0]) ?
		    shell_value(w->sh, str_of(name), &value, NULL) == 0 :
		    session_variable(w->sh->session, str_of(name), &value, NULL) > 0;

		if (literal && (strncmp(name, "cookie.", 7) == 0 || secret_name(str_of(name))))
			add_secret(w);
		else if (literal)
			add_value(w, buf_str(&value), body);
		if (literal) {
			buf_wipe_release(&value);
			return;
		}
	}
	buf_wipe_release(&value);
	buf_addf(&w->line, "${%s}", name);
}

/* Text and variables from `from` to `to` of the flat text. */
static void
add_flat(struct writer *w, struct flat *f, size_t from, size_t to, bool body)
{
	const char *variable;
	struct str text;

	for (size_t at = from; flat_next(f, &at, to, &text, &variable); from = at) {
		if (body)
			add_body(w, text);
		else
			word_source(text, f->marks + from, command_runs_alone(w->sh->commands, text), &w->line);
		if (variable != NULL)
			add_variable(w, variable, body);
	}
}

static void
add_word(struct writer *w, const struct word *word, size_t secret, bool body)
{
	struct flat f;
	size_t from = 0, to, at = 0, start = w->line.len;

	flat_init(&f, word);
	if (secret != SIZE_MAX) {
		add_flat(w, &f, 0, secret, body);
		add_secret(w);
		at = f.text.n;
	}
	for (; at < f.text.n && secret_find(f.text, !body, &from, &to); from = at = to) {
		add_flat(w, &f, at, from, body);
		add_secret(w);
	}
	add_flat(w, &f, at, f.text.n, body);
	if (!body && (w->line.len == start || mark_behind_empty(f.marks, f.text.n)))
		buf_add_str(&w->line, STR("''"));
	flat_release(&f);
}

static bool
has_line(struct str text, const char *line)
{
	while (text.n > 0) {
		struct str next = str_cut(&text, '\n');

		if (str_is(str_slice(next, 0, next.n - str_ends(next, STR("\r"))), line))
			return true;
	}
	return false;
}

/* > FILE and | COMMAND, with their place in the line. */
static void
add_output(struct writer *w, const struct line_command *c, struct recorded *recorded)
{
	recorded->output = w->line.len;
	if (c->redirect != REDIRECT_NONE) {
		buf_add_str(&w->line, c->redirect == REDIRECT_APPEND ? STR(" >> ") : STR(" > "));
		add_word(w, &c->target, SIZE_MAX, false);
	}
	if (c->pipe != NULL && secret_in_shell(str_of(c->pipe)))
		buf_add_str(&w->before, STR("# left out: | and a command with a secret in it\n"));
	else if (c->pipe != NULL)
		buf_addf(&w->line, " | %s", c->pipe);
	recorded->output_end = w->line.len;
}

/* The text behind <<, and the word that ends it: none of its lines is that, whatever values stand in it. */
static char *
heredoc_text(struct writer *w, const struct word *body, char *end, size_t size)
{
	struct buf line = w->line, text;

	buf_init(&w->line, WORDS_MAX_TEXT);
	add_word(w, body, SIZE_MAX, true);
	text = w->line;
	w->line = line;
	snprintf(end, size, "EOF");
	for (unsigned i = 1; has_line(buf_str(&text), end); i++)
		snprintf(end, size, "EOF%u", i);
	return buf_take(&text);
}

/* `expect n < 5`: written bare, it is written so again. */
static bool
is_operator(const struct line_command *c, const struct word *word)
{
	const struct word_part *part = word->parts;

	return word_is(&c->words[0], "expect") && word->n_parts == 1 && !part->variable && part->length > 0 &&
	    part->length == strspn(part->text, "<>=!~") && marks_bare(part->marks, part->length);
}

static void
add_words(struct writer *w, const struct line_command *c)
{
	bool secret_before = false;

	for (size_t i = 0; i < c->n_words; i++) {
		size_t secret = secret_of_command(w->sh->commands, c, i);

		if (secret == 0 && secret_before) /* `header set Authorization Bearer x` is one value */
			continue;
		if (i > 0)
			buf_add_char(&w->line, ' ');
		if (is_operator(c, &c->words[i]))
			buf_add_str(&w->line, str_of(c->words[i].parts[0].text));
		else
			add_word(w, &c->words[i], secret, false);
		secret_before = secret == 0;
	}
	if (secret_asked_for(w->sh->commands, c)) {
		buf_add_char(&w->line, ' ');
		add_secret(w);
	}
}

struct recorded
record_compose(struct shell *sh, const struct line_command *c)
{
	struct writer w = { .sh = sh, .r = sh->record };
	struct recorded recorded = { .text = NULL };
	char end[16], *body = NULL;

	if (sh->record == NULL || sh->inside > 0 || c->escape != NULL)
		return recorded;
	w.r->defined_before = w.r->defined.n;
	w.r->secrets_before = w.r->secrets;
	buf_init(&w.before, WORDS_MAX_TEXT);
	buf_init(&w.line, WORDS_MAX_TEXT);
	add_words(&w, c);
	if (c->has_heredoc) {
		body = heredoc_text(&w, &c->heredoc, end, sizeof end);
		buf_addf(&w.line, " <<%s", end);
	}
	add_output(&w, c, &recorded);
	buf_add_char(&w.line, '\n');
	if (body != NULL)
		buf_addf(&w.line, "%s%s\n", body, end);
	str_wipe_free(body);
	recorded.output += w.before.len;
	recorded.output_end += w.before.len;
	buf_add_str(&w.before, buf_str(&w.line));
	buf_wipe_release(&w.line);
	recorded.text = buf_take(&w.before);
	return recorded;
}

void
record_discard(struct shell *sh, struct recorded recorded)
{
	struct recording *r = sh->record;

	if (recorded.text == NULL)
		return;
	if (r != NULL) {
		while (r->defined.n > r->defined_before)
			variables_unset(&r->defined, str_of(r->defined.items[r->defined.n - 1].name));
		r->secrets = r->secrets_before;
	}
	str_wipe_free(recorded.text);
}

void
record_commit(struct shell *sh, const struct line_command *c, struct recorded recorded, unsigned flags, bool output)
{
	const struct word *assigned = assigned_name(sh->commands, c);
	struct recording *r = sh->record;
	struct str text = str_of(recorded.text);

	if (recorded.text == NULL || r == NULL) {
		str_wipe_free(recorded.text);
		return;
	}
	fwrite(text.p, 1, output ? text.n : recorded.output, r->file.out);
	if (!output)
		fputs(text.p + recorded.output_end, r->file.out);
	fflush(r->file.out);
	r->answered = r->answered || (flags & CMD_NETWORK) != 0;
	if (assigned != NULL) {
		struct str name = str_of(assigned->parts[0].text);

		variables_set(&r->defined, str_slice(name, 0, variable_name_length(name, false)), str_of(""), NULL);
	}
	r->defined_before = r->defined.n;
	r->secrets_before = r->secrets;
	str_wipe_free(recorded.text);
}

/* ---- begin and end ---- */

/* What held at the start: a replay begins there. */
static void
write_state(struct shell *sh)
{
	struct buf state;
	size_t at = 0, where;
	bool incomplete;

	buf_init(&state, WORDS_MAX_TEXT);
	session_as_commands(sh->session, &state);
	while (at < state.len) {
		struct line line;

		if (line_parse(&line, buf_str(&state), &at, &where, &incomplete, NULL) != 0)
			break;
		for (size_t i = 0; i < line.n_commands; i++)
			record_commit(sh, &line.commands[i], record_compose(sh, &line.commands[i]), CMD_STATE, true);
		line_release(&line);
	}
	buf_wipe_release(&state);
}

static int
end(struct shell *sh, int status, struct error *error)
{
	struct recording *r = sh->record;

	sh->record = NULL;
	status = new_file_close(&r->file, status, error);
	variables_release(&r->defined);
	free(r);
	return status;
}

/* The file has its name from the beginning: what is recorded is there whatever happens. */
static int
begin(struct shell *sh, const char *path, bool replace, struct error *error)
{
	struct recording *r = mem_alloc(sizeof *r);

	if (new_file_open(&r->file, path, FILE_MODE_PRIVATE, replace, error) != 0) {
		free(r);
		return -1;
	}
	sh->record = r;
	fputs("#!/usr/bin/env httpsh\n", r->file.out);
	write_state(sh);
	return new_file_name(&r->file, error) == 0 ? 0 : end(sh, -1, error);
}

int
record_start(struct shell *sh, const char *path, bool replace, struct error *error)
{
	if (record_stop(sh, error) != 0)
		return -1;
	if (begin(sh, path, replace, error) == 0)
		return 0;
	if (error->code == EEXIST)
		return hint_words(error, NULL, "record", "--force", path, NULL);
	return -1;
}

int
record_stop(struct shell *sh, struct error *error)
{
	return sh->record != NULL ? end(sh, 0, error) : 0;
}

const char *
record_path(const struct shell *sh)
{
	return sh->record != NULL ? sh->record->file.path : NULL;
}

/* ---- the command ---- */

static int
run_record(struct call *call)
{
	struct shell *sh = call->shell;
	const char *path = call_arg(call, 0);

	if (path == NULL) {
		fprintf(call->out, "%s\n", record_path(sh) != NULL ? record_path(sh) : "off");
		return 0;
	}
	if (call_says(call, 0, "off"))
		return record_stop(sh, call->error);
	return record_start(sh, path, call_flag(call, "force"), call->error);
}

static const struct opt force_option[] = {
	{ "force", 'f', NULL, ARG_TEXT, "replace a file that exists", NULL },
	{ NULL, 0, NULL, ARG_TEXT, NULL, NULL },
};
static const struct arg record_args[] = { { "FILE", ARG_FILE, ARG_OPTIONAL, NULL }, { NULL, ARG_TEXT, 0, NULL } };
const struct command command_record = {
	.name = "record",
	.group = "script",
	.summary = "Write the commands that change, write or check something into a file.",
	.details =
	    "The file replays them, from the settings, sticky headers and base URL that held at its start: what "
	    "changed the session, what was extracted or saved, what went into a file or through |, what was "
	    "expected. record off ends it, record alone tells its name. Values of password-like fields become "
	    "${secret1} ...: the replay gets them by let secret1 = ... or from the environment. A command that "
	    "failed is left out; when only what stands behind > or | failed, that is.",
	.example =
	    "record --force /tmp/httpsh-record.hsh\nset follow off\nrecord off\n!tail -1 /tmp/httpsh-record.hsh\n"
	    "| set follow off\nset follow default\n!rm /tmp/httpsh-record.hsh\n",
	.opts = force_option,
	.args = record_args,
	.run = run_record,
};
