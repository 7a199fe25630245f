/*
 * A server's answers over several commands: redirects, cookies, challenges, kept connections. The input: a byte that
 * says which secrets are given, one for the settings, then the answers in their order, NUL between. No secret given for
 * one origin reaches another one, or the same host in the clear; each request is well-formed and for its own host;
 * there is an end to them.
 *
 * Connections are scripts: the linker puts the functions named __wrap_X in the place of X (tests/CMakeLists.txt).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/session/state.h"
#include "commands/table.h"
#include "tests/fuzz/lines.h"
#include "tests/fuzz/mutator.h"

#define MARK "Qz7vKw"         /* of every secret: no input has it */
#define MARK_BASE64 "Rejd2S3" /* as it stands in the base64 of u:MARKauth */

enum { PEERS_MAX = 2048, REQUESTS_MAX = 120, HEAD_MAX = 1 << 20 };
enum {
	GIVE_ITEMS = 1,
	GIVE_STICKY = 2,
	GIVE_BASIC = 4,
	GIVE_DIGEST = 8,
	GIVE_ANY = 16,
	GIVE_BEARER = 32,
	GIVE_URL = 64,
	GIVE_BODY = 128
};
enum { SET_INSECURE = 1, SET_NO_KEEP = 2, SET_HTTP10 = 4, SET_HTTP09 = 8, SET_PUT = 16, SET_COOKIE = 32 };

/* ---- the other side ---- */

struct peer {
	struct stream stream;
	char *host;
	unsigned port;
	bool tls;
	struct str answer;
	size_t at;
	bool answering; /* what is written next begins another request */
	struct buf written;
	size_t begin; /* of the request that is being written */
};

static struct peer *peers[PEERS_MAX];
static size_t n_peers, n_requests;
static struct str answers;

static void
check(bool ok, const char *what, struct str text)
{
	if (ok)
		return;
	fprintf(stderr, "%s:\n%.*s\n", what, STR_ARG(text));
	abort();
}

static ssize_t
peer_peek(struct stream *stream, const uint8_t **p, struct error *error)
{
	struct peer *peer = (struct peer *)stream;

	(void)error;
	peer->answering = true;
	*p = peer->answer.n > 0 ? (const uint8_t *)peer->answer.p + peer->at : NULL;
	return (ssize_t)(peer->answer.n - peer->at);
}

static void
peer_consume(struct stream *stream, size_t n)
{
	((struct peer *)stream)->at += n;
}

static void check_request(const struct peer *peer, struct str request);

static int
peer_write(struct stream *stream, const void *p, size_t n, struct error *error)
{
	struct peer *peer = (struct peer *)stream;

	(void)error;
	if (peer->answering || peer->written.len == 0) {
		check_request(peer, str_slice(buf_str(&peer->written), peer->begin, peer->written.len));
		peer->begin = peer->written.len;
		peer->answering = false;
		peer->answer = str_cut(&answers, '\0');
		peer->at = 0;
		check(++n_requests <= REQUESTS_MAX, "too many requests", STR(""));
	}
	buf_add(&peer->written, p, n);
	return 0;
}

static bool
peer_idle_ok(struct stream *stream)
{
	const struct peer *peer = (const struct peer *)stream;

	return peer->at == peer->answer.n;
}

static void
peer_free(struct stream *stream)
{
	(void)stream;
}

struct stream *__wrap_tcp_connect(const char *host, unsigned port, const struct tcp_options *options,
    struct tcp_timing *timing, struct error *error);
void __wrap_tcp_set_wait(struct stream *tcp, const struct wait *wait);
int __wrap_tcp_fd(const struct stream *tcp);
const char *__wrap_tcp_address(const struct stream *tcp);
unsigned __wrap_tcp_port(const struct stream *tcp);
int __wrap_connection_start_tls(struct connection *c, const struct known *known, struct error *error);

struct stream *
__wrap_tcp_connect(const char *host, unsigned port, const struct tcp_options *options, struct tcp_timing *timing,
    struct error *error)
{
	static const struct stream_ops ops = { peer_peek, peer_consume, peer_write, peer_idle_ok, peer_free };
	struct peer *peer;

	(void)options, (void)timing;
	if (n_peers == PEERS_MAX)
		return fail(error, ERROR_NETWORK, ECONNREFUSED, "refused"), NULL;
	peer = mem_alloc(sizeof *peer);
	*peer = (struct peer){ .stream.ops = &ops, .host = str_dup(str_of(host)), .port = port };
	buf_init(&peer->written, 64 << 20);
	peers[n_peers++] = peer;
	return &peer->stream;
}

void
__wrap_tcp_set_wait(struct stream *tcp, const struct wait *wait)
{
	(void)tcp, (void)wait;
}

