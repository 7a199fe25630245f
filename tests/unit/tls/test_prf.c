/* Key derivation of SSL 3.0 to TLS 1.2. The reference values were computed with Python's hashlib and hmac. */
#include "net/tls/prf.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

static const uint8_t CLIENT[RANDOM_SIZE] = "client random 0123456789abcdefgh";
static const uint8_t SERVER[RANDOM_SIZE] = "server random 0123456789abcdefgh";
static const uint8_t MASTER[MASTER_SECRET] = "master secret 0123456789abcdefghijklmnopqrstuvwx";

/* The vectors in wide circulation for P_SHA256 and P_SHA384. */
static void
tls12_prf(void **state)
{
	struct hex secret = hex("9bbe436ba940f017b17652849a71db35"), seed = hex("a0ba9f936cda311827a6f796ffd5198c");
	struct hex secret384 = hex("b80b733d6ceefcdc71566ea48e5567df"),
		   seed384 = hex("cd665cf6a8447dd6ff8b27555edb7465");
	struct str view = HEX_STR(seed), view384 = HEX_STR(seed384);
	uint8_t out[100], out384[148];

	(void)state;
	prf(TLS_1_2, X509_SHA256, HEX_STR(secret), "test label", &view, 1, out, sizeof out);
	assert_hex(out, sizeof out,
	    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
	    "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66");
	prf(TLS_1_2, X509_SHA384, HEX_STR(secret384), "test label", &view384, 1, out384, sizeof out384);
	assert_hex(out384, sizeof out384,
	    "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0"
	    "e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
	    "9b5bf8cd4d90fa0d31e2dec479e4f1a2"
	    "6066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f");
}

static const struct {
	unsigned version;
	enum x509_hash hash;
	const char *master, *keys, *client, *server;
} derived[] = {
	{ SSL_3_0, X509_SHA256,
	    "bd1a7381f0f404b77b7b1d50a73c0b83955888ff713cf1dfbc6a9ad1fd25fdbf414a8f687e0aa425fefe39923e75ba67",
	    "cbf55f3c560f47a48a675ea9a08c417c2c8af739c02c7959570f0f044592cbbb237aca6e8947839ce1e68ca8cd7d08ec"
	    "e478c03392c70da5eabaa2c53e21363baeea56cf17b7c9dbc4fb2ffe69d13efee056ea69d1ec12d372e3ed9132f7b24d"
	    "cdcd0eb3b237c3219c8db1fc3ffeccda49ec1b46930c4cebbf2bf37646a4fe2053c3d4d3d448f9fb",
	    "d8725ff304bf55a88ca181581bde96e5615c6c4b45a807e4f9e2a2029f8cb5161be00daf",
	    "58ff28ee4323ccbf17d8ce4f7fa50ce6aff396f9aa8de4efb29d0b8e8765d0a348ce4c72" },
	{ TLS_1_0, X509_SHA256,
	    "819f2d71f6f44643c933e611cd0fc7e167b3a7d5e2c870425570cc35f785d37ab0ffc81e8660a6f726c8075b848415c0",
	    "4062c680fffcce8d5fb805fe488e85efd9bc5d82c5a0a4309a9d0b518baac373c8a701d31a688f812bbf6d4ebf9bb851"
	    "fcbd4979ea2ba8793ed9fe8135fabac516b4cd1853baa2fcb9472bc21facd0c4732fbbcc297c3eb3fabd74c978b49663"
	    "2f597bf87235ab341ec11ec9926c3f327a727be834da5acd90febe23c2eeb3040dc118fcbf7dd476",
	    "7f5ac930850155de3f3e8f82", "fc7ddf9d4be768007f48e903" },
	{ TLS_1_1, X509_SHA256,
	    "819f2d71f6f44643c933e611cd0fc7e167b3a7d5e2c870425570cc35f785d37ab0ffc81e8660a6f726c8075b848415c0",
	    "4062c680fffcce8d5fb805fe488e85efd9bc5d82c5a0a4309a9d0b518baac373c8a701d31a688f812bbf6d4ebf9bb851"
	    "fcbd4979ea2ba8793ed9fe8135fabac516b4cd1853baa2fcb9472bc21facd0c4732fbbcc297c3eb3fabd74c978b49663"
	    "2f597bf87235ab341ec11ec9926c3f327a727be834da5acd90febe23c2eeb3040dc118fcbf7dd476",
	    "7f5ac930850155de3f3e8f82", "fc7ddf9d4be768007f48e903" },
	{ TLS_1_2, X509_SHA256,
	    "3884eed83d556b841d3ed6fe4f92f0024312d149be6a012d28036abc978118b22b65f795a8bb8c433ab97921003f56f4",
	    "68bfde78dcb25e488ddbfefb59028dd6f9d52020f3ca29b07ff8d3e05fa0acef61a43d92a52614b8459e178ff8230c8d"
	    "a3353e18e77f3d0569048ef7017fb1ec8829797f7f99af76cb67c1c1d931201aaf3f5a45c3d45027671318bcb05a9d21"
	    "8a010566bd60e5913ed238e0f9c0844a9f5418b481db2e73929a6aef4b01aaa2e863752bf44dd818",
	    "40b508f8567fbbe835f33d39", "c8197087a34aa0d19695fa59" },
	{ TLS_1_2, X509_SHA384,
	    "8614b01f31ebbc591aab13a91c6884f17c352d0924a74c2155d4e9eebea1a770f6eb5b0ae42d09403866305e05b17c45",
	    "9c3e7897f09f05f35ed0e8ac4c69e194db26875b2c79f045ffb095289e047ec8a1362aab8887edb9df8c7012296cbae4"
	    "a3634515eccc191e9af813eb4ab4dec8691c667d505c246433da9ce31f16c84673df0860981e362f75e7b6e194674140"
	    "5ad73b774c88e78880374f40a329ad5659f39cf29920e7c01a9b680358a3c019b8a213d7bd5c9844",
	    "49f89a0badb3db0461acaf46", "0b513592e4c4b4831cf74bcc" },
};

