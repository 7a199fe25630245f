/*
 * The handshakes of RFC 8448 as they went over the wire: from the client's private key and the messages to every record
 * opened. Section 4 sends early data, which httpsh does not; its binder is in test_schedule13.c.
 */
#include "net/tls/group.h"
#include "net/tls/message.h"
#include "net/tls/protect.h"
#include "net/tls/schedule13.h"
#include "net/tls/transcript.h"
#include "tests/support/hex.h"
#include "tests/support/unit.h"

enum { FINISHED_SIZE = MESSAGE_HEADER + 32 };

/* Messages in the clear, else records. */
static const struct trace {
	int section;
	uint16_t group;
	const char *private_key, *hello, *retry, *second_hello, *server_hello, *server_flight, *client_flight;
	const char *ticket, *client_data, *server_data, *client_close, *server_close;
} traces[] = {
	{ .section = 3,
	    .group = GROUP_X25519,
	    .private_key = "49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005",
	    .hello = "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece700000613011303130201"
		     "0000910000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400"
		     "230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b00"
		     "03020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c"
		     "00024001",
	    .server_hello =
		"020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024"
		"001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304",
	    .server_flight =
		"17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f848a7ca"
		"07612ef9f945cb960b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df828b5ecf7b13b"
		"d9aefb0e57f271585b8ea9bb355c7c79020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e122a4cf51427325250c"
		"7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8bf2d0b227812cbb360987255cc744110c453baa4fcd61092"
		"8d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead686945ba246ab66e5edd8044b4c6de3fcf2a8"
		"9441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650f563aad27409960dca63d3e688611ea5e22f"
		"4415cf9538d51a200c27034272968a264ed6540c84838d89f72c24461aad6d26f59ecaba9acbbb317b66d902f4f292a3"
		"6ac1b639c637ce343117b659622245317b49eeda0c6258f100d7d961ffb138647e92ea330faeea6dfa31c7a84dc3bd7e"
		"1b7a6c7178af36879018e3f252107f243d243dc7339d5684c8b0378bf30244da8c87c843f5e56eb4c5e8280a2b48052c"
		"f93b16499a66db7cca71e4599426f7d461e66f99882bd89fc50800becca62d6c74116dbd2972fda1fa80f85df881edbe"
		"5a37668936b335583b599186dc5c6918a396fa48a181d6b6fa4f9d62d513afbb992f2b992f67f8afe67f76913fa388cb"
		"5630c8ca01e0c65d11c66a1e2ac4c85977b7c7a6999bbf10dc35ae69f5515614636c0b9b68c19ed2e31c0b3b66763038"
		"ebba42f3b38edc0399f3a9f23faa63978c317fc9fa66a73f60f0504de93b5b845e275592c12335ee340bbc4fddd50278"
		"4016e4b3be7ef04dda49f4b440a30cb5d2af939828fd4ae3794e44f94df5a631ede42c1719bfdabf0253fe5175be898e"
		"750edc53370d2b",
	    .client_flight =
		"170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338ac98fc46deb384bd1c"
		"aeacab6867d726c40546",
	    .ticket = "17030300de3a6b8f90414a97d6959c3487680de5134a2b240e6cffac116e95d41d6af8f6b580dcf3d11d63c758db289a"
		      "015940252f55713e061dc13e078891a38efbcf5753ad8ef170ad3c7353d16d9da773b9ca7f2b9fa1b6c0d4a3d03f75e0"
		      "9c30ba1e62972ac46f75f7b981be63439b2999ce13064615139891d5e4c5b406f16e3fc181a77ca475840025db2f0a77"
		      "f81b5ab05b94c01346755f69232c86519d86cbeeac87aac347d143f9605d64f650db4d023e70e952ca49fe5137121c74"
		      "bc2697687e248746d6df353005f3bce18696129c8153556b3b6c6779b37bf15985684f",
	    .client_data =
		"1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b"
		"62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4",
	    .server_data =
		"17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8"
		"fcc49c4bf2e5f0a21c0047c2abf332540dd032e167c2955d",
	    .client_close = "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3",
	    .server_close = "1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9" },
	{ .section = 5,
	    .group = GROUP_P256,
	    .private_key = "ab5473467e19346ceb0a0414e41da21d4d2445bc3025afe97c4e8dc8d513da39",
	    .hello = "010000b00303b0b1c5a5aa37c5919f2ed1d5c6fff7fcb7849716945a2b8cee9258a346677b6f00000613011303130201"
		     "0000810000000b0009000006736572766572ff01000100000a00080006001d00170018003300260024001d0020e8e8e3"
		     "f3b93a25ed97a14a7dcacb8a272c6288e585c6484d05262fcad062ad1f002b0003020304000d0020001e040305030603"
		     "020308040805080604010501060102010402050206020202002d00020101001c00024001",
	    .retry = "020000ac0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c00130100008400330002"
		     "0017002c0074007271dcd04bb88bc3189119398a00000000eefafc76c146b823b096f8aacad365dd0030953f4edf6256"
		     "36e5f21bb2e23fcc654b1b5b40318d10d137abcbb87574e36e8a1f025f7dfa5d6e50781b5eda4aa15b0c8be778257d16"
		     "aa3030e9e7841dd9e4c0342267e8ca0caf571fb2b7cff0f934b0002b00020304",
	    .second_hello =
		"010001fc0303b0b1c5a5aa37c5919f2ed1d5c6fff7fcb7849716945a2b8cee9258a346677b6f00000613011303130201"
		"0001cd0000000b0009000006736572766572ff01000100000a00080006001d001700180033004700450017004104a6da"
		"7392ec591e17abfd535964b99894d13befb221b3def2ebe3830eac8f0151812677c4d6d2237e85cf01d6910cfb83954e"
		"76ba7352830534159897e8065780002b0003020304000d0020001e040305030603020308040805080604010501060102"
		"010402050206020202002c0074007271dcd04bb88bc3189119398a00000000eefafc76c146b823b096f8aacad365dd00"
		"30953f4edf625636e5f21bb2e23fcc654b1b5b40318d10d137abcbb87574e36e8a1f025f7dfa5d6e50781b5eda4aa15b"
		"0c8be778257d16aa3030e9e7841dd9e4c0342267e8ca0caf571fb2b7cff0f934b0002d00020101001c00024001001500"
		"af0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000",
	    .server_hello =
		"020000770303bb341d847fd789c47c387172dc0c9bf147fccacb5043d86ca4c598d3ff571b9800130100004f00330045"
		"0017004104583e054b7a66672ae020ad9d2686fcc85b5ad41a134a0f03ee72b893052bd85b4c8de6776f5b04ac07d835"
		"40eab3e3d9c547bc6528c4317d294686093a6cad7d002b00020304",
	    .server_flight =
		"170303029699bee20baf5b7fc727bfab6223928a381e6d0cf9c4da653f9d2a7b23f7de11cce842d5cf75631763450ffb"
		"8b0cc1d238e658af7a12adc86243114ab14a1da2fae42621ce483fb6242eabfaad52566b02b31d2eddedefeb80e66a99"
		"00d5f973b40c4fdf74719ecf1b68d7f9c3b6ceb903ca13dd1bb8f8187ae33417e1d152522c5822a1a03ad52c838c5595"
		"3d610222874cce8e1790b229a2aa0b53c8d377ee720182951dc6181dc5d90bd1f0105ed1e84aa5f75957c6661897079e"
		"5ea5007449e3197bdc7c9beeedddeafdd844afa5c315ecfe65e576afe909812880620ec7048b42d7f5c78d76f299d6d8"
		"2534bdd8f512febc0ed3814aca470cd8000d3e1cb9962b052fbb950df683a52c2ba77ed3713b122937a6e5170964e2ab"
		"7969dcd980b3db9b458da7603124d6dc005e4d6e04b4d0c4baf3275db827dbba0a6db09672171fc057b3851d7e026841"
		"e2978fbd2346bbefdd0376bb1108fe9acc92189f5650aa5e85d8e8c7b67ac510dba003d3d7e16350bb66d45013efd44c"
		"9b607c0d318c4c7d1a1f5cbc57e20611804e3787d7b4a4b5f08ed8fd70bdaeade02260b12ab842ef690b4a3ee7911e84"
		"1b374ecd5ebbbc2a54d047b600336dd7d0c88b4bc10e58ee6cb656de7247fa20d8e91deb84628608cf80615b62e96c14"
		"91c7ac3755eb6901405d3474fe1ac79d106a0cee56c2577fc88480f96cb6b8c681b7b68b53c146093908f350888175bd"
		"fb0b1e31ad61e30ba0adfe6d223aa03c0783b5001a57587c328a9afcfcfb978d1cd4328f7d9d60530e630befd96c0c81"
		"6ee20b0100768ae2a6df51fc68f172740a79af11398ee3be1252491fa9c693479e877f94ab7c5f8cad480203e6ab7b87"
		"dd71e8a0729113df17f5eee86ce108d1d72007ec1cd13c85a6c149621e77b7d78d805a30f0be030c315e54",
	    .client_flight =
		"1703030035d74f1923c662fd34137c6f502f3dd2b93d951d1b3bc97e42afe23c31abea92fe91b474999e85e3b791ce25"
		"2fe8c3e9f939a4120cb2",
	    .client_close = "17030300132ea6cdf749196023e2b3a49491695536426047",
	    .server_close = "1703030013519fc5075cb0884349759ff9ef6f011bb4c6f2" },
	{ .section = 6,
	    .group = GROUP_X25519,
	    .private_key = "c040b2bb8f3addd20fd4058c547003a3c6f9c1cd915d5e535c87d8d191aaf071",
	    .hello = "010000bc03036a472236328b83af40386d3a3e1f1ce624fa4ed89ab865a4ff0f4144ce3ae23300000613011303130201"
		     "00008d0000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400"
		     "3300260024001d0020089cc2671f738d9a671e5b2e464981d05b76e361aa22aea91f1d49ca10a7a362002b0003020304"
		     "000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c00024001",
	    .server_hello =
		"0200005603033b50fdf1c3d572e40e68953e7fff4e2758459c59afa0582c0ea032874255fe6e00130100002e00330024"
		"001d00206c2e50e865919a6b5a12dfaf918f92b442567b0f89bc54478c6921366658f062002b00020304",
	    .server_flight =
		"17030302166d0a7ac079b32a94aa68c4e2893e8bd0d3c185f549c236fbbce3d647f08f3c94a2bf424d8708883605ad89"
		"55f97718b0213dead13dfb23ebb8381da582756612bcb5a5d40847719fbe9f179bfae656f3ecfd59a4c0d35132ce418a"
		"7e46f6b6a60622f8a6c06b28d83360163563be9c37f97eb902326924a72b3ed8c8381277d1581cab9c3715ac24013984"
		"67ad7ebfab3d0c3419e750104f7d62c5027901f2e4cd4ca5b8071eb03d3c732d83215066dfc4d291d4c1ff3b8d7e4298"
		"f677d4d51dea1168d8f16cb27ba40266313a1fedf9e23cc77f765450f9e96f05d08f3da245b14d4946f07ec81eed6d56"
		"f26bd574f0b7f7c7047037c16fce3b23754e662fad73e2b7213f6af296769c99a1d38e6232e0ec8dc4f84d6aa6f7de38"
		"87be0057862f9018e0ab396705aa4090ab5f2dff6325a557e7320d4effd46bb4f997d163207cce6665294aa4465541e3"
		"fe37ee7350659ea550d6dcb6af3c518852c7a14c3cc15bc32b3273bdf1751da184203135b117d300204fb12d58ca9ac3"
		"4b68eca27030832f7a4b46d2a55757f63fe8f6e85ac47469e6198da88a64586bf23c69590de822263be75fd836847240"
		"c48f8c145cd6bd698962e7edc234ebe59231351eef8d7652cf3b08ab3af6e5ec74c58a8da34b39f9b0d6c4279a9a1f82"
		"071729e7059dd7f7b95b9433c4684ce1891a6d33432d52eddb0b8cee9181d403eccc12991f1ad4aa62c36049713a7bb1"
		"35fdda6661a05a93f8c16f",
	    .client_flight =
		"1703030280b46a63934e673841abaf267403bc677f6b6d2a1e2f12bb5f62683bfe36a82673f06d6287ddd609bcf2f5fd"
		"3225923d24af3c76682c180ee571a17ca4bfbe2f510dc9a0e1fca5cff2cee87d11cb531a6ef90bf5309a6b63bbbc0b88"
		"ea45103a4304091543859fa11ec032ed873444cd5185ead5f6a76420f0f0286acef802c8e4788c23275f1b06da600f4a"
		"7decd0bc59d7bef10e649ae32690397fc3d4ed6f30f801d8cd569b71ad4fa05ea7cf2ac2dfa150d220505d4011b34d09"
		"d53853eba61a101e4f8dca47d8171a884b19259a3dd48c5ac141983edc77814d25e7f66bbbdb9096839266e06561828e"
		"cfb27eafd4e9e81a0b96e3bfa42dae5ad80359b9a6661402c3a2104177030106dbd8f65bb6a0159d512eb13af22a259f"
		"313bd58c2e21fe053d57f2a962b0a4ea682c96f70b79b560136192823b27be6a2fb7b1c751ccc0e3303615541485b7b3"
		"07b423332c11efa80b72f9b80a53e53f7bb38a3af4c59f8008bad0544e5614e688ff57bccd6935f81f447f420c1c1bf4"
		"058818e90bf5dc716ccae42524856df8250bcdbd7af65f82dd53061d024f6d2ff5c11e3792a9a70e0ee2a3c20a1b968a"
		"c391f8f92831135d25242ada2fe241c2653ec996339dfa12dfae7a3373df88b07ca27aef6dc266a25f13f75c76039c1f"
		"46fd7a53ae6399c999f4b2aee18e480d6d12bfae226bbdc92a6ad50b4d3bac7abc3b3651eb5be56f33bf41127b3ca886"
		"dc714a50d1490357bd40d9fd6be42209a4ddb9ebb2987e29f120f05814614d2c79320015b461fe7324447670a1af5f65"
		"caed15b474ab7faa495016adf808e53b94ef54afbb0e0a3a2732ab597f7d5923c77386aa5124731f8cc73e703b341c17"
		"5a454939a77ab64313c15cf3fe03c4f33842564976",
	    .client_close = "1703030013e4ad7d44c29245339d355962c779b89ef44c58",
	    .server_close = "17030300131decc5d6e64bba8a6f21b4fd077497da2a90cb" },
	{ .section = 7,
	    .group = GROUP_X25519,
	    .private_key = "dea00b45695dc781f19d34a62c1afd31ab4369af1e855a3bbb258d8442cde6d7",
	    .hello = "010000dc03034e640a3f2c2738f09c9418bd78edccd7559d0531199276d4d92a0e9ee9d77d0920a80c165581a8e0d06c"
		     "0018d54d3a06dd32cfd4051eb026fad3fd0ba99269e6ef00061301130313020100008d0000000b000900000673657276"
		     "6572ff01000100000a00140012001d00170018001901000101010201030104003300260024001d00208e7292cf3056db"
		     "b0d25fcbe55c107dc9bbf83dd9708f39203ba341249a7d9b63002b0003020304000d0020001e04030503060302030804"
		     "0805080604010501060102010402050206020202002d00020101001c00024001",
	    .server_hello =
		"020000760303e5dd5948c435f7a38f0f0130708dc322d9df09abd4838117c183a7bb6d994f2c20a80c165581a8e0d06c"
		"0018d54d3a06dd32cfd4051eb026fad3fd0ba99269e6ef130100002e00330024001d00203e30f0f4ba551afd62768341"
		"175f5265e4daf0c8841617aa4fafdd2142320c22002b00020304",
	    .server_flight =
		"17030302a248de891d9c3624a67a6c6f0601ab7ac20c1f6a9e14d2e6007e999e130367a8af1bcfea9498fbce19df4505"
		"eece3a25da523cbe55ea1b3bda4e91995e455d500a4faa6227b7111e1c8547e2d7c179db215303d25827f3cd18f48f64"
		"91328cf5c0f814d388150bd9e9264aae491db6995069bea17665d5e0c817284d4ac21880054c3657331e23a9304dc88a"
		"15c04ec80bd3852bf7f9d3c6615b15fac83bbca031c6d2310d9f5d7a4b020a4f7c19062b65c05a1d3264b557ec9d8e0f"
		"7cee27e36f793039de8dd96edfca9009e0651034bff31d7f349eece01d99fcb5fcab840d7707c72299c3b5d04564e880"
		"a33c5e846c762e3d922bb55303d1d87cc0f06573f17dcb9b8ffd35bbd883c1cb3aa24fcc325005f768ce2fb624ca97b6"
		"c4d98e17f35bc2c7940a06100c2d448db7180b2d862164435c9c210e9860394e05aab23ff1b0203f662c588da5bc4411"
		"477a30b41136c488a0a63fcab5c15ac613226dae827a1d1fe95ece6b30bcee1560a8d408d264555e760f9bfc624c2c87"
		"fd0456c9bfb41bcd1a7b212786d2b67fd57804facfa1eef7cf2919d8b998c9789f763b4d9caa093a9ded43175d46a76b"
		"4d54f0ce0c5d2259b607e30a9d241263874fa59d6f570dc40d83a2d83bf9e9850d454c57806535a8998ae0357df92f00"
		"b9667344c24114ccc9ef539124b204e7e6e748c30a28a3d1d183997243eaccbbd33b0c1115a0327106a1e6a75271d498"
		"3086f632ff0eb8b4c63102cbcef5bb72dae1279d5de8eb19096d8cdb07fa8ea989788fac23e66e0488c193f3f3fea8c8"
		"838896bf3ae4b6848d42ced4bdf41abe6fc331b44225e7a1f7d3564147d5458e71aa909cb02be958bbc42e3aa5a27cc6"
		"eaf4b6fe51ae4495694d8ab6320aab920183fd5b31a359042fbd67391ec5e4d1892a2e5210141a494e9301b24a113c47"
		"4c7f2a73457847",
	    .client_flight =
		"170303003532d030e273773a8696c799981af6ced07f87482e81565e394e87c867f33df3d65b7506f1a626af91d4821d"
		"5f7a1f210ef8dd3c6d16",
	    .client_close = "17030300130f629155382dba23c4e2c5f7f84e6f2ed3083d",
	    .server_close = "1703030013b7257b0fecaf69d4f09e3f891e2a25d1e28845" },
};

