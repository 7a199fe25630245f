/*
 * Values are values: a line of a script, NUL, and the values of $a, $b and $c, ended by NUL each. The line is read,
 * expanded and made a request twice: with the values, and with numbers in their places. What came of the values is what
 * came of the numbers, with the values instead: the same command and options, the same kinds of items, names and values
 * as given. No file is opened because of a value, and the request that is composed holds these names and values and
 * nothing else. Nothing is sent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/requests/request.h"
#include "commands/session/state.h"
#include "net/json.h"
#include "shell/lookup.h"
#include "shell/shell.h"
#include "shell/table.h"
#include "tests/fuzz/lines.h"
#include "tests/fuzz/mutator.h"

enum { VALUES = 3, PLACE = 6 };

static const char places[VALUES][PLACE + 1] = { "700001", "700002", "700003" };

struct values {
	struct str text[VALUES];
};

static int
value_of(void *context, struct str name, struct buf *out, struct error *error)
{
	const struct values *v = context;

	if (name.n != 1 || name.p[0] < 'a' || name.p[0] >= 'a' + VALUES)
		return fail(error, ERROR_USAGE, 0, "not defined");
	return buf_add_str(out, v->text[name.p[0] - 'a']);
}

/* ---- a command, once ---- */
struct made {
	char **words;
	uint8_t **marks;
	size_t n_words;
	const struct command *command; /* NULL: refused */
	struct call call;
	struct item *items;
	size_t n_items;
};

static bool
is_verb(const struct command *c)
{
	return c->args != NULL && c->args->name != NULL && (c->flags & CMD_NETWORK) != 0 &&
	    strcmp(c->group, "requests") == 0;
}

/* 0, or -1 when it is refused. */
static int
make(struct made *m, const struct line_command *c, struct values *v, struct error *error)
{
	size_t used, where, first;

	*m = (struct made){ .call = { .error = error } };
	m->words = mem_alloc((c->n_words + 1) * sizeof *m->words);
	m->marks = mem_alloc((c->n_words + 1) * sizeof *m->marks);
	for (; m->n_words < c->n_words; m->n_words++) {
		m->words[m->n_words] =
		    word_expand_marked(&c->words[m->n_words], value_of, v, &m->marks[m->n_words], &where, error);
		if (m->words[m->n_words] == NULL)
			return -1;
	}
	m->command = m->n_words > 0 ? command_lookup_written(command_table(), (const char *const *)m->words,
					  (const uint8_t *const *)m->marks, m->n_words, &used, error) :
				      NULL;
	if (m->command == NULL)
		return -1;
	m->call.marks = (const uint8_t *const *)m->marks + used;
	if (call_parse(&m->call, m->command, (const char *const *)m->words + used, m->n_words - used) != 0)
		return -1;
	if (m->command->group == NULL || !is_verb(m->command))
		return 0;
	first = strcmp(m->command->name, "request") == 0 ? 2 : 1;
	m->items = mem_alloc((m->call.n_args + 1) * sizeof *m->items);
	for (size_t i = first; i < m->call.n_args; i++) {
		if (item_parse(&m->items[m->n_items], str_of(m->call.args[i]), call_marks(&m->call, i), error) != 0)
			return -1;
		m->n_items++;
	}
	return 0;
}

static void
made_release(struct made *m)
{
	for (size_t i = 0; i < m->n_items; i++)
		item_release(&m->items[i]);
	free(m->items);
	call_release(&m->call);
	for (size_t i = 0; i < m->n_words; i++) {
		free(m->words[i]);
		free(m->marks[i]);
	}
	free(m->words);
	free(m->marks);
}

/* ---- the same, with the values ---- */

/* The text that came of the places, with the values in them. */
static bool
is_given(const char *got, const char *with_places, const struct values *v)
{
	struct buf want;
	bool same;

	if (got == NULL || with_places == NULL)
		return got == with_places;
	buf_init(&want, 64 << 20);
	for (const char *p = with_places; *p != '\0';) {
		size_t i = 0;

		while (i < VALUES && strncmp(p, places[i], PLACE) != 0)
			i++;
		if (i < VALUES)
			buf_add_str(&want, v->text[i]);
		else
			buf_add_char(&want, *p);
		p += i < VALUES ? PLACE : 1;
	}
	same = str_is(buf_str(&want), got);
	buf_release(&want);
	return same;
}

static void
must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "a value has changed %s\n", what);
	abort();
}

static void
compare(const struct made *real, const struct made *plain, const struct values *v)
{
	must(real->command == plain->command, "the command");
	must(real->call.n_options == plain->call.n_options, "the options");
	for (size_t i = 0; i < real->call.n_options; i++) {
		must(real->call.options[i].opt == plain->call.options[i].opt, "an option");
		must(is_given(real->call.options[i].value, plain->call.options[i].value, v), "an option's value");
	}
	must(real->call.n_args == plain->call.n_args, "the number of arguments");
	for (size_t i = 0; i < real->call.n_args; i++)
		must(is_given(real->call.args[i], plain->call.args[i], v), "an argument");
	must(real->n_items == plain->n_items, "the number of items");
	for (size_t i = 0; i < real->n_items; i++) {
		const struct item *a = &real->items[i], *b = &plain->items[i];

		must(a->kind == b->kind, "the kind of an item");
		must(is_given(a->name, b->name, v) && is_given(a->value, b->value, v), "an item");
		must(is_given(a->type, b->type, v) && is_given(a->filename, b->filename, v), "what is said of a file");
	}
}

