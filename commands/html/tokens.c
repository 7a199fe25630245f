/* The tokenizer: text to start and end tags, comments, doctypes and text, all as views. */
#include "commands/html/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "commands/html/entities.h"

enum { CHUNK_SIZE = 64 * 1024 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	char data[];
};

struct tokenizer {
	struct tokens *out;
	struct work *work;
	struct str s;
	size_t at;
	size_t foreign; /* open svg and math elements: CDATA sections exist there */
	struct buf scratch;
	struct token spare; /* takes what there is no memory for; then the source ends */
};

struct str
tokens_keep(struct tokens *t, struct str text)
{
	char *copy;

	if (t->chunks == NULL || t->chunks->size - t->chunks->used < text.n) {
		size_t size = text.n > CHUNK_SIZE ? text.n : CHUNK_SIZE;
		struct chunk *c = mem_try(sizeof *c + size);

		if (c == NULL)
			return STR("");
		c->next = t->chunks;
		c->size = size;
		t->chunks = c;
	}
	copy = t->chunks->data + t->chunks->used;
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	t->chunks->used += text.n;
	return str_from(copy, text.n);
}

void
tokens_release(struct tokens *t)
{
	while (t->chunks != NULL) {
		struct chunk *c = t->chunks;

		t->chunks = c->next;
		free(c);
	}
	free(t->items);
	free(t->attrs);
	*t = (struct tokens){ NULL, 0, 0, NULL, 0, 0, NULL };
}

static struct token *
add(struct tokenizer *z, enum token_kind kind, size_t offset)
{
	struct tokens *t = z->out;
	struct token *more = mem_more(t->items, &t->cap, t->n, sizeof *more);

	if (more == NULL) {
		z->spare = (struct token){ .kind = (uint8_t)kind };
		return &z->spare;
	}
	t->items = more;
	t->items[t->n] = (struct token){ .kind = (uint8_t)kind, .offset = offset, .first_attr = (uint32_t)t->n_attrs };
	return &t->items[t->n++];
}

/* U+0000 becomes U+FFFD, as everywhere but in the text between tags, where it stays. */
static struct str
without_nul(struct tokenizer *z, struct str s)
{
	if (str_find_char(s, '\0') < 0)
		return s;
	buf_clear(&z->scratch);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0')
			buf_add_str(&z->scratch, STR("\xef\xbf\xbd"));
		else
			buf_add_char(&z->scratch, s.p[i]);
	}
	return tokens_keep(z->out, buf_str(&z->scratch));
}

static struct str
decoded(struct tokenizer *z, struct str s, bool in_attribute)
{
	if (str_find_char(s, '&') < 0)
		return s;
	buf_clear(&z->scratch);
	entity_decode_all(s, in_attribute, z->work, &z->scratch);
	return tokens_keep(z->out, buf_str(&z->scratch));
}

static struct str
lowered(struct tokenizer *z, struct str s)
{
	bool upper = false;

	for (size_t i = 0; i < s.n; i++)
		upper = upper || (s.p[i] >= 'A' && s.p[i] <= 'Z');
	s = without_nul(z, s);
	if (!upper)
		return s;
	buf_clear(&z->scratch);
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(&z->scratch, ascii_lower(s.p[i]));
	return tokens_keep(z->out, buf_str(&z->scratch));
}

