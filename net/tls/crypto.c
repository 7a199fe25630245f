/* Which implementations this machine gets, and HMAC. */
#include "net/tls/crypto.h"

#include <string.h>

/* The library's own getters execute cpuid each time, which traps in a virtual machine; the compiler's runtime does
 * so once per process. Both look at the same bits. */
#if defined(__x86_64__)
static bool
have_aes(void)
{
	return __builtin_cpu_supports("aes");
}

static bool
have_clmul(void)
{
	return __builtin_cpu_supports("pclmul");
}

void
crypto_init(struct crypto *c)
{
	c->fast_aes = have_aes() && have_clmul();
	c->aes_ctr = have_aes() ? &br_aes_x86ni_ctr_vtable : &br_aes_ct64_ctr_vtable;
	c->aes_ctrcbc = have_aes() ? &br_aes_x86ni_ctrcbc_vtable : &br_aes_ct64_ctrcbc_vtable;
	c->aes_cbcenc = have_aes() ? &br_aes_x86ni_cbcenc_vtable : &br_aes_ct64_cbcenc_vtable;
	c->aes_cbcdec = have_aes() ? &br_aes_x86ni_cbcdec_vtable : &br_aes_ct64_cbcdec_vtable;
	c->ghash = have_clmul() ? br_ghash_pclmul : br_ghash_ctmul64;
	c->chacha20 = br_chacha20_sse2_run;
	c->poly1305 = br_poly1305_ctmulq_get();
	if (c->poly1305 == NULL)
		c->poly1305 = br_poly1305_ctmul_run;
}
#else
void
crypto_init(struct crypto *c)
{
	c->aes_ctr = br_aes_pwr8_ctr_get_vtable();
	c->fast_aes = c->aes_ctr != NULL;
	if (c->aes_ctr == NULL)
		c->aes_ctr = &br_aes_ct64_ctr_vtable;
	c->aes_ctrcbc = c->fast_aes ? br_aes_pwr8_ctrcbc_get_vtable() : &br_aes_ct64_ctrcbc_vtable;
	c->aes_cbcenc = c->fast_aes ? br_aes_pwr8_cbcenc_get_vtable() : &br_aes_ct64_cbcenc_vtable;
	c->aes_cbcdec = c->fast_aes ? br_aes_pwr8_cbcdec_get_vtable() : &br_aes_ct64_cbcdec_vtable;
	c->ghash = br_ghash_pwr8_get();
	if (c->ghash == NULL)
		c->ghash = br_ghash_ctmul64;
	c->chacha20 = br_chacha20_ct_run;
	c->poly1305 = br_poly1305_ctmulq_get();
	if (c->poly1305 == NULL)
		c->poly1305 = br_poly1305_ctmul_run;
}
#endif

void
hmac_parts(enum x509_hash h, struct str key, const struct str *parts, size_t n, uint8_t *out)
{
	br_hmac_key_context k;
	br_hmac_context c;

	br_hmac_key_init(&k, hash_class(h), key.p, key.n);
	br_hmac_init(&c, &k, 0);
	for (size_t i = 0; i < n; i++)
		br_hmac_update(&c, parts[i].p, parts[i].n);
	br_hmac_out(&c, out);
	mem_wipe(&k, sizeof k);
	mem_wipe(&c, sizeof c);
}

bool
bytes_equal(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;
	volatile uint8_t difference = 0;

	for (size_t i = 0; i < n; i++)
		difference = (uint8_t)(difference | (x[i] ^ y[i]));
	return difference == 0;
}
