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

static const struct {
	const br_hash_class *class;
	size_t size;
	const char *name;
} hashes[] = {
	[X509_MD5SHA1] = { NULL, HASH_MD5SHA1_SIZE, "MD5 and SHA-1" },
	[X509_MD5] = { &br_md5_vtable, br_md5_SIZE, "MD5" },
	[X509_SHA1] = { &br_sha1_vtable, br_sha1_SIZE, "SHA-1" },
	[X509_SHA224] = { &br_sha224_vtable, br_sha224_SIZE, "SHA-224" },
	[X509_SHA256] = { &br_sha256_vtable, br_sha256_SIZE, "SHA-256" },
	[X509_SHA384] = { &br_sha384_vtable, br_sha384_SIZE, "SHA-384" },
	[X509_SHA512] = { &br_sha512_vtable, br_sha512_SIZE, "SHA-512" },
};

enum { HASHES = sizeof hashes / sizeof hashes[0] };

const br_hash_class *
hash_class(enum x509_hash h)
{
	return (unsigned)h < HASHES ? hashes[h].class : NULL;
}

size_t
hash_size(enum x509_hash h)
{
	return (unsigned)h < HASHES ? hashes[h].size : 0;
}

const char *
hash_name(enum x509_hash h)
{
	return (unsigned)h < HASHES ? hashes[h].name : "unknown hash";
}

void
hash_parts(enum x509_hash h, const struct str *parts, size_t n, uint8_t *out)
{
	const br_hash_class *class = hash_class(h);
	br_hash_compat_context c;

	if (h == X509_MD5SHA1) {
		hash_parts(X509_MD5, parts, n, out);
		hash_parts(X509_SHA1, parts, n, out + br_md5_SIZE);
		return;
	}
	class->init(&c.vtable);
	for (size_t i = 0; i < n; i++)
		class->update(&c.vtable, parts[i].p, parts[i].n);
	class->out(&c.vtable, out);
	mem_wipe(&c, sizeof c);
}

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
