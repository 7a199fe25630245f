/*
 * Facts for whoever watches: net/ reports, commands/ and shell/ decide what a person sees.
 * An event's pointers are valid only during the callback.
 */
#ifndef NET_EVENT_H
#define NET_EVENT_H

#include "net/str.h"

enum event_kind {
	EVENT_RESOLVED,       /* text: the addresses, one line */
	EVENT_CONNECTING,     /* text: "127.0.0.1 port 443" */
	EVENT_CONNECT_FAILED, /* text: address and reason */
	EVENT_CONNECTED,      /* text: address */
	EVENT_TLS_RECORD,     /* one record; data: the plaintext fragment; code: content type */
	EVENT_TLS_MESSAGE,    /* one handshake message, alert or CCS; data: whole message; code: its type;
	                      * text: its name; detail: struct tls_message_info (net/tls/tls.h) */
	EVENT_TLS_KEYS,       /* text: which keys changed, "client application traffic" */
	EVENT_TLS_DONE,       /* text: "TLSv1.3 TLS_AES_128_GCM_SHA256" */
	EVENT_HTTP_REQUEST,   /* data: request head as sent */
	EVENT_HTTP_RESPONSE,  /* data: response head as received (also 1xx) */
	EVENT_HTTP_BODY,      /* done, total: bytes of the body so far; total UINT64_MAX = unknown */
	EVENT_NOTE            /* text: worth telling ("stale connection, trying once more") */
};

struct event {
	enum event_kind kind;
	int64_t at_us; /* CLOCK_MONOTONIC, microseconds */
	bool sent;     /* by us (else received) */
	int code;
	const char *text;
	struct str data;
	const void *detail;
	uint64_t done, total;
};

struct observer {
	void (*on_event)(void *context, const struct event *event); /* may be NULL */
	void *context;
};

/* Fills at_us and calls the observer; a NULL observer or callback is fine. */
void event_report(const struct observer *observer, struct event event);

int64_t now_us(void); /* CLOCK_MONOTONIC, microseconds */

#endif
