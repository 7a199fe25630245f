/* Parsing selectors (Selectors Level 4, CSS Syntax Level 3). */
#include "commands/html/selector.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/entities.h"

struct parser {
	struct str s;
	size_t at;
	unsigned depth, parts;
	struct error *error;
};

static struct selector *parse_list(struct parser *p, bool relative, bool inner);

static int
refuse(struct parser *p, const char *why)
{
	char shown[200];

	fail(p->error, ERROR_USAGE, (int)p->at, "selector \"%s\": %s at character %zu",
	    str_printable(p->s, shown, sizeof(shown)), why, p->at + 1);
	return -1;
}

static char
peek(const struct parser *p)
{
	return p->at < p->s.n ? p->s.p[p->at] : '\0';
}

static bool
skip_space(struct parser *p)
{
	size_t start = p->at;

	for (;;) {
		struct str rest = str_slice(p->s, p->at, p->s.n);
		ptrdiff_t end;

		if (rest.n > 0 && ascii_is_space(rest.p[0])) {
			p->at++;
		} else if (str_starts(rest, STR("/*")) && (end = str_find(str_slice(rest, 2, rest.n), STR("*/"))) >= 0) {
			p->at += (size_t)end + 4;
		} else {
			return p->at > start;
		}
	}
}

static bool
accept(struct parser *p, char c)
{
	if (peek(p) != c || p->at >= p->s.n)
		return false;
	p->at++;
	return true;
}

/* ---- names and strings ---- */

static bool
name_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || (uint8_t)c >= 0x80;
}

/* Behind the backslash. */
static void
read_escape(struct parser *p, struct buf *out)
{
	uint32_t value = 0;
	size_t n = 0;

	while (n < 6 && p->at < p->s.n && hex_value(peek(p)) >= 0) {
		value = value * 16 + (uint32_t)hex_value(peek(p));
		p->at++;
		n++;
	}
	if (n == 0) {
		if (p->at < p->s.n)
			buf_add_char(out, p->s.p[p->at++]);
		return;
	}
	if (p->at < p->s.n && ascii_is_space(peek(p)))
		p->at++;
	utf8_add(out, value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0xFFFD : value);
}

static bool
starts_name(const struct parser *p, bool identifier)
{
	char c = peek(p), next = p->at + 1 < p->s.n ? p->s.p[p->at + 1] : '\0';

	if (c == '\\')
		return next != '\0' && next != '\n';
	if (c == '-' && identifier)
		return name_char(next) ? !ascii_is_digit(next) : next == '\\';
	return name_char(c) && !(identifier && ascii_is_digit(c));
}

/* An identifier, or with identifier false a name (behind #). NULL with an error. */
static char *
read_name(struct parser *p, bool identifier)
{
	struct buf out;

	if (!starts_name(p, identifier)) {
		refuse(p, "a name is expected");
		return NULL;
	}
	buf_init(&out, SELECTOR_MAX_BYTES * 4);
	while (p->at < p->s.n && (name_char(peek(p)) || peek(p) == '\\')) {
		char c = p->s.p[p->at++];

		if (c == '\\')
			read_escape(p, &out);
		else
			buf_add_char(&out, c);
	}
	return buf_take(&out);
}

static char *
read_string(struct parser *p)
{
	char quote = p->s.p[p->at++];
	struct buf out;

	buf_init(&out, SELECTOR_MAX_BYTES * 4);
	while (p->at < p->s.n && peek(p) != quote) {
		char c = p->s.p[p->at++];

		if (c == '\n') {
			break;
		} else if (c == '\\') {
			if (peek(p) == '\n')
				p->at++;
			else
				read_escape(p, &out);
		} else {
			buf_add_char(&out, c);
		}
	}
	if (!accept(p, quote)) {
		refuse(p, "the string is not closed");
		buf_release(&out);
		return NULL;
	}
	return buf_take(&out);
}

static char *
read_value(struct parser *p)
{
	return peek(p) == '"' || peek(p) == '\'' ? read_string(p) : read_name(p, true);
}

/* ---- simple selectors ---- */

