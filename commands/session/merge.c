/* Puts what has changed here into what stands on disk, line by line. */
#include "commands/session/merge.h"

#include <stdlib.h>
#include <string.h>

#include "commands/settings/settings.h"

#define HTTP_ONLY "#HttpOnly_" /* begins a line of cookies.txt that is no comment */

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
	struct row *items; /* by line, then by place */
	struct buf subjects;
	size_t n, cap;
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
	return r->n > 0 ? bsearch(row, r->items, r->n, sizeof *row, order) : NULL;
}

/* The lines of one text that the other (sorted by line, or NULL) does not have, in their order. False: no memory. */
static bool
rows_of(struct str text, const struct rows *without, merge_subject *subject, struct rows *out)
{
	size_t *starts = NULL, cap = 0, *more_starts;
	struct row *more;
	bool whole = true;

	*out = (struct rows){ .items = NULL };
	buf_init(&out->subjects, 64 << 20);
	while (text.n > 0) {
		struct row row = { .line = str_cut(&text, '\n') };

		if (without != NULL && rows_find(without, &row, by_line) != NULL)
			continue;
		more = mem_more(out->items, &out->cap, out->n, sizeof row);
		more_starts = mem_more(starts, &cap, out->n, sizeof *starts);
		out->items = more != NULL ? more : out->items;
		starts = more_starts != NULL ? more_starts : starts;
		whole = more != NULL && more_starts != NULL;
		if (!whole)
			break;
		starts[out->n] = out->subjects.len;
		out->items[out->n++] = row;
		subject(row.line, &out->subjects);
	}
	for (size_t i = 0; i < out->n; i++)
		out->items[i].subject =
		    str_slice(buf_str(&out->subjects), starts[i], i + 1 < out->n ? starts[i + 1] : out->subjects.len);
	free(starts);
	return whole && !out->subjects.full;
}

static void
rows_sort(struct rows *r, int (*order)(const void *, const void *))
{
	if (r->n > 0)
		qsort(r->items, r->n, sizeof *r->items, order);
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

int
merge_lines(struct str disk, struct str saved, struct str ours, merge_subject *subject, struct buf *out)
{
	struct rows have, had, on_disk, added, removed, by_name;
	bool whole = rows_of(ours, NULL, subject, &have);

	whole = rows_of(saved, NULL, subject, &had) && whole;
	whole = rows_of(disk, NULL, subject, &on_disk) && whole;
	rows_sort(&have, by_line);
	rows_sort(&had, by_line);
	whole = rows_of(ours, &had, subject, &added) && whole;
	whole = rows_of(ours, &had, subject, &by_name) && whole;
	whole = rows_of(saved, &have, subject, &removed) && whole;
	rows_sort(&by_name, by_subject);
	rows_sort(&removed, by_line);
	/* comments stay; a line about something that we changed gives way, wherever it comes from; ours stands at the
	 * end */
	for (size_t i = 0; i < on_disk.n; i++) {
		const struct row *row = &on_disk.items[i];

		if ((is_comment(row->line) || rows_find(&removed, row, by_line) == NULL) &&
		    (rows_find(&have, row, by_line) == NULL || rows_find(&had, row, by_line) != NULL) &&
		    (row->subject.n == 0 || rows_find(&by_name, row, by_subject) == NULL))
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
	return whole && !out->full ? 0 : -1;
}
