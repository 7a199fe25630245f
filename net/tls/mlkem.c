/* ML-KEM-768 (FIPS 203), step by step as the standard writes it: polynomials of 256 numbers modulo 3329. */
#include "net/tls/mlkem.h"

#include <stdbool.h>
#include <string.h>

#include "net/mem.h"
#include "net/tls/keccak.h"

enum {
	N = 256, /* coefficients of a polynomial */
	Q = 3329,
	K = 3,   /* polynomials of a vector */
	ETA = 2, /* both of the standard's */
	DU = 10,
	DV = 4,            /* bits that are left of a coefficient of u and v */
	POLY = N * 12 / 8, /* bytes of a polynomial, uncompressed */
	SEED = 32,
	XOF_BLOCK = 168
};

struct poly {
	uint16_t c[N]; /* each below Q */
};

/* ---- numbers modulo Q ---- */
/* x / Q for x below 2^28, without a division: its time would tell of a secret. */
static uint32_t
quotient(uint32_t x)
{
	enum { SHIFT = 40 };
	const uint64_t reciprocal = (((uint64_t)1 << SHIFT) + Q - 1) / Q;

	return (uint32_t)(x * reciprocal >> SHIFT);
}

static uint16_t
reduce(uint32_t x)
{
	return (uint16_t)(x - quotient(x) * Q);
}

static uint16_t
multiply(uint16_t a, uint16_t b)
{
	return reduce((uint32_t)a * b);
}

static uint16_t
add(uint16_t a, uint16_t b)
{
	return reduce((uint32_t)a + b);
}

static uint16_t
subtract(uint16_t a, uint16_t b)
{
	return reduce((uint32_t)a + Q - b);
}

static void
poly_add(struct poly *a, const struct poly *b)
{
	for (int i = 0; i < N; i++)
		a->c[i] = add(a->c[i], b->c[i]);
}

/* ---- the number-theoretic transform (section 4.3) ---- */
enum { ZETA = 17, INVERSE_128 = 3303, PAIRS = N / 2 };

struct zetas {
	uint16_t power[PAIRS]; /* ZETA to the power of the seven bits of the index, reversed */
};

static void
zetas_init(struct zetas *z)
{
	uint16_t power = 1;

	for (unsigned exponent = 0; exponent < PAIRS; exponent++) {
		unsigned reversed = 0;

		for (unsigned bit = 0; bit < 7; bit++)
			reversed |= (exponent >> bit & 1) << (6 - bit);
		z->power[reversed] = power;
		power = multiply(power, ZETA);
	}
}

/* Algorithm 9. */
static void
ntt(const struct zetas *z, struct poly *f)
{
	unsigned i = 1;

	for (unsigned length = N / 2; length >= 2; length /= 2)
		for (unsigned start = 0; start < N; start += 2 * length, i++)
			for (unsigned j = start; j < start + length; j++) {
				uint16_t t = multiply(z->power[i], f->c[j + length]);

				f->c[j + length] = subtract(f->c[j], t);
				f->c[j] = add(f->c[j], t);
			}
}

/* Algorithm 10. */
static void
ntt_inverse(const struct zetas *z, struct poly *f)
{
	unsigned i = PAIRS - 1;

	for (unsigned length = 2; length <= N / 2; length *= 2)
		for (unsigned start = 0; start < N; start += 2 * length, i--)
			for (unsigned j = start; j < start + length; j++) {
				uint16_t t = f->c[j];

				f->c[j] = add(t, f->c[j + length]);
				f->c[j + length] = multiply(z->power[i], subtract(f->c[j + length], t));
			}
	for (int j = 0; j < N; j++)
		f->c[j] = multiply(f->c[j], INVERSE_128);
}

