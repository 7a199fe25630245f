/*
 * The rows of `trust`: who is believed to be who.
 */
#include <stdlib.h>
#include <string.h>

#include "commands/settings/private.h"

#define AT(field) .offset = offsetof(struct settings, trust.field)

static int apply_files(struct settings *s, const struct setting *row, struct str value, struct error *error);
static int apply_pins(struct settings *s, const struct setting *row, struct str value, struct error *error);
static int apply_hosts(struct settings *s, const struct setting *row, struct str value, struct error *error);
static struct str first_word(struct str value);
static enum setting_danger mode_danger(const struct settings *s, const struct setting *row);
static const struct setting_memory files_memory, pins_memory, hosts_memory;

/* clang-format off */
const struct setting trust_settings[] = {
	{ "trust", "mode", SETTING_CHOICE, "on|off|ask", "on",
	    "on: a chain must lead to an anchor; off: anything goes, but is judged; ask: a person decides and the key "
	    "is kept.",
	    setting_apply_choice, AT(mode), .danger = mode_danger },
	{ "trust", "file", SETTING_FILE, "off", "off", "Anchors (PEM) instead of the system's bundle; repeatable.",
	    apply_files, .repeatable = true, .memory = &files_memory },
	{ "trust", "pin", SETTING_LIST, "off", "off",
	    "sha256/BASE64 of a public key (RFC 7469), for NAME or for every host without a pin of its own: wanted "
	    "besides all else, on a path without a fault or as the server's own key; repeatable.",
	    apply_pins, .repeatable = true, .value = "[NAME] sha256/BASE64", .memory = &pins_memory },
	{ "trust", "host", SETTING_LIST, "off", "off",
	    "What holds for one host, whatever the mode: NAME on, NAME off, or NAME sha256/... (its key alone decides, "
	    "as with ssh); repeatable.",
	    apply_hosts, .repeatable = true, .subject = first_word, .separators = " ", .value = "NAME VALUE",
	    .memory = &hosts_memory },
	{ "trust", "staple", SETTING_BOOL, NULL, "on",
	    "A stapled OCSP response that says revoked, or none where the certificate demands one, refuses; off: only "
	    "told.",
	    setting_apply_bool, AT(staple), .danger = setting_danger_false, .danger_name = "trust staple off" },
	{ "trust", "sha1", SETTING_BOOL, NULL, "off", "Accept signatures with SHA-1.", setting_apply_bool, AT(sha1),
	    .danger = setting_danger_true, .danger_name = "trust sha1" },
	{ "trust", "min-rsa", SETTING_NUMBER, NULL, "2048", "Smallest RSA key accepted, in bits.",
	    setting_apply_unsigned, AT(min_rsa), .min = 512, .max = 16384, .danger = setting_danger_small,
	    .danger_name = "weak RSA" },
	{ .name = NULL },
};
/* clang-format on */

static enum setting_danger
mode_danger(const struct settings *s, const struct setting *row)
{
	(void)row;
	return s->trust.mode == TRUST_OFF ? DANGER_LOOSE : DANGER_NONE;
}

static void
texts_release(char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
	free(texts);
}

static void
own_files(struct settings *s, const struct setting *row)
{
	char **files = mem_dup(s->trust.files, s->trust.n_files * sizeof *files);

	(void)row;
	for (size_t i = 0; i < s->trust.n_files; i++)
		files[i] = str_dup(str_of(files[i]));
	s->trust.files = files;
	x509_store_hold(s->trust.store);
}

static void
release_files(struct settings *s, const struct setting *row)
{
	(void)row;
	texts_release(s->trust.files, s->trust.n_files);
	x509_store_free(s->trust.store);
	s->trust.files = NULL;
	s->trust.n_files = 0;
	s->trust.store = NULL;
}

static const struct setting_memory files_memory = { own_files, release_files };

static char **
lines_of(struct str value, size_t *n)
{
	char **lines = mem_alloc(sizeof *lines);
	struct str rest = value;

	*n = 0;
	while (!str_is(value, "off") && rest.p != NULL) {
		lines = mem_resize(lines, (*n + 1) * sizeof *lines);
		lines[(*n)++] = str_dup(str_cut(&rest, '\n'));
	}
	return lines;
}

static int
apply_files(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct x509_store *store = NULL;
	size_t n;
	char **files = lines_of(value, &n);

	if (n > 0)
		store = x509_store_new();
	for (size_t i = 0; i < n; i++)
		if (x509_store_load_file(store, files[i], error) < 0) {
			x509_store_free(store);
			texts_release(files, n);
			return -1;
		}
	release_files(s, row);
	s->trust.files = files;
	s->trust.n_files = n;
	s->trust.store = store;
	return 0;
}

