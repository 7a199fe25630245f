#include "commands/requests/items.h"

#include <stdlib.h>
#include <string.h>

#include "net/buf.h"

static const struct separator {
	const char *text;
	enum item_kind kind;
} separators[] = {
	/* the longer ones first */
	{ ":=@", ITEM_JSON_FILE }, { ":=", ITEM_JSON }, { "=@", ITEM_FIELD_FILE }, { "==", ITEM_QUERY },
	{ ":", ITEM_HEADER }, { "=", ITEM_FIELD }, { "@", ITEM_UPLOAD },
};

/* A word that is being read. */
struct reader {
	struct str word;
	const uint8_t *marks;
};

static bool
is_written(const struct reader *r, size_t i, const char *set)
{
	return i < r->word.n && r->word.p[i] != '\0' && strchr(set, r->word.p[i]) != NULL && mark_written(r->marks, i);
}

/* The text stands at i, and all of it was written. */
static bool
stands_at(const struct reader *r, size_t i, const char *text)
{
	size_t n = strlen(text);

	for (size_t k = 0; k < n; k++)
		if (i + k >= r->word.n || r->word.p[i + k] != text[k] || !mark_written(r->marks, i + k) ||
		    (k > 0 && mark_behind_empty(r->marks, i + k)))
			return false;
	return true;
}

static const struct separator *
separator_at(const struct reader *r, size_t i)
{
	for (size_t k = 0; k < sizeof separators / sizeof separators[0]; k++)
		if (stands_at(r, i, separators[k].text))
			return &separators[k];
	return NULL;
}

/* Reads the name; *at: where the value begins. */
static int
read_name(const struct reader *r, struct item *item, struct buf *name, size_t *at)
{
	for (size_t i = 0; i < r->word.n; i++) {
		const struct separator *found;

		if (is_written(r, i, "\\") && is_written(r, i + 1, ":=@;\\")) {
			buf_add_char(name, r->word.p[++i]);
			continue;
		}
		found = separator_at(r, i);
		if (found != NULL) {
			item->kind = found->kind;
			*at = i + strlen(found->text);
			return 0;
		}
		if (i + 1 == r->word.n && is_written(r, i, ";") && !mark_behind_empty(r->marks, i + 1)) {
			item->kind = ITEM_HEADER_EMPTY;
			*at = i + 1;
			return 0;
		}
		buf_add_char(name, r->word.p[i]);
	}
	return -1;
}

/* The value in [from, to) without the backslashes that take a meaning. Caller frees. */
static char *
read_value(const struct reader *r, size_t from, size_t to)
{
	struct buf out;

	buf_init(&out, r->word.n + 1);
	for (size_t i = from; i < to; i++) {
		bool backslash = is_written(r, i, "\\") && i + 1 < to;

		if (backslash && is_written(r, i + 1, "\\"))      /* two stay two, and the second hides nothing */
			buf_add_char(&out, r->word.p[i++]);
		else if (backslash && is_written(r, i + 1, ":=@;"))
			i++;
		buf_add_char(&out, r->word.p[i]);
	}
	return buf_take(&out);
}

/* Where the text stands in [from, to) and no backslash is in front of it; `to` when it does not. */
static size_t
find_written(const struct reader *r, size_t from, size_t to, const char *text)
{
	for (size_t i = from; i < to; i++) {
		if (is_written(r, i, "\\"))
			i++;
		else if (stands_at(r, i, text))
			return i;
	}
	return to;
}

/* FILE[;type=TYPE][;filename=NAME] */
static void
read_part(const struct reader *r, struct item *item, size_t at)
{
	static const char type_is[] = ";type=", name_is[] = ";filename=";
	size_t end = r->word.n, type = find_written(r, at, end, type_is), name = find_written(r, at, end, name_is);

	item->value = read_value(r, at, type < name ? type : name);
	if (type < end)
		item->type = read_value(r, type + sizeof type_is - 1, name > type ? name : end);
	if (name < end)
		item->filename = read_value(r, name + sizeof name_is - 1, type > name ? type : end);
}

/* `Name:` as it was written, with nothing, not even an empty value, behind it. */
static bool
is_removal(const struct reader *r, const struct item *item, size_t at)
{
	return item->kind == ITEM_HEADER && str_trim(str_of(item->value)).n == 0 &&
	    marks_written(r->marks != NULL ? r->marks + at : NULL, r->word.n - at);
}

static int
fail_item(struct reader r, const char *why, struct error *error)
{
	char shown[80];

	str_printable(r.word, shown, sizeof shown);
	if (why != NULL)
		return fail(error, ERROR_USAGE, 0, "\"%s\": %s", shown, why);
	fail(error, ERROR_USAGE, 0, "\"%s\" is no request item", shown);
	return remark(error, marks_written(r.marks, r.word.n) ?
	    "items are Name:value name==value name=value name:=json name@file =@file" :
	    "name=$value (what a variable holds, or stands behind a backslash, is no separator)");
}

