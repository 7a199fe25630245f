/* Content-Type taken apart, and the parameters of header values. */
#include "net/http/media.h"

#include <stdlib.h>
#include <string.h>

#include "net/buf.h"

/* The text behind the name of the next "; name=value" of *s: *name and *value (quotes still on); false at the end. */
static bool
next_parameter(struct str *s, struct str *name, struct str *value)
{
	bool quoted = false;
	size_t end = 0;
	struct str one;
	ptrdiff_t equals;

	while (s->n > 0 && (s->p[0] == ';' || ascii_is_space(s->p[0])))
		*s = str_slice(*s, 1, s->n);
	if (s->n == 0)
		return false;
	while (end < s->n && (quoted || s->p[end] != ';')) {
		if (s->p[end] == '"')
			quoted = !quoted;
		else if (quoted && s->p[end] == '\\' && end + 1 < s->n)
			end++;
		end++;
	}
	one = str_slice(*s, 0, end);
	*s = str_slice(*s, end, s->n);
	equals = str_find_char(one, '=');
	*name = str_trim(str_slice(one, 0, equals >= 0 ? (size_t)equals : one.n));
	*value = equals >= 0 ? str_trim(str_slice(one, (size_t)equals + 1, one.n)) : STR("");
	return true;
}

/* Undoes a quoted-string; a bare value stays. */
static char *
unquote(struct str s)
{
	struct buf out;

	if (s.n == 0 || s.p[0] != '"')
		return str_dup(s);
	buf_init(&out, 0);
	for (size_t i = 1; i < s.n && s.p[i] != '"'; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		buf_add_char(&out, s.p[i]);
	}
	return buf_take(&out);
}

/* ext-value = charset "'" [ language ] "'" value-chars (RFC 8187 section 3.2.1); UTF-8 is the only one that "MUST be
 * supported", ISO-8859-1 is still sent. NULL when it is malformed, or holds a NUL. */
static char *
extended(struct str s)
{
	struct str rest = s, charset = str_cut(&rest, '\'');
	bool latin1 = str_is_nocase(charset, "iso-8859-1");
	struct buf out;

	str_cut(&rest, '\'');
	if (rest.p == NULL || (!latin1 && !str_is_nocase(charset, "utf-8")))
		return NULL;
	buf_init(&out, 0);
	for (size_t i = 0; i < rest.n; i++) {
		uint8_t c = (uint8_t)rest.p[i];
		int high = -1, low = -1;

		if (c == '%' && i + 2 < rest.n) {
			high = hex_value(rest.p[i + 1]);
			low = hex_value(rest.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		if (c == '\0') {
			buf_release(&out);
			return NULL;
		}
		if (latin1 && c >= 0x80) {
			buf_add_char(&out, (char)(0xC0 | c >> 6));
			c = 0x80 | (c & 0x3F);
		}
		buf_add_char(&out, (char)c);
	}
	return buf_take(&out);
}

char *
media_parameter(const char *header, const char *wanted)
{
	struct str rest = str_of(header), name, value;
	char *plain = NULL;

	str_cut(&rest, ';');
	while (next_parameter(&rest, &name, &value)) {
		if (str_is_nocase(name, wanted) && plain == NULL)
			plain = unquote(value);
		if (name.n > 1 && name.p[name.n - 1] == '*' && str_is_nocase(str_slice(name, 0, name.n - 1), wanted)) {
			char *better = extended(value);

			if (better != NULL) {
				free(plain);
				return better;
			}
		}
	}
	return plain;
}

struct media
media_parse(const char *value)
{
	struct media m = { 0 };
	struct str rest = str_of(value), type = str_trim(str_cut(&rest, ';'));
	char *charset;

	if (type.n == 0 || type.n >= sizeof m.type || str_find_char(type, '/') <= 0)
		return m;
	for (size_t i = 0; i < type.n; i++)
		m.type[i] = ascii_lower(type.p[i]);
	charset = media_parameter(value, "charset");
	if (charset != NULL && strlen(charset) < sizeof m.charset)
		memcpy(m.charset, charset, strlen(charset));
	free(charset);
	return m;
}

bool
media_is_html(const struct media *m)
{
	return strcmp(m->type, "text/html") == 0 || strcmp(m->type, "application/xhtml+xml") == 0;
}

bool
media_is_json(const struct media *m)
{
	return strcmp(m->type, "application/json") == 0 || str_ends(str_of(m->type), STR("+json"));
}

bool
media_is_text(const struct media *m)
{
	static const char *const others[] = { "application/xml", "application/javascript", "application/ecmascript",
		"application/x-www-form-urlencoded", "application/x-ndjson", "application/yaml", "application/toml",
		"application/sql", "application/x-sh" };

	if (str_starts(str_of(m->type), STR("text/")) || str_ends(str_of(m->type), STR("+xml")) || media_is_json(m))
		return true;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(m->type, others[i]) == 0)
			return true;
	return false;
}

const char *
media_type_of_file(const char *path)
{
	static const struct {
		const char *extension, *type;
	} rows[] = {
		{ ".txt", "text/plain" },
		{ ".html", "text/html" },
		{ ".htm", "text/html" },
		{ ".css", "text/css" },
		{ ".csv", "text/csv" },
		{ ".md", "text/markdown" },
		{ ".js", "text/javascript" },
		{ ".json", "application/json" },
		{ ".xml", "application/xml" },
		{ ".pdf", "application/pdf" },
		{ ".zip", "application/zip" },
		{ ".gz", "application/gzip" },
		{ ".tar", "application/x-tar" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" },
		{ ".gif", "image/gif" },
		{ ".svg", "image/svg+xml" },
		{ ".webp", "image/webp" },
		{ ".ico", "image/vnd.microsoft.icon" },
		{ ".mp3", "audio/mpeg" },
		{ ".mp4", "video/mp4" },
		{ ".webm", "video/webm" },
		{ ".wasm", "application/wasm" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (str_ends_nocase(str_of(path), str_of(rows[i].extension)))
			return rows[i].type;
	return "application/octet-stream";
}
