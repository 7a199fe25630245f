/* The sponge of FIPS 202 over nettle's permutation; nettle 3.8 has no SHAKE128. */
#include "net/tls/keccak.h"

#include <string.h>

#include <nettle/sha3.h>

#include "net/mem.h"

enum { LANE = 8, PADDING_END = 0x80 };

/* FIPS 202 sections 6.1 and 6.2: the rate, and the domain's bits with the first bit of the padding. */
static const struct {
	size_t rate;
	uint8_t domain;
} functions[] = {
	[KECCAK_SHAKE128] = { 168, 0x1F },
	[KECCAK_SHAKE256] = { 136, 0x1F },
	[KECCAK_SHA3_256] = { 136, 0x06 },
	[KECCAK_SHA3_512] = { 72, 0x06 },
};

static void
permute(struct keccak *k)
{
	struct sha3_state state;

	memcpy(state.a, k->lanes, sizeof state.a);
	sha3_permute(&state);
	memcpy(k->lanes, state.a, sizeof state.a);
	mem_wipe(&state, sizeof state);
}

/* Bytes are a lane's from the least significant one on (FIPS 202 appendix B.1). */
static void
xor_byte(struct keccak *k, size_t at, uint8_t byte)
{
	k->lanes[at / LANE] ^= (uint64_t)byte << 8 * (at % LANE);
}

void
keccak_absorb(struct keccak *k, enum keccak_function f, const struct str *parts, size_t n)
{
	size_t at = 0;

	*k = (struct keccak){ .rate = functions[f].rate };
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < parts[i].n; j++) {
			xor_byte(k, at++, (uint8_t)parts[i].p[j]);
			if (at == k->rate) {
				permute(k);
				at = 0;
			}
		}
	xor_byte(k, at, functions[f].domain);
	xor_byte(k, k->rate - 1, PADDING_END);
	k->at = k->rate;
}

void
keccak_squeeze(struct keccak *k, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++, k->at++) {
		if (k->at == k->rate) {
			permute(k);
			k->at = 0;
		}
		out[i] = (uint8_t)(k->lanes[k->at / LANE] >> 8 * (k->at % LANE));
	}
}

void
keccak_wipe(struct keccak *k)
{
	mem_wipe(k, sizeof *k);
}

void
keccak(enum keccak_function f, const struct str *parts, size_t n_parts, uint8_t *out, size_t n)
{
	struct keccak k;

	keccak_absorb(&k, f, parts, n_parts);
	keccak_squeeze(&k, out, n);
	keccak_wipe(&k);
}
