/*
 * The TLS client under BoringSSL's test runner: one connection after the other to the runner,
 * each checked against what the options expect. Standard error says one stable word on failure.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tls/names.h"
#include "net/x509/pem.h"
#include "tests/tools/tlsshim_options.h"

enum { DRAIN_MS = 2000, DRAIN_READS = 4096, WAIT_MS = 30000, READ_MAX = 65536 };

struct shim {
	const struct shim_options *o;
	int fd;
	bool ended;         /* the runner's side is closed */
	bool closing;       /* our close_notify went out */
	size_t left;        /* of the record that is being read */
	int handshakes;     /* that were done */
	bool hello_request; /* came after the handshake */
	bool judged;        /* the chain was refused */
	bool unfit;         /* our certificate is not what was asked for, and that was told */
	struct tls *t;
};

static int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int
complain(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return -1;
}

static int
complain_error(const struct shim *s, const struct error *error)
{
	const char *word = s->judged         ? tls_code_word(TLS_CERTIFICATE_JUDGED) :
	    error->kind == ERROR_TLS         ? tls_code_word(error->code) :
	    error->kind == ERROR_LIMIT       ? tls_code_word(TLS_TOO_LARGE) :
	    error->kind == ERROR_CERTIFICATE ? "bad_certificate" :
					       "network";

	return complain("%s: %s", word, error->text);
}

