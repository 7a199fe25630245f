/* The names of secrets, by their words. */
#include "net/http/secret.h"

enum { WORD_MAX = 64 };

/* Secrets as whole words. */
static const char *const whole[] = { "pass", "pw", "psw", "pin", "otp", "totp", "auth", "oauth", "authentication",
	"sid", "jwt", "cookie", "cookies", "cvv", "cvc", "cred", "creds", "session", "sig", "signature", "bearer",
	"credentials", "secrets", "passwords", NULL };

/* Secrets also behind other letters: userpassword, phpsessid, PGPASSWORD, csrftoken. */
static const char *const endings[] = { "password", "passwd", "passphrase", "passcode", "passwort", "pwd", "secret",
	"token", "credential", "authorization", "sessid", "sessionid", "apikey", "accesskey", "authkey", "privatekey",
	"secretkey", "userpass", "loginpass", "mypass", "authcode", "pincode", NULL };

/* A key is one behind every word but these. */
static const char *const open_keys[] = { "public", "primary", "foreign", "sort", "cache", "surrogate", "partition",
	"idempotency", "websocket", "socket", "host", "group", "order", "index", "hot", NULL };

static bool
is_one_of(struct str word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (str_is(word, *list))
			return true;
	return false;
}

static bool
ends_with_one_of(struct str word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (str_ends(word, str_of(*list)))
			return true;
	return false;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Whether a word begins at i, inside a run of letters: userPass, APIKey. */
static bool
is_hump(struct str s, size_t i)
{
	if (!is_upper(s.p[i]))
		return false;
	return !is_upper(s.p[i - 1]) || (i + 1 < s.n && ascii_is_alpha(s.p[i + 1]) && !is_upper(s.p[i + 1]));
}

/* The next run of letters of *rest, in lower case; false at the end. humps: a capital begins a word. */
static bool
next_word(struct str *rest, bool humps, char text[WORD_MAX], struct str *word)
{
	size_t i = 0, n = 0, start;

	while (i < rest->n && !ascii_is_alpha(rest->p[i]))
		i++;
	start = i;
	while (i < rest->n && ascii_is_alpha(rest->p[i]) && !(humps && i > start && is_hump(*rest, i)))
		i++;
	/* of a longer one the end */
	for (size_t k = i - start > WORD_MAX ? i - WORD_MAX : start; k < i; k++)
		text[n++] = ascii_lower(rest->p[k]);
	*word = str_from(text, n);
	*rest = str_slice(*rest, i, rest->n);
	return n > 0;
}

static bool
has_secret_word(struct str name, bool humps)
{
	char text[WORD_MAX];
	struct str word;
	bool before = false, open = false; /* a word stands before this one, and it makes a key none */

	while (next_word(&name, humps, text, &word)) {
		if (is_one_of(word, whole) || ends_with_one_of(word, endings))
			return true;
		if (before && !open && (str_is(word, "key") || str_is(word, "keys")))
			return true;
		before = true;
		open = is_one_of(word, open_keys);
	}
	return false;
}

bool
secret_name(struct str name)
{
	/* PassWord and ApiKey by their humps and as one word */
	return has_secret_word(name, true) || has_secret_word(name, false);
}
