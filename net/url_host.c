/* Hosts by the URL Standard, section 3.5: domains (UTS 46 by libidn2), IPv4 in all its spellings, IPv6, opaque
 * hosts. */
#include <idn2.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/url.h"
#include "net/url_encode.h"

enum { HOST_SHOWN = 200 };

static int
bad_host(struct error *error, struct str host, const char *why)
{
	char shown[HOST_SHOWN];

	return fail(error, ERROR_USAGE, 0, "\"%s\" is not a host name: %s", str_printable(host, shown, sizeof shown),
	    why);
}

/* ---- IPv4 ---- */

/* One number: decimal, 0x hexadecimal or 0 octal; false when it is none. Values beyond 2^32 - 1 become 2^32. */
static bool
ipv4_number(struct str s, uint64_t *value)
{
	int base = 10;

	if (s.n == 0)
		return false;
	if (s.n >= 2 && s.p[0] == '0' && ascii_lower(s.p[1]) == 'x') {
		base = 16;
		s = str_slice(s, 2, s.n);
	} else if (s.n >= 2 && s.p[0] == '0') {
		base = 8;
		s = str_slice(s, 1, s.n);
	}
	*value = 0;
	for (size_t i = 0; i < s.n; i++) {
		int digit = hex_value(s.p[i]);

		if (digit < 0 || digit >= base)
			return false;
		*value = *value * (unsigned)base + (unsigned)digit;
		if (*value > UINT32_MAX)
			*value = (uint64_t)UINT32_MAX + 1;
	}
	return true;
}

/* "Ends in a number": such a host must be an IPv4 address. */
static bool
ends_in_number(struct str host)
{
	struct str last = host;
	uint64_t value;
	bool digits = true;

	if (host.n > 0 && host.p[host.n - 1] == '.')
		last = str_slice(host, 0, host.n - 1);
	for (size_t i = last.n; i-- > 0;) {
		if (last.p[i] == '.') {
			last = str_slice(last, i + 1, last.n);
			break;
		}
	}
	for (size_t i = 0; i < last.n; i++)
		digits = digits && ascii_is_digit(last.p[i]);
	return last.n > 0 && (digits || ipv4_number(last, &value));
}

static char *
parse_ipv4(struct str host, struct error *error)
{
	struct str rest = host, part;
	uint64_t numbers[4], address;
	size_t n = 0;
	bool fits;

	if (rest.p[rest.n - 1] == '.')
		rest.n--;
	while (rest.p != NULL) {
		part = str_cut(&rest, '.');
		if (n == 4 || !ipv4_number(part, &numbers[n++])) {
			bad_host(error, host, "it ends in a number and is not an IPv4 address");
			return NULL;
		}
	}
	address = numbers[n - 1];
	fits = address < (uint64_t)1 << (8 * (5 - n));
	for (size_t i = 0; i + 1 < n; i++) {
		fits = fits && numbers[i] <= 255;
		address += (numbers[i] & 255) << (8 * (3 - i));
	}
	if (!fits) {
		bad_host(error, host, "a number of the IPv4 address is too large");
		return NULL;
	}
	return str_printf("%u.%u.%u.%u", (unsigned)(address >> 24 & 255), (unsigned)(address >> 16 & 255),
	    (unsigned)(address >> 8 & 255), (unsigned)(address & 255));
}

/* ---- IPv6 ---- */

/* RFC 5952 as the standard's serializer has it: the first longest run of at least two zero pieces becomes "::". */
static char *
ipv6_text(const uint8_t *address)
{
	struct buf out;
	int best = -1, best_n = 1;

	for (int i = 0; i < 8;) {
		int n = 0;

		while (i + n < 8 && address[2 * (i + n)] == 0 && address[2 * (i + n) + 1] == 0)
			n++;
		if (n > best_n) {
			best = i;
			best_n = n;
		}
		i += n + 1;
	}
	buf_init(&out, 64);
	buf_add_char(&out, '[');
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			buf_add_str(&out, i == 0 ? STR("::") : STR(":"));
			i += best_n - 1;
			continue;
		}
		buf_addf(&out, "%x%s", (unsigned)address[2 * i] << 8 | address[2 * i + 1], i < 7 ? ":" : "");
	}
	buf_add_char(&out, ']');
	return buf_take(&out);
}

/* inet_pton() accepts exactly the standard's grammar (RFC 4291 section 2.2), zone identifiers refused. */
static char *
parse_ipv6(struct str inside, struct error *error)
{
	char text[INET6_ADDRSTRLEN + 1];
	uint8_t address[16];

	if (inside.n < sizeof text && memchr(inside.p, '\0', inside.n) == NULL) {
		snprintf(text, sizeof text, "%.*s", STR_ARG(inside));
		if (inet_pton(AF_INET6, text, address) == 1)
			return ipv6_text(address);
	}
	bad_host(error, inside, "not an IPv6 address");
	return NULL;
}

/* ---- domains ---- */