static void
add(struct transcript *t, const char *text)
{
	struct hex message = hex(text);

	transcript_add(t, message.p, message.n);
}

/* RFC 8446 section 4.2.8: the share is the first extension of these ServerHellos, behind it only supported_versions. */
static struct str
server_share(const struct trace *t, const struct hex *server_hello)
{
	size_t size = group_public_size(t->group), behind = 6;

	return str_from(server_hello->p + server_hello->n - behind - size, size);
}

static struct protect *
reader(const struct crypto *crypto, const struct schedule13 *s, const struct secret13 *secret)
{
	struct protect_params params = { .crypto = crypto, .suite = suite_find(0x1301), .version = TLS_1_3 };

	return protect_from_secret(&params, str_from(secret->bytes, s->size));
}

/* The plaintext is a view into the record. */
static struct str
open_record(struct protect *p, struct hex *record, unsigned wanted_type)
{
	unsigned type = CONTENT_APPLICATION_DATA;
	struct str plain;
	struct error error;

	assert_int_equal(protect_open(p, &type, record->p, record->p + RECORD_HEADER, record->n - RECORD_HEADER, &plain,
			     &error),
	    0);
	assert_int_equal(type, wanted_type);
	return plain;
}

/* One side's flight: its Finished, the last message, has the MAC over all that came before. */
static void
read_flight(const struct crypto *crypto, const struct schedule13 *s, const struct secret13 *secret,
    struct transcript *t, const char *text)
{
	struct protect *p = reader(crypto, s, secret);
	struct hex record = hex(text);
	struct str flight = open_record(p, &record, CONTENT_HANDSHAKE);
	size_t before = flight.n - FINISHED_SIZE;
	uint8_t hash[HASH_MAX], mac[32];