int
item_parse(struct item *item, struct str word, const uint8_t *marks, struct error *error)
{
	struct reader r = { word, marks };
	struct buf name;
	size_t at = 0;
	int result;

	*item = (struct item){ .kind = ITEM_HEADER };
	buf_init(&name, word.n + 1);
	result = read_name(&r, item, &name, &at);
	item->name = buf_take(&name);
	if (result != 0) {
		item_release(item);
		return fail_item(r, NULL, error);
	}
	if (item->name[0] == '\0' && (item->kind == ITEM_FIELD_FILE || item->kind == ITEM_UPLOAD) && !mark_behind_empty(marks, 0))
		item->kind = ITEM_BODY_FILE;
	else if (item->name[0] == '\0') {
		item_release(item);
		return fail_item(r, "the name in front is missing", error);
	}
	if (item->kind == ITEM_FIELD_FILE || item->kind == ITEM_UPLOAD)
		read_part(&r, item, at);
	else if (item->kind == ITEM_JSON)
		item->value = str_dup(str_slice(word, at, word.n));
	else
		item->value = read_value(&r, at, word.n);
	if (is_removal(&r, item, at))
		item->kind = ITEM_HEADER_REMOVED;
	return 0;
}

void
item_release(struct item *item)
{
	free(item->name);
	str_wipe_free(item->value);
	free(item->type);
	free(item->filename);
	*item = (struct item){ .kind = ITEM_HEADER };
}

/* ---- JSON ---- */
static bool value(struct str *s, unsigned depth);

static void
skip_space(struct str *s)
{
	while (s->n > 0 && memchr(" \t\r\n", s->p[0], 4) != NULL)
		*s = str_slice(*s, 1, s->n);
}

static bool
take(struct str *s, char c)
{
	skip_space(s);
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_slice(*s, 1, s->n);
	return true;
}

static bool
string(struct str *s)
{
	if (!take(s, '"'))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		char c = s->p[i];

		if (c == '"') {
			*s = str_slice(*s, i + 1, s->n);
			return true;
		}
		if ((uint8_t)c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (++i == s->n || memchr("\"\\/bfnrtu", s->p[i], 9) == NULL)
			return false;
		if (s->p[i] != 'u')
			continue;
		for (unsigned digit = 0; digit < 4; digit++)
			if (++i >= s->n || hex_value(s->p[i]) < 0)
				return false;
	}
	return false;
}

static size_t
digits(struct str s)
{
	size_t n = 0;

	while (n < s.n && ascii_is_digit(s.p[n]))
		n++;
	return n;
}

static bool
number(struct str *s)
{
	size_t n;

	if (s->n > 0 && s->p[0] == '-')
		*s = str_slice(*s, 1, s->n);
	n = digits(*s);
	if (n == 0 || (n > 1 && s->p[0] == '0'))
		return false;
	*s = str_slice(*s, n, s->n);
	if (s->n > 0 && s->p[0] == '.') {
		n = digits(str_slice(*s, 1, s->n));
		if (n == 0)
			return false;
		*s = str_slice(*s, 1 + n, s->n);
	}
	if (s->n > 0 && (s->p[0] == 'e' || s->p[0] == 'E')) {
		size_t sign = s->n > 1 && (s->p[1] == '+' || s->p[1] == '-');

		n = digits(str_slice(*s, 1 + sign, s->n));
		if (n == 0)
			return false;
		*s = str_slice(*s, 1 + sign + n, s->n);
	}
	return true;
}

static bool
members(struct str *s, char end, bool named, unsigned depth)
{
	if (take(s, end))
		return true;
	do {
		if (named && (!string(s) || !take(s, ':')))
			return false;
		if (!value(s, depth + 1))
			return false;
	} while (take(s, ','));
	return take(s, end);
}

static bool
value(struct str *s, unsigned depth)
{
	static const char *const words[] = { "true", "false", "null" };

	skip_space(s);
	if (depth > JSON_MAX_DEPTH || s->n == 0)
		return false;
	if (s->p[0] == '"')
		return string(s);
	if (take(s, '{'))
		return members(s, '}', true, depth);
	if (take(s, '['))
		return members(s, ']', false, depth);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_starts(*s, str_of(words[i]))) {
			*s = str_slice(*s, strlen(words[i]), s->n);
			return true;
		}
	return number(s);
}

bool
json_is_valid(struct str text)
{
	if (!value(&text, 0))
		return false;
	skip_space(&text);
	return text.n == 0;
}

void
json_add_string(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	while (text.n > 0) {
		size_t n = str_utf8(text);
		char c = text.p[0];

		if (n == 0) {
			buf_add_str(out, STR("\xEF\xBF\xBD"));
			n = 1;
		} else if (c == '"' || c == '\\') {
			buf_addf(out, "\\%c", c);
		} else if (c == '\n') {
			buf_add_str(out, STR("\\n"));
		} else if ((uint8_t)c < 0x20) {
			buf_addf(out, "\\u%04x", (unsigned)c);
		} else {
			buf_add(out, text.p, n);
		}
		text = str_slice(text, n, text.n);
	}
	buf_add_char(out, '"');
}
