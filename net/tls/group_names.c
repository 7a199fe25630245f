/* Names of all registered groups. */
#include "net/tls/names.h"

/* IANA's registry "TLS Supported Groups", and hybrids seen on the wire before they were registered. */
/* clang-format off */
static const struct tls_name groups[] = {
	{ 1, "sect163k1" }, { 2, "sect163r1" }, { 3, "sect163r2" }, { 4, "sect193r1" }, { 5, "sect193r2" },
	{ 6, "sect233k1" }, { 7, "sect233r1" }, { 8, "sect239k1" }, { 9, "sect283k1" }, { 10, "sect283r1" },
	{ 11, "sect409k1" }, { 12, "sect409r1" }, { 13, "sect571k1" }, { 14, "sect571r1" }, { 15, "secp160k1" },
	{ 16, "secp160r1" }, { 17, "secp160r2" }, { 18, "secp192k1" }, { 19, "secp192r1" }, { 20, "secp224k1" },
	{ 21, "secp224r1" }, { 22, "secp256k1" }, { 23, "secp256r1" }, { 24, "secp384r1" }, { 25, "secp521r1" },
	{ 26, "brainpoolP256r1" }, { 27, "brainpoolP384r1" }, { 28, "brainpoolP512r1" }, { 29, "x25519" },
	{ 30, "x448" }, { 31, "brainpoolP256r1tls13" }, { 32, "brainpoolP384r1tls13" }, { 33, "brainpoolP512r1tls13" },
	{ 34, "GC256A" }, { 35, "GC256B" }, { 36, "GC256C" }, { 37, "GC256D" }, { 38, "GC512A" }, { 39, "GC512B" },
	{ 40, "GC512C" }, { 41, "curveSM2" },
	{ 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 258, "ffdhe4096" }, { 259, "ffdhe6144" }, { 260, "ffdhe8192" },
	{ 512, "MLKEM512" }, { 513, "MLKEM768" }, { 514, "MLKEM1024" }, { 4587, "SecP256r1MLKEM768" },
	{ 4588, "X25519MLKEM768" }, { 4589, "SecP384r1MLKEM1024" }, { 25497, "X25519Kyber768Draft00" },
	{ 25498, "SecP256r1Kyber768Draft00" }, { 0xFF01, "arbitrary_explicit_prime_curves" },
	{ 0xFF02, "arbitrary_explicit_char2_curves" },
};
/* clang-format on */

/* What people and other programs call some of them. */
static const struct tls_name aliases[] = {
	{ 21, "P-224" },
	{ 23, "P-256" },
	{ 23, "prime256v1" },
	{ 24, "P-384" },
	{ 25, "P-521" },
	{ 29, "curve25519" },
	{ 30, "curve448" },
};

const char *
tls_group_name(uint16_t id)
{
	return name_in(groups, sizeof groups / sizeof groups[0], id);
}

bool
tls_group_by_name(struct str name, uint16_t *id)
{
	return number_in(groups, sizeof groups / sizeof groups[0], name, id) ||
	    number_in(aliases, sizeof aliases / sizeof aliases[0], name, id);
}