/* ---- the request ---- */
static bool
reads_file(enum item_kind kind)
{
	return kind == ITEM_FIELD_FILE || kind == ITEM_JSON_FILE || kind == ITEM_UPLOAD || kind == ITEM_BODY_FILE;
}

static void
add_pair(struct buf *out, const char *before, const struct item *item)
{
	char *name = url_form_encode(str_of(item->name)), *value = url_form_encode(str_of(item->value));

	buf_addf(out, "%s%s=%s", before, name, value);
	free(name);
	free(value);
}

/* Exactly these headers, and those that a body brings. */
static void
check_headers(const struct request *r, const struct made *m)
{
	size_t n = 0, own = 0;

	for (size_t i = 0; i < m->n_items; i++) {
		enum item_kind kind = m->items[i].kind;

		if (kind != ITEM_HEADER && kind != ITEM_HEADER_EMPTY)
			continue;
		must(n < r->headers.n && strcmp(r->headers.items[n].name, m->items[i].name) == 0, "a header's name");
		must(str_is(str_trim(str_of(kind == ITEM_HEADER ? m->items[i].value : "")), r->headers.items[n].value),
		    "a header");
		n++;
	}
	for (; n < r->headers.n; n++, own++)
		must(strcmp(r->headers.items[n].name, "Content-Type") == 0 ||
			strcmp(r->headers.items[n].name, "Accept") == 0,
		    "the headers");
	must(own <= 2, "the number of headers");
}

static void
check_request(const struct request *r, const struct made *m)
{
	struct buf query, body;
	bool form =
	    !call_flag(&m->call, "json") && !call_flag(&m->call, "multipart") && call_value(&m->call, "body") == NULL;
	const char *had = r->url.query != NULL ? r->url.query : "";

	buf_init(&query, 64 << 20);
	buf_init(&body, 64 << 20);
	for (size_t i = 0; i < m->n_items; i++) {
		if (m->items[i].kind == ITEM_QUERY)
			add_pair(&query, query.len > 0 ? "&" : "", &m->items[i]);
		if (m->items[i].kind == ITEM_FIELD)
			add_pair(&body, body.len > 0 ? "&" : "", &m->items[i]);
		form = form && m->items[i].kind != ITEM_JSON;
	}
	must(str_ends(str_of(had), buf_str(&query)), "the query");
	must(!form || str_eq(buf_str(&r->body), buf_str(&body)), "the body");
	must(!call_flag(&m->call, "json") || call_value(&m->call, "body") != NULL || json_is_valid(buf_str(&r->body)),
	    "the JSON");
	check_headers(r, m);
	buf_release(&query);
	buf_release(&body);
}

static void
check_composed(struct made *m)
{
	static struct session *session;
	struct call call = m->call;
	struct request r;
	const char *method = "POST";

	for (size_t i = 0; i < m->n_items; i++)
		if (reads_file(m->items[i].kind))
			return;
	if (session == NULL)
		session = session_new();
	call.session = session;
	if (strcmp(m->command->name, "request") == 0) {
		method = call.args[0];
		call.args++;
		call.arg_marks++;
		call.n_args--;
	}
	if (request_from_call(&call, method, call.args[0], &r) == 0) {
		must(r.body_fd < 0 || call_flag(&m->call, "multipart"), "what is read");
		check_request(&r, m);
	}
	request_release(&r);
}

/* ---- the target ---- */
static void
check_command(const struct line_command *c, struct values *v)
{
	struct values numbers;
	struct error error = { .kind = ERROR_NONE }, other = { .kind = ERROR_NONE };
	struct made real, plain;

	for (size_t i = 0; i < VALUES; i++)
		numbers.text[i] = str_of(places[i]);
	if (make(&real, c, v, &error) == 0) {
		if (make(&plain, c, &numbers, &other) != 0) {
			/* a name that a number would have made longer is whole with nothing in its place: -x$a */
			made_release(&plain);
			for (size_t i = 0; i < VALUES; i++)
				if (v->text[i].n == 0)
					numbers.text[i] = v->text[i];
			must(make(&plain, c, &numbers, &other) == 0, "a refusal");
		}
		compare(&real, &plain, v);
		made_release(&plain);
		if (real.items != NULL)
			check_composed(&real);
	}
	made_release(&real);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_from(data, size), text = str_cut(&rest, '\0');
	struct values v;
	size_t at = 0, where = 0;
	bool incomplete;

	for (size_t i = 0; i < VALUES; i++)
		v.text[i] = str_cut(&rest, '\0');
	if (str_find(text, STR("70000")) >= 0 || str_find(text, STR("$")) < 0)
		return 0;
	while (at < text.n) {
		struct line line = { NULL, 0 };

		if (line_parse(&line, text, &at, &where, &incomplete, NULL) != 0)
			break;
		for (size_t i = 0; i < line.n_commands; i++)
			if (line.commands[i].escape == NULL)
				check_command(&line.commands[i], &v);
		line_release(&line);
	}
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	lines_describe(t, data, size);
}
