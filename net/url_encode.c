/* Percent-encoding (URL Standard section 1.3) and application/x-www-form-urlencoded (section 5). */
#include "net/url_encode.h"

#include <stdlib.h>
#include <string.h>

#include "net/url.h"

/* what each set adds to the one it is made of; space is in all but the first */
static const char *const additions[] = { [URL_SET_CONTROL] = "",
	[URL_SET_FRAGMENT] = " \"<>`",
	[URL_SET_QUERY] = " \"#<>",
	[URL_SET_SPECIAL_QUERY] = " \"#<>'",
	[URL_SET_PATH] = " \"#<>?^`{}",
	[URL_SET_USERINFO] = " \"#<>?^`{}/:;=@[\\]|" };

static void
add_percent(struct buf *out, uint8_t byte)
{
	buf_addf(out, "%%%02X", byte);
}

void
url_encode(struct buf *out, struct str s, enum url_set set)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t byte = (uint8_t)s.p[i];

		if (byte < 0x20 || byte > 0x7e || strchr(additions[set], byte) != NULL)
			add_percent(out, byte);
		else
			buf_add_char(out, s.p[i]);
	}
}

char *
url_form_encode(struct str s)
{
	struct buf out;

	buf_init(&out, s.n * 3 + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ')
			buf_add_char(&out, '+');
		else if (ascii_is_alnum(s.p[i]) || (s.p[i] != '\0' && strchr("*-._", s.p[i]) != NULL))
			buf_add_char(&out, s.p[i]);
		else
			add_percent(&out, (uint8_t)s.p[i]);
	}
	return buf_take(&out);
}

char *
url_percent_decode(struct str s, size_t *n)
{
	char *out = mem_alloc(s.n + 1);
	size_t at = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && hex_value(s.p[i + 1]) >= 0 && hex_value(s.p[i + 2]) >= 0) {
			out[at++] = (char)(hex_value(s.p[i + 1]) * 16 + hex_value(s.p[i + 2]));
			i += 2;
		} else {
			out[at++] = s.p[i];
		}
	}
	if (n != NULL)
		*n = at;
	return out;
}
