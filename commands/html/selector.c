/* Parsing selectors (Selectors Level 4, CSS Syntax Level 3). */
#include "commands/html/selector.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/selector_scan.h"

static struct selector *parse_list(struct scan *p, bool relative, bool inner);

/* ---- simple selectors ---- */

static int
parse_attribute(struct scan *p, struct simple *s)
{
	s->kind = SIMPLE_ATTRIBUTE;
	scan_space(p);
	if (str_starts(str_slice(p->s, p->at, p->s.n), STR("*|")))
		p->at += 2;
	else if (scan_peek(p) == '|')
		p->at++;
	s->name = scan_name(p, true);
	if (s->name == NULL)
		return -1;
	scan_space(p);
	if (scan_accept(p, ']'))
		return 0;
	if (strchr("~|^$*!", scan_peek(p)) != NULL && scan_peek(p) != '\0')
		s->op = p->s.p[p->at++];
	if (!scan_accept(p, '='))
		return scan_refuse(p, "one of = ~= |= ^= $= *= or ] is expected");
	if (s->op == 0)
		s->op = '=';
	scan_space(p);
	s->value = scan_value(p);
	if (s->value == NULL)
		return -1;
	scan_space(p);
	if (scan_peek(p) != ']' && strchr("iIsS", scan_peek(p)) != NULL && p->at < p->s.n) {
		s->flag = ascii_lower(p->s.p[p->at++]);
		scan_space(p);
	}
	return scan_accept(p, ']') ? 0 : scan_refuse(p, "] is expected");
}

/* An+B (CSS Syntax section 6). */
static int
parse_nth(struct scan *p, struct simple *s)
{
	int sign = 1, number;
	bool has_number;
	size_t behind;

	scan_space(p);
	if (scan_word(p, "odd") || scan_word(p, "even")) {
		s->a = 2;
		s->b = ascii_lower(p->s.p[p->at - 1]) == 'd' ? 1 : 0;
		return 0;
	}
	if (scan_peek(p) == '+' || scan_peek(p) == '-')
		sign = p->s.p[p->at++] == '-' ? -1 : 1;
	has_number = scan_integer(p, &number);
	if (ascii_lower(scan_peek(p)) != 'n') {
		s->b = sign * number;
		return has_number ? 0 : scan_refuse(p, "a number such as 2n+1, odd or even is expected");
	}
	p->at++;
	s->a = sign * (has_number ? number : 1);
	behind = p->at;
	scan_space(p);
	if (scan_peek(p) != '+' && scan_peek(p) != '-') {
		p->at = behind;
		return 0;
	}
	sign = p->s.p[p->at++] == '-' ? -1 : 1;
	scan_space(p);
	if (!scan_integer(p, &number))
		return scan_refuse(p, "a number is expected");
	s->b = sign * number;
	return 0;
}

static const struct {
	const char *name;
	enum state state;
} states[] = {
	{ "root", STATE_ROOT },
	{ "empty", STATE_EMPTY },
	{ "link", STATE_LINK },
	{ "any-link", STATE_LINK },
	{ "checked", STATE_CHECKED },
	{ "disabled", STATE_DISABLED },
	{ "enabled", STATE_ENABLED },
	{ "required", STATE_REQUIRED },
	{ "optional", STATE_OPTIONAL },
	{ "read-only", STATE_READ_ONLY },
	{ "read-write", STATE_READ_WRITE },
	{ "placeholder-shown", STATE_PLACEHOLDER },
	{ "defined", STATE_DEFINED },
	{ "hover", STATE_NEVER },
	{ "active", STATE_NEVER },
	{ "focus", STATE_NEVER },
	{ "focus-visible", STATE_NEVER },
	{ "focus-within", STATE_NEVER },
	{ "visited", STATE_NEVER },
	{ "target", STATE_NEVER },
	{ "target-within", STATE_NEVER },
	{ "current", STATE_NEVER },
	{ "past", STATE_NEVER },
	{ "future", STATE_NEVER },
	{ "paused", STATE_NEVER },
	{ "playing", STATE_NEVER },
	{ "user-invalid", STATE_NEVER },
	{ "local-link", STATE_NEVER },
	{ "host", STATE_NEVER },
};

static const struct {
	const char *name;
	bool last, of_type;
	int b;
	bool argument;
} nths[] = {
	{ "first-child", false, false, 1, false },
	{ "last-child", true, false, 1, false },
	{ "first-of-type", false, true, 1, false },
	{ "last-of-type", true, true, 1, false },
	{ "nth-child", false, false, 0, true },
	{ "nth-last-child", true, false, 0, true },
	{ "nth-of-type", false, true, 0, true },
	{ "nth-last-of-type", true, true, 0, true },
};

