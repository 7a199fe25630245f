/*
 * The rows of `set`: requests, limits and what is shown.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "commands/settings/private.h"
#include "net/url.h"

#define AT(field) .offset = offsetof(struct settings, set.field)
#define DAY_MS (24LL * 3600 * 1000)

static int apply_resolve(struct settings *s, const struct setting *row, struct str value, struct error *error);
static struct str host_and_port(struct str value);
static int apply_user_agent(struct settings *s, const struct setting *row, struct str value, struct error *error);
static const struct setting_memory overrides_memory;

/* clang-format off */
const struct setting set_settings[] = {
	{ "set", "follow", SETTING_BOOL, NULL, "on", "Follow redirects.",
	    setting_apply_bool, AT(follow), .cosmetic = true },
	{ "set", "follow-insecure", SETTING_BOOL, NULL, "off", "Follow a redirect from https to http.",
	    setting_apply_bool, AT(follow_insecure), .cosmetic = true,
	    .danger = setting_danger_true, .danger_name = "follow-insecure" },
	{ "set", "max-redirects", SETTING_NUMBER, NULL, "20", "How many redirects in a row are followed.",
	    setting_apply_i64, AT(max_redirects), .max = 1000, .cosmetic = true },
	{ "set", "timeout", SETTING_DURATION, "off", "30s", "Longest silence while waiting for the server.",
	    setting_apply_i64, AT(timeout_ms), .max = DAY_MS, .cosmetic = true },
	{ "set", "connect-timeout", SETTING_DURATION, "off", "10s",
	    "Longest time for resolving and connecting, and again for the TLS handshake.",
	    setting_apply_i64, AT(connect_timeout_ms), .max = DAY_MS, .cosmetic = true },
	{ "set", "max-time", SETTING_DURATION, "off", "off",
	    "Longest time of one exchange as a whole, redirects and all, and of one question to its page or text.",
	    setting_apply_i64, AT(max_time_ms), .max = DAY_MS, .cosmetic = true },
	{ "set", "max-body", SETTING_SIZE, "off", "4G", "Largest body that is accepted, after decoding.",
	    setting_apply_i64, AT(max_body), .cosmetic = true },
	{ "set", "max-ratio", SETTING_NUMBER, "off", "200",
	    "How many times longer decoding may make a body that is over 64 MiB and goes into no file or pipe.",
	    setting_apply_i64, AT(max_ratio), .max = 1000000000, .cosmetic = true },
	{ "set", "user-agent", SETTING_TEXT, "default|off", "default", "The User-Agent header; off sends none.",
	    apply_user_agent, AT(user_agent), .cosmetic = true, .memory = &setting_text_memory },
	{ "set", "decode", SETTING_BOOL, NULL, "on", "Ask for compressed bodies and undo the compression.",
	    setting_apply_bool, AT(decode), .cosmetic = true },
	{ "set", "raw", SETTING_BOOL, NULL, "off",
	    "Give bodies as they are transferred: neither compression nor chunks are undone.",
	    setting_apply_bool, AT(raw), .cosmetic = true },
	{ "set", "http", SETTING_CHOICE, "1.1|1.0", "1.1", "The version of HTTP in requests.",
	    setting_apply_choice, AT(http), .cosmetic = true },
	{ "set", "http09", SETTING_BOOL, NULL, "off",
	    "Take an answer without status line and headers as a body (HTTP/0.9).",
	    setting_apply_bool, AT(http09), .cosmetic = true },
	{ "set", "cookies", SETTING_BOOL, NULL, "on", "Keep the cookies of answers and send them.",
	    setting_apply_bool, AT(cookies), .cosmetic = true },
	{ "set", "keep-alive", SETTING_BOOL, NULL, "on", "Keep connections for the next request.",
	    setting_apply_bool, AT(keep_alive), .cosmetic = true },
	{ "set", "resolve", SETTING_LIST, "off", "off",
	    "HOST:PORT:ADDRESS[:PORT]: where a name leads, instead of asking the system; * is every host or port; "
	    "repeatable.",
	    apply_resolve, .repeatable = true, .subject = host_and_port, .separators = ":*",
	    .value = "HOST:PORT:ADDRESS",
	    .memory = &overrides_memory },
	{ "set", "family", SETTING_CHOICE, "any|ipv4|ipv6", "any", "Which addresses are used.",
	    setting_apply_choice, AT(family) },
	{ "set", "max-segment", SETTING_NUMBER, "off", "off",
	    "Largest TCP segment, to get through a path that loses big packets.",
	    setting_apply_i64, AT(max_segment), .min = 88, .max = 65535 },
	{ "set", "fail", SETTING_BOOL, NULL, "off", "A status of 400 or more makes the command fail.",
	    setting_apply_bool, AT(fail), .cosmetic = true },
	{ "set", "on-error", SETTING_CHOICE, "stop|continue", "stop", "What a script does after a command that failed.",
	    setting_apply_choice, AT(on_error), .cosmetic = true },
	{ "set", "decimal", SETTING_CHOICE, "auto|point|comma", "auto",
	    "How expect reads 1.024 and 1,024: with auto they are ambiguous, else this is the decimal mark.",
	    setting_apply_choice, AT(decimal), .cosmetic = true },
	{ "set", "partial", SETTING_BOOL, NULL, "off", "Answer also from a page that was read in part only.",
	    setting_apply_bool, AT(partial), .cosmetic = true },
	{ "set", "preview", SETTING_NUMBER, "off", "6", "Lines of the body shown after a request on a terminal.",
	    setting_apply_i64, AT(preview), .max = 1000, .cosmetic = true },
	{ "set", "verbose", SETTING_BOOL, NULL, "off", "Show the status line also when there is no terminal.",
	    setting_apply_bool, AT(verbose), .cosmetic = true },
	{ "set", "color", SETTING_CHOICE, "auto|on|off", "auto", "Colours on the terminal; NO_COLOR turns auto off.",
	    setting_apply_choice, AT(color), .cosmetic = true },
	{ "set", "pager", SETTING_TEXT, "off", "off",
	    "Program for content longer than the terminal, such as \"less -R\".",
	    setting_apply_text, AT(pager), .cosmetic = true, .value = "COMMAND", .memory = &setting_text_memory },
	{ .name = NULL },
};
/* clang-format on */

