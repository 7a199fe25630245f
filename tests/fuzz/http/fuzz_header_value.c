/* Header values with a grammar of their own, as a server may send them: challenges (answered where they can be), media
 * types, file names, dates. What comes out is checked for what it may never hold. */
#include <stdlib.h>
#include <string.h>

#include "net/http/auth.h"
#include "net/http/cookies.h"
#include "net/http/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not a hash, but its size: net/http does not know the real ones. */
static void
fold(struct str data, uint8_t *out)
{
	memset(out, 0, 16);
	for (size_t i = 0; i < data.n; i++)
		out[i % 16] = (uint8_t)(out[i % 16] * 31 + (uint8_t)data.p[i]);
}

static void
check_challenges(struct str value)
{
	static const struct auth_hash hashes[] = { { "SHA-256", 16, fold }, { "MD5", 16, fold } };
	struct http_headers h = { 0 };
	struct auth_challenges list;
	struct auth_digest d = { 0 };
	struct str body = STR("body");
	char *answer;

	if (http_headers_add(&h, STR("WWW-Authenticate"), value, NULL) != 0)
		return;
	auth_challenges_parse(&list, &h, "WWW-Authenticate");
	auth_digest_is_stale(&list);
	if (auth_digest_take(&d, &list, hashes, 2, NULL) == 0 &&
	    auth_digest(&d, STR("user"), STR("password"), "GET", "/\"", &body, &answer, NULL) == 0) {
		struct http_headers sent = { 0 };

		if (http_headers_add(&sent, STR("Authorization"), str_of(answer), NULL) != 0)
			abort();
		http_headers_release(&sent);
		free(answer);
	}
	auth_digest_release(&d);
	auth_challenges_release(&list);
	http_headers_release(&h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = str_dup(str_from(data, size));
	int64_t when;

	check_challenges(str_of(text));
	media_parse(text);
	cookie_date(str_of(text), &when);
	free(text);
	return 0;
}