static void
derivations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
		uint8_t master[MASTER_SECRET], keys[136], finished[FINISHED_MAX];
		struct transcript t;
		size_t n;

		prf_master_secret(derived[i].version, derived[i].hash, STR("premaster"), CLIENT, SERVER, master);
		assert_hex(master, sizeof master, derived[i].master);
		prf_key_block(derived[i].version, derived[i].hash, MASTER, CLIENT, SERVER, keys, sizeof keys);
		assert_hex(keys, sizeof keys, derived[i].keys);
		transcript_init(&t, TRANSCRIPT_ALL);
		transcript_add(&t, "handshake messages", 18);
		n = prf_finished(derived[i].version, derived[i].hash, MASTER, true, &t, finished);
		assert_hex(finished, n, derived[i].client);
		n = prf_finished(derived[i].version, derived[i].hash, MASTER, false, &t, finished);
		assert_hex(finished, n, derived[i].server);
	}
}

static void
extended_master_secret(void **state)
{
	uint8_t master[MASTER_SECRET];
	struct transcript t;

	(void)state;
	transcript_init(&t, TRANSCRIPT_ALL);
	transcript_add(&t, "handshake messages", 18);
	prf_extended_master_secret(TLS_1_0, X509_SHA256, STR("premaster"), &t, master);
	assert_hex(master, sizeof master,
	    "9367d9bd63adbc6362fd43a23c84e6ac68319a2bcc988aa3056e026229f39d845fbf1ebc532cca44ffb9566c223c23c6");
	prf_extended_master_secret(TLS_1_2, X509_SHA384, STR("premaster"), &t, master);
	assert_hex(master, sizeof master,
	    "7bb0a6df3d13c2301ba3b9c22d93083bd423cbea9510ebf4bcbdf67eb573b833b79e3a2fdc1a479b1b4929a60b2e85ba");
}

static void
ssl3_certificate_verify(void **state)
{
	uint8_t hash[HASH_MD5SHA1_SIZE];
	struct transcript t;

	(void)state;
	transcript_init(&t, TRANSCRIPT_ALL);
	transcript_add(&t, "handshake messages", 18);
	prf_ssl3_certificate_verify(MASTER, &t, hash);
	assert_hex(hash, sizeof hash, "cd116a11e08aa9582c1114ab8fcdc356cd08e86599bc5ebeb9f9a4833146a17ef70b255f");
}

/* RFC 5705: no context differs from an empty one. */
static void
exporter(void **state)
{
	struct str empty = { NULL, 0 }, context = STR("context");
	uint8_t out[40];
	struct error error;

	(void)state;
	assert_int_equal(prf_export(TLS_1_2, X509_SHA256, MASTER, CLIENT, SERVER, STR("EXPORTER-x"), NULL, out, 40,
			     &error),
	    0);
	assert_hex(out, sizeof out, "0f53ba294ed16f3ae525677ce1e02a0cfd13380d3b9a023b7462d5047c1efe1a2579a8eb0568153f");
	assert_int_equal(prf_export(TLS_1_2, X509_SHA256, MASTER, CLIENT, SERVER, STR("EXPORTER-x"), &empty, out, 40,
			     &error),
	    0);
	assert_hex(out, sizeof out, "9647ad3d9a93d3114d1b37bd74c1900dadc0709f2f9653b7130e7e70f037dca85d91ebfce4274b5f");
	assert_int_equal(prf_export(TLS_1_1, X509_SHA256, MASTER, CLIENT, SERVER, STR("EXPORTER-x"), &context, out, 40,
			     &error),
	    0);
	assert_hex(out, sizeof out, "454980254127a498f42343c85e1eec338cda3bb65daf57c7fa5554fb0559520ed074a253f808ace6");
	assert_int_equal(prf_export(SSL_3_0, X509_SHA256, MASTER, CLIENT, SERVER, STR("EXPORTER-x"), NULL, out, 40,
			     &error),
	    -1);
	assert_int_equal(prf_export(TLS_1_2, X509_SHA256, MASTER, CLIENT, SERVER, STR("a\0b"), NULL, out, 40, &error),
	    -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tls12_prf), cmocka_unit_test(derivations),
		cmocka_unit_test(extended_master_secret), cmocka_unit_test(ssl3_certificate_verify),
		cmocka_unit_test(exporter) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
