/* RSA and finite-field Diffie-Hellman up to TLS 1.2, by the modular exponentiation of the libraries. */
#include "net/tls/keyexchange.h"

#include <string.h>

#include "net/x509/nettle.h"

enum { RSA_MIN_BYTES = 64, BEARSSL_MAX_BYTES = 512, DHE_DEFAULT_MIN_BITS = 1024, DHE_EXPONENT_MAX = 50 };

void
rsa_premaster(struct random *r, unsigned version, uint8_t premaster[RSA_PREMASTER])
{
	random_bytes(r, premaster, RSA_PREMASTER);
	premaster[0] = (uint8_t)(version >> 8);
	premaster[1] = (uint8_t)version;
}

/* RFC 8017 section 7.2.1: PS is "pseudo-randomly generated nonzero octets". Two random bytes are scaled to 1..255:
 * no branch on a secret, and the bias is below 2^-8 of a byte's. */
static void
nonzero_bytes(struct random *r, uint8_t *out, size_t n)
{
	uint8_t pair[2 * RSA_MAX_BYTES];

	random_bytes(r, pair, 2 * n);
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(1 + (((unsigned)pair[2 * i] << 8 | pair[2 * i + 1]) * 255 >> 16));
	mem_wipe(pair, sizeof pair);
}

/* The library takes pointers to non-const bytes that it does not change. */
static unsigned char *
bytes_of(struct str s)
{
	union {
		const char *in;
		unsigned char *out;
	} p = { s.p };

	return p.out;
}

/* x = x^exponent mod modulus, as long as the modulus, which is odd and above x. BearSSL's RSA public operation is such
 * a power, in constant time. */
static bool
power(uint8_t *x, struct str exponent, struct str modulus)
{
	br_rsa_public_key key = { bytes_of(modulus), modulus.n, bytes_of(exponent), exponent.n };

	if (modulus.n > BEARSSL_MAX_BYTES)
		return nettle_power(str_from(x, modulus.n), exponent, modulus, x);
	return br_rsa_public_get_default()(x, modulus.n, &key) == 1;
}

int
rsa_encrypt(struct random *r, const struct x509_key *key, const uint8_t premaster[RSA_PREMASTER],
    uint8_t out[RSA_MAX_BYTES], size_t *n, struct error *error)
{
	const size_t size = key->n.n;

	if (key->type != X509_KEY_RSA)
		return fail(error, ERROR_TLS, TLS_WRONG_CERTIFICATE_TYPE,
		    "RSA key exchange needs an RSA key in the server's certificate");
	if (size < RSA_MIN_BYTES || size > RSA_MAX_BYTES)
		return fail(error, ERROR_TLS, TLS_UNSUPPORTED_KEY,
		    "the server's RSA key has %u bits: 512 to %d are supported", key->bits, X509_MAX_RSA_BITS);
	if (key->e.n > X509_MAX_RSA_EXPONENT)
		return fail(error, ERROR_TLS, TLS_UNSUPPORTED_KEY,
		    "the server's RSA key has an exponent of %zu bytes: up to %d are supported", key->e.n,
		    X509_MAX_RSA_EXPONENT);
	/* RFC 8017 section 3.1: the exponent is an odd integer from 3 on; with 1 everybody could read the secret. */
	if (key->e.n == 0 || ((uint8_t)key->e.p[key->e.n - 1] & 1) == 0 || (key->e.n == 1 && (uint8_t)key->e.p[0] < 3))
		return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY,
		    "the server's RSA key cannot encrypt: its exponent is even or below 3");
	out[0] = 0;
	out[1] = 2;
	nonzero_bytes(r, out + 2, size - RSA_PREMASTER - 3);
	out[size - RSA_PREMASTER - 1] = 0;
	memcpy(out + size - RSA_PREMASTER, premaster, RSA_PREMASTER);
	if (!power(out, key->e, key->n)) {
		mem_wipe(out, size);
		return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY,
		    "the server's RSA key cannot encrypt: its modulus is even");
	}
	*n = size;
	return 0;
}