static int
parse_attribute(struct parser *p, struct simple *s)
{
	s->kind = SIMPLE_ATTRIBUTE;
	skip_space(p);
	if (str_starts(str_slice(p->s, p->at, p->s.n), STR("*|")))
		p->at += 2;
	else if (peek(p) == '|')
		p->at++;
	s->name = read_name(p, true);
	if (s->name == NULL)
		return -1;
	skip_space(p);
	if (accept(p, ']'))
		return 0;
	if (strchr("~|^$*!", peek(p)) != NULL && peek(p) != '\0')
		s->op = p->s.p[p->at++];
	if (!accept(p, '='))
		return refuse(p, "one of = ~= |= ^= $= *= or ] is expected");
	if (s->op == 0)
		s->op = '=';
	skip_space(p);
	s->value = read_value(p);
	if (s->value == NULL)
		return -1;
	skip_space(p);
	if (peek(p) != ']' && strchr("iIsS", peek(p)) != NULL && p->at < p->s.n) {
		s->flag = ascii_lower(p->s.p[p->at++]);
		skip_space(p);
	}
	return accept(p, ']') ? 0 : refuse(p, "] is expected");
}

static bool
read_integer(struct parser *p, int *value)
{
	bool any = false;

	*value = 0;
	while (p->at < p->s.n && ascii_is_digit(peek(p))) {
		if (*value < 100000000)
			*value = *value * 10 + (peek(p) - '0');
		p->at++;
		any = true;
	}
	return any;
}

static bool
accept_word(struct parser *p, const char *word)
{
	struct str rest = str_slice(p->s, p->at, p->s.n);

	if (!str_starts_nocase(rest, str_of(word)) || (rest.n > strlen(word) && name_char(rest.p[strlen(word)])))
		return false;
	p->at += strlen(word);
	return true;
}

/* An+B (CSS Syntax section 6). */
static int
parse_nth(struct parser *p, struct simple *s)
{
	int sign = 1, number;
	bool has_number;

	skip_space(p);
	if (accept_word(p, "odd") || accept_word(p, "even")) {
		s->a = 2;
		s->b = ascii_lower(p->s.p[p->at - 1]) == 'd' ? 1 : 0;
		return 0;
	}
	if (peek(p) == '+' || peek(p) == '-')
		sign = p->s.p[p->at++] == '-' ? -1 : 1;
	has_number = read_integer(p, &number);
	if (ascii_lower(peek(p)) != 'n') {
		s->b = sign * number;
		return has_number ? 0 : refuse(p, "a number such as 2n+1, odd or even is expected");
	}
	p->at++;
	s->a = sign * (has_number ? number : 1);
	skip_space(p);
	if (peek(p) != '+' && peek(p) != '-')
		return 0;
	sign = p->s.p[p->at++] == '-' ? -1 : 1;
	skip_space(p);
	if (!read_integer(p, &number))
		return refuse(p, "a number is expected");
	s->b = sign * number;
	return 0;
}

static const struct { const char *name; enum state state; } states[] = { { "root", STATE_ROOT }, { "empty", STATE_EMPTY },
	{ "link", STATE_LINK }, { "any-link", STATE_LINK }, { "checked", STATE_CHECKED }, { "disabled", STATE_DISABLED },
	{ "enabled", STATE_ENABLED }, { "required", STATE_REQUIRED }, { "optional", STATE_OPTIONAL },
	{ "read-only", STATE_READ_ONLY }, { "read-write", STATE_READ_WRITE }, { "placeholder-shown", STATE_PLACEHOLDER },
	{ "defined", STATE_DEFINED }, { "hover", STATE_NEVER }, { "active", STATE_NEVER }, { "focus", STATE_NEVER },
	{ "focus-visible", STATE_NEVER }, { "focus-within", STATE_NEVER }, { "visited", STATE_NEVER },
	{ "target", STATE_NEVER }, { "target-within", STATE_NEVER }, { "current", STATE_NEVER }, { "past", STATE_NEVER },
	{ "future", STATE_NEVER }, { "paused", STATE_NEVER }, { "playing", STATE_NEVER }, { "user-invalid", STATE_NEVER },
	{ "local-link", STATE_NEVER }, { "host", STATE_NEVER } };

static const struct { const char *name; bool last, of_type; int b; bool argument; } nths[] = {
	{ "first-child", false, false, 1, false }, { "last-child", true, false, 1, false },
	{ "first-of-type", false, true, 1, false }, { "last-of-type", true, true, 1, false },
	{ "nth-child", false, false, 0, true }, { "nth-last-child", true, false, 0, true },
	{ "nth-of-type", false, true, 0, true }, { "nth-last-of-type", true, true, 0, true } };

