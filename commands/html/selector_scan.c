/* Names, strings and numbers of selectors (CSS Syntax Level 3, section 4). */
#include "commands/html/selector_scan.h"

#include <string.h>

#include "commands/html/entities.h"
#include "commands/html/selector.h"

int
scan_refuse(struct scan *p, const char *why)
{
	char shown[200];

	fail(p->error, ERROR_USAGE, (int)p->at, "selector \"%s\": %s at character %zu",
	    str_printable(p->s, shown, sizeof shown), why, p->at + 1);
	return -1;
}

char
scan_peek(const struct scan *p)
{
	return p->at < p->s.n ? p->s.p[p->at] : '\0';
}

bool
scan_space(struct scan *p)
{
	size_t start = p->at;

	for (;;) {
		struct str rest = str_slice(p->s, p->at, p->s.n);
		ptrdiff_t end;

		if (rest.n > 0 && ascii_is_space(rest.p[0])) {
			p->at++;
		} else if (str_starts(rest, STR("/*")) &&
		    (end = str_find(str_slice(rest, 2, rest.n), STR("*/"))) >= 0) {
			p->at += (size_t)end + 4;
		} else {
			return p->at > start;
		}
	}
}

bool
scan_accept(struct scan *p, char c)
{
	if (scan_peek(p) != c || p->at >= p->s.n)
		return false;
	p->at++;
	return true;
}

static bool
name_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || (uint8_t)c >= 0x80;
}

/* Behind the backslash. */
static void
read_escape(struct scan *p, struct buf *out)
{
	uint32_t value = 0;
	size_t n = 0;

	while (n < 6 && p->at < p->s.n && hex_value(scan_peek(p)) >= 0) {
		value = value * 16 + (uint32_t)hex_value(scan_peek(p));
		p->at++;
		n++;
	}
	if (n == 0) {
		if (p->at < p->s.n)
			buf_add_char(out, p->s.p[p->at++]);
		return;
	}
	if (p->at < p->s.n && ascii_is_space(scan_peek(p)))
		p->at++;
	utf8_add(out, value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0xFFFD : value);
}

bool
scan_at_name(const struct scan *p, bool identifier)
{
	char c = scan_peek(p), next = p->at + 1 < p->s.n ? p->s.p[p->at + 1] : '\0';

	if (c == '\\')
		return next != '\0' && next != '\n';
	if (c == '-' && identifier)
		return name_char(next) ? !ascii_is_digit(next) : next == '\\';
	return name_char(c) && !(identifier && ascii_is_digit(c));
}

/* An identifier, or with identifier false a name (behind #). NULL with an error. */
char *
scan_name(struct scan *p, bool identifier)
{
	struct buf out;

	if (!scan_at_name(p, identifier)) {
		scan_refuse(p, "a name is expected");
		return NULL;
	}
	buf_init(&out, SELECTOR_MAX_BYTES * 4);
	while (p->at < p->s.n && (name_char(scan_peek(p)) || scan_peek(p) == '\\')) {
		char c = p->s.p[p->at++];

		if (c == '\\')
			read_escape(p, &out);
		else
			buf_add_char(&out, c);
	}
	return buf_take(&out);
}

static char *
read_string(struct scan *p)
{
	char quote = p->s.p[p->at++];
	struct buf out;

	buf_init(&out, SELECTOR_MAX_BYTES * 4);
	while (p->at < p->s.n && scan_peek(p) != quote) {
		char c = p->s.p[p->at++];

		if (c == '\n') {
			break;
		} else if (c == '\\') {
			if (scan_peek(p) == '\n')
				p->at++;
			else
				read_escape(p, &out);
		} else {
			buf_add_char(&out, c);
		}
	}
	if (!scan_accept(p, quote)) {
		scan_refuse(p, "the string is not closed");
		buf_release(&out);
		return NULL;
	}
	return buf_take(&out);
}

char *
scan_value(struct scan *p)
{
	return scan_peek(p) == '"' || scan_peek(p) == '\'' ? read_string(p) : scan_name(p, true);
}

bool
scan_integer(struct scan *p, int *value)
{
	bool any = false;

	*value = 0;
	while (p->at < p->s.n && ascii_is_digit(scan_peek(p))) {
		if (*value < 100000000)
			*value = *value * 10 + (scan_peek(p) - '0');
		p->at++;
		any = true;
	}
	return any;
}

bool
scan_word(struct scan *p, const char *word)
{
	struct str rest = str_slice(p->s, p->at, p->s.n);

	if (!str_starts_nocase(rest, str_of(word)) || (rest.n > strlen(word) && name_char(rest.p[strlen(word)])))
		return false;
	p->at += strlen(word);
	return true;
}
