/* A page's bytes to UTF-8: which encoding they are in, and what cannot be read in it. */
#include "commands/html/encoding.h"
#include "commands/html/page.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { PRESCAN = 1024 };

/* Labels of the Encoding Standard (section 4.2), the ones that pages use, with the encoding they mean and iconv's
 * name. */
static const struct encoding {
	const char *label, *name, *iconv;
} encodings[] = {
	{ "utf-8", "UTF-8", NULL },
	{ "utf8", "UTF-8", NULL },
	{ "unicode-1-1-utf-8", "UTF-8", NULL },
	{ "windows-1252", "windows-1252", "CP1252" },
	{ "iso-8859-1", "windows-1252", "CP1252" },
	{ "latin1", "windows-1252", "CP1252" },
	{ "l1", "windows-1252", "CP1252" },
	{ "ascii", "windows-1252", "CP1252" },
	{ "us-ascii", "windows-1252", "CP1252" },
	{ "iso8859-1", "windows-1252", "CP1252" },
	{ "cp1252", "windows-1252", "CP1252" },
	{ "x-cp1252", "windows-1252", "CP1252" },
	{ "iso-8859-2", "ISO-8859-2", "ISO-8859-2" },
	{ "latin2", "ISO-8859-2", "ISO-8859-2" },
	{ "iso-8859-3", "ISO-8859-3", "ISO-8859-3" },
	{ "iso-8859-4", "ISO-8859-4", "ISO-8859-4" },
	{ "iso-8859-5", "ISO-8859-5", "ISO-8859-5" },
	{ "iso-8859-6", "ISO-8859-6", "ISO-8859-6" },
	{ "iso-8859-7", "ISO-8859-7", "ISO-8859-7" },
	{ "iso-8859-8", "ISO-8859-8", "ISO-8859-8" },
	{ "iso-8859-9", "windows-1254", "CP1254" },
	{ "latin5", "windows-1254", "CP1254" },
	{ "iso-8859-10", "ISO-8859-10", "ISO-8859-10" },
	{ "iso-8859-13", "ISO-8859-13", "ISO-8859-13" },
	{ "iso-8859-14", "ISO-8859-14", "ISO-8859-14" },
	{ "iso-8859-15", "ISO-8859-15", "ISO-8859-15" },
	{ "iso-8859-16", "ISO-8859-16", "ISO-8859-16" },
	{ "koi8-r", "KOI8-R", "KOI8-R" },
	{ "koi8-u", "KOI8-U", "KOI8-U" },
	{ "macintosh", "macintosh", "MACINTOSH" },
	{ "ibm866", "IBM866", "CP866" },
	{ "windows-1250", "windows-1250", "CP1250" },
	{ "windows-1251", "windows-1251", "CP1251" },
	{ "cp1251", "windows-1251", "CP1251" },
	{ "windows-1253", "windows-1253", "CP1253" },
	{ "windows-1254", "windows-1254", "CP1254" },
	{ "windows-1255", "windows-1255", "CP1255" },
	{ "windows-1256", "windows-1256", "CP1256" },
	{ "windows-1257", "windows-1257", "CP1257" },
	{ "windows-1258", "windows-1258", "CP1258" },
	{ "windows-874", "windows-874", "CP874" },
	{ "tis-620", "windows-874", "CP874" },
	{ "gbk", "GBK", "GB18030" },
	{ "gb2312", "GBK", "GB18030" },
	{ "gb18030", "gb18030", "GB18030" },
	{ "x-gbk", "GBK", "GB18030" },
	{ "big5", "Big5", "BIG5-HKSCS" },
	{ "big5-hkscs", "Big5", "BIG5-HKSCS" },
	{ "euc-jp", "EUC-JP", "EUC-JP" },
	{ "x-euc-jp", "EUC-JP", "EUC-JP" },
	{ "iso-2022-jp", "ISO-2022-JP", "ISO-2022-JP" },
	{ "shift_jis", "Shift_JIS", "CP932" },
	{ "sjis", "Shift_JIS", "CP932" },
	{ "x-sjis", "Shift_JIS", "CP932" },
	{ "windows-31j", "Shift_JIS", "CP932" },
	{ "shift-jis", "Shift_JIS", "CP932" },
	{ "euc-kr", "EUC-KR", "CP949" },
	{ "ks_c_5601-1987", "EUC-KR", "CP949" },
	{ "utf-16", "UTF-16LE", "UTF-16LE" },
	{ "utf-16le", "UTF-16LE", "UTF-16LE" },
	{ "utf-16be", "UTF-16BE", "UTF-16BE" },
};

static const struct encoding *
find_encoding(struct str label)
{
	label = str_trim(label);
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
		if (str_is_nocase(label, encodings[i].label))
			return &encodings[i];
	return NULL;
}