int
__wrap_tcp_fd(const struct stream *tcp)
{
	(void)tcp;
	return -1;
}

const char *
__wrap_tcp_address(const struct stream *tcp)
{
	(void)tcp;
	return "192.0.2.1";
}

unsigned
__wrap_tcp_port(const struct stream *tcp)
{
	return ((const struct peer *)tcp)->port;
}

/* The plaintext is what matters here. */
int
__wrap_connection_start_tls(struct connection *c, const struct known *known, struct error *error)
{
	(void)known, (void)error;
	((struct peer *)c->tcp)->tls = true;
	return 0;
}

/* ---- what is right ---- */

static bool
has(struct str text, const char *part)
{
	return str_find(text, str_of(part)) >= 0;
}

/* Over TLS, to this host or one below it. */
static bool
is_site(const struct peer *peer, const char *domain)
{
	struct str host = str_of(peer->host), whole = str_of(domain);
	bool below = host.n > whole.n && str_ends(host, whole) && host.p[host.n - whole.n - 1] == '.';

	return peer->tls && (str_eq(host, whole) || below);
}

/* Everything but what stands here was given for https://a.test/. */
static void
check_secrets(const struct peer *peer, struct str request)
{
	static char *basic;
	bool a = peer->tls && strcmp(peer->host, "a.test") == 0;
	char *mine;

	if (basic == NULL) {
		auth_basic(STR("u"), STR(MARK "auth"), &mine, NULL);
		basic = str_dup(str_slice(str_of(mine), sizeof "Basic " - 1, strlen(mine)));
		free(mine);
	}
	if (!a || peer->port != 443) {
		check(!has(request, basic), "the password went to another origin", request);
		check(!has(request, MARK "auth") && !has(request, MARK "item") && !has(request, MARK "sticky"),
		    "a secret went to another origin", request);
	}
	check(a || !has(request, MARK "cookiea"), "a host's cookie went to another host", request);
	check(is_site(peer, "site.test") || !has(request, MARK "cookied"), "a site's cookie went to another site",
	    request);
	check((peer->tls && strcmp(peer->host, "b.test") == 0) || !has(request, MARK "cookieb"),
	    "b's cookie went to another host", request);
}

static void
check_line(struct str line, struct str request)
{
	struct str name = str_cut(&line, ':');

	check(line.p != NULL && http_is_token(name), "a line is no header field", request);
	for (size_t i = 0; i < line.n; i++)
		check(line.p[i] != '\r' && line.p[i] != '\0', "a control character in a field", request);
}

static void
check_request(const struct peer *peer, struct str request)
{
	ptrdiff_t end = str_find(request, STR("\r\n\r\n"));
	struct str head = str_slice(request, 0, (size_t)end + 2), rest = head, first;
	bool six = strchr(peer->host, ':') != NULL;
	unsigned hosts = 0, lengths = 0;
	char *host;

	if (request.n == 0)
		return;
	check(end > 0 && end < HEAD_MAX, "a head without an end, or too long", request);
	first = str_cut(&rest, '\n');
	check(str_ends(first, STR(" HTTP/1.1\r")) || str_ends(first, STR(" HTTP/1.0\r")), "a bad request line",
	    request);
	host = str_printf(peer->port == (peer->tls ? 443 : 80) ? "Host: %s%s%s\r" : "Host: %s%s%s:%u\r", six ? "[" : "",
	    peer->host, six ? "]" : "", peer->port);
	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		hosts += str_starts_nocase(line, STR("Host:"));
		lengths += str_starts_nocase(line, STR("Content-Length:"));
		check(!str_starts_nocase(line, STR("Host:")) || str_is(line, host), "another host's name", request);
		check(!str_starts_nocase(line, STR("Cookie:")) || line.n <= COOKIE_MAX_HEADER + 1, "too many cookies",
		    request);
		check(str_ends(line, STR("\r")), "a line feed in a field", request);
		check_line(str_slice(line, 0, line.n - 1), request);
	}
	free(host);
	check(hosts == 1 && lengths <= 1, "not one Host, or two lengths", request);
	check_secrets(peer, head);
}

/* ---- commands ---- */

static void
run(struct session *s, const char *const *words)
{
	struct error error = { .kind = ERROR_NONE };
	struct call call = { .session = s, .error = &error };
	size_t n = 0, used = 1;
	const struct command *c = command_find(session_commands, str_of(words[0]), "command", NULL), *sub;

	while (words[n] != NULL)
		n++;
	sub = c->subcommands != NULL && n > 1 ? command_find(c->subcommands, str_of(words[1]), "command", NULL) : NULL;
	used += sub != NULL;
	call.out = call.err = fopen("/dev/null", "w");
	if (call_parse(&call, sub != NULL ? sub : c, words + used, n - used) == 0)
		call.command->run(&call);
	call_release(&call);
	fclose(call.out);
	n_requests = 0;
}

