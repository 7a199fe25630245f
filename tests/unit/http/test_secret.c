/* Which names say that a secret stands behind them. */
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/secret.h"

static const char *const secrets[] = { "password", "Password", "PASSWORD", "passwd", "pwd", "pass", "user_pass",
	"j_pass", "j_password", "user[password]", "passWord", "userPass", "PassPhrase", "password2",
	"password_confirmation", "new-password", "login.password", "userpassword", "txtPwd", "secret", "client_secret",
	"clientSecret", "token", "access_token", "accessToken", "csrfmiddlewaretoken", "id_token", "api_key", "api-key",
	"apikey", "apiKey", "APIKey", "APIKEY", "X-ApiKey", "X-Api-Key", "X-Access-Key", "X-Passphrase", "X-Auth-Token",
	"X-Amz-Security-Token", "X-Goog-Api-Key", "Ocp-Apim-Subscription-Key", "DD-APPLICATION-KEY", "X-Functions-Key",
	"X-Master-Key", "X-Host-Api-Key", "PRIVATE-TOKEN", "X-Vault-Token", "private_key", "aws_secret_access_key",
	"AWS_SECRET_ACCESS_KEY", "Authorization", "Proxy-Authorization", "X-Authorization", "auth", "X-Auth",
	"authenticity_token", "credential", "Credentials", "session", "X-Session-Id", "sessionid", "PHPSESSID",
	"JSESSIONID", "connect.sid", "sid", "jwt", "Cookie", "otp", "X-OTP", "pin", "cvv", "card[cvc]",
	"oauth_signature", "X-Amz-Signature", "sig", "PGPASSWORD", "MYSQL_PWD", "hunter.pw", "pincode" };

static const char *const others[] = { "", "-", "passenger", "passengers", "author", "authors", "authority",
	":authority", "pinned", "spinner", "tokenizer", "max_tokens", "tokenize", "compass", "bypass", "trespass",
	"secretary", "keyword", "keyboard", "monkey", "key", "sort_key", "public_key", "primaryKey",
	"Sec-WebSocket-Key", "Idempotency-Key", "user", "username", "email", "name", "q", "page", "csrf", "Accept",
	"Content-Type", "X-Requested-With", "Referer", "User-Agent", "sidebar", "residence", "opinion", "shipping",
	"option", "design", "passage", "sessions", "X-Team", "width", "If-None-Match", "Range", "significance",
	"signal" };

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		if (!secret_name(str_of(secrets[i])))
			fail_msg("%s is no secret", secrets[i]);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (secret_name(str_of(others[i])))
			fail_msg("%s is a secret", others[i]);
}

/* Names come from pages, too. */
static void
test_long_names(void **state)
{
	char *name = mem_alloc(100001);

	(void)state;
	memset(name, 'x', 100000);
	assert_false(secret_name(str_of(name)));
	memcpy(name + 99992, "password", 8);
	assert_true(secret_name(str_of(name)));
	free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names), cmocka_unit_test(test_long_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
