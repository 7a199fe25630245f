/* One accepted connection: reads and writes that end, BearSSL between, the checks that BearSSL lacks. */
#include "net/lab/link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "net/lab/lab.h"
#include "net/tls/wire.h"

enum { ALERT_SIZE = 7 };

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
lab_link_init(struct link *l, int fd, br_ssl_server_context *tls)
{
	*l = (struct link){ .fd = fd, .tls = tls };
}

void
lab_link_limit(struct link *l, int64_t ms)
{
	l->deadline_ms = now_ms() + ms;
}

/* ---- the socket ---- */
static bool
wait_for(const struct link *l, short events, int64_t limit_ms)
{
	struct pollfd p = { .fd = l->fd, .events = events };
	int64_t end = now_ms() + limit_ms, left;
	int n;

	if (l->deadline_ms != 0 && (events & POLLIN) && l->deadline_ms < end)
		end = l->deadline_ms;
	do {
		left = end - now_ms();
		n = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

ssize_t
lab_link_read_raw(struct link *l, void *p, size_t n)
{
	ssize_t got;

	do {
		if (!wait_for(l, POLLIN, LAB_IDLE_MS))
			return -1;
		got = recv(l->fd, p, n, MSG_DONTWAIT);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	return got;
}

bool
lab_link_write_raw(struct link *l, const void *p, size_t n)
{
	const uint8_t *from = p;

	while (n > 0) {
		ssize_t put = send(l->fd, from, n, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (put < 0 && errno == EAGAIN) {
			if (!wait_for(l, POLLOUT, LAB_IDLE_MS))
				return false;
			continue;
		}
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		from += put;
		n -= (size_t)put;
	}
	return true;
}

/* ---- TLS ---- */
/* Size of the cipher's block, 1 without blocks. The lab's CBC suites use AES and 3DES. */
static size_t
block_size(const struct link *l)
{
	br_ssl_session_parameters s;

	br_ssl_engine_get_session_parameters(&l->tls->eng, &s);
	switch (s.cipher_suite) {
	case BR_TLS_RSA_WITH_3DES_EDE_CBC_SHA:
	case BR_TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA:
		return 8;
	case BR_TLS_RSA_WITH_AES_128_CBC_SHA:
	case BR_TLS_RSA_WITH_AES_256_CBC_SHA:
	case BR_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA:
	case BR_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA:
		return 16;
	default:
		return 1;
	}
}

/* RFC 5246 section 6.2.3.2: the ciphertext's length is a multiple of the block length. BearSSL 0.6 does
 * not check it and then writes outside the record. */
static bool
records_are_sound(struct link *l, const uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t step = l->record_left;

		if (step == 0) {
			l->header[l->header_len++] = *p++;
			n--;
			if (l->header_len < sizeof l->header)
				continue;
			l->header_len = 0;
			l->record_left = (size_t)l->header[3] << 8 | l->header[4];
			if (l->encrypted && l->record_left % block_size(l) != 0)
				return false;
			if (l->header[0] == CONTENT_CHANGE_CIPHER_SPEC)
				l->encrypted = true;
			continue;
		}
		if (step > n)
			step = n;
		p += step;
		n -= step;
		l->record_left -= step;
	}
	return true;
}

/* Sends and receives records until one of the wanted states is there; false when the connection has ended. */
static bool
pump(struct link *l, unsigned wanted)
{
	br_ssl_engine_context *e = &l->tls->eng;

	for (;;) {
		unsigned state = br_ssl_engine_current_state(e);
		uint8_t *p;
		ssize_t got;
		size_t n;

		if (state & BR_SSL_CLOSED)
			return false;
		if (state & BR_SSL_SENDREC) {
			p = br_ssl_engine_sendrec_buf(e, &n);
			if (l->dead || !lab_link_write_raw(l, p, n)) {
				l->dead = true;
				return false;
			}
			br_ssl_engine_sendrec_ack(e, n);
			continue;
		}
		if (state & wanted)
			return true;
		if (!(state & BR_SSL_RECVREC))
			return false; /* unread data stands in the way */
		p = br_ssl_engine_recvrec_buf(e, &n);
		got = lab_link_read_raw(l, p, n);
		if (got <= 0 || !records_are_sound(l, p, (size_t)got)) {
			l->dead = true;
			return false;
		}
		br_ssl_engine_recvrec_ack(e, (size_t)got);
	}
}

/* That engine sends no alert for a Finished that does not decrypt; every other server does. Ours is still
 * unencrypted, since our ChangeCipherSpec comes after the client's Finished. RFC 5246 section 7.2.2:
 * bad_record_mac is always fatal. */
static void
alert_bad_record_mac(struct link *l)
{
	uint8_t alert[ALERT_SIZE] = { CONTENT_ALERT, TLS_1_0 >> 8, 0, 0, 2, ALERT_FATAL, ALERT_BAD_RECORD_MAC };

	alert[2] = (uint8_t)(br_ssl_engine_get_version(&l->tls->eng) & 0xff);
	lab_link_write_raw(l, alert, sizeof alert);
}

bool
lab_link_handshake(struct link *l)
{
	if (l->tls == NULL)
		return true;
	if (pump(l, BR_SSL_SENDAPP | BR_SSL_RECVAPP))
		return true;
	if (!l->dead && br_ssl_engine_last_error(&l->tls->eng) == BR_ERR_BAD_MAC)
		alert_bad_record_mac(l);
	l->dead = true;
	return false;
}

ssize_t
lab_link_read(struct link *l, void *p, size_t n)
{
	uint8_t *from;
	size_t have;

	if (l->tls == NULL)
		return lab_link_read_raw(l, p, n);
	if (!pump(l, BR_SSL_RECVAPP))
		return br_ssl_engine_last_error(&l->tls->eng) == BR_ERR_OK && !l->dead ? 0 : -1;
	from = br_ssl_engine_recvapp_buf(&l->tls->eng, &have);
	if (n > have)
		n = have;
	memcpy(p, from, n);
	br_ssl_engine_recvapp_ack(&l->tls->eng, n);
	return (ssize_t)n;
}

bool
lab_link_write(struct link *l, const void *p, size_t n)
{
	const uint8_t *from = p;

	if (l->tls == NULL)
		return lab_link_write_raw(l, p, n);
	while (n > 0) {
		uint8_t *to;
		size_t room;

		if (!pump(l, BR_SSL_SENDAPP))
			return false;
		to = br_ssl_engine_sendapp_buf(&l->tls->eng, &room);
		if (room > n)
			room = n;
		memcpy(to, from, room);
		br_ssl_engine_sendapp_ack(&l->tls->eng, room);
		from += room;
		n -= room;
	}
	return true;
}

bool
lab_link_flush(struct link *l)
{
	if (l->tls == NULL)
		return true;
	br_ssl_engine_flush(&l->tls->eng, 0);
	return pump(l, BR_SSL_SENDAPP);
}

bool
lab_link_pause(struct link *l, int ms)
{
	struct pollfd p = { .fd = l->fd, .events = POLLRDHUP };
	int64_t end = now_ms() + ms, left;
	int n = 0;

	while (n == 0 && (left = end - now_ms()) > 0) {
		n = poll(&p, 1, (int)left);
		if (n < 0 && errno == EINTR)
			n = 0;
	}
	return n == 0;
}

void
lab_link_end(struct link *l)
{
	char drop[4096];
	ssize_t got;

	if (l->tls != NULL && !l->dead) {
		br_ssl_engine_close(&l->tls->eng);
		if (br_ssl_engine_current_state(&l->tls->eng) & BR_SSL_SENDREC) {
			size_t n;
			uint8_t *p = br_ssl_engine_sendrec_buf(&l->tls->eng, &n);

			lab_link_write_raw(l, p, n);
		}
	}
	shutdown(l->fd, SHUT_WR);
	lab_link_limit(l, LINK_DRAIN_MS);
	for (size_t sum = 0; sum < LINK_DRAIN_MAX; sum += (size_t)got) {
		got = lab_link_read_raw(l, drop, sizeof drop);
		if (got <= 0)
			break;
	}
}