static const struct { const char *name; enum simple_kind kind; } functions[] = { { "not", SIMPLE_NOT }, { "is", SIMPLE_IS },
	{ "where", SIMPLE_IS }, { "matches", SIMPLE_IS }, { "any", SIMPLE_IS }, { "has", SIMPLE_HAS },
	{ "contains", SIMPLE_CONTAINS }, { "-soup-contains", SIMPLE_CONTAINS }, { "-soup-contains-own", SIMPLE_CONTAINS_OWN },
	{ "lang", SIMPLE_LANG } };

static int
add_simple(struct parser *p, struct compound *c, struct simple s)
{
	if (++p->parts > SELECTOR_MAX_PARTS)
		return fail(p->error, ERROR_LIMIT, 0, "a selector of more than %d parts", SELECTOR_MAX_PARTS);
	c->items = mem_resize(c->items, (c->n + 1) * sizeof(*c->items));
	c->items[c->n++] = s;
	return 0;
}

/* Behind "name(" of :is(), :not(), :has(), :contains(), :lang(). */
static int
parse_function(struct parser *p, struct simple *s)
{
	skip_space(p);
	if (s->kind == SIMPLE_CONTAINS || s->kind == SIMPLE_CONTAINS_OWN || s->kind == SIMPLE_LANG) {
		struct buf all;

		buf_init(&all, SELECTOR_MAX_BYTES * 4);
		do {
			char *value;

			skip_space(p);
			value = read_value(p);
			if (value == NULL) {
				buf_release(&all);
				return -1;
			}
			buf_addf(&all, "%s%s", all.len > 0 ? "\n" : "", value);    /* alternatives, one per line */
			if (value[0] == '\0')
				buf_add_char(&all, '\0');
			free(value);
			skip_space(p);
		} while (accept(p, ','));
		s->value = buf_take(&all);
		return 0;
	}
	s->inner = parse_list(p, s->kind == SIMPLE_HAS, true);
	return s->inner != NULL ? 0 : -1;
}