static int
apply_user_agent(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	for (size_t i = 0; i < value.n; i++)
		if ((uint8_t)value.p[i] < 0x20 || value.p[i] == 0x7F)
			return fail(error, ERROR_USAGE, 0, "set user-agent: no control characters");
	if (str_is(value, "default"))
		value = STR("httpsh/" HTTPSH_VERSION);
	else if (str_is(value, "off"))
		value = STR("");
	return setting_apply_text(s, row, value, error);
}

static void
overrides_release(struct tcp_override *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(rows[i].host);
		free(rows[i].address);
	}
	free(rows);
}

static void
own_overrides(struct settings *s, const struct setting *row)
{
	struct tcp_override *rows = mem_dup(s->set.overrides, s->set.n_overrides * sizeof *rows);

	(void)row;
	for (size_t i = 0; i < s->set.n_overrides; i++) {
		rows[i].host = str_dup(str_of(rows[i].host));
		rows[i].address = str_dup(str_of(rows[i].address));
	}
	s->set.overrides = rows;
}

static void
release_overrides(struct settings *s, const struct setting *row)
{
	(void)row;
	overrides_release(s->set.overrides, s->set.n_overrides);
	s->set.overrides = NULL;
	s->set.n_overrides = 0;
}

static const struct setting_memory overrides_memory = { own_overrides, release_overrides };

static bool
port_of(struct str text, unsigned *port)
{
	uint64_t number = 0;

	if (!str_is(text, "*") && (!str_to_u64(text, 65535, &number) || number == 0))
		return false;
	*port = (unsigned)number;
	return true;
}

char *
setting_host(struct str name)
{
	bool address6 = str_find_char(name, ':') >= 0 && name.p[0] != '[';
	char *text = str_printf(address6 ? "https://[%.*s]/" : "https://%.*s/", STR_ARG(name)), *host = NULL;
	struct url u;

	url_init(&u);
	for (size_t i = 0; i < name.n; i++)
		if (strchr("/\\?#@ \t\r\n", name.p[i]) != NULL) /* also NUL */
			name.n = 0;
	if (name.n > 0 && url_parse(&u, str_of(text), NULL, NULL) == 0 && u.port < 0)
		host = url_host_plain(&u);
	url_release(&u);
	free(text);
	return host;
}

/* HOST:PORT:ADDRESS[:PORT], an IPv6 address in brackets (or bare, when nothing follows it) as curl takes it. */
static bool
parse_override(struct str line, struct tcp_override *row)
{
	struct str rest = line, host = str_cut(&rest, ':'), port = str_cut(&rest, ':'), address = rest, to = STR("*");
	uint8_t bytes[sizeof(struct in6_addr)];
	ptrdiff_t end;

	*row = (struct tcp_override){ .host = NULL };
	if (host.n == 0 || rest.p == NULL || !port_of(port, &row->port))
		return false;
	end = str_find_char(rest, ']');
	if (rest.n > 0 && rest.p[0] == '[' && end > 0) {
		address = str_slice(rest, 1, (size_t)end);
		if ((size_t)end + 1 < rest.n) {
			if (rest.p[end + 1] != ':')
				return false;
			to = str_slice(rest, (size_t)end + 2, rest.n);
		}
	} else if (rest.n > 0 && memchr(rest.p, '.', rest.n) != NULL) {
		address = str_cut(&rest, ':');
		if (rest.p != NULL)
			to = rest;
	}
	if (!port_of(to, &row->to_port))
		return false;
	row->address = str_dup(address);
	row->host = setting_host(host);
	return row->host != NULL &&
	    (inet_pton(AF_INET, row->address, bytes) == 1 || inet_pton(AF_INET6, row->address, bytes) == 1);
}

static struct str
host_and_port(struct str value)
{
	struct str rest = value;

	str_cut(&rest, ':');
	str_cut(&rest, ':');
	return str_slice(value, 0, value.n - rest.n - (rest.p != NULL));
}

static int
apply_resolve(struct settings *s, const struct setting *row, struct str value, struct error *error)
{
	struct tcp_override *rows = mem_alloc(SETTINGS_OVERRIDES * sizeof *rows);
	struct str rest = value;
	size_t n = 0;

	while (!str_is(value, "off") && rest.p != NULL && rest.n > 0) {
		struct str line = str_cut(&rest, '\n');
		char shown[200];

		if (n == SETTINGS_OVERRIDES) {
			overrides_release(rows, n);
			return fail(error, ERROR_LIMIT, 0, "set resolve: more than %d rows", SETTINGS_OVERRIDES);
		}
		if (!parse_override(line, &rows[n++])) {
			overrides_release(rows, n);
			fail(error, ERROR_USAGE, 0, "set resolve: \"%s\" is not HOST:PORT:ADDRESS",
			    str_printable(line, shown, sizeof shown));
			return hint(error, "set resolve example.com:443:127.0.0.1");
		}
	}
	release_overrides(s, row);
	s->set.overrides = rows;
	s->set.n_overrides = n;
	return 0;
}