#define RUN(s, ...) run(s, (const char *const[]){ __VA_ARGS__, NULL })

static void
add_cookie(struct session *s, const char *from, const char *text)
{
	struct url url;

	url_init(&url);
	url_parse(&url, str_of(from), NULL, NULL);
	if (jar_receive(&s->jar, &url, str_of(text), 1, NULL) != 0)
		abort();
	url_release(&url);
}

static void
set_up(struct session *s, unsigned given, unsigned set)
{
	add_cookie(s, "https://a.test/", "ca=" MARK "cookiea; Secure");
	add_cookie(s, "https://b.test/", "cb=" MARK "cookieb; Secure");
	add_cookie(s, "https://www.site.test/", "cd=" MARK "cookied; Secure; Domain=site.test");
	RUN(s, "set", "max-redirects", "5");
	RUN(s, "set", "follow-insecure", (set & SET_INSECURE) != 0 ? "on" : "off");
	RUN(s, "set", "keep-alive", (set & SET_NO_KEEP) != 0 ? "off" : "on");
	RUN(s, "set", "http", (set & SET_HTTP10) != 0 ? "1.0" : "1.1");
	RUN(s, "set", "http09", (set & SET_HTTP09) != 0 ? "on" : "off");
	if ((given & GIVE_STICKY) != 0) {
		RUN(s, "header", "set", "X-Api-Key", MARK "sticky");
		RUN(s, "header", "set", "Authorization", MARK "sticky");
		RUN(s, "header", "set", "Cookie", MARK "sticky");
	}
	if ((given & GIVE_BASIC) != 0)
		RUN(s, "auth", "basic", "u:" MARK "auth");
	if ((given & GIVE_DIGEST) != 0)
		RUN(s, "auth", "digest", "u:" MARK "auth");
	if ((given & GIVE_ANY) != 0)
		RUN(s, "auth", "any", "u:" MARK "auth");
	if ((given & GIVE_BEARER) != 0)
		RUN(s, "auth", "bearer", MARK "auth");
}

static void
run_commands(struct session *s, unsigned given, unsigned set)
{
	const char *method = (given & GIVE_BODY) == 0 ? "get" : (set & SET_PUT) != 0 ? "put" : "post";
	const char *url = (given & GIVE_URL) != 0 ? "https://u:" MARK "auth@a.test/start" : "https://a.test/start";

	if ((given & GIVE_ITEMS) != 0)
		RUN(s, method, url, "X-Access-Key:" MARK "item", "Authorization:" MARK "item",
		    "X-Passphrase:" MARK "item", (set & SET_COOKIE) != 0 ? "Cookie:" MARK "item" : "Accept:x",
		    "field=value");
	else
		RUN(s, method, url, (given & GIVE_BODY) != 0 ? "field=value" : "Accept:x");
	RUN(s, "get", "./relative");
	RUN(s, "get", "https://b.test/typed");
	RUN(s, "get", "/relative");
	RUN(s, "get", "http://a.test/typed");
	RUN(s, "get", "https://a.test:8443/");
	RUN(s, "get", "https://www.site.test/");
	RUN(s, "get", "https://a.test/again");
}

/* A secret in the input, as it stands or spelled so that a URL makes it one, would come back from there. */
static bool
holds_mark(struct str input)
{
	struct buf text;
	size_t n = 0;
	char *plain;
	bool found;

	buf_init(&text, 0);
	for (size_t i = 0; i < input.n; i++)
		if (input.p[i] != '\t' && input.p[i] != '\n' && input.p[i] != '\r')
			buf_add_char(&text, input.p[i]);
	plain = url_percent_decode(buf_str(&text), &n);
	found = has(buf_str(&text), MARK) || has(str_from(plain, n), MARK) || has(buf_str(&text), MARK_BASE64) ||
	    has(str_from(plain, n), MARK_BASE64);
	free(plain);
	buf_release(&text);
	return found;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session *s;

	if (size < 2 || holds_mark(str_from(data, size)))
		return 0;
	s = session_new();
	answers = str_from(data + 2, size - 2);
	n_requests = 0;
	set_up(s, data[0], data[1]);
	run_commands(s, data[0], data[1]);
	session_free(s);
	for (size_t i = 0; i < n_peers; i++) {
		check_request(peers[i], str_slice(buf_str(&peers[i]->written), peers[i]->begin, peers[i]->written.len));
		free(peers[i]->host);
		buf_release(&peers[i]->written);
		free(peers[i]);
	}
	n_peers = 0;
	return 0;
}

static void
describe(struct tree *t, const uint8_t *data, size_t size)
{
	lines_describe(t, data, size);
}