/* forbidden host code points, and of domains also controls, % and DEL */
static bool
has_forbidden(struct str s, bool domain)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c == 0 || strchr("\t\n\r #/:<>?@[\\]^|", c) != NULL)
			return true;
		if (domain && (c < 0x20 || c == '%' || c == 0x7f))
			return true;
	}
	return false;
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] >= 0x80)
			return false;
	return true;
}

/* The length of the text of `list` that s begins with, 0 = none. */
static size_t
begins_with(struct str s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (str_starts(s, str_of(*list)))
			return strlen(*list);
	return 0;
}

/* What UTS 46 maps otherwise in its transitional mode: sharp s, final sigma, the joiners. */
static bool
deviates(struct str s)
{
	static const char *const deviations[] = { "\xc3\x9f", "\xcf\x82", "\xe2\x80\x8c", "\xe2\x80\x8d", NULL };

	for (size_t i = 0; i < s.n; i++)
		if (begins_with(str_slice(s, i, s.n), deviations) > 0)
			return true;
	return false;
}

/* Plain ASCII, A-labels too, is only lower-cased; the rest goes through UTS 46. */
static int
add_ascii(struct buf *out, struct str text, int flags)
{
	char *whole, *ascii = NULL;
	int status;

	if (is_ascii(text)) {
		for (size_t i = 0; i < text.n; i++)
			buf_add_char(out, ascii_lower(text.p[i]));
		return IDN2_OK;
	}
	whole = str_dup(text);
	status = idn2_to_ascii_8z(whole, &ascii, flags | IDN2_NFC_INPUT);
	if (status == IDN2_OK)
		buf_add_str(out, str_of(ascii));
	idn2_free(ascii);
	free(whole);
	return status;
}

/* Symbols, which are valid in UTS 46 and not in IDNA2008: the library takes them in its transitional mode only, which
 * does the same as the other for a label without deviations. */
static int
add_labels(struct buf *out, struct str domain)
{
	static const char *const dots[] = { ".", "\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1", NULL };
	int status = IDN2_OK;

	for (size_t n, end; domain.n > 0 && status == IDN2_OK; domain = str_slice(domain, end + n, domain.n)) {
		struct str label;

		for (n = end = 0; end < domain.n && n == 0; end += n == 0)
			n = begins_with(str_slice(domain, end, domain.n), dots);
		label = str_slice(domain, 0, end);
		status = add_ascii(out, label, deviates(label) ? IDN2_NONTRANSITIONAL : IDN2_TRANSITIONAL);
		if (n > 0)
			buf_add_char(out, '.');
	}
	return status;
}

/* Domain to ASCII with beStrict false. */
static char *
domain_to_ascii(struct str domain, struct error *error)
{
	struct buf out;
	int status;

	buf_init(&out, 0);
	status = add_ascii(&out, domain, IDN2_NONTRANSITIONAL);
	if (status == IDN2_DISALLOWED) {
		buf_clear(&out);
		status = add_labels(&out, domain);
	}
	if (status == IDN2_OK && (out.len > 0 || domain.n == 0))
		return buf_take(&out);
	buf_release(&out);
	bad_host(error, domain, status != IDN2_OK ? idn2_strerror(status) : "nothing is left of it");
	return NULL;
}

static char *
parse_domain(struct str input, struct error *error)
{
	size_t n;
	char *decoded = url_percent_decode(input, &n), *ascii = NULL, *address;

	if (memchr(decoded, '\0', n) != NULL)
		bad_host(error, input, "it has a NUL byte");
	else
		ascii = domain_to_ascii(str_from(decoded, n), error);
	free(decoded);
	if (ascii == NULL)
		return NULL;
	if (ascii[0] == '\0' || has_forbidden(str_of(ascii), true)) {
		bad_host(error, input, ascii[0] == '\0' ? "it is empty" : "it has a character that a host cannot have");
		free(ascii);
		return NULL;
	}
	if (!ends_in_number(str_of(ascii)))
		return ascii;
	address = parse_ipv4(str_of(ascii), error);
	free(ascii);
	return address;
}

char *
url_host_parse(struct str input, bool special, struct error *error)
{
	struct buf out;

	if (input.n > 0 && input.p[0] == '[') {
		if (input.p[input.n - 1] == ']' && input.n > 1)
			return parse_ipv6(str_slice(input, 1, input.n - 1), error);
		bad_host(error, input, "the bracket is not closed");
		return NULL;
	}
	if (special)
		return parse_domain(input, error);
	if (has_forbidden(input, false)) {
		bad_host(error, input, "it has a character that a host cannot have");
		return NULL;
	}
	buf_init(&out, input.n * 3 + 1);
	url_encode(&out, input, URL_SET_CONTROL);
	return buf_take(&out);
}

bool
url_host_is_address(const char *host)
{
	struct str s = str_of(host);
	char text[INET6_ADDRSTRLEN + 1];
	uint8_t address[16];

	if (s.n > 1 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = str_slice(s, 1, s.n - 1);
	if (s.n >= sizeof text)
		return false;
	snprintf(text, sizeof text, "%.*s", STR_ARG(s));
	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}