/* ---- the socket ---- */
static int
connect_to(const char *address, int port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	bool is6 = inet_pton(AF_INET6, address, &v6.sin6_addr) == 1;
	struct sockaddr *to = is6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
	int fd = socket(is6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	inet_pton(AF_INET, address, &v4.sin_addr);
	if (fd >= 0 && connect(fd, to, is6 ? sizeof v6 : sizeof v4) != 0) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static int
dial(const struct shim_options *o)
{
	uint8_t id[8];
	int fd = -1;

	if (!o->has_shim_id || o->ipv6)
		fd = connect_to("::1", o->port);
	if (fd < 0 && !(o->has_shim_id && o->ipv6))
		fd = connect_to("127.0.0.1", o->port);
	for (size_t i = 0; i < sizeof id; i++)
		id[i] = (uint8_t)(o->shim_id >> (8 * i));
	if (fd >= 0 && o->has_shim_id && send(fd, id, sizeof id, MSG_NOSIGNAL) != (ssize_t)sizeof id) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int
flush(struct shim *s)
{
	struct str out;

	while ((out = tls_output(s->t)).n > 0) {
		ssize_t n = send(s->fd, out.p, out.n, MSG_NOSIGNAL);

		if (n <= 0)
			return -1;
		tls_output_sent(s->t, (size_t)n);
	}
	return 0;
}

/* Record by record, as the runner expects it: what stands behind the handshake is not looked at within it. */
static size_t
wanted(struct shim *s)
{
	uint8_t header[5];
	ssize_t n;

	if (s->left > 0)
		return s->left;
	n = recv(s->fd, header, sizeof header, MSG_PEEK);
	if (n == (ssize_t)sizeof header)
		return sizeof header + (size_t)(header[3] << 8 | header[4]);
	return n > 0 ? (size_t)n : 1;
}

static int
fill(struct shim *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	bool ready = poll(&p, 1, WAIT_MS) == 1;
	size_t n, want = ready ? wanted(s) : 0;
	uint8_t *room = tls_input_room(s->t, &n);
	ssize_t got = ready ? recv(s->fd, room, n < want ? n : want, 0) : -1;

	s->left = got > 0 ? want - (size_t)got : 0;
	if (got < 0)
		return complain("network: reading from the runner failed");
	if (got == 0) {
		s->ended = true;
		tls_input_end(s->t);
	}
	tls_input_added(s->t, (size_t)got);
	return 0;
}

/* The runner must see our alert, not a reset: everything it still sends is read. */
static void
hang_up(struct shim *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	char drain[4096];

	flush(s);
	shutdown(s->fd, SHUT_WR);
	for (int i = 0; i < DRAIN_READS && !s->ended; i++)
		s->ended = poll(&p, 1, DRAIN_MS) != 1 || recv(s->fd, drain, sizeof drain, 0) <= 0;
	close(s->fd);
}

/* ---- the exchange ---- */
static int
judge(void *context, struct x509_cert *const *chain, size_t n, struct str ocsp, struct str sct, struct error *error)
{
	struct shim *s = context;

	(void)chain, (void)n, (void)ocsp, (void)sct;
	if (!s->o->verify_fail)
		return 0;
	s->judged = true;
	/* The contract's alerts: certificate_unknown, and handshake_failure without the custom callback. */
	return fail(error, ERROR_TLS, s->o->custom_verify ? TLS_CERTIFICATE_JUDGED : TLS_NO_COMMON,
	    "the chain is refused");
}

static bool
may_renegotiate(const struct shim_options *o)
{
	return o->renegotiate_freely || o->renegotiate_explicit || o->renegotiate_ignore;
}

/* The engine's own order begins where the preferences end; for the runner they are all. */
static bool
may_sign(const struct shim_options *o, uint16_t scheme)
{
	for (int i = 0; i < o->n_signing_prefs; i++)
		if (o->signing_prefs[i] == scheme)
			return true;
	return o->n_signing_prefs == 0 || scheme == 0;
}

static void
on_event(void *context, const struct event *event)
{
	const struct tls_message_info *m = event->detail;
	struct shim *s = context;

	s->handshakes += event->kind == EVENT_TLS_DONE;
	if (event->kind != EVENT_TLS_MESSAGE || m->content_type != CONTENT_HANDSHAKE)
		return;
	if (!event->sent && event->code == HELLO_REQUEST && tls_connected(s->t))
		s->hello_request = !may_renegotiate(s->o) || (s->closing && !s->o->renegotiate_ignore);
	/* The runner wants the end where the engine goes on without a certificate, and the alert instead of that. */
	if ((event->sent && event->code == CERTIFICATE && tls_info(s->t)->unfit != TLS_FITS) ||
	    (event->sent && event->code == CERTIFICATE_VERIFY && !may_sign(s->o, tls_info(s->t)->own_scheme))) {
		tls_send_alert(s->t, ALERT_FATAL, ALERT_HANDSHAKE_FAILURE);
		s->unfit = true;
	}
}

/* Moves the engine; what it has to say goes out, also when it failed. The runner wants a HelloRequest refused for
 * good, where the engine alone would only warn. */
static int
advance(struct shim *s, struct error *error)
{
	int result = tls_process(s->t, error);

	if (result == 0 && s->hello_request) {
		tls_send_alert(s->t, ALERT_FATAL, ALERT_NO_RENEGOTIATION);
		result = fail(error, ERROR_TLS, TLS_NO_RENEGOTIATION, "the server wants to renegotiate");
	}
	if (result == 0 && s->unfit)
		result = fail(error, ERROR_TLS, TLS_NO_COMMON, "our certificate is not what the server asks for");
	return flush(s) != 0 && result == 0 ? fail(error, ERROR_NETWORK, 0, "sending to the runner failed") : result;
}

static int
handshake(struct shim *s)
{
	struct error error;
	int result = tls_start(s->t, &error);

	if (flush(s) != 0)
		return complain("network: sending to the runner failed");
	while (result == 0 && !tls_connected(s->t)) {
		if (fill(s) != 0)
			return -1;
		result = advance(s, &error);
	}
	return result != 0 ? complain_error(s, &error) : 0;
}

static int
expect_number(const char *what, int expected, int got)
{
	return expected == 0 || expected == got ? 0 : complain("%s is %d instead of %d", what, got, expected);
}

static int
expect_flag(const char *what, bool asked, bool holds)
{
	return !asked || holds ? 0 : complain("expectation failed: %s", what);
}

/* A staple is the same as BASE64; a resumed connection has those of the first. */
static int
expect_staple(const char *what, const char *base64, struct str staple)
{
	struct str expected = str_of(base64);
	uint8_t *bytes = mem_alloc(expected.n + 1);
	ptrdiff_t n = pem_base64(expected, bytes);
	bool same = n >= 0 && str_eq(staple, str_from(bytes, (size_t)n));

	free(bytes);
	return same ? 0 : complain("%s is another one", what);
}

static int
check_staples(const struct shim *s, bool resuming)
{
	const struct shim_options *o = s->o;
	const struct tls_info *i = tls_info(s->t);

	if (resuming && i->resumed)
		return 0;
	if (o->expect_ocsp != NULL && expect_staple("the OCSP response", o->expect_ocsp, i->ocsp_response) != 0)
		return -1;
	return o->expect_scts != NULL ? expect_staple("the timestamps", o->expect_scts, i->sct_list) : 0;
}

static int
check(const struct shim *s, bool resuming)
{
	const struct shim_options *o = s->o;
	const struct tls_info *i = tls_info(s->t);
	bool tls13 = i->version >= TLS_1_3;

	if (expect_number("the version", o->expect_version, i->version) != 0 ||
	    expect_number("the cipher suite", o->expect_cipher, i->suite) != 0 ||
	    expect_number("the group", o->expect_curve, i->group) != 0 ||
	    expect_number("the signature scheme", o->expect_scheme, i->scheme) != 0 ||
	    expect_flag("HelloRetryRequest", o->expect_hrr, i->hello_retry) != 0 ||
	    expect_flag("no HelloRetryRequest", o->expect_no_hrr, !i->hello_retry) != 0 ||
	    expect_flag("extended master secret", o->expect_ems, tls13 || i->ems) != 0 ||
	    expect_flag("secure renegotiation", o->expect_secure_renegotiation, tls13 || i->secure_renegotiation) !=
		0 ||
	    expect_flag("no secure renegotiation", o->expect_no_secure_renegotiation, !i->secure_renegotiation) != 0)
		return -1;
	if (o->expect_alpn != NULL && strcmp(o->expect_alpn, i->alpn) != 0)
		return complain("the application protocol is \"%s\" instead of \"%s\"", i->alpn, o->expect_alpn);
	if (resuming && i->resumed == o->expect_session_miss)
		return complain("the session was%s resumed", i->resumed ? "" : " not");
	return check_staples(s, resuming);
}

static int
send_data(struct shim *s, const void *p, size_t n)
{
	struct error error;

	if (tls_app_write(s->t, p, n, &error) != 0)
		return complain_error(s, &error);
	return flush(s) != 0 ? complain("network: sending to the runner failed") : 0;
}

static int
export_keys(struct shim *s)
{
	struct str context = str_of(s->o->export_context);
	size_t n = (size_t)s->o->export_bytes;
	uint8_t *out = mem_alloc(n);
	struct error error;
	int result =
	    tls_export(s->t, str_of(s->o->export_label), s->o->use_export_context ? &context : NULL, out, n, &error);

	if (result != 0)
		complain("failed to export keying material");
	result = result != 0 ? complain_error(s, &error) : send_data(s, out, n);
	free(out);
	return result;
}

/* One piece of what the runner said, turned and sent back. */
static int
echo(struct shim *s)
{
	static uint8_t turned[READ_MAX];
	struct str data = tls_app_data(s->t);
	size_t n = data.n < (size_t)s->o->read_size ? data.n : (size_t)s->o->read_size;

	if (n > sizeof turned)
		n = sizeof turned;
	for (size_t i = 0; i < n; i++)
		turned[i] = (uint8_t)((unsigned char)data.p[i] ^ 0xff);
	tls_app_consume(s->t, n);
	return send_data(s, turned, n);
}

static int
echo_until_closed(struct shim *s)
{
	struct error error;

	while (!tls_peer_closed(s->t)) {
		if (advance(s, &error) != 0) {
			if (error.kind == ERROR_TLS && error.code == TLS_TRUNCATED)
				return 0;
			return complain_error(s, &error);
		}
		if (tls_app_data(s->t).n > 0 && !tls_busy(s->t)) {
			if (echo(s) != 0)
				return -1;
		} else if (!tls_peer_closed(s->t) && fill(s) != 0) {
			return -1;
		}
	}
	return 0;
}

/* close_notify in both directions. */
static int
shut_down(struct shim *s)
{
	struct error error;
	bool wait = s->o->check_close_notify || !s->o->shim_shuts_down;

	tls_close(s->t);
	s->closing = true;
	if (flush(s) != 0)
		return complain("Unexpected SSL_shutdown result: -1 != 1");
	while (wait && !tls_peer_closed(s->t)) {
		int result = s->ended ? -1 : fill(s);

		error_clear(&error);
		if (result == 0)
			result = advance(s, &error);
		if (result == 0 && tls_app_data(s->t).n > 0)
			result = fail(&error, ERROR_TLS, TLS_UNEXPECTED_MESSAGE, "application_data_on_shutdown");
		if (result != 0) {
			complain("Unexpected SSL_shutdown result: -1 != 1");
			return error.kind != ERROR_NONE ? complain_error(s, &error) : -1;
		}
	}
	return 0;
}

static int
exchange(struct shim *s, bool resuming, struct tls_session **session)
{
	const struct shim_options *o = s->o;

	if (handshake(s) != 0 || check(s, resuming) != 0)
		return -1;
	if (tls_info(s->t)->version < TLS_1_3)
		*session = tls_take_session(s->t);
	if (o->send_alert) {
		tls_send_alert(s->t, ALERT_FATAL, ALERT_DECOMPRESSION_FAILURE);
		return 0;
	}
	if (o->export_bytes > 0 && export_keys(s) != 0)
		return -1;
	if (o->shim_writes_first && send_data(s, "hello", 5) != 0)
		return -1;
	if (!o->shim_shuts_down && echo_until_closed(s) != 0)
		return -1;
	if (o->counts_renegotiations && s->handshakes - 1 != o->expect_renegotiations)
		return complain("%d renegotiations instead of %d", s->handshakes - 1, o->expect_renegotiations);
	if (tls_info(s->t)->version >= TLS_1_3)
		*session = tls_take_session(s->t);
	if (expect_flag("no session", o->expect_no_session, *session == NULL) != 0 ||
	    expect_flag("a renewed ticket", o->expect_ticket_renewal && resuming, tls_info(s->t)->ticket) != 0)
		return -1;
	return shut_down(s);
}

static int
run(const struct shim_options *o, struct tls_credentials *credentials, bool resuming, struct tls_session **session)
{
	struct tls_config config;
	struct shim s = { .o = o };
	struct observer observer = { on_event, &s };
	struct tls_hooks hooks = { .context = &s, .observer = &observer };
	int result;

	if (resuming && *session == NULL)
		return complain("No session to offer.");
	shim_options_config(o, &config);
	config.credentials = credentials;
	hooks.judge = o->verify_peer || o->custom_verify ? judge : NULL;
	s.fd = dial(o);
	if (s.fd < 0)
		return complain("network: cannot connect to the runner");
	s.t = tls_new(&config, &hooks);
	if (resuming) {
		tls_offer_session(s.t, *session);
		tls_session_free(*session);
		*session = NULL;
	}
	result = exchange(&s, resuming, session);
	hang_up(&s);
	tls_free(s.t);
	return result;
}

int
main(int argc, char **argv)
{
	struct shim_options initial, resume;
	struct tls_session *session = NULL;
	struct tls_credentials *credentials = NULL;
	struct error error;
	int result;

	if (argc == 2 && strcmp(argv[1], "-is-handshaker-supported") == 0) {
		puts("No");
		return 0;
	}
	shim_options_parse(argc, argv, &initial, &resume);
	if (initial.cert_file != NULL) {
		credentials = tls_credentials_load(initial.cert_file, initial.key_file, &error);
		if (credentials == NULL) {
			complain("%s", error.text);
			/* Read, but of a kind that is not spoken here */
			return error.kind == ERROR_OTHER && error.code == 0 ? EXIT_UNIMPLEMENTED : 1;
		}
	}
	result = run(&initial, credentials, false, &session);
	for (int i = 0; result == 0 && i < initial.resume_count; i++)
		result = run(&resume, credentials, true, &session);
	tls_session_free(session);
	tls_credentials_drop(credentials);
	return result == 0 ? 0 : 1;
}
