/* Text for a terminal: control characters made visible, by hand or by a stream that does it. */
#include "commands/print.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "net/buf.h"
#include "net/mem.h"

enum { PIECE = 1 << 16 };

void
print_safe(FILE *out, struct str text)
{
	while (text.n > 0) {
		size_t run = 0, n = 1;

		while (n > 0 && run < text.n) {
			n = text.p[run] == '\n' || text.p[run] == '\t' ? 1 : str_showable(str_slice(text, run, text.n));
			run += n;
		}
		fwrite(text.p, 1, run, out);
		text = str_slice(text, run, text.n);
		if (text.n > 0) {
			fprintf(out, "\\x%02X", (unsigned)(uint8_t)text.p[0]);
			text = str_slice(text, 1, text.n);
		}
	}
}

/* ---- lines broken at a width ---- */

/* Bytes of the first character, and its columns; what is none stands for one byte and one column. */
static size_t
next_character(struct str text, size_t *columns)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n = mbrtowc(&c, text.p, text.n, &state);
	int width = n == 0 || n > text.n ? 1 : wcwidth(c);

	*columns = width > 0 ? (size_t)width : width < 0;
	return n == 0 || n > text.n ? 1 : n;
}

size_t
text_columns(struct str text)
{
	size_t columns = 0, one;

	for (size_t i = 0; i < text.n; columns += one)
		i += next_character(str_slice(text, i, text.n), &one);
	return columns;
}

/* Bytes of the line that fit into room columns, up to a space; a longer word stands for itself. */
static size_t
fitting(struct str line, size_t room)
{
	size_t columns = 0, space = 0, one;

	for (size_t i = 0; i < line.n; columns += one) {
		size_t n = next_character(str_slice(line, i, line.n), &one);

		if (columns + one > room && space > 0 && line.p[i] != ' ')
			return space;
		if (line.p[i] == ' ' && columns >= room)
			return i;
		if (line.p[i] == ' ' && i > 0)
			space = i;
		i += n;
	}
	return line.n;
}

void
print_wrapped(FILE *out, struct str line, size_t indent, size_t hang, size_t width)
{
	for (;; indent = hang) {
		size_t n = width > 2 * hang ? fitting(line, width - indent) : line.n;

		fprintf(out, "%*s", (int)indent, "");
		print_safe(out, str_slice(line, 0, n));
		fputc('\n', out);
		if (n == line.n)
			return;
		line = str_slice(line, n + 1, line.n);
	}
}

void
print_lines(FILE *out, struct str text, size_t hang, size_t width)
{
	while (text.n > 0)
		print_wrapped(out, str_cut(&text, '\n'), 0, hang, width);
}

/* ---- the guarded stream ---- */

struct guard {
	FILE *to;
	char cut[4]; /* the begin of a character whose rest has not come yet */
	size_t n_cut;
};

/* Bytes at the end that begin a character and do not end it. */
static size_t
cut_at_end(struct str text)
{
	for (size_t n = 1; n < 4 && n <= text.n; n++) {
		uint8_t c = (uint8_t)text.p[text.n - n];

		if (c >= 0xC0)
			return n < (c >= 0xF0 ? 4U : c >= 0xE0 ? 3U : 2U) ? n : 0;
		if (c < 0x80)
			return 0;
	}
	return 0;
}

static void
guard_piece(struct guard *g, struct str piece)
{
	char all[PIECE + sizeof g->cut];
	size_t n = g->n_cut, cut;

	memcpy(all, g->cut, n);
	memcpy(all + n, piece.p, piece.n);
	n += piece.n;
	cut = cut_at_end(str_from(all, n));
	print_safe(g->to, str_from(all, n - cut));
	memcpy(g->cut, all + n - cut, cut);
	g->n_cut = cut;
}

static ssize_t
guard_write(void *cookie, const char *data, size_t n)
{
	struct guard *g = cookie;

	for (struct str rest = str_from(data, n); rest.n > 0; rest = str_slice(rest, PIECE, rest.n))
		guard_piece(g, str_slice(rest, 0, PIECE));
	return ferror(g->to) != 0 ? 0 : (ssize_t)n;
}

static int
guard_close(void *cookie)
{
	struct guard *g = cookie;
	FILE *to = g->to;

	print_safe(to, str_from(g->cut, g->n_cut));
	free(g);
	return fflush(to);
}

FILE *
print_guard(FILE *to)
{
	static const cookie_io_functions_t functions = { .write = guard_write, .close = guard_close };
	struct guard *g = mem_alloc(sizeof *g);
	FILE *guarded;

	g->to = to;
	while ((guarded = fopencookie(g, "w", functions)) == NULL)
		mem_find_room();
	return guarded;
}

void
print_own(FILE *guard, const char *sequence)
{
	fflush(guard);
	fputs(sequence, stderr);
}
