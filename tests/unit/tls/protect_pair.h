/* Two ends of a protected connection: what one seals the other opens. */
#ifndef TESTS_UNIT_TLS_PROTECT_PAIR_H
#define TESTS_UNIT_TLS_PROTECT_PAIR_H

#include <stdlib.h>

#include "net/tls/protect_class.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

enum { ROOM = RECORD_HEADER + PROTECT_FRONT_MAX + RECORD_MAX_PLAIN + 1 + PROTECT_BEHIND };

struct pair {
	struct crypto crypto;
	struct random random;
	struct protect *out, *in;
	unsigned version;
	uint8_t *record;
};

static void
pair_open(struct pair *pair, const struct suite *suite, unsigned version, bool etm)
{
	struct protect_params params = {
		.crypto = &pair->crypto,
		.suite = suite,
		.version = version,
		.sealing = true,
		.encrypt_then_mac = etm,
		.random = &pair->random,
	};
	uint8_t block[256];

	crypto_init(&pair->crypto);
	random_init_fixed(&pair->random, "pair", 4);
	random_bytes(&pair->random, block, sizeof block);
	assert_true(suite_key_block(suite, version) <= sizeof block);
	pair->version = version;
	pair->record = mem_alloc(ROOM);
	if (version == TLS_1_3) {
		pair->out = protect_from_secret(&params, str_from(block, hash_size(suite->prf)));
		params.sealing = false;
		pair->in = protect_from_secret(&params, str_from(block, hash_size(suite->prf)));
	} else {
		pair->out = protect_from_key_block(&params, true, block);
		params.sealing = false;
		pair->in = protect_from_key_block(&params, true, block);
	}
}

static void
pair_close(struct pair *pair)
{
	protect_free(pair->out);
	protect_free(pair->in);
	free(pair->record);
}

static uint8_t *
plain_place(struct pair *pair)
{
	return pair->record + RECORD_HEADER + protect_front(pair->out);
}

static size_t
seal(struct pair *pair, unsigned type, size_t n)
{
	unsigned version = pair->version == TLS_1_3 ? TLS_1_2 : pair->version;
	size_t total;

	for (size_t i = 0; i < n; i++)
		plain_place(pair)[i] = (uint8_t)(i * 7 + n);
	assert_int_equal(protect_seal(pair->out, type, version, pair->record, n, &total, NULL), 0);
	assert_true(total <= RECORD_HEADER + protect_front(pair->out) + n + PROTECT_BEHIND);
	assert_int_equal(total - RECORD_HEADER, pair->record[3] << 8 | pair->record[4]);
	return total;
}

static int
open_sealed(struct pair *pair, uint8_t *record, size_t total, unsigned *type, struct str *plain, struct error *error)
{
	*type = record[0];
	return protect_open(pair->in, type, record, record + RECORD_HEADER, total - RECORD_HEADER, plain, error);
}

#endif