	transcript_add(t, flight.p, before);
	transcript_hash(t, X509_SHA256, hash);
	schedule13_finished(s, secret, hash, mac);
	assert_int_equal(flight.p[before], FINISHED);
	assert_memory_equal(flight.p + before + MESSAGE_HEADER, mac, sizeof mac);
	transcript_add(t, flight.p + before, FINISHED_SIZE);
	protect_free(p);
}

static void
read_data(struct protect *p, const char *text)
{
	struct hex record;
	struct str plain;

	if (text == NULL)
		return;
	record = hex(text);
	plain = open_record(p, &record, CONTENT_APPLICATION_DATA);
	assert_int_equal(plain.n, 50);
	for (size_t i = 0; i < plain.n; i++)
		assert_int_equal(plain.p[i], i);
}

static void
read_close(struct protect *p, const char *text)
{
	struct hex record = hex(text);
	struct str alert = open_record(p, &record, CONTENT_ALERT);

	assert_true(str_eq(alert, str_from("\x01\x00", 2)));
	protect_free(p);
}

static void
key_exchange(struct schedule13 *s, const struct trace *t, struct transcript *transcript)
{
	struct hex scalar = hex(t->private_key), server_hello = hex(t->server_hello);
	struct group_key key = { .group = t->group, .scalar_len = scalar.n };
	uint8_t secret[GROUP_MAX_SECRET], hash[HASH_MAX];
	struct error error;
	size_t n;

	memcpy(key.scalar, scalar.p, scalar.n);
	assert_int_equal(group_shared(&key, server_share(t, &server_hello), secret, &n, &error), 0);
	transcript_add(transcript, server_hello.p, server_hello.n);
	transcript_hash(transcript, X509_SHA256, hash);
	schedule13_early(s, X509_SHA256, NULL);
	schedule13_handshake(s, str_from(secret, n), hash);
}