/* ---- finite-field Diffie-Hellman ---- */

static struct str
without_zeros(struct str s)
{
	while (s.n > 0 && s.p[0] == 0)
		s = str_slice(s, 1, s.n);
	return s;
}

static unsigned
bit_length(struct str s)
{
	unsigned bits = 8 * (unsigned)s.n;

	if (s.n > 0)
		for (unsigned first = (uint8_t)s.p[0]; first < 0x80; first <<= 1)
			bits--;
	return bits;
}

static int
bad_value(const char *what, struct error *error)
{
	return fail(error, ERROR_TLS, TLS_BAD_PUBLIC_KEY, "the server's Diffie-Hellman %s", what);
}

/* 1 < v < p - 1, both without leading zeros, p odd: p - 1 differs from p in the last byte only. */
static bool
in_range(struct str v, struct str p)
{
	int order;

	if (v.n == 0 || v.n > p.n || (v.n == 1 && v.p[0] == 1))
		return false;
	if (v.n < p.n)
		return true;
	order = memcmp(v.p, p.p, p.n - 1);
	return order < 0 || (order == 0 && (uint8_t)v.p[p.n - 1] + 1 < (uint8_t)p.p[p.n - 1]);
}

static int
check_prime(struct str p, unsigned min_bits, unsigned bits, struct error *error)
{
	if (min_bits == 0)
		min_bits = DHE_DEFAULT_MIN_BITS;
	if (p.n == 0 || (p.p[p.n - 1] & 1) == 0)
		return bad_value("prime is even", error);
	if (bits < min_bits)
		return fail(error, ERROR_TLS, TLS_DH_KEY_TOO_SMALL,
		    "weak Diffie-Hellman: the server's prime has %u bits, at least %u are wanted", bits, min_bits);
	if (p.n > DHE_MAX_BYTES)
		return fail(error, ERROR_TLS, TLS_DH_KEY_TOO_LARGE,
		    "the server's Diffie-Hellman prime has %u bits: at most %d are supported", bits, 8 * DHE_MAX_BYTES);
	return 0;
}

/* base^exponent mod p into out, as long as p. */
static bool
power_of(struct str base, struct str exponent, struct str p, uint8_t *out)
{
	memset(out, 0, p.n - base.n);
	memcpy(out + p.n - base.n, base.p, base.n);
	return power(out, exponent, p);
}

int
dhe_agree(struct random *r, const struct dhe_server *server, unsigned min_bits, struct dhe_result *result,
    struct error *error)
{
	const struct str p = without_zeros(server->p), g = without_zeros(server->g), y = without_zeros(server->y);
	uint8_t exponent[DHE_EXPONENT_MAX];
	struct str x;
	bool done;

	memset(result, 0, sizeof *result);
	result->bits = bit_length(p);
	if (check_prime(p, min_bits, result->bits, error) != 0)
		return -1;
	/* RFC 7919 section 5.1: "1 < dh_Ys < dh_p - 1" */
	if (!in_range(g, p))
		return bad_value("generator is out of range", error);
	if (!in_range(y, p))
		return bad_value("public value is out of range", error);
	/* RFC 7919 section 5.2: an exponent of twice the group's strength, which is up to 400 bits at
	 * 8192 */
	x = str_from(exponent, result->bits <= 2048 ? 40 : sizeof exponent);
	random_bytes(r, exponent, x.n);
	exponent[0] |= 0x80;
	done = power_of(g, x, p, result->public_key) && power_of(y, x, p, result->secret);
	mem_wipe(exponent, sizeof exponent);
	if (!done)
		return bad_value("prime cannot be used", error);
	result->public_len = result->secret_len = p.n;
	/* RFC 5246 section 8.1.2: "Leading bytes of Z that contain all zero bits are stripped" */
	while (result->secret_len > 1 && result->secret[0] == 0)
		memmove(result->secret, result->secret + 1, --result->secret_len);
	return 0;
}

void
dhe_result_release(struct dhe_result *d)
{
	mem_wipe(d, sizeof *d);
}