static const struct {
	const char *name;
	enum simple_kind kind;
} functions[] = {
	{ "not", SIMPLE_NOT },
	{ "is", SIMPLE_IS },
	{ "where", SIMPLE_IS },
	{ "matches", SIMPLE_IS },
	{ "any", SIMPLE_IS },
	{ "has", SIMPLE_HAS },
	{ "contains", SIMPLE_CONTAINS },
	{ "-soup-contains", SIMPLE_CONTAINS },
	{ "-soup-contains-own", SIMPLE_CONTAINS_OWN },
	{ "lang", SIMPLE_LANG },
};

static int
add_simple(struct scan *p, struct compound *c, struct simple s)
{
	if (++p->parts > SELECTOR_MAX_PARTS)
		return fail(p->error, ERROR_LIMIT, 0, "a selector of more than %d parts", SELECTOR_MAX_PARTS);
	s.number = p->parts;
	s.scoped = s.kind == SIMPLE_SCOPE || (s.inner != NULL && s.inner->scoped);
	c->scoped = c->scoped || s.scoped;
	c->items = mem_resize(c->items, (c->n + 1) * sizeof *c->items);
	c->items[c->n++] = s;
	return 0;
}

/* Behind "name(" of :is(), :not(), :has(), :contains(), :lang(). */
static int
parse_function(struct scan *p, struct simple *s)
{
	scan_space(p);
	if (s->kind == SIMPLE_CONTAINS || s->kind == SIMPLE_CONTAINS_OWN || s->kind == SIMPLE_LANG) {
		struct buf all;

		buf_init(&all, SELECTOR_MAX_BYTES * 4);
		do {
			char *value;

			scan_space(p);
			value = scan_value(p);
			if (value == NULL) {
				buf_release(&all);
				return -1;
			}
			buf_addf(&all, "%s%s", all.len > 0 ? "\n" : "", value); /* alternatives, one per line */
			if (value[0] == '\0')
				buf_add_char(&all, '\0');
			free(value);
			scan_space(p);
		} while (scan_accept(p, ','));
		s->value = buf_take(&all);
		return 0;
	}
	s->inner = parse_list(p, s->kind == SIMPLE_HAS, true);
	return s->inner != NULL ? 0 : -1;
}

static int
parse_nth_argument(struct scan *p, struct simple *s)
{
	if (parse_nth(p, s) != 0)
		return -1;
	if (scan_space(p) && !s->of_type && scan_word(p, "of")) {
		scan_space(p);
		s->inner = parse_list(p, false, true);
		return s->inner != NULL ? 0 : -1;
	}
	return 0;
}

/* Fills *s by name; true when known. */
static bool
find_pseudo(const char *name, bool function, struct simple *s, bool *argument)
{
	struct str n = str_of(name);

	*argument = function;
	for (size_t i = 0; i < sizeof nths / sizeof *nths; i++)
		if (str_is_nocase(n, nths[i].name) && nths[i].argument == function) {
			*s = (struct simple){
				.kind = SIMPLE_NTH,
				.last = nths[i].last,
				.of_type = nths[i].of_type,
				.b = nths[i].b,
			};
			return true;
		}
	for (size_t i = 0; function && i < sizeof functions / sizeof *functions; i++)
		if (str_is_nocase(n, functions[i].name)) {
			*s = (struct simple){ .kind = functions[i].kind };
			return true;
		}
	for (size_t i = 0; !function && i < sizeof states / sizeof *states; i++)
		if (str_is_nocase(n, states[i].name)) {
			*s = (struct simple){ .kind = SIMPLE_STATE, .state = states[i].state };
			return true;
		}
	if (!function && str_is_nocase(n, "scope")) {
		*s = (struct simple){ .kind = SIMPLE_SCOPE };
		return true;
	}
	return false;
}

static int
parse_pseudo(struct scan *p, struct compound *c)
{
	size_t start = p->at;
	char *name = scan_name(p, true);
	struct simple s = { .kind = SIMPLE_ANY };
	bool function, argument, only;
	int status = 0;

	if (name == NULL)
		return -1;
	function = scan_accept(p, '(');
	only = !function && (str_is_nocase(str_of(name), "only-child") || str_is_nocase(str_of(name), "only-of-type"));
	if (only) {
		s = (struct simple){ .kind = SIMPLE_NTH, .b = 1, .of_type = strlen(name) > 10 };
		status = add_simple(p, c, s);
		s.last = true;
	} else if (!find_pseudo(name, function, &s, &argument)) {
		p->at = start;
		free(name);
		return scan_refuse(p, "this pseudo-class is not known here");
	}
	free(name);
	if (status == 0 && function)
		status = s.kind == SIMPLE_NTH ? parse_nth_argument(p, &s) : parse_function(p, &s);
	if (status == 0 && function) {
		scan_space(p);
		if (!scan_accept(p, ')'))
			status = scan_refuse(p, ") is expected");
	}
	if (add_simple(p, c, s) != 0)
		status = -1;
	return status;
}

/* ---- compounds, complexes, lists ---- */

