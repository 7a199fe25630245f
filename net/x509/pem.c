/* PEM blocks found in a text, and Base64. */
#include "net/x509/pem.h"

#include <stdlib.h>

static const int8_t values[256] = {
#define V(c, v) [(uint8_t)(c)] = (v) + 1
	V('A', 0), V('B', 1), V('C', 2), V('D', 3), V('E', 4), V('F', 5), V('G', 6), V('H', 7), V('I', 8), V('J', 9),
	V('K', 10), V('L', 11), V('M', 12), V('N', 13), V('O', 14), V('P', 15), V('Q', 16), V('R', 17), V('S', 18),
	V('T', 19), V('U', 20), V('V', 21), V('W', 22), V('X', 23), V('Y', 24), V('Z', 25), V('a', 26), V('b', 27),
	V('c', 28), V('d', 29), V('e', 30), V('f', 31), V('g', 32), V('h', 33), V('i', 34), V('j', 35), V('k', 36),
	V('l', 37), V('m', 38), V('n', 39), V('o', 40), V('p', 41), V('q', 42), V('r', 43), V('s', 44), V('t', 45),
	V('u', 46), V('v', 47), V('w', 48), V('x', 49), V('y', 50), V('z', 51), V('0', 52), V('1', 53), V('2', 54),
	V('3', 55), V('4', 56), V('5', 57), V('6', 58), V('7', 59), V('8', 60), V('9', 61), V('+', 62), V('/', 63)
#undef V
};

static inline bool
whole_group(const char *p, uint32_t *bits)
{
	unsigned a = (uint8_t)values[(uint8_t)p[0]], b = (uint8_t)values[(uint8_t)p[1]],
		 c = (uint8_t)values[(uint8_t)p[2]], d = (uint8_t)values[(uint8_t)p[3]];

	if (a == 0 || b == 0 || c == 0 || d == 0)
		return false;
	*bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
	return true;
}

ptrdiff_t
pem_base64(struct str s, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned n = 0, padding = 0;
	size_t at = 0;

	for (size_t i = 0; i < s.n; i++) {
		int v;

		/* four digits in a row, as nearly all are */
		while (n == 0 && padding == 0 && i + 4 <= s.n && whole_group(s.p + i, &bits)) {
			out[at++] = (uint8_t)(bits >> 16);
			out[at++] = (uint8_t)(bits >> 8);
			out[at++] = (uint8_t)bits;
			i += 4;
		}
		if (i == s.n)
			break;
		v = values[(uint8_t)s.p[i]];

		if (v == 0) {
			if (s.p[i] == '=')
				padding++;
			else if (!ascii_is_space(s.p[i]))
				return -1;
			continue;
		}
		if (padding > 0)
			return -1;
		bits = bits << 6 | (uint32_t)(v - 1);
		if (++n == 4) {
			out[at++] = (uint8_t)(bits >> 16);
			out[at++] = (uint8_t)(bits >> 8);
			out[at++] = (uint8_t)bits;
			n = 0;
		}
	}
	if (n == 1 || (n > 1 && n + padding != 4) || (n == 0 && padding > 0))
		return -1;
	if (n >= 2)
		out[at++] = (uint8_t)(bits >> (n == 2 ? 4 : 10));
	if (n == 3)
		out[at++] = (uint8_t)(bits >> 2);
	return (ptrdiff_t)at;
}

void
pem_add_base64(struct buf *out, struct str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.n; i += 3) {
		struct str group = str_slice(bytes, i, i + 3);
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < group.n ? (uint8_t)group.p[k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_add_char(out, k <= group.n ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
}

bool
pem_is_certificate(const struct pem_block *block)
{
	return str_is(block->label, "CERTIFICATE") || str_is(block->label, "X509 CERTIFICATE");
}

bool
pem_next(struct str *rest, struct pem_block *block, int *status, struct error *error)
{
	ptrdiff_t begin = str_find(*rest, STR("-----BEGIN ")), end;
	struct str after, body;
	char *closing, shown[80];
	ptrdiff_t n;

	*block = (struct pem_block){ .memory = NULL };
	if (begin < 0)
		return false;
	after = str_slice(*rest, (size_t)begin + 11, rest->n);
	end = str_find(after, STR("-----"));
	if (end < 0)
		return false;
	block->label = str_slice(after, 0, (size_t)end);
	body = str_slice(after, (size_t)end + 5, after.n);
	closing = str_printf("-----END %.*s-----", STR_ARG(block->label));
	end = block->label.n < 64 ? str_find(body, str_of(closing)) : -1;
	free(closing);
	str_printable(str_slice(block->label, 0, 40), shown, sizeof shown);
	if (end < 0) {
		*status = fail(error, ERROR_CERTIFICATE, 0, "a PEM block \"%s\" has no end", shown);
		return false;
	}
	*rest = str_slice(body, (size_t)end, body.n);
	body = block->body = str_slice(body, 0, (size_t)end);
	if (!pem_is_certificate(block))
		return true; /* a key may be encrypted and have headers: not decoded */
	block->memory = mem_try(body.n + 1);
	if (block->memory == NULL) {
		*status = mem_fail(error, "reading a PEM block \"%s\"", shown);
		return false;
	}
	n = pem_base64(body, block->memory);
	if (n < 0) {
		free(block->memory);
		*status = fail(error, ERROR_CERTIFICATE, 0, "the base64 of a PEM block \"%s\" is broken", shown);
		return false;
	}
	block->der = str_from(block->memory, (size_t)n);
	return true;
}
