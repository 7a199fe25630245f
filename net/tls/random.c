#include "net/tls/random.h"

#include <string.h>
#include <sys/random.h>

#include "net/str.h"

enum { SEED_SIZE = 32 };

int
random_init(struct random *r, struct error *error)
{
	uint8_t seed[SEED_SIZE];

	/* up to 256 bytes come whole once the kernel's pool is ready (getrandom(2)) */
	if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return fail_errno(error, ERROR_OTHER, "no random bytes from the system");
	random_init_fixed(r, seed, sizeof seed);
	mem_wipe(seed, sizeof seed);
	return 0;
}

void
random_init_fixed(struct random *r, const void *seed, size_t n)
{
	br_hmac_drbg_init(&r->drbg, &br_sha256_vtable, seed, n);
}

void
random_bytes(struct random *r, void *out, size_t n)
{
	br_hmac_drbg_generate(&r->drbg, out, n);
}

void
random_release(struct random *r)
{
	mem_wipe(r, sizeof *r);
}
