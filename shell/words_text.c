/* What becomes of words, and where they stand. */
#include "shell/words.h"

#include <stdlib.h>
#include <string.h>

#include "commands/print.h"

size_t
variable_name_length(struct str s, bool in_braces)
{
	size_t n = 0;

	if (s.n > 0 && ascii_is_digit(s.p[0]) && !in_braces)
		return 1;
	if (s.n == 0 || !(ascii_is_alnum(s.p[0]) || s.p[0] == '_'))
		return 0;
	while (n < s.n && (ascii_is_alnum(s.p[n]) || s.p[n] == '_' || (in_braces && (s.p[n] == '.' || s.p[n] == '-'))))
		n++;
	return n;
}

/* The marks of a part whose text stands in out from `start` on; *empty: something empty was in front, or is now at its
 * end. */
static void
add_marks(const struct word_part *part, const struct buf *out, size_t start, bool *empty, struct buf *marks)
{
	for (size_t i = start; i < out->len; i++) {
		buf_add_char(marks,
		    (char)((part->variable ? MARK_VALUE : part->marks[i - start]) | (*empty ? MARK_EMPTY : 0)));
		*empty = false;
	}
	*empty = *empty || (part->variable ? out->len == start : (part->marks[part->length] & MARK_EMPTY) != 0);
}

char *
word_expand_marked(const struct word *word, word_value *value, void *context, uint8_t **marks, size_t *where,
    struct error *error)
{
	struct buf out, all;
	bool bad = false, empty = false;

	buf_init(&out, WORDS_MAX_TEXT);
	buf_init(&all, WORDS_MAX_TEXT + 1);
	for (size_t i = 0; i < word->n_parts && !bad; i++) {
		const struct word_part *part = &word->parts[i];
		size_t start = out.len;

		*where = part->at;
		if (part->variable)
			bad = value(context, str_from(part->text, part->length), &out, error) < 0;
		else
			buf_add(&out, part->text, part->length);
		if (!out.full)
			add_marks(part, &out, start, &empty, &all);
	}
	if (!bad && (out.full || (out.len > 0 && memchr(out.data, '\0', out.len) != NULL))) {
		*where = word->at;
		fail(error, ERROR_USAGE, 0, out.full ? "the word is too long" : "the value has a NUL byte");
		bad = true;
	}
	buf_add_char(&all, empty ? MARK_EMPTY : 0);
	if (bad) {
		buf_wipe_release(&out);
		buf_release(&all);
		return NULL;
	}
	*marks = (uint8_t *)buf_take(&all);
	return buf_take(&out);
}

char *
word_expand(const struct word *word, word_value *value, void *context, size_t *where, struct error *error)
{
	uint8_t *marks = NULL;
	char *text = word_expand_marked(word, value, context, &marks, where, error);

	free(marks);
	return text;
}

char *
word_plain(const struct word *word)
{
	struct buf out;

	buf_init(&out, WORDS_MAX_TEXT);
	for (size_t i = 0; i < word->n_parts; i++)
		buf_addf(&out, word->parts[i].variable ? "${%s}" : "%s", word->parts[i].text);
	return buf_take(&out);
}

static void
add_quoted(struct str text, struct buf *out)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			buf_add_str(out, STR("'\\''"));
		else
			buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '\'');
}

void
word_quote(struct str text, struct buf *out)
{
	static const char safe[] = "-_./:@%+,=~?&*[]()^{}";
	bool plain = text.n > 0;

	for (size_t i = 0; i < text.n; i++)
		if (!ascii_is_alnum(text.p[i]) && (text.p[i] == '\0' || strchr(safe, text.p[i]) == NULL) &&
		    (unsigned char)text.p[i] < 0x80)
			plain = false;
	if (plain)
		buf_add_str(out, text);
	else
		add_quoted(text, out);
}

/* No word with a meaning has an escaped letter, and no operator is a letter or a digit. A ; has one alone only in Name;
 * where no value is taken. */
void
word_data(struct str text, struct buf *out)
{
	if (text.n == 0)
		buf_add_str(out, STR("''"));
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '\n') {
			buf_add_str(out, STR("'\n'"));
			continue;
		}
		if ((uint8_t)c < 0x80 && (i == 0 ? !ascii_is_digit(c) : !ascii_is_alnum(c)))
			buf_add_char(out, '\\');
		buf_add_char(out, c);
	}
}

void
word_source(struct str text, const uint8_t *marks, bool names_command, struct buf *out)
{
	bool quotes = names_command && marks_written(marks, text.n) && !marks_bare(marks, text.n);
	size_t n;

	for (size_t i = 0; i < text.n; i += n) {
		bool written = mark_written(marks, i);
		struct str run;

		for (n = 1; i + n < text.n && mark_written(marks, i + n) == written && !mark_behind_empty(marks, i + n);
		     n++)
			continue;
		run = str_slice(text, i, i + n);
		if (mark_behind_empty(marks, i))
			buf_add_str(out, STR("''"));
		if (!written)
			word_data(run, out);
		else if (quotes)
			add_quoted(run, out);
		else
			word_quote(run, out);
	}
}

unsigned
line_number(struct str text, size_t at)
{
	unsigned n = 1;

	for (size_t i = 0; i < at && i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

void
line_caret(struct str text, size_t at, struct buf *out)
{
	size_t start = at < text.n ? at : text.n, end = start;
	char shown[512];
	struct str line;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	while (end < text.n && text.p[end] != '\n')
		end++;
	if (at - start > 100)
		start = at - 60;
	line = str_slice(text, start, end < start + 120 ? end : start + 120);
	buf_addf(out, "%s\n", str_printable(line, shown, sizeof shown));
	str_printable(str_slice(line, 0, at - start), shown, sizeof shown);
	for (size_t n = text_columns(str_of(shown)); n > 0; n--)
		buf_add_char(out, ' ');
	buf_add_str(out, STR("^\n"));
}
