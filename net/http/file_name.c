/* What a server calls a file, made harmless. */
#include "net/http/file_name.h"

#include <stdlib.h>

#include "net/buf.h"
#include "net/http/media.h"
#include "net/url.h"

enum { EXTENSION_MAX = 16 };

static struct str
behind_last_separator(struct str s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return str_slice(s, i, s.n);
	return s;
}

/* Cut between characters, keeping a short extension. */
static void
shorten(struct buf *name)
{
	struct str whole = buf_str(name);
	size_t dot = whole.n, keep;
	char *extension;

	if (whole.n < FILE_NAME_MAX) /* room for one _ */
		return;
	for (size_t i = whole.n; i > whole.n - EXTENSION_MAX; i--)
		if (whole.p[i - 1] == '.')
			dot = i - 1;
	extension = str_dup(str_slice(whole, dot, whole.n));
	keep = FILE_NAME_MAX - 1 - (whole.n - dot);
	while (keep > 0 && ((uint8_t)whole.p[keep] & 0xC0) == 0x80)
		keep--;
	name->len = keep;
	buf_add_str(name, str_of(extension));
	free(extension);
}

static bool
is_device(struct str name)
{
	static const char *const names[] = { "con", "prn", "aux", "nul", "conin$", "conout$" };
	struct str stem = str_trim(str_cut(&name, '.'));
	bool numbered = str_starts_nocase(stem, STR("com")) || str_starts_nocase(stem, STR("lpt"));
	struct str number = str_slice(stem, 3, stem.n);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(stem, names[i]))
			return true;
	return numbered &&
	    ((number.n == 1 && ascii_is_digit(number.p[0])) || str_is(number, "\u00B9") || str_is(number, "\u00B2") ||
		str_is(number, "\u00B3"));
}

/* NULL when nothing is left. */
static char *
harmless(struct str s)
{
	struct buf out;
	char *name;

	s = behind_last_separator(s);
	buf_init(&out, 0);
	while (s.n > 0) {
		size_t n = str_showable(s);
		char c = s.p[0];
		bool off = n == 0 || (out.len == 0 && (c == '.' || c == '-' || c == '~' || c == ' '));

		if (!off && c == ':')
			buf_add_char(&out, '_');
		else if (!off)
			buf_add(&out, s.p, n);
		s = str_slice(s, n > 0 ? n : 1, s.n);
	}
	shorten(&out);
	while (out.len > 0 && (out.data[out.len - 1] == '.' || out.data[out.len - 1] == ' '))
		out.data[--out.len] = '\0';
	name = out.len == 0 ? NULL : str_printf("%s%.*s", is_device(buf_str(&out)) ? "_" : "", STR_ARG(buf_str(&out)));
	buf_release(&out);
	return name;
}

char *
file_name_of_answer(const char *content_disposition, struct str path)
{
	char *proposed = content_disposition != NULL ? media_parameter(content_disposition, "filename") : NULL;
	char *name, *decoded;
	size_t n;

	name = proposed != NULL ? harmless(str_of(proposed)) : NULL;
	free(proposed);
	if (name != NULL)
		return name;
	decoded = url_percent_decode(behind_last_separator(path), &n);
	name = harmless(str_from(decoded, n));
	free(decoded);
	return name != NULL ? name : str_dup(STR("index.html"));
}