/* Algorithms 11 and 12, added to sum: pairs are multiplied modulo X^2 - ZETA^(2 BitRev(i) + 1). */
static void
multiply_add(const struct zetas *z, struct poly *sum, const struct poly *f, const struct poly *g)
{
	for (unsigned i = 0; i < PAIRS; i++) {
		uint16_t square = multiply(z->power[i], z->power[i]), gamma = multiply(square, ZETA);
		const uint16_t *a = f->c + 2 * i, *b = g->c + 2 * i;
		uint32_t low = (uint32_t)a[0] * b[0] + (uint32_t)multiply(a[1], b[1]) * gamma;
		uint32_t high = (uint32_t)a[0] * b[1] + (uint32_t)a[1] * b[0];

		sum->c[2 * i] = reduce(sum->c[2 * i] + low);
		sum->c[2 * i + 1] = reduce(sum->c[2 * i + 1] + high);
	}
}

/* ---- bytes (section 4.2.1) ---- */
/* Algorithm 5, ByteEncode: the low bits of each coefficient in a row. */
static void
encode(uint8_t *out, const struct poly *f, unsigned bits)
{
	uint32_t kept = 0;
	unsigned have = 0;

	for (int i = 0; i < N; i++)
		for (kept |= (uint32_t)f->c[i] << have, have += bits; have >= 8; have -= 8, kept >>= 8)
			*out++ = (uint8_t)kept;
	mem_wipe(&kept, sizeof kept);
}

/* Algorithm 6, ByteDecode, for 12 bits modulo Q. */
static void
decode(struct poly *f, const uint8_t *in, unsigned bits)
{
	uint32_t kept = 0;
	unsigned have = 0;

	for (int i = 0; i < N; i++, have -= bits, kept >>= bits) {
		for (; have < bits; have += 8)
			kept |= (uint32_t)*in++ << have;
		f->c[i] = reduce(kept & ((1u << bits) - 1));
	}
	mem_wipe(&kept, sizeof kept);
}

/* (4.7): round(2^bits / Q * x) modulo 2^bits. */
static void
compress(struct poly *f, unsigned bits)
{
	for (int i = 0; i < N; i++)
		f->c[i] = (uint16_t)(quotient(((uint32_t)f->c[i] << bits) + Q / 2) & ((1u << bits) - 1));
}

/* (4.8): round(Q / 2^bits * y). */
static void
decompress(struct poly *f, unsigned bits)
{
	for (int i = 0; i < N; i++)
		f->c[i] = (uint16_t)(((uint32_t)f->c[i] * Q + (1u << (bits - 1))) >> bits);
}

/* ---- what is drawn from a seed (section 4.2.2) ---- */
/* Algorithm 7, SampleNTT: public; the seed is followed by two indices. */
static void
sample_uniform(struct poly *f, const uint8_t rho[SEED], unsigned first, unsigned second)
{
	const uint8_t index[2] = { (uint8_t)first, (uint8_t)second };
	const struct str parts[] = { str_from(rho, SEED), str_from(index, sizeof index) };
	uint8_t block[XOF_BLOCK];
	struct keccak xof;
	int n = 0;

	keccak_absorb(&xof, KECCAK_SHAKE128, parts, 2);
	while (n < N) {
		keccak_squeeze(&xof, block, sizeof block);
		for (size_t i = 0; i < sizeof block; i += 3) {
			const unsigned x = block[i], y = block[i + 1], z = block[i + 2];
			const unsigned a = x | (y & 0x0F) << 8, b = y >> 4 | z << 4;

			if (a < Q && n < N)
				f->c[n++] = (uint16_t)a;
			if (b < Q && n < N)
				f->c[n++] = (uint16_t)b;
		}
	}
}

