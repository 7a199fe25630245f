/* The lists of the settings read: cipher suites by names and kinds, groups, schemes. */
#include "net/nearest.h"
#include "net/tls/group.h"
#include "net/tls/names.h"
#include "net/tls/scheme.h"
#include "net/tls/suite.h"

#include <string.h>

/* What differs between lists of suites, groups and schemes. */
struct vocabulary {
	const char *what;
	bool (*by_name)(struct str name, uint16_t *id);
	/* The meaning of "default", "all" or "legacy": the count, or 0 when the word has none. */
	size_t (*set)(struct str word, uint16_t *ids, size_t max);
	const char *(*name_at)(size_t index); /* for "did you mean"; NULL past the end */
};

struct list {
	uint16_t *ids;
	size_t n, max;
};

static bool
list_remove(struct list *l, uint16_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->ids[i] == id) {
			memmove(l->ids + i, l->ids + i + 1, (l->n - i - 1) * sizeof l->ids[0]);
			l->n--;
			return true;
		}
	return false;
}

/* A name that stands there already keeps its place. */
static bool
list_add(struct list *l, uint16_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->ids[i] == id)
			return true;
	if (l->n == l->max)
		return false;
	l->ids[l->n++] = id;
	return true;
}

static bool
number_of(struct str word, uint16_t *id)
{
	unsigned value = 0;

	if (word.n < 3 || word.n > 6 || !str_starts_nocase(word, STR("0x")))
		return false;
	for (size_t i = 2; i < word.n; i++) {
		int digit = hex_value(word.p[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (unsigned)digit;
	}
	*id = (uint16_t)value;
	return true;
}

/* As many of the names as a hint should hold. */
static int
hint_names(const struct vocabulary *v, struct error *error)
{
	enum { ENOUGH = 80 };
	struct buf names;
	size_t i;
	int status;

	buf_init(&names, 0);
	for (i = 0; v->name_at(i) != NULL && names.len < ENOUGH; i++)
		if (i == 0 || strcmp(v->name_at(i), v->name_at(i - 1)) != 0) /* a suite with one name for both */
			buf_addf(&names, "%s%s", i > 0 ? ", " : "", v->name_at(i));
	status = remark(error, "one of: %s%s", (const char *)names.data, v->name_at(i) != NULL ? ", ..." : "");
	buf_release(&names);
	return status;
}

static int
unknown_word(const struct vocabulary *v, struct str word, struct error *error)
{
	char shown[80];
	struct nearest near = { .word = word };

	fail(error, ERROR_USAGE, 0, "unknown %s: %s", v->what, str_printable(word, shown, sizeof shown));
	for (size_t i = 0; v->name_at(i) != NULL; i++)
		nearest_see(&near, v->name_at(i));
	return near.name != NULL ? remark(error, "did you mean %s?", near.name) : hint_names(v, error);
}

static int
add_word(const struct vocabulary *v, struct str word, struct list *list, struct error *error)
{
	uint16_t set[TLS_MAX_SUITES];
	bool removes = word.n > 1 && word.p[0] == '-';
	size_t n;

	if (removes)
		word = str_slice(word, 1, word.n);
	n = v->set(word, set, TLS_MAX_SUITES);
	if (n == 0) {
		if (!number_of(word, &set[0]) && !v->by_name(word, &set[0]))
			return unknown_word(v, word, error);
		n = 1;
	}
	for (size_t i = 0; i < n; i++)
		if (removes)
			list_remove(list, set[i]);
		else if (!list_add(list, set[i]))
			return fail(error, ERROR_USAGE, 0, "more than %zu of one kind: %s", list->max, v->what);
	return 0;
}

static int
parse(const struct vocabulary *v, struct str text, uint16_t *ids, size_t max, struct error *error)
{
	struct list list = { ids, 0, max };

	while (text.n > 0) {
		size_t n = 0;
		struct str word;

		while (n < text.n && text.p[n] != ',' && text.p[n] != ':' && !ascii_is_space(text.p[n]))
			n++;
		word = str_slice(text, 0, n);
		text = str_slice(text, n + 1, text.n);
		if (word.n > 0 && add_word(v, word, &list, error) != 0)
			return -1;
	}
	if (list.n == 0)
		return fail(error, ERROR_USAGE, 0, "the list names no %s", v->what);
	return (int)list.n;
}

/* Words for kinds of suites, as OpenSSL has them; -1: any. */
static const struct {
	const char *word;
	int kx, auth, kind;
} kinds[] = {
	{ "ECDHE", KX_ECDHE, -1, -1 },
	{ "DHE", KX_DHE, -1, -1 },
	{ "RSA", KX_RSA, -1, -1 },
	{ "ECDSA", -1, AUTH_ECDSA, -1 },
	{ "RC4", -1, -1, CIPHER_KIND_STREAM },
	{ "CBC", -1, -1, CIPHER_KIND_CBC },
	{ "GCM", -1, -1, CIPHER_KIND_GCM },
	{ "CCM", -1, -1, CIPHER_KIND_CCM },
	{ "CHACHA20", -1, -1, CIPHER_KIND_CHACHA20 },
};

static bool
is_legacy(const struct suite *s, size_t unused)
{
	(void)unused;
	return s->info.legacy;
}

static bool
is_of_kind(const struct suite *s, size_t i)
{
	return (kinds[i].kx < 0 || kinds[i].kx == (int)s->kx) && (kinds[i].auth < 0 || kinds[i].auth == (int)s->auth) &&
	    (kinds[i].kind < 0 || kinds[i].kind == (int)cipher_info(s->cipher)->kind);
}

static size_t
filter(uint16_t *ids, size_t n, bool (*wanted)(const struct suite *s, size_t i), size_t argument)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (wanted(suite_find(ids[i]), argument))
			ids[kept++] = ids[i];
	return kept;
}

static size_t
suite_set(struct str word, uint16_t *ids, size_t max)
{
	struct crypto crypto;
	size_t n;

	crypto_init(&crypto);
	if (str_is_nocase(word, "default"))
		return suite_defaults(&crypto, TLS_1_2, TLS_1_3, false, ids, max);
	n = suite_defaults(&crypto, SSL_3_0, TLS_1_3, true, ids, max);
	if (str_is_nocase(word, "all"))
		return n;
	if (str_is_nocase(word, "legacy"))
		return filter(ids, n, is_legacy, 0);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (str_is_nocase(word, kinds[i].word))
			return filter(ids, n, is_of_kind, i);
	return 0;
}

static const char *
suite_name_at(size_t index)
{
	const struct tls_suite_info *s = tls_suite_at(index / 2);

	if (s == NULL)
		return NULL;
	return index % 2 == 1 && s->openssl != NULL ? s->openssl : s->iana;
}

static size_t
group_set(struct str word, uint16_t *ids, size_t max)
{
	size_t n = 0;

	if (str_is_nocase(word, "default"))
		return group_defaults(TLS_1_3, ids, max);
	if (str_is_nocase(word, "all"))
		for (; tls_group_at(n) != NULL && n < max; n++)
			ids[n] = tls_group_at(n)->id;
	return n;
}

static const char *
group_name_at(size_t index)
{
	const struct tls_name *g = tls_group_at(index);

	return g != NULL ? g->name : NULL;
}

static size_t
scheme_set(struct str word, uint16_t *ids, size_t max)
{
	uint16_t modern[TLS_MAX_SCHEMES];
	struct list all = { ids, 0, max };
	size_t n;

	if (str_is_nocase(word, "default"))
		return scheme_defaults(TLS_1_2, TLS_1_3, false, ids, max);
	if (!str_is_nocase(word, "all") && !str_is_nocase(word, "legacy"))
		return 0;
	all.n = scheme_defaults(SSL_3_0, TLS_1_3, true, ids, max);
	if (str_is_nocase(word, "legacy")) {
		n = scheme_defaults(TLS_1_2, TLS_1_3, false, modern, TLS_MAX_SCHEMES);
		for (size_t i = 0; i < n; i++)
			list_remove(&all, modern[i]);
	}
	return all.n;
}

static const char *
scheme_name_at(size_t index)
{
	const struct tls_name *s = tls_scheme_at(index);

	return s != NULL ? s->name : NULL;
}

int
tls_parse_suites(struct str list, uint16_t *ids, size_t max, struct error *error)
{
	static const struct vocabulary v = { "cipher suite", tls_suite_by_name, suite_set, suite_name_at };

	return parse(&v, list, ids, max, error);
}

int
tls_parse_groups(struct str list, uint16_t *ids, size_t max, struct error *error)
{
	static const struct vocabulary v = { "group", tls_group_by_name, group_set, group_name_at };

	return parse(&v, list, ids, max, error);
}

int
tls_parse_schemes(struct str list, uint16_t *ids, size_t max, struct error *error)
{
	static const struct vocabulary v = { "signature scheme", tls_scheme_by_name, scheme_set, scheme_name_at };

	return parse(&v, list, ids, max, error);
}
