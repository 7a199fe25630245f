#include "commands/items.h"

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

static const struct separator *
separator_at(struct str s)
{
	for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++)
		if (str_starts(s, str_of(separators[i].text)))
			return &separators[i];
	return NULL;
}

static bool
is_special(char c)
{
	return c == ':' || c == '=' || c == '@' || c == ';' || c == '\\';
}

static int
split(struct item *item, struct str word, struct buf *name)
{
	for (size_t i = 0; i < word.n; i++) {
		const struct separator *found;

		if (word.p[i] == '\\' && i + 1 < word.n && is_special(word.p[i + 1])) {
			buf_add_char(name, word.p[++i]);
			continue;
		}
		found = separator_at(str_slice(word, i, word.n));
		if (found != NULL) {
			item->kind = found->kind;
			item->value = str_dup(str_slice(word, i + strlen(found->text), word.n));
			return 0;
		}
		if (word.p[i] == ';' && i + 1 == word.n) {
			item->kind = ITEM_HEADER_EMPTY;
			item->value = str_dup(STR(""));
			return 0;
		}
		buf_add_char(name, word.p[i]);
	}
	return -1;
}

int
item_parse(struct item *item, struct str word, struct error *error)
{
	struct buf name;
	char shown[80];
	int result;

	*item = (struct item){ .kind = ITEM_HEADER };
	buf_init(&name, word.n + 1);
	result = split(item, word, &name);
	item->name = buf_take(&name);
	if (result != 0) {
		item_release(item);
		fail(error, ERROR_USAGE, 0, "\"%s\" is no request item", str_printable(word, shown, sizeof shown));
		return hint(error, "items are Name:value name==value name=value name:=json name@file =@file");
	}
	if (item->name[0] == '\0') {
		if (item->kind == ITEM_FIELD_FILE || item->kind == ITEM_UPLOAD) {
			item->kind = ITEM_BODY_FILE;
			return 0;
		}
		item_release(item);
		return fail(error, ERROR_USAGE, 0, "\"%s\": the name in front is missing",
		    str_printable(word, shown, sizeof shown));
	}
	if (item->kind == ITEM_HEADER && str_trim(str_of(item->value)).n == 0)
		item->kind = ITEM_HEADER_REMOVED;
	return 0;
}

void
item_release(struct item *item)
{
	free(item->name);
	str_wipe_free(item->value);
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
