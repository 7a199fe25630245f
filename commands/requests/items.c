/* Items behind a URL, as HTTPie has them. */
#include "commands/requests/items.h"

#include <stdlib.h>
#include <string.h>

#include "net/buf.h"

static const struct separator {
	const char *text;
	enum item_kind kind;
} separators[] = {
	/* the longer ones first */
	{ ":=@", ITEM_JSON_FILE },
	{ ":=", ITEM_JSON },
	{ "=@", ITEM_FIELD_FILE },
	{ "==", ITEM_QUERY },
	{ ":", ITEM_HEADER },
	{ "=", ITEM_FIELD },
	{ "@", ITEM_UPLOAD },
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

		if (backslash && is_written(r, i + 1, "\\")) /* two stay two, and the second hides nothing */
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
	return remark(error,
	    marks_written(r.marks, r.word.n) ?
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
	if (item->name[0] == '\0' && (item->kind == ITEM_FIELD_FILE || item->kind == ITEM_UPLOAD) &&
	    !mark_behind_empty(marks, 0))
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