static bool
is_pin(struct str text)
{
	if (!str_starts(text, STR("sha256/")) || text.n != 7 + 44 || text.p[text.n - 1] != '=')
		return false;
	for (size_t i = 7; i < text.n - 1; i++)
		if (!ascii_is_alnum(text.p[i]) && text.p[i] != '+' && text.p[i] != '/')
			return false;
	return true;
}

static void
pins_release(struct trust_pin *pins, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(pins[i].host);
		free(pins[i].pin);
	}
	free(pins);
}

static char *
copied(const char *text)
{
	return text != NULL ? str_dup(str_of(text)) : NULL;
}

static void
own_pins(struct settings *s, const struct setting *row)
{
	struct trust_pin *pins = mem_dup(s->trust.pins, s->trust.n_pins * sizeof *pins);

	(void)row;
	for (size_t i = 0; i < s->trust.n_pins; i++)
		pins[i] = (struct trust_pin){ copied(pins[i].host), copied(pins[i].pin) };
	s->trust.pins = pins;
}

static void
release_pins(struct settings *s, const struct setting *row)
{
	(void)row;
	pins_release(s->trust.pins, s->trust.n_pins);
	s->trust.pins = NULL;
	s->trust.n_pins = 0;
}

static const struct setting_memory pins_memory = { own_pins, release_pins };

/* [NAME] PIN */
static bool
parse_pin(struct str line, struct trust_pin *pin)
{
	struct str rest = line, first = str_cut(&rest, ' ');
	bool bound = rest.p != NULL;

	*pin = (struct trust_pin){ .host = bound ? setting_host(first) : NULL };
	if ((bound && pin->host == NULL) || !is_pin(bound ? str_trim(rest) : first))
		return false;
	pin->pin = str_dup(bound ? str_trim(rest) : first);
	return true;
}

static int
apply_pins(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	size_t n;
	char **lines = lines_of(value, &n);
	struct trust_pin *pins = mem_alloc((n + 1) * sizeof *pins);

	for (size_t i = 0; i < n; i++) {
		char shown[80];

		if (parse_pin(str_of(lines[i]), &pins[i]) && n <= SETTINGS_PINS)
			continue;
		fail(error, ERROR_USAGE, 0,
		    "trust pin: \"%s\" is not sha256/ and 44 characters of base64, or a host and that",
		    str_printable(str_of(lines[i]), shown, sizeof shown));
		texts_release(lines, n);
		pins_release(pins, i + 1);
		return hint_why(error, "to see the pin of the last connection", "trust pin");
	}
	texts_release(lines, n);
	release_pins(s, row);
	s->trust.pins = pins;
	s->trust.n_pins = n;
	return 0;
}

static void
hosts_release(struct trust_host *hosts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(hosts[i].host);
		free(hosts[i].pin);
	}
	free(hosts);
}

static void
own_hosts(struct settings *s, const struct setting *row)
{
	struct trust_host *hosts = mem_dup(s->trust.hosts, s->trust.n_hosts * sizeof *hosts);

	(void)row;
	for (size_t i = 0; i < s->trust.n_hosts; i++)
		hosts[i] = (struct trust_host){ copied(hosts[i].host), copied(hosts[i].pin), hosts[i].off };
	s->trust.hosts = hosts;
}

static void
release_hosts(struct settings *s, const struct setting *row)
{
	(void)row;
	hosts_release(s->trust.hosts, s->trust.n_hosts);
	s->trust.hosts = NULL;
	s->trust.n_hosts = 0;
}

static const struct setting_memory hosts_memory = { own_hosts, release_hosts };

static struct str
first_word(struct str value)
{
	return str_cut(&value, ' ');
}

static int
apply_hosts(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct trust_host *hosts;
	size_t n;
	char **lines = lines_of(value, &n);

	hosts = mem_alloc((n + 1) * sizeof *hosts);
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_of(lines[i]), name = str_cut(&rest, ' '), what = str_trim(rest);

		hosts[i].host = setting_host(name);
		if (is_pin(what))
			hosts[i].pin = str_dup(what);
		hosts[i].off = str_is(what, "off");
		if (hosts[i].host != NULL && (hosts[i].pin != NULL || hosts[i].off || str_is(what, "on")) &&
		    n <= SETTINGS_PINS)
			continue;
		hosts_release(hosts, i + 1);
		texts_release(lines, n);
		fail(error, ERROR_USAGE, 0, "trust host: NAME and \"on\", \"off\" or a pin are wanted");
		return hint(error, "trust host example.com off");
	}
	texts_release(lines, n);
	release_hosts(s, row);
	s->trust.hosts = hosts;
	s->trust.n_hosts = n;
	return 0;
}