/* Algorithm 8, SamplePolyCBD, of PRF(seed, number): the bits of one half byte, two added and two taken away. */
static void
sample_small(struct poly *f, const uint8_t seed[SEED], unsigned number)
{
	const uint8_t index = (uint8_t)number;
	const struct str parts[] = { str_from(seed, SEED), str_from(&index, 1) };
	uint8_t bytes[64 * ETA];

	keccak(KECCAK_SHAKE256, parts, 2, bytes, sizeof bytes);
	for (int i = 0; i < N; i++) {
		unsigned four = (unsigned)bytes[i / 2] >> 4 * (i % 2);

		f->c[i] = reduce(Q + (four & 1) + (four >> 1 & 1) - (four >> 2 & 1) - (four >> 3 & 1));
	}
	mem_wipe(bytes, sizeof bytes);
}

/* ---- K-PKE (section 5) ---- */
/* Row `row` of the matrix A, or of its transpose, times v. */
static void
matrix_row(const struct zetas *z, struct poly *product, const uint8_t rho[SEED], unsigned row, bool transposed,
    const struct poly v[K])
{
	struct poly a;

	memset(product, 0, sizeof *product);
	for (unsigned j = 0; j < K; j++) {
		sample_uniform(&a, rho, transposed ? row : j, transposed ? j : row);
		multiply_add(z, product, &a, &v[j]);
	}
}

/* Algorithm 13, K-PKE.KeyGen, up to the secret vector s (transformed); seeds: rho, which is public, and sigma. */
static void
pke_secret(const struct zetas *z, const uint8_t d[SEED], uint8_t seeds[2 * SEED], struct poly s[K])
{
	static const uint8_t parameter = K;
	const struct str parts[] = { str_from(d, SEED), str_from(&parameter, 1) };

	keccak(KECCAK_SHA3_512, parts, 2, seeds, 2 * SEED);
	for (unsigned i = 0; i < K; i++) {
		sample_small(&s[i], seeds + SEED, i);
		ntt(z, &s[i]);
	}
}

/* The rest of it: t = A s + e, and rho. */
static void
pke_public(const struct zetas *z, const uint8_t seeds[2 * SEED], const struct poly s[K], uint8_t ek[MLKEM_KEY])
{
	struct poly t, e;

	for (unsigned i = 0; i < K; i++) {
		matrix_row(z, &t, seeds, i, false, s);
		sample_small(&e, seeds + SEED, K + i);
		ntt(z, &e);
		poly_add(&t, &e);
		encode(ek + i * POLY, &t, 12);
	}
	memcpy(ek + K * POLY, seeds, SEED);
	mem_wipe(&e, sizeof e);
}

/* Algorithm 14, K-PKE.Encrypt. */
static void
pke_encrypt(const uint8_t ek[MLKEM_KEY], const uint8_t m[MLKEM_MESSAGE], const uint8_t r[SEED],
    uint8_t ciphertext[MLKEM_CIPHERTEXT])
{
	struct poly y[K], part, e, v = { { 0 } };
	struct zetas z;

	zetas_init(&z);
	for (unsigned i = 0; i < K; i++) {
		sample_small(&y[i], r, i);
		ntt(&z, &y[i]);
		decode(&part, ek + i * POLY, 12);
		multiply_add(&z, &v, &part, &y[i]);
	}
	for (unsigned i = 0; i < K; i++) {
		matrix_row(&z, &part, ek + K * POLY, i, true, y);
		ntt_inverse(&z, &part);
		sample_small(&e, r, K + i);
		poly_add(&part, &e);
		compress(&part, DU);
		encode(ciphertext + i * (N * DU / 8), &part, DU);
	}
	ntt_inverse(&z, &v);
	sample_small(&e, r, 2 * K);
	poly_add(&v, &e);
	decode(&part, m, 1);
	decompress(&part, 1);
	poly_add(&v, &part);
	compress(&v, DV);
	encode(ciphertext + K * (N * DU / 8), &v, DV);
	mem_wipe(y, sizeof y);
	mem_wipe(&part, sizeof part);
	mem_wipe(&e, sizeof e);
	mem_wipe(&v, sizeof v);
}

