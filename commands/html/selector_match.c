/* Matching selectors right to left over the flat arrays. */
#include <stdlib.h>
#include <string.h>

#include "commands/html/private.h"
#include "commands/html/selector.h"

struct matcher {
	const struct page *p;
	uint32_t scope;          /* :scope, and the anchor of :has() */
};

static bool list_matches(const struct matcher *m, const struct selector *s, uint32_t node);

/* ---- attributes ---- */

/* "~=" and classes: one of the words */
static bool
has_word(struct str list, struct str word, bool nocase)
{
	if (word.n == 0)
		return false;
	for (size_t i = 0; i < list.n;) {
		size_t start;

		while (i < list.n && ascii_is_space(list.p[i]))
			i++;
		start = i;
		while (i < list.n && !ascii_is_space(list.p[i]))
			i++;
		if (nocase ? str_eq_nocase(str_slice(list, start, i), word) : str_eq(str_slice(list, start, i), word))
			return true;
	}
	return false;
}

static bool
contains(struct str s, struct str part, bool nocase)
{
	if (part.n == 0 || part.n > s.n)
		return false;
	if (!nocase)
		return str_find(s, part) >= 0;
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_eq_nocase(str_slice(s, i, i + part.n), part))
			return true;
	return false;
}

/* Attributes whose values are compared without case in HTML (section 4.16.2 of the standard, the common ones). */
static bool
value_nocase(const char *name)
{
	static const char *const names[] = { "type", "rel", "rev", "method", "enctype", "lang", "dir", "align", "checked",
		"disabled", "multiple", "readonly", "selected", "shape", "scope", "media", "charset", "http-equiv", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (str_is_nocase(str_of(name), names[i]))
			return true;
	return false;
}

static bool
attribute_matches(const struct page *p, uint32_t node, const struct simple *s)
{
	bool found, nocase = s->flag == 'i' || (s->flag == 0 && value_nocase(s->name));
	struct str have = page_attr(p, node, s->name, &found), want = str_of(s->value);

	if (s->op == '!')
		return !found || !str_eq(have, want);
	if (!found || s->op == 0)
		return found;
	switch (s->op) {
	case '=':
		return nocase ? str_eq_nocase(have, want) : str_eq(have, want);
	case '~':
		return has_word(have, want, nocase);
	case '|':
		return (nocase ? str_starts_nocase(have, want) : str_starts(have, want)) &&
		    (have.n == want.n || have.p[want.n] == '-');
	case '^':
		return want.n > 0 && (nocase ? str_starts_nocase(have, want) : str_starts(have, want));
	case '$':
		return want.n > 0 && (nocase ? str_ends_nocase(have, want) : str_ends(have, want));
	default:
		return contains(have, want, nocase);
	}
}

/* ---- positions ---- */

static bool
counts(const struct matcher *m, const struct simple *s, uint32_t node, uint32_t other)
{
	if (s->of_type)
		return str_eq_nocase(m->p->nodes[node].name, m->p->nodes[other].name);
	return s->inner == NULL || list_matches(m, s->inner, other);
}

static bool
nth_matches(const struct matcher *m, uint32_t node, const struct simple *s)
{
	int position = 1, steps;

	if (s->inner != NULL && !list_matches(m, s->inner, node))
		return false;
	for (uint32_t i = s->last ? m->p->nodes[node].next : m->p->nodes[node].prev; i != PAGE_NONE;
	    i = s->last ? m->p->nodes[i].next : m->p->nodes[i].prev) {
		if (counts(m, s, node, i))
			position++;
		if (s->a == 0 && position > s->b)
			return false;
	}
	if (s->a == 0)
		return position == s->b;
	steps = position - s->b;
	return steps % s->a == 0 && steps / s->a >= 0;
}

/* ---- states ---- */

static bool
is_any(const struct page *p, uint32_t node, const char *const *names)
{
	for (; *names != NULL; names++)
		if (element_is(p, node, *names))
			return true;
	return false;
}

static bool
has_attr(const struct page *p, uint32_t node, const char *name)
{
	bool found;

	page_attr(p, node, name, &found);
	return found;
}

static bool
is_disabled(const struct page *p, uint32_t node)
{
	static const char *const controls[] = { "button", "input", "select", "textarea", "fieldset", NULL };
	static const char *const options[] = { "option", "optgroup", NULL };
	uint32_t parent = p->nodes[node].parent;

	if (is_any(p, node, options))
		return has_attr(p, node, "disabled") || (element_is(p, node, "option") && parent != PAGE_NONE &&
		    element_is(p, parent, "optgroup") && has_attr(p, parent, "disabled"));
	if (!is_any(p, node, controls))
		return false;
	if (has_attr(p, node, "disabled"))
		return true;
	/* in a disabled fieldset, but not in its first legend */
	for (uint32_t child = node, i = parent; i != PAGE_NONE; child = i, i = p->nodes[i].parent) {
		uint32_t legend = p->nodes[i].first;

		if (!element_is(p, i, "fieldset") || !has_attr(p, i, "disabled"))
			continue;
		while (legend != PAGE_NONE && !element_is(p, legend, "legend"))
			legend = p->nodes[legend].next;
		if (legend != child)
			return true;
	}
	return false;
}

static bool
is_editable(const struct page *p, uint32_t node)
{
	static const char *const fixed[] = { "checkbox", "radio", "submit", "button", "reset", "image", "file", "hidden", "range",
		"color", NULL };
	struct str type = page_attr(p, node, "type", NULL);
	bool input = element_is(p, node, "input"), found;
	struct str editable = page_attr(p, node, "contenteditable", &found);

	if (found && !str_is_nocase(editable, "false"))
		return true;
	if (!input && !element_is(p, node, "textarea"))
		return false;
	for (size_t i = 0; input && fixed[i] != NULL; i++)
		if (str_is_nocase(type, fixed[i]))
			return false;
	return !has_attr(p, node, "readonly") && !is_disabled(p, node);
}

static bool
is_empty(const struct page *p, uint32_t node)
{
	for (uint32_t i = node + 1; i < p->nodes[node].end; i++)
		if (p->nodes[i].kind == PAGE_ELEMENT || (p->nodes[i].kind == PAGE_TEXT && p->nodes[i].text.n > 0))
			return false;
	return true;
}

static bool
state_matches(const struct page *p, uint32_t node, enum state state)
{
	static const char *const links[] = { "a", "area", NULL };
	static const char *const controls[] = { "button", "input", "select", "textarea", "fieldset", "option", "optgroup", NULL };
	static const char *const fields[] = { "input", "select", "textarea", NULL };
	struct str type;

	switch (state) {
	case STATE_NEVER:
		return false;
	case STATE_ROOT:
		return p->nodes[node].parent == PAGE_NONE && element_is(p, node, "html");
	case STATE_EMPTY:
		return is_empty(p, node);
	case STATE_LINK:
		return is_any(p, node, links) && has_attr(p, node, "href");
	case STATE_CHECKED:
		type = page_attr(p, node, "type", NULL);
		if (element_is(p, node, "option"))
			return has_attr(p, node, "selected");
		return element_is(p, node, "input") && (str_is_nocase(type, "checkbox") || str_is_nocase(type, "radio")) &&
		    has_attr(p, node, "checked");
	case STATE_DISABLED:
		return is_disabled(p, node);
	case STATE_ENABLED:
		return is_any(p, node, controls) && !is_disabled(p, node);
	case STATE_REQUIRED:
		return is_any(p, node, fields) && has_attr(p, node, "required");
	case STATE_OPTIONAL:
		return is_any(p, node, fields) && !has_attr(p, node, "required");
	case STATE_READ_ONLY:
		return !is_editable(p, node);
	case STATE_READ_WRITE:
		return is_editable(p, node);
	case STATE_PLACEHOLDER:
		return (element_is(p, node, "input") || element_is(p, node, "textarea")) && has_attr(p, node, "placeholder") &&
		    page_attr(p, node, "value", NULL).n == 0;
	case STATE_DEFINED:
		return str_find_char(p->nodes[node].name, '-') < 0;
	}
	return false;
}

/* ---- text and language ---- */

static bool
text_contains(const struct page *p, uint32_t node, const char *values, bool own)
{
	struct buf text;
	struct str rest = str_of(values), one;
	bool found = false;

	buf_init(&text, PAGE_MAX_BYTES);
	for (uint32_t i = node + 1; i < p->nodes[node].end; i++)
		if (p->nodes[i].kind == PAGE_TEXT && (!own || p->nodes[i].parent == node))
			buf_add_str(&text, p->nodes[i].text);
	while (!found && rest.p != NULL) {
		one = str_cut(&rest, '\n');
		found = one.n == 0 || str_find(buf_str(&text), one) >= 0;
	}
	buf_release(&text);
	return found;
}

static bool
lang_matches(const struct page *p, uint32_t node, const char *ranges)
{
	struct str have = { NULL, 0 }, rest = str_of(ranges), want;
	bool found = false;

	for (uint32_t i = node; i != PAGE_NONE && !found; i = p->nodes[i].parent)
		have = page_attr(p, i, "lang", &found);
	while (found && rest.p != NULL) {
		want = str_cut(&rest, '\n');
		if (want.n == 0 ? have.n == 0 : (str_is(want, "*") && have.n > 0) || (str_starts_nocase(have, want) &&
		    (have.n == want.n || have.p[want.n] == '-')))
			return true;
	}
	return false;
}

/* ---- the whole ---- */

static bool complex_matches(const struct matcher *m, const struct complex *x, size_t at, uint32_t node, bool anchored);

static bool
has_matches(const struct matcher *m, uint32_t node, const struct selector *s)
{
	const struct page *p = m->p;
	struct matcher inner = { p, node };

	for (size_t i = 0; i < s->n; i++) {
		const struct complex *x = &s->items[i];
		bool siblings = x->leading == '+' || x->leading == '~';
		uint32_t parent = p->nodes[node].parent;
		uint32_t from = siblings ? p->nodes[node].end : node + 1;
		uint32_t end = !siblings ? p->nodes[node].end : parent == PAGE_NONE ? p->n_nodes : p->nodes[parent].end;

		for (uint32_t k = from; k < end; k++)
			if (p->nodes[k].kind == PAGE_ELEMENT && complex_matches(&inner, x, x->n - 1, k, true))
				return true;
	}
	return false;
}

static bool
simple_matches(const struct matcher *m, const struct simple *s, uint32_t node)
{
	const struct page *p = m->p;

	switch (s->kind) {
	case SIMPLE_ANY:
		return true;
	case SIMPLE_TYPE:
		return str_is_nocase(p->nodes[node].name, s->name);
	case SIMPLE_ID:
		return str_is(page_attr(p, node, "id", NULL), s->value);
	case SIMPLE_CLASS:
		return has_word(page_attr(p, node, "class", NULL), str_of(s->value), false);
	case SIMPLE_ATTRIBUTE:
		return attribute_matches(p, node, s);
	case SIMPLE_NTH:
		return nth_matches(m, node, s);
	case SIMPLE_STATE:
		return state_matches(p, node, s->state);
	case SIMPLE_IS:
		return list_matches(m, s->inner, node);
	case SIMPLE_NOT:
		return !list_matches(m, s->inner, node);
	case SIMPLE_HAS:
		return has_matches(m, node, s->inner);
	case SIMPLE_CONTAINS:
	case SIMPLE_CONTAINS_OWN:
		return text_contains(p, node, s->value, s->kind == SIMPLE_CONTAINS_OWN);
	case SIMPLE_LANG:
		return lang_matches(p, node, s->value);
	case SIMPLE_SCOPE:
		return m->scope == PAGE_NONE ? state_matches(p, node, STATE_ROOT) : node == m->scope;
	}
	return false;
}

/* Whether `left` (the compound at - 1, or the anchor when at is 0) stands where the combinator wants it. */
static bool
left_matches(const struct matcher *m, const struct complex *x, size_t at, uint32_t node, char combinator, bool anchored)
{
	const struct page_node *nodes = m->p->nodes;
	bool sibling = combinator == '+' || combinator == '~', one = combinator == '>' || combinator == '+';

	for (uint32_t i = sibling ? nodes[node].prev : nodes[node].parent; i != PAGE_NONE;
	    i = sibling ? nodes[i].prev : nodes[i].parent) {
		if (at == 0 ? i == m->scope : complex_matches(m, x, at - 1, i, anchored))
			return true;
		if (one)
			break;
	}
	return false;
}

/* anchored: the first compound must stand in the leading relation to the scope. */
static bool
complex_matches(const struct matcher *m, const struct complex *x, size_t at, uint32_t node, bool anchored)
{
	const struct compound *c = &x->items[at];

	for (size_t i = 0; i < c->n; i++)
		if (!simple_matches(m, &c->items[i], node))
			return false;
	if (at == 0)
		return !anchored || left_matches(m, x, 0, node, x->leading, anchored);
	return left_matches(m, x, at, node, c->combinator, anchored);
}

static bool
list_matches(const struct matcher *m, const struct selector *s, uint32_t node)
{
	for (size_t i = 0; i < s->n; i++)
		if (complex_matches(m, &s->items[i], s->items[i].n - 1, node, false))
			return true;
	return false;
}

bool
selector_matches(const struct selector *s, const struct page *p, uint32_t node, uint32_t scope)
{
	struct matcher m = { p, scope };

	return p->nodes[node].kind == PAGE_ELEMENT && list_matches(&m, s, node);
}

size_t
selector_select(const struct selector *s, const struct page *p, uint32_t root, uint32_t **nodes)
{
	uint32_t from = root == PAGE_NONE ? 0 : root + 1, end = root == PAGE_NONE ? p->n_nodes : p->nodes[root].end;
	size_t n = 0, cap = 0;
	uint32_t *more;

	*nodes = NULL;
	for (uint32_t i = from; i < end; i++) {
		if (!selector_matches(s, p, i, root))
			continue;
		more = mem_more(*nodes, &cap, n, sizeof(*more));
		if (more == NULL)
			break;
		*nodes = more;
		(*nodes)[n++] = i;
	}
	return n;
}
