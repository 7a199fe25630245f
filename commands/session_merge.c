#include "commands/session_merge.h"

#include <stdlib.h>
#include <string.h>

#include "commands/settings.h"

#define HTTP_ONLY "#HttpOnly_"       /* begins a line of cookies.txt that is no comment */

/* ---- subjects ---- */

/* The first n words, single spaces between. */
static void
add_words(struct str line, size_t n, struct buf *out)
{
	while (n-- > 0 && line.n > 0) {
		buf_add_str(out, str_cut(&line, ' '));
		buf_add_char(out, ' ');
	}
}

void
merge_setting_subject(struct str line, struct buf *out)
{
	struct str rest = line, group = str_cut(&rest, ' '), name = str_cut(&rest, ' ');
	const struct setting *row;

	if (str_is(group, "open")) {
		buf_add_str(out, group);
		return;
	}
	if (str_is(group, "header")) {
		add_words(line, 3, out);
		return;
	}
	for (size_t i = 0; (row = setting_at(i)) != NULL; i++)
		if (str_is(group, row->group) && str_is(name, row->name)) {
			if (!row->repeatable || row->subject != NULL)
				add_words(line, 2, out);
			if (row->subject != NULL)
				buf_add_str(out, row->subject(rest));
			return;
		}
	/* trust on, off, ask: the mode has no name */
	if (str_is(group, "trust"))
		buf_add_str(out, group);
}

void
merge_cookie_subject(struct str line, struct buf *out)
{
	struct str fields[7];

	if (str_starts(line, STR(HTTP_ONLY)))
		line = str_slice(line, sizeof(HTTP_ONLY) - 1, line.n);
	else if (str_starts(line, STR("#")))
		return;
	for (size_t i = 0; i < 7; i++)
		fields[i] = str_cut(&line, '\t');
	buf_add_str(out, fields[0]);
	buf_add_char(out, '\t');
	buf_add_str(out, fields[2]);
	buf_add_char(out, '\t');
	buf_add_str(out, fields[5]);
}

/* ---- sorted views of the lines ---- */

struct row {
	struct str line, subject;
};

struct rows {
	struct row *items;          /* by line, then by place */
	struct buf subjects;
	size_t n;
};

static int
by_line(const void *a, const void *b)
{
	return str_cmp(((const struct row *)a)->line, ((const struct row *)b)->line);
}

static int
by_subject(const void *a, const void *b)
{
	return str_cmp(((const struct row *)a)->subject, ((const struct row *)b)->subject);
}

static const struct row *
rows_find(const struct rows *r, const struct row *row, int (*order)(const void *, const void *))
{
	return r->n > 0 ? bsearch(row, r->items, r->n, sizeof(*row), order) : NULL;
}

/* The lines of one text that the other (sorted by line, or NULL) does not have, in their order. */
static void
rows_of(struct str text, const struct rows *without, merge_subject *subject, struct rows *out)
{
	size_t *starts = NULL;

	*out = (struct rows){ .items = NULL };
	buf_init(&out->subjects, 64 << 20);
	while (text.n > 0) {
		struct row row = { .line = str_cut(&text, '\n') };

		if (without != NULL && rows_find(without, &row, by_line) != NULL)
			continue;
		if ((out->n & (out->n - 1)) == 0) {
			out->items = mem_resize(out->items, (out->n > 0 ? 2 * out->n : 1) * sizeof(row));
			starts = mem_resize(starts, (out->n > 0 ? 2 * out->n : 1) * sizeof(*starts));
		}
		starts[out->n] = out->subjects.len;
		out->items[out->n++] = row;
		subject(row.line, &out->subjects);
	}
	for (size_t i = 0; i < out->n; i++)
		out->items[i].subject = str_slice(buf_str(&out->subjects), starts[i], i + 1 < out->n ? starts[i + 1] : out->subjects.len);
	free(starts);
}

static void
rows_sort(struct rows *r, int (*order)(const void *, const void *))
{
	if (r->n > 0)
		qsort(r->items, r->n, sizeof(*r->items), order);
}

static void
rows_release(struct rows *r)
{
	free(r->items);
	buf_wipe_release(&r->subjects);
}

/* ---- merging ---- */

static bool
is_comment(struct str line)
{
	return str_trim(line).n == 0 || (line.p[0] == '#' && !str_starts(line, STR(HTTP_ONLY)));
}

static void
add_line(struct buf *out, struct str line)
{
	buf_add_str(out, line);
	buf_add_char(out, '\n');
}

void
merge_lines(struct str disk, struct str saved, struct str ours, merge_subject *subject, struct buf *out)
{
	struct rows have, had, on_disk, added, removed, by_name;

	rows_of(ours, NULL, subject, &have);
	rows_of(saved, NULL, subject, &had);
	rows_of(disk, NULL, subject, &on_disk);
	rows_sort(&have, by_line);
	rows_sort(&had, by_line);
	rows_of(ours, &had, subject, &added);
	rows_of(ours, &had, subject, &by_name);
	rows_of(saved, &have, subject, &removed);
	rows_sort(&by_name, by_subject);
	rows_sort(&removed, by_line);
	/* comments stay; a line about something that we changed gives way, wherever it comes from; ours stands at the end */
	for (size_t i = 0; i < on_disk.n; i++) {
		const struct row *row = &on_disk.items[i];

		if ((is_comment(row->line) || rows_find(&removed, row, by_line) == NULL) && (rows_find(&have, row, by_line) == NULL ||
		    rows_find(&had, row, by_line) != NULL) && (row->subject.n == 0 || rows_find(&by_name, row, by_subject) == NULL))
			add_line(out, row->line);
	}
	for (size_t i = 0; i < added.n; i++)
		add_line(out, added.items[i].line);
	rows_release(&have);
	rows_release(&had);
	rows_release(&on_disk);
	rows_release(&added);
	rows_release(&removed);
	rows_release(&by_name);
}