/* "extracting a character encoding from a meta element": what follows charset= in s */
static struct str
charset_in(struct str s)
{
	struct str value = { NULL, 0 };

	for (size_t i = 0; i + 7 < s.n; i++) {
		struct str rest;
		size_t n = 0;

		if (!str_starts_nocase(str_slice(s, i, s.n), STR("charset")))
			continue;
		rest = str_trim(str_slice(s, i + 7, s.n));
		if (rest.n == 0 || rest.p[0] != '=')
			continue;
		rest = str_trim(str_slice(rest, 1, rest.n));
		if (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\''))
			rest = str_slice(rest, 1, rest.n);
		while (n < rest.n && strchr("\"'; \t\r\n>/", rest.p[n]) == NULL)
			n++;
		return str_slice(rest, 0, n);
	}
	return value;
}

/* The prescan, in short: the first <meta ... charset=...> of the first 1024 bytes that is not in a comment. */
static const struct encoding *
prescan(struct str s)
{
	s = str_slice(s, 0, PRESCAN);
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_slice(s, i, s.n);
		ptrdiff_t end;

		if (str_starts(rest, STR("<!--"))) {
			end = str_find(rest, STR("-->"));
			if (end < 0)
				return NULL;
			i += (size_t)end + 2;
		} else if (str_starts_nocase(rest, STR("<meta"))) {
			const struct encoding *e;

			end = str_find_char(rest, '>');
			e = find_encoding(charset_in(str_slice(rest, 0, end < 0 ? rest.n : (size_t)end)));
			/* "if charset is UTF-16BE/LE, then set charset to UTF-8": the tag could not have been read
			 * else */
			if (e != NULL)
				return e->iconv != NULL && strncmp(e->iconv, "UTF-16", 6) == 0 ? &encodings[0] : e;
		}
	}
	return NULL;
}

/* The start of a character of UTF-8 whose end is missing. */
static bool
is_cut(struct str s)
{
	uint8_t first = (uint8_t)s.p[0];

	for (size_t i = 1; i < s.n; i++)
		if (((uint8_t)s.p[i] & 0xC0) != 0x80)
			return false;
	return first >= 0xC2 && first < 0xF5 && s.n < (first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4);
}

static bool
is_utf8(struct str s)
{
	while (s.n > 0) {
		size_t n = str_utf8(s);

		if (n == 0)
			return is_cut(s); /* at the end of what was loaded */
		s = str_slice(s, n, s.n);
	}
	return true;
}

static const struct encoding *
choose(struct str *bytes, const char *content_type)
{
	const struct encoding *e;

	if (str_starts(*bytes, STR("\xef\xbb\xbf"))) {
		*bytes = str_slice(*bytes, 3, bytes->n);
		return &encodings[0];
	}
	if (str_starts(*bytes, STR("\xff\xfe")) || str_starts(*bytes, STR("\xfe\xff"))) {
		e = find_encoding(bytes->p[0] == '\xff' ? STR("utf-16le") : STR("utf-16be"));
		*bytes = str_slice(*bytes, 2, bytes->n);
		return e;
	}
	e = find_encoding(charset_in(str_of(content_type)));
	if (e == NULL)
		e = prescan(*bytes);
	if (e == NULL)
		e = is_utf8(*bytes) ? &encodings[0] : find_encoding(STR("windows-1252"));
	return e;
}

static void
copy_utf8(struct str s, struct work *work, struct buf *out)
{
	while (s.n > 0 && work_spend(work, 1)) {
		size_t n = str_utf8(s);

		if (n == 0)
			buf_add_str(out, STR("\xef\xbf\xbd"));
		else if (s.p[0] == '\r')
			buf_add_str(out, s.n > 1 && s.p[1] == '\n' ? STR("") : STR("\n"));
		else
			buf_add(out, s.p, n);
		s = str_slice(s, n > 0 ? n : 1, s.n);
	}
}

static void
convert(struct str s, const char *from, struct work *work, struct buf *out)
{
	iconv_t cd = iconv_open("UTF-8", from);
	char *in = (char *)(uintptr_t)s.p;
	size_t left = s.n;
	struct buf text;

	if (cd == (iconv_t)-1) {
		copy_utf8(s, work, out);
		return;
	}
	buf_init(&text, 4 * (size_t)PAGE_MAX_BYTES);
	while (left > 0 && !text.full && work_spend(work, 16)) {
		char block[4096], *to = block;
		size_t room = sizeof block, status = iconv(cd, &in, &left, &to, &room);

		buf_add(&text, block, (size_t)(to - block));
		if (status == (size_t)-1 && errno != E2BIG && left > 0) {
			buf_add_str(&text, STR("\xef\xbf\xbd"));
			in++;
			left--;
		}
	}
	iconv_close(cd);
	copy_utf8(buf_str(&text), work, out);
	buf_release(&text);
}

void
page_decode(struct str bytes, const char *content_type, struct work *work, struct buf *out, const char **name)
{
	const struct encoding *e = choose(&bytes, content_type);

	*name = e->name;
	if (e->iconv == NULL)
		copy_utf8(bytes, work, out);
	else
		convert(bytes, e->iconv, work, out);
}