/* Algorithm 15, K-PKE.Decrypt. */
static void
pke_decrypt(const struct zetas *z, const struct poly s[K], const uint8_t ciphertext[MLKEM_CIPHERTEXT],
    uint8_t m[MLKEM_MESSAGE])
{
	struct poly u, v, product = { { 0 } };

	for (unsigned i = 0; i < K; i++) {
		decode(&u, ciphertext + i * (N * DU / 8), DU);
		decompress(&u, DU);
		ntt(z, &u);
		multiply_add(z, &product, &s[i], &u);
	}
	ntt_inverse(z, &product);
	decode(&v, ciphertext + K * (N * DU / 8), DV);
	decompress(&v, DV);
	for (int i = 0; i < N; i++)
		v.c[i] = subtract(v.c[i], product.c[i]);
	compress(&v, 1);
	encode(m, &v, 1);
	mem_wipe(&v, sizeof v);
	mem_wipe(&product, sizeof product);
}

/* ---- ML-KEM (section 6) ---- */
void
mlkem_keygen(const uint8_t seed[MLKEM_SEED], uint8_t ek[MLKEM_KEY])
{
	uint8_t seeds[2 * SEED];
	struct poly s[K];
	struct zetas z;

	zetas_init(&z);
	pke_secret(&z, seed, seeds, s);
	pke_public(&z, seeds, s, ek);
	mem_wipe(seeds, sizeof seeds);
	mem_wipe(s, sizeof s);
}

void
mlkem_encapsulate(const uint8_t ek[MLKEM_KEY], const uint8_t m[MLKEM_MESSAGE], uint8_t ciphertext[MLKEM_CIPHERTEXT],
    uint8_t secret[MLKEM_SECRET])
{
	const struct str key = str_from(ek, MLKEM_KEY);
	uint8_t hash[SEED], both[2 * SEED]; /* the secret, and what is drawn from for the encryption */

	keccak(KECCAK_SHA3_256, &key, 1, hash, sizeof hash);
	keccak(KECCAK_SHA3_512, (const struct str[]){ str_from(m, MLKEM_MESSAGE), str_from(hash, sizeof hash) }, 2,
	    both, sizeof both);
	pke_encrypt(ek, m, both + SEED, ciphertext);
	memcpy(secret, both, MLKEM_SECRET);
	mem_wipe(both, sizeof both);
}

/* 0xFF when the two differ, 0 when not. */
static uint8_t
difference(const uint8_t *a, const uint8_t *b, size_t n)
{
	unsigned any = 0;

	for (size_t i = 0; i < n; i++)
		any |= a[i] ^ b[i];
	return (uint8_t)((0u - any) >> 8);
}

void
mlkem_decapsulate(const uint8_t seed[MLKEM_SEED], const uint8_t ek[MLKEM_KEY],
    const uint8_t ciphertext[MLKEM_CIPHERTEXT], uint8_t secret[MLKEM_SECRET])
{
	const struct str parts[] = { str_from(seed + SEED, SEED), str_from(ciphertext, MLKEM_CIPHERTEXT) };
	uint8_t seeds[2 * SEED], m[MLKEM_MESSAGE], again[MLKEM_CIPHERTEXT], rejected[MLKEM_SECRET], mask;
	struct poly s[K];
	struct zetas z;

	zetas_init(&z);
	pke_secret(&z, seed, seeds, s);
	pke_decrypt(&z, s, ciphertext, m);
	mlkem_encapsulate(ek, m, again, secret);
	keccak(KECCAK_SHAKE256, parts, 2, rejected, sizeof rejected);
	mask = difference(ciphertext, again, sizeof again);
	for (size_t i = 0; i < MLKEM_SECRET; i++)
		secret[i] = (uint8_t)(secret[i] ^ (mask & (secret[i] ^ rejected[i])));
	mem_wipe(seeds, sizeof seeds);
	mem_wipe(s, sizeof s);
	mem_wipe(m, sizeof m);
	mem_wipe(again, sizeof again);
	mem_wipe(rejected, sizeof rejected);
}