static int
parse_nth_argument(struct parser *p, struct simple *s)
{
	if (parse_nth(p, s) != 0)
		return -1;
	if (skip_space(p) && !s->of_type && accept_word(p, "of")) {
		skip_space(p);
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
	for (size_t i = 0; i < sizeof(nths) / sizeof(*nths); i++)
		if (str_is_nocase(n, nths[i].name) && nths[i].argument == function) {
			*s = (struct simple){ .kind = SIMPLE_NTH, .last = nths[i].last, .of_type = nths[i].of_type, .b = nths[i].b };
			return true;
		}
	for (size_t i = 0; function && i < sizeof(functions) / sizeof(*functions); i++)
		if (str_is_nocase(n, functions[i].name)) {
			*s = (struct simple){ .kind = functions[i].kind };
			return true;
		}
	for (size_t i = 0; !function && i < sizeof(states) / sizeof(*states); i++)
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
parse_pseudo(struct parser *p, struct compound *c)
{
	size_t start = p->at;
	char *name = read_name(p, true);
	struct simple s = { .kind = SIMPLE_ANY };
	bool function, argument, only;
	int status = 0;

	if (name == NULL)
		return -1;
	function = accept(p, '(');
	only = !function && (str_is_nocase(str_of(name), "only-child") || str_is_nocase(str_of(name), "only-of-type"));
	if (only) {
		s = (struct simple){ .kind = SIMPLE_NTH, .b = 1, .of_type = strlen(name) > 10 };
		status = add_simple(p, c, s);
		s.last = true;
	} else if (!find_pseudo(name, function, &s, &argument)) {
		p->at = start;
		free(name);
		return refuse(p, "this pseudo-class is not known here");
	}
	free(name);
	if (status == 0 && function)
		status = s.kind == SIMPLE_NTH ? parse_nth_argument(p, &s) : parse_function(p, &s);
	if (status == 0 && function) {
		skip_space(p);
		if (!accept(p, ')'))
			status = refuse(p, ") is expected");
	}
	if (add_simple(p, c, s) != 0)
		status = -1;
	return status;
}

/* ---- compounds, complexes, lists ---- */

static int
parse_type(struct parser *p, struct compound *c)
{
	struct simple s = { .kind = SIMPLE_ANY };

	if (accept(p, '*')) {
		if (peek(p) != '|')
			return add_simple(p, c, s);
		p->at++;
	} else if (peek(p) == '|') {
		return refuse(p, "a namespace is not known here");
	}
	if (accept(p, '*'))
		return add_simple(p, c, s);
	s.kind = SIMPLE_TYPE;
	s.name = read_name(p, true);
	if (s.name == NULL)
		return -1;
	if (peek(p) == '|' && !str_starts(str_slice(p->s, p->at, p->s.n), STR("|="))) {
		free(s.name);
		return refuse(p, "a namespace is not known here");
	}
	return add_simple(p, c, s);
}

static int
parse_compound(struct parser *p, struct compound *c)
{
	if (peek(p) == '*' || peek(p) == '|' || starts_name(p, true))
		if (parse_type(p, c) != 0)
			return -1;
	for (;;) {
		struct simple s = { .kind = SIMPLE_ANY };
		int status = 0;

		if (accept(p, '#')) {
			s.kind = SIMPLE_ID;
			s.value = read_name(p, true);
			status = s.value == NULL ? -1 : add_simple(p, c, s);
		} else if (accept(p, '.')) {
			s.kind = SIMPLE_CLASS;
			s.value = read_name(p, true);
			status = s.value == NULL ? -1 : add_simple(p, c, s);
		} else if (accept(p, '[')) {
			status = parse_attribute(p, &s);
			if (add_simple(p, c, s) != 0)
				status = -1;
		} else if (accept(p, ':')) {
			status = peek(p) == ':' ? refuse(p, "a pseudo-element is no element") : parse_pseudo(p, c);
		} else {
			return c->n > 0 ? 0 : refuse(p, "a selector is expected");
		}
		if (status != 0)
			return -1;
	}
}

static bool
at_combinator(const struct parser *p)
{
	return p->at < p->s.n && strchr(">+~", peek(p)) != NULL && peek(p) != '\0';
}

static int
parse_complex(struct parser *p, struct complex *x, bool relative)
{
	char combinator = 0;

	if (relative && at_combinator(p)) {
		x->leading = p->s.p[p->at++];
		skip_space(p);
	} else if (relative) {
		x->leading = ' ';
	}
	for (;;) {
		struct compound *c;
		bool space;

		x->items = mem_resize(x->items, (x->n + 1) * sizeof(*x->items));
		c = &x->items[x->n++];
		*c = (struct compound){ combinator, NULL, 0 };
		if (parse_compound(p, c) != 0)
			return -1;
		space = skip_space(p);
		if (at_combinator(p)) {
			combinator = p->s.p[p->at++];
			skip_space(p);
		} else if (space && p->at < p->s.n && peek(p) != ',' && peek(p) != ')') {
			combinator = ' ';
		} else {
			return 0;
		}
	}
}

static struct selector *
parse_list(struct parser *p, bool relative, bool inner)
{
	struct selector *s = mem_alloc(sizeof(*s));
	int status = 0;

	if (++p->depth > SELECTOR_MAX_DEPTH)
		status = fail(p->error, ERROR_LIMIT, 0, "a selector nested more than %d deep", SELECTOR_MAX_DEPTH);
	skip_space(p);
	while (status == 0) {
		s->items = mem_resize(s->items, (s->n + 1) * sizeof(*s->items));
		s->items[s->n++] = (struct complex){ NULL, 0, 0 };
		status = parse_complex(p, &s->items[s->n - 1], relative);
		if (status != 0 || !accept(p, ','))
			break;
		skip_space(p);
	}
	if (status == 0 && !inner && p->at < p->s.n)
		status = refuse(p, "this is not understood");
	p->depth--;
	if (status == 0)
		return s;
	selector_free(s);
	return NULL;
}

struct selector *
selector_new(struct str text, struct error *error)
{
	struct parser p = { .s = text, .error = error };

	if (text.n > SELECTOR_MAX_BYTES) {
		fail(error, ERROR_LIMIT, 0, "a selector of %zu bytes is longer than the limit of %d", text.n, SELECTOR_MAX_BYTES);
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
