/* Random bytes from the kernel, many at once; a fixed sequence for tests. */
#include "net/tls/random.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "net/str.h"

static void
generate(const br_prng_class **r, void *out, size_t n)
{
	random_bytes((struct random *)(void *)r, out, n);
}

static const br_prng_class as_prng = { .context_size = sizeof(struct random), .generate = generate };

static bool
fill(struct random *r)
{
	/* up to 256 bytes come whole once the kernel's pool is ready (getrandom(2)) */
	if (r->fixed)
		br_hmac_drbg_generate(&r->drbg, r->pool, sizeof r->pool);
	else if (getrandom(r->pool, sizeof r->pool, 0) != (ssize_t)sizeof r->pool)
		return false;
	r->left = sizeof r->pool;
	return true;
}

int
random_init(struct random *r, struct error *error)
{
	*r = (struct random){ .vtable = &as_prng };
	return fill(r) ? 0 : fail_errno(error, ERROR_OTHER, "no random bytes from the system");
}

void
random_init_fixed(struct random *r, const void *seed, size_t n)
{
	*r = (struct random){ .vtable = &as_prng, .fixed = true };
	br_hmac_drbg_init(&r->drbg, &br_sha256_vtable, seed, n);
}

void
random_bytes(struct random *r, void *out, size_t n)
{
	uint8_t *to = out;

	while (n > 0) {
		size_t piece = n < r->left ? n : r->left;
		uint8_t *from = r->pool + sizeof r->pool - r->left;

		if (piece > 0)
			memcpy(to, from, piece);
		mem_wipe(from, piece);
		r->left -= piece;
		to += piece;
		n -= piece;
		if (n > 0 && !fill(r))
			abort(); /* it gave before: there is no such failure, and no going on without */
	}
}

void
random_release(struct random *r)
{
	mem_wipe(r, sizeof *r);
}