static void
whole_handshakes(void **state)
{
	struct crypto crypto;

	(void)state;
	crypto_init(&crypto);
	for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++) {
		const struct trace *t = &traces[i];
		struct transcript transcript;
		struct protect *client, *server;
		struct schedule13 s;
		uint8_t hash[HASH_MAX];

		print_message("section %d\n", t->section);
		transcript_init(&transcript, TRANSCRIPT_ALL);
		add(&transcript, t->hello);
		if (t->retry != NULL) {
			transcript_retry(&transcript, X509_SHA256);
			add(&transcript, t->retry);
			add(&transcript, t->second_hello);
		}
		key_exchange(&s, t, &transcript);
		read_flight(&crypto, &s, &s.server_handshake, &transcript, t->server_flight);
		transcript_hash(&transcript, X509_SHA256, hash);
		schedule13_master(&s, hash);
		read_flight(&crypto, &s, &s.client_handshake, &transcript, t->client_flight);

		client = reader(&crypto, &s, &s.client_traffic);
		server = reader(&crypto, &s, &s.server_traffic);
		if (t->ticket != NULL) {
			struct hex record = hex(t->ticket);

			assert_int_equal(open_record(server, &record, CONTENT_HANDSHAKE).p[0], NEW_SESSION_TICKET);
		}
		read_data(client, t->client_data);
		read_data(server, t->server_data);
		read_close(client, t->client_close);
		read_close(server, t->server_close);
		schedule13_release(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(whole_handshakes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
