/* The running hashes over the handshake messages. */
#include "net/tls/transcript.h"

#include <string.h>

#include "net/tls/message.h"

/* The context of one hash, by its number; they all begin with their vtable. */
static const br_hash_class **
context_of(struct transcript *t, enum x509_hash h)
{
	switch (h) {
	case X509_MD5:
		return &t->md5.vtable;
	case X509_SHA1:
		return &t->sha1.vtable;
	case X509_SHA256:
		return &t->sha256.vtable;
	case X509_SHA384:
		return &t->sha384.vtable;
	case X509_SHA512:
		return &t->sha512.vtable;
	default:
		return NULL;
	}
}

static bool
is_running(const struct transcript *t, enum x509_hash h)
{
	return (t->running & TRANSCRIPT_BIT(h)) != 0;
}

void
transcript_init(struct transcript *t, unsigned hashes)
{
	memset(t, 0, sizeof *t);
	t->running = hashes & TRANSCRIPT_ALL;
	for (enum x509_hash h = X509_MD5; h <= X509_SHA512; h++)
		if (is_running(t, h))
			hash_class(h)->init(context_of(t, h));
}

void
transcript_keep(struct transcript *t, unsigned hashes)
{
	t->running &= hashes;
}

void
transcript_add(struct transcript *t, const void *p, size_t n)
{
	for (enum x509_hash h = X509_MD5; h <= X509_SHA512; h++)
		if (is_running(t, h))
			hash_class(h)->update(context_of(t, h), p, n);
}

static size_t
hash_so_far(const struct transcript *t, enum x509_hash h, uint8_t *out)
{
	struct transcript copy;

	if (!is_running(t, h))
		return 0;
	copy = *t;
	hash_class(h)->out(context_of(&copy, h), out);
	return hash_size(h);
}

size_t
transcript_hash(const struct transcript *t, enum x509_hash h, uint8_t out[HASH_MAX])
{
	size_t n;

	if (h != X509_MD5SHA1)
		return hash_so_far(t, h, out);
	n = hash_so_far(t, X509_MD5, out);
	return n > 0 && hash_so_far(t, X509_SHA1, out + n) > 0 ? HASH_MD5SHA1_SIZE : 0;
}

void
transcript_retry(struct transcript *t, enum x509_hash h)
{
	uint8_t message[MESSAGE_HEADER + HASH_MAX] = { MESSAGE_HASH, 0, 0, (uint8_t)hash_size(h) };
	size_t n = transcript_hash(t, h, message + MESSAGE_HEADER);

	transcript_init(t, TRANSCRIPT_BIT(h));
	transcript_add(t, message, MESSAGE_HEADER + n);
}
