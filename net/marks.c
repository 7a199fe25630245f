/* Which bytes of a word may have a meaning. */
#include "net/marks.h"

bool
mark_written(const uint8_t *marks, size_t i)
{
	return marks == NULL || (marks[i] & MARK_KIND) <= MARK_QUOTED;
}

bool
mark_value(const uint8_t *marks, size_t i)
{
	return marks != NULL && (marks[i] & MARK_KIND) == MARK_VALUE;
}

bool
mark_behind_empty(const uint8_t *marks, size_t i)
{
	return marks != NULL && (marks[i] & MARK_EMPTY) != 0;
}

bool
marks_written(const uint8_t *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!mark_written(marks, i) || mark_behind_empty(marks, i))
			return false;
	return !mark_behind_empty(marks, n);
}

bool
marks_bare(const uint8_t *marks, size_t n)
{
	for (size_t i = 0; marks != NULL && i < n; i++)
		if (marks[i] != MARK_BARE)
			return false;
	return !mark_behind_empty(marks, n);
}

ptrdiff_t
marks_find(struct str text, const uint8_t *marks, char c)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == c && mark_written(marks, i))
			return (ptrdiff_t)i;
	return -1;
}

struct str
marks_cut(struct str *rest, const uint8_t **marks, char c)
{
	ptrdiff_t at = marks_find(*rest, *marks, c);
	struct str front = at < 0 ? *rest : str_slice(*rest, 0, (size_t)at);

	if (at < 0) {
		*rest = (struct str){ NULL, 0 };
		return front;
	}
	*rest = (struct str){ rest->p + at + 1, rest->n - (size_t)at - 1 };
	if (*marks != NULL)
		*marks += at + 1;
	return front;
}