static void
add_text(struct tokenizer *z, size_t from, size_t to, bool references)
{
	struct str s = str_slice(z->s, from, to);

	if (s.n > 0)
		add(z, TOKEN_TEXT, from)->text = references ? decoded(z, s, false) : s;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static char
peek(const struct tokenizer *z, size_t ahead)
{
	return z->at + ahead < z->s.n ? z->s.p[z->at + ahead] : '\0';
}

static bool
at_end(const struct tokenizer *z)
{
	return z->at >= z->s.n;
}

static void
skip_space(struct tokenizer *z)
{
	while (!at_end(z) && is_space(peek(z, 0)))
		z->at++;
}

/* ---- tags ---- */

static struct str
attribute_name(struct tokenizer *z)
{
	size_t start = z->at;

	z->at++; /* the first may be '=' */
	while (!at_end(z) && !is_space(peek(z, 0)) && peek(z, 0) != '/' && peek(z, 0) != '>' && peek(z, 0) != '=')
		z->at++;
	return lowered(z, str_slice(z->s, start, z->at));
}

static struct str
attribute_value(struct tokenizer *z)
{
	char quote = peek(z, 0);
	size_t start = z->at, end;

	if (quote == '"' || quote == '\'') {
		const char *close;

		start = ++z->at;
		close = start < z->s.n ? memchr(z->s.p + start, quote, z->s.n - start) : NULL;
		end = close != NULL ? (size_t)(close - z->s.p) : z->s.n;
		z->at = close != NULL ? end + 1 : z->s.n + 1; /* beyond the end: the tag is never finished */
	} else {
		while (!at_end(z) && !is_space(peek(z, 0)) && peek(z, 0) != '>')
			z->at++;
		end = z->at;
	}
	return decoded(z, without_nul(z, str_slice(z->s, start, end)), true);
}

static void
keep_attribute(struct tokenizer *z, struct token *tag, struct page_attr a)
{
	struct tokens *t = z->out;
	struct page_attr *more;

	/* "the first duplicate wins" */
	for (uint32_t i = 0; i < tag->n_attrs; i++)
		if (str_eq(t->attrs[tag->first_attr + i].name, a.name))
			return;
	if (tag->n_attrs == TOKEN_MAX_ATTRS)
		return;
	more = mem_more(t->attrs, &t->cap_attrs, t->n_attrs, sizeof *more);
	if (more == NULL)
		return;
	t->attrs = more;
	t->attrs[t->n_attrs++] = a;
	tag->n_attrs++;
}

/* Behind the name; false when the source ends inside the tag, which then is none. */
static bool
read_attributes(struct tokenizer *z, struct token *tag)
{
	for (;;) {
		struct page_attr a = { { NULL, 0 }, STR("") };

		skip_space(z);
		if (at_end(z) || !work_spend(z->work, 1 + tag->n_attrs))
			return false;
		if (peek(z, 0) == '>') {
			z->at++;
			return true;
		}
		if (peek(z, 0) == '/') {
			z->at++;
			tag->self_closing = peek(z, 0) == '>';
			continue;
		}
		a.name = attribute_name(z);
		skip_space(z);
		if (peek(z, 0) == '=') {
			z->at++;
			skip_space(z);
			if (peek(z, 0) != '>')
				a.value = attribute_value(z);
		}
		if (at_end(z))
			return false;
		keep_attribute(z, tag, a);
	}
}

/* At the name of a start or end tag. The token, or NULL when the source ended. */
static struct token *
read_tag(struct tokenizer *z, enum token_kind kind, size_t offset)
{
	struct token tag = { .kind = (uint8_t)kind, .offset = offset, .first_attr = (uint32_t)z->out->n_attrs };
	size_t start = z->at;
	struct token *t;

	while (!at_end(z) && !is_space(peek(z, 0)) && peek(z, 0) != '/' && peek(z, 0) != '>')
		z->at++;
	tag.name = lowered(z, str_slice(z->s, start, z->at));
	if (!read_attributes(z, &tag)) {
		z->at = z->s.n;
		return NULL;
	}
	t = add(z, kind, offset);
	*t = tag;
	return t;
}

/* ---- text that ends only at its own end tag ---- */

static bool
is_one_of(struct str name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (str_is(name, *names))
			return true;
	return false;
}

/* "</name" followed by what ends a tag name */
static bool
closes(struct str s, size_t at, struct str name)
{
	struct str rest = str_slice(s, at, s.n);

	return rest.n > name.n + 2 && rest.p[0] == '<' && rest.p[1] == '/' &&
	    str_starts_nocase(str_slice(rest, 2, rest.n), name) &&
	    (is_space(rest.p[name.n + 2]) || rest.p[name.n + 2] == '/' || rest.p[name.n + 2] == '>');
}

static bool
opens_script(struct str s, size_t at)
{
	struct str rest = str_slice(s, at, s.n);

	return str_starts_nocase(rest, STR("<script")) && rest.n > 7 &&
	    (is_space(rest.p[7]) || rest.p[7] == '/' || rest.p[7] == '>');
}

/* Script data with its escaped states (sections 13.2.5.15 to 31): in <!-- <script> ... </script> --> the inner pair
 * belongs to the text. */
static size_t
script_end(struct str s, size_t at)
{
	bool escaped = false, nested = false;

	for (; at < s.n; at++) {
		struct str rest = str_slice(s, at, s.n);

		if (!escaped && str_starts(rest, STR("<!--"))) {
			escaped = true;
			at += 1;
		} else if (escaped && str_starts(rest, STR("-->"))) {
			escaped = nested = false;
		} else if (closes(s, at, STR("script"))) {
			if (!nested)
				return at;
			nested = false;
		} else if (escaped && !nested && opens_script(s, at)) {
			nested = true;
		}
	}
	return at;
}

static void
read_raw(struct tokenizer *z, struct str name)
{
	static const char *const rcdata[] = { "title", "textarea", NULL };
	size_t start = z->at, end = start;

	if (str_is(name, "script"))
		end = script_end(z->s, start);
	else if (str_is(name, "plaintext"))
		end = z->s.n;
	else
		while (end < z->s.n && !closes(z->s, end, name)) {
			const char *next = memchr(z->s.p + end + 1, '<', z->s.n - end - 1);

			end = next != NULL ? (size_t)(next - z->s.p) : z->s.n;
		}
	add_text(z, start, end, is_one_of(name, rcdata));
	if (end > start)
		z->out->items[z->out->n - 1].text = without_nul(z, z->out->items[z->out->n - 1].text);
	z->at = end;
}

/* ---- markup declarations ---- */

static void
add_comment(struct tokenizer *z, size_t offset, size_t from, size_t to)
{
	struct str text = without_nul(z, str_slice(z->s, from, to));

	add(z, TOKEN_COMMENT, offset)->text = text;
}

static void
bogus_comment(struct tokenizer *z, size_t offset)
{
	const char *close = at_end(z) ? NULL : memchr(z->s.p + z->at, '>', z->s.n - z->at);
	size_t end = close != NULL ? (size_t)(close - z->s.p) : z->s.n;

	add_comment(z, offset, z->at, end);
	z->at = close != NULL ? end + 1 : end;
}

/* Behind "<!--". */
static void
comment(struct tokenizer *z, size_t offset)
{
	size_t start = z->at, end;

	if (peek(z, 0) == '>' || (peek(z, 0) == '-' && peek(z, 1) == '>')) {
		add_comment(z, offset, start, start);
		z->at += peek(z, 0) == '>' ? 1 : 2;
		return;
	}
	for (end = start; end < z->s.n; end++) {
		struct str rest = str_slice(z->s, end, z->s.n);

		if (str_starts(rest, STR("-->")) || str_starts(rest, STR("--!>"))) {
			add_comment(z, offset, start, end);
			z->at = end + (rest.p[2] == '>' ? 3 : 4);
			return;
		}
	}
	z->at = z->s.n;
	if (end - start >= 3 && str_ends(str_slice(z->s, start, end), STR("--!")))
		end -= 3;
	else if (end - start >= 2 && str_ends(str_slice(z->s, start, end), STR("--")))
		end -= 2;
	else if (end > start && z->s.p[end - 1] == '-')
		end -= 1;
	add_comment(z, offset, start, end);
}

static void
declaration(struct tokenizer *z, size_t offset)
{
	struct str rest = str_slice(z->s, z->at, z->s.n);
	ptrdiff_t end;

	if (str_starts(rest, STR("--"))) {
		z->at += 2;
		comment(z, offset);
	} else if (str_starts_nocase(rest, STR("doctype"))) {
		end = str_find_char(rest, '>');
		add(z, TOKEN_DOCTYPE, offset)->text = str_trim(str_slice(rest, 7, end < 0 ? rest.n : (size_t)end));
		z->at = end < 0 ? z->s.n : z->at + (size_t)end + 1;
	} else if (z->foreign > 0 && str_starts(rest, STR("[CDATA["))) {
		end = str_find(rest, STR("]]>"));
		add_text(z, z->at + 7, end < 0 ? z->s.n : z->at + (size_t)end, false);
		z->at = end < 0 ? z->s.n : z->at + (size_t)end + 3;
	} else {
		bogus_comment(z, offset);
	}
}

/* ---- the whole ---- */

static void
start_tag(struct tokenizer *z, size_t offset)
{
	static const char *const raw[] = { "title", "textarea", "style", "xmp", "iframe", "noembed", "noframes",
		"script", "plaintext", NULL };
	struct token *t = read_tag(z, TOKEN_START, offset);
	struct str name;

	if (t == NULL)
		return;
	name = t->name;
	if (str_is(name, "svg") || str_is(name, "math"))
		z->foreign += !t->self_closing;
	if (is_one_of(name, raw) && z->foreign == 0)
		read_raw(z, name);
}

static void
end_tag(struct tokenizer *z, size_t offset)
{
	struct token *t = read_tag(z, TOKEN_END, offset);

	if (t != NULL && z->foreign > 0 && (str_is(t->name, "svg") || str_is(t->name, "math")))
		z->foreign--;
}

/* At the '<' of something that is no text. */
static void
markup(struct tokenizer *z)
{
	size_t offset = z->at;
	char c = peek(z, 1);

	if (c == '!' || c == '?') {
		z->at += c == '!' ? 2 : 1;
		if (c == '!')
			declaration(z, offset);
		else
			bogus_comment(z, offset);
	} else if (c == '/' && ascii_is_alpha(peek(z, 2))) {
		z->at += 2;
		end_tag(z, offset);
	} else if (c == '/' && peek(z, 2) == '>') {
		z->at += 3;
	} else if (c == '/' && z->at + 2 < z->s.n) {
		z->at += 2;
		bogus_comment(z, offset);
	} else {
		z->at += 1;
		start_tag(z, offset);
	}
}

void
tokens_read(struct tokens *t, struct str source, struct work *work)
{
	struct tokenizer z = { .out = t, .work = work, .s = source };
	size_t text = 0;

	buf_init(&z.scratch, PAGE_MAX_BYTES);
	while (!at_end(&z) && t->n < TOKENS_MAX && work_spend(work, 1)) {
		const char *next = memchr(z.s.p + z.at, '<', z.s.n - z.at);
		size_t at = next != NULL ? (size_t)(next - z.s.p) : z.s.n;
		char after = at + 1 < z.s.n ? z.s.p[at + 1] : '\0';

		z.at = at;
		if (at < z.s.n && !ascii_is_alpha(after) && (after == '\0' || strchr("!?/", after) == NULL)) {
			z.at = at + 1; /* a '<' that is text */
			continue;
		}
		if (at < z.s.n && after == '/' && at + 2 >= z.s.n) {
			z.at = z.s.n;
			continue;
		}
		add_text(&z, text, at, true);
		if (at < z.s.n)
			markup(&z);
		text = z.at;
	}
	add_text(&z, text, source.n, true);
	buf_release(&z.scratch);
}
