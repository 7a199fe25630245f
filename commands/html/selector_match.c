/* What a selector says of one node. */
#include <string.h>

#include "commands/html/private.h"
#include "commands/html/selection.h"

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

size_t
find_part(struct work *work, struct str s, struct str part, size_t from, bool nocase)
{
	for (size_t i = from; part.n <= s.n && i <= s.n - part.n; i++) {
		size_t same = 0;

		if (!nocase && part.n > 0) {
			const char *first = memchr(s.p + i, part.p[0], s.n - part.n + 1 - i);
			size_t at = first != NULL ? (size_t)(first - s.p) : s.n;

			work_spend(work, (at - i) / 16);
			i = at;
			if (first == NULL)
				return SIZE_MAX;
		}
		while (same < part.n &&
		    (s.p[i + same] == part.p[same] ||
			(nocase && ascii_lower(s.p[i + same]) == ascii_lower(part.p[same]))))
			same++;
		if (same == part.n)
			return i;
		if (!work_spend(work, 1 + same / 2))
			return SIZE_MAX;
	}
	return SIZE_MAX;
}

/* Attributes whose values are compared without case in HTML (section 4.16.2 of the standard, the common ones). */
static bool
value_nocase(const char *name)
{
	static const char *const names[] = { "type", "rel", "rev", "method", "enctype", "lang", "dir", "align",
		"checked", "disabled", "multiple", "readonly", "selected", "shape", "scope", "media", "charset",
		"http-equiv", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (str_is_nocase(str_of(name), names[i]))
			return true;
	return false;
}

static bool
attribute_matches(struct selection *q, uint32_t node, const struct simple *s)
{
	bool found, nocase = s->flag == 'i' || (s->flag == 0 && value_nocase(s->name));
	struct str have = page_attr(q->p, node, s->name, &found), want = str_of(s->value);

	work_spend(q->work, q->p->nodes[node].n_attrs + have.n / 16);
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
		return want.n > 0 && find_part(q->work, have, want, 0, nocase) != SIZE_MAX;
	}
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
is_disabled(struct selection *q, uint32_t node)
{
	static const char *const controls[] = { "button", "input", "select", "textarea", "fieldset", NULL };
	static const char *const options[] = { "option", "optgroup", NULL };
	const struct page *p = q->p;
	uint32_t parent = p->nodes[node].parent;

	if (is_any(p, node, options))
		return has_attr(p, node, "disabled") ||
		    (element_is(p, node, "option") && parent != PAGE_NONE && element_is(p, parent, "optgroup") &&
			has_attr(p, parent, "disabled"));
	return is_any(p, node, controls) && (has_attr(p, node, "disabled") || in_disabled_fieldset(q, node));
}

static bool
is_editable(struct selection *q, uint32_t node)
{
	static const char *const fixed[] = { "checkbox", "radio", "submit", "button", "reset", "image", "file",
		"hidden", "range", "color", NULL };
	const struct page *p = q->p;
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
	return !has_attr(p, node, "readonly") && !is_disabled(q, node);
}

static bool
is_empty(struct selection *q, uint32_t node)
{
	const struct page *p = q->p;

	for (uint32_t i = node + 1; i < p->nodes[node].end && work_spend(q->work, 1); i++)
		if (p->nodes[i].kind == PAGE_ELEMENT || (p->nodes[i].kind == PAGE_TEXT && p->nodes[i].text.n > 0))
			return false;
	return true;
}

static bool
state_matches(struct selection *q, uint32_t node, enum state state)
{
	static const char *const links[] = { "a", "area", NULL };
	static const char *const controls[] = { "button", "input", "select", "textarea", "fieldset", "option",
		"optgroup", NULL };
	static const char *const fields[] = { "input", "select", "textarea", NULL };
	const struct page *p = q->p;
	struct str type;

	switch (state) {
	case STATE_NEVER:
		return false;
	case STATE_ROOT:
		return p->nodes[node].parent == PAGE_NONE && element_is(p, node, "html");
	case STATE_EMPTY:
		return is_empty(q, node);
	case STATE_LINK:
		return is_any(p, node, links) && has_attr(p, node, "href");
	case STATE_CHECKED:
		type = page_attr(p, node, "type", NULL);
		if (element_is(p, node, "option"))
			return has_attr(p, node, "selected");
		return element_is(p, node, "input") &&
		    (str_is_nocase(type, "checkbox") || str_is_nocase(type, "radio")) && has_attr(p, node, "checked");
	case STATE_DISABLED:
		return is_disabled(q, node);
	case STATE_ENABLED:
		return is_any(p, node, controls) && !is_disabled(q, node);
	case STATE_REQUIRED:
		return is_any(p, node, fields) && has_attr(p, node, "required");
	case STATE_OPTIONAL:
		return is_any(p, node, fields) && !has_attr(p, node, "required");
	case STATE_READ_ONLY:
		return !is_editable(q, node);
	case STATE_READ_WRITE:
		return is_editable(q, node);
	case STATE_PLACEHOLDER:
		return (element_is(p, node, "input") || element_is(p, node, "textarea")) &&
		    has_attr(p, node, "placeholder") && page_attr(p, node, "value", NULL).n == 0;
	case STATE_DEFINED:
		return str_find_char(p->nodes[node].name, '-') < 0;
	}
	return false;
}

/* ---- text and language ---- */

/* In the text that stands in the node itself, not in its elements. */
static bool
own_text_contains(struct selection *q, uint32_t node, const char *values)
{
	const struct page_node *nodes = q->p->nodes;
	struct str rest = str_of(values);
	struct buf text;
	bool found = false;

	buf_init(&text, SIZE_MAX / 2);
	for (uint32_t i = node + 1; i < nodes[node].end; i = nodes[i].end)
		if (work_spend(q->work, 1 + nodes[i].text.n / 16) && nodes[i].kind == PAGE_TEXT)
			buf_add_str(&text, nodes[i].text);
	while (!found && rest.p != NULL)
		found = find_part(q->work, buf_str(&text), str_cut(&rest, '\n'), 0, false) != SIZE_MAX;
	buf_release(&text);
	return found;
}

bool
lang_matches(struct str have, const char *ranges)
{
	struct str rest = str_of(ranges), want;

	while (rest.p != NULL) {
		want = str_cut(&rest, '\n');
		if (want.n == 0 ? have.n == 0 :
				  (str_is(want, "*") && have.n > 0) ||
			    (str_starts_nocase(have, want) && (have.n == want.n || have.p[want.n] == '-')))
			return true;
	}
	return false;
}

/* ---- the whole ---- */

static bool
simple_matches(struct selection *q, const struct simple *s, uint32_t node)
{
	const struct page *p = q->p;
	struct str classes;

	switch (s->kind) {
	case SIMPLE_ANY:
		return true;
	case SIMPLE_TYPE:
		return str_is_nocase(p->nodes[node].name, s->name);
	case SIMPLE_ID:
		work_spend(q->work, p->nodes[node].n_attrs);
		return str_is(page_attr(p, node, "id", NULL), s->value);
	case SIMPLE_CLASS:
		classes = page_attr(p, node, "class", NULL);
		work_spend(q->work, p->nodes[node].n_attrs + classes.n / 8);
		return has_word(classes, str_of(s->value), false);
	case SIMPLE_ATTRIBUTE:
		return attribute_matches(q, node, s);
	case SIMPLE_STATE:
		return state_matches(q, node, s->state);
	case SIMPLE_IS:
		return list_matches(q, s, node);
	case SIMPLE_NOT:
		return !list_matches(q, s, node);
	case SIMPLE_NTH:
	case SIMPLE_HAS:
	case SIMPLE_CONTAINS:
	case SIMPLE_LANG:
		return set_has(set_of(q, s), node);
	case SIMPLE_CONTAINS_OWN:
		return own_text_contains(q, node, s->value);
	case SIMPLE_SCOPE:
		return q->scope == PAGE_NONE ? state_matches(q, node, STATE_ROOT) : node == q->scope;
	}
	return false;
}

bool
compound_matches(struct selection *q, const struct compound *c, uint32_t node)
{
	for (size_t i = 0; i < c->n; i++)
		if (!work_spend(q->work, 1) || !simple_matches(q, &c->items[i], node))
			return false;
	return true;
}

bool
list_matches(struct selection *q, const struct simple *s, uint32_t node)
{
	if (s->inner->chained)
		return set_has(set_of(q, s), node);
	for (size_t i = 0; i < s->inner->n; i++)
		if (compound_matches(q, &s->inner->items[i].items[0], node))
			return true;
	return false;
}