static int
parse_type(struct scan *p, struct compound *c)
{
	struct simple s = { .kind = SIMPLE_ANY };

	if (scan_accept(p, '*')) {
		if (scan_peek(p) != '|')
			return add_simple(p, c, s);
		p->at++;
	} else if (scan_peek(p) == '|') {
		return scan_refuse(p, "a namespace is not known here");
	}
	if (scan_accept(p, '*'))
		return add_simple(p, c, s);
	s.kind = SIMPLE_TYPE;
	s.name = scan_name(p, true);
	if (s.name == NULL)
		return -1;
	if (scan_peek(p) == '|' && !str_starts(str_slice(p->s, p->at, p->s.n), STR("|="))) {
		free(s.name);
		return scan_refuse(p, "a namespace is not known here");
	}
	return add_simple(p, c, s);
}

static int
parse_compound(struct scan *p, struct compound *c)
{
	if (scan_peek(p) == '*' || scan_peek(p) == '|' || scan_at_name(p, true))
		if (parse_type(p, c) != 0)
			return -1;
	for (;;) {
		struct simple s = { .kind = SIMPLE_ANY };
		int status = 0;

		if (scan_accept(p, '#')) {
			s.kind = SIMPLE_ID;
			s.value = scan_name(p, true);
			status = s.value == NULL ? -1 : add_simple(p, c, s);
		} else if (scan_accept(p, '.')) {
			s.kind = SIMPLE_CLASS;
			s.value = scan_name(p, true);
			status = s.value == NULL ? -1 : add_simple(p, c, s);
		} else if (scan_accept(p, '[')) {
			status = parse_attribute(p, &s);
			if (add_simple(p, c, s) != 0)
				status = -1;
		} else if (scan_accept(p, ':')) {
			status =
			    scan_peek(p) == ':' ? scan_refuse(p, "a pseudo-element is no element") : parse_pseudo(p, c);
		} else {
			return c->n > 0 ? 0 : scan_refuse(p, "a selector is expected");
		}
		if (status != 0)
			return -1;
	}
}

static bool
at_combinator(const struct scan *p)
{
	return p->at < p->s.n && strchr(">+~", scan_peek(p)) != NULL && scan_peek(p) != '\0';
}

static int
parse_complex(struct scan *p, struct complex *x, bool relative)
{
	char combinator = 0;

	if (relative && at_combinator(p)) {
		x->leading = p->s.p[p->at++];
		scan_space(p);
	} else if (relative) {
		x->leading = ' ';
	}
	for (;;) {
		struct compound *c;
		bool space;

		x->items = mem_resize(x->items, (x->n + 1) * sizeof *x->items);
		c = &x->items[x->n++];
		*c = (struct compound){ .combinator = combinator };
		if (parse_compound(p, c) != 0)
			return -1;
		space = scan_space(p);
		if (at_combinator(p)) {
			combinator = p->s.p[p->at++];
			scan_space(p);
		} else if (space && p->at < p->s.n && scan_peek(p) != ',' && scan_peek(p) != ')') {
			combinator = ' ';
		} else {
			return 0;
		}
	}
}

static void
note_facts(struct selector *s, const struct complex *x)
{
	s->chained = s->chained || x->n > 1 || x->leading != 0;
	for (size_t i = 0; i < x->n; i++)
		s->scoped = s->scoped || x->items[i].scoped;
}

static struct selector *
parse_list(struct scan *p, bool relative, bool inner)
{
	struct selector *s = mem_alloc(sizeof *s);
	int status = 0;

	if (++p->depth > SELECTOR_MAX_DEPTH)
		status = fail(p->error, ERROR_LIMIT, 0, "a selector nested more than %d deep", SELECTOR_MAX_DEPTH);
	scan_space(p);
	while (status == 0) {
		s->items = mem_resize(s->items, (s->n + 1) * sizeof *s->items);
		s->items[s->n++] = (struct complex){ .n = 0 };
		status = parse_complex(p, &s->items[s->n - 1], relative);
		note_facts(s, &s->items[s->n - 1]);
		if (status != 0 || !scan_accept(p, ','))
			break;
		scan_space(p);
	}
	if (status == 0 && !inner && p->at < p->s.n)
		status = scan_refuse(p, "this is not understood");
	p->depth--;
	s->parts = p->parts;
	if (status == 0)
		return s;
	selector_free(s);
	return NULL;
}

struct selector *
selector_new(struct str text, struct error *error)
{
	struct scan p = { .s = text, .error = error };

	if (text.n > SELECTOR_MAX_BYTES) {
		fail(error, ERROR_LIMIT, 0, "a selector of %zu bytes is longer than the limit of %d", text.n,
		    SELECTOR_MAX_BYTES);
		return NULL;
	}
	return parse_list(&p, false, false);
}

void
selector_free(struct selector *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->items[i].n; k++) {
			struct compound *c = &s->items[i].items[k];

			for (size_t m = 0; m < c->n; m++) {
				free(c->items[m].name);
				free(c->items[m].value);
				selector_free(c->items[m].inner);
			}
			free(c->items);
		}
		free(s->items[i].items);
	}
	free(s->items);
	free(s);
}
