/* Hash functions by their number, and MGF1. */
#include "net/x509/hash.h"

static const struct {
	const br_hash_class *class;
	size_t size;
	const char *name, *oid;
} hashes[] = { [X509_MD5SHA1] = { NULL, HASH_MD5SHA1_SIZE, "MD5 and SHA-1", NULL },
	[X509_MD5] = { &br_md5_vtable, br_md5_SIZE, "MD5", "\x08\x2A\x86\x48\x86\xF7\x0D\x02\x05" },
	[X509_SHA1] = { &br_sha1_vtable, br_sha1_SIZE, "SHA-1", "\x05\x2B\x0E\x03\x02\x1A" },
	[X509_SHA224] = { &br_sha224_vtable, br_sha224_SIZE, "SHA-224", "\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04" },
	[X509_SHA256] = { &br_sha256_vtable, br_sha256_SIZE, "SHA-256", "\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01" },
	[X509_SHA384] = { &br_sha384_vtable, br_sha384_SIZE, "SHA-384", "\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02" },
	[X509_SHA512] = { &br_sha512_vtable, br_sha512_SIZE, "SHA-512", "\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03" } };

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

const uint8_t *
hash_oid(enum x509_hash h)
{
	return (unsigned)h < HASHES ? (const uint8_t *)hashes[h].oid : NULL;
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
mgf1_xor(enum x509_hash h, const uint8_t *seed, uint8_t *p, size_t n)
{
	const size_t size = hash_size(h);

	for (uint32_t counter = 0; n > 0; counter++) {
		const uint8_t number[4] = { (uint8_t)(counter >> 24), (uint8_t)(counter >> 16), (uint8_t)(counter >> 8),
			(uint8_t)counter };
		uint8_t mask[HASH_MAX];

		hash_parts(h, (const struct str[]){ str_from(seed, size), str_from(number, sizeof number) }, 2, mask);
		for (size_t i = 0; i < size && n > 0; i++, n--)
			*p++ ^= mask[i];
	}
}
