/*
 * The lab: a teaching server inside this process, on loopback, with one named fault for each host. Its names
 * end in ".lab.test" (RFC 6761 section 6.2: "test" is never in the DNS); they lead to it only where a caller
 * asks lab_port().
 *
 *	struct lab *lab = lab_start(error);
 *	x509_store_add_pem(store, lab_ca_pem(lab), error);       for .lab.test only: the caller's business
 *	port = lab_port(lab, "ok.lab.test");                     connect to LAB_ADDRESS, this port
 *	lab_stop(lab);
 *
 * Each host listens on a port of its own, so that clients without SNI (SSL 3.0) find it too. Nothing is
 * written to disk: keys and certificates are made at the start and wiped at the stop. One thread accepts, one
 * serves each connection; they block all signals, and lab_stop() joins them. The functions below may be
 * called from one thread at a time.
 */
#ifndef NET_LAB_LAB_H
#define NET_LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/error.h"
#include "net/str.h"

#define LAB_ADDRESS "127.0.0.1"
#define LAB_DOMAIN ".lab.test"

enum {
	LAB_MAX_CONNECTIONS = 64,  /* at one time; more wait in the listening queue */
	LAB_IDLE_MS = 30 * 1000,   /* longest silence of a client */
	LAB_MAX_HEAD = 16 * 1024,  /* bytes of a request's head */
	LAB_MAX_BODY = 256 * 1024, /* bytes of a request's body */
	LAB_MAX_SESSIONS = 64      /* of the site (cookies); the oldest makes room */
};

/* A host of the lab; the table is constant. */
struct lab_room {
	const char *host;    /* "rollback.lab.test" */
	const char *summary; /* one line: what it is */
	const char *fault;   /* what is wrong with it, one line; NULL = healthy */
	const char *cause;   /* id of its root cause, "K1": what cures it belongs to the cause; "none" = healthy */
};

size_t lab_room_count(void);
const struct lab_room *lab_room_at(size_t i); /* NULL past the end; the healthy one is first */
/* By name, ASCII case and one final dot ignored; NULL when there is none. */
const struct lab_room *lab_room_find(const char *host);
/* True for "lab.test" and every name below it, whether a room has it or not. */
bool lab_is_name(const char *host);

struct lab;

/* Listens for every room and starts the thread. NULL with ERROR_OTHER (memory, threads, entropy) or
 * ERROR_NETWORK. */
struct lab *lab_start(struct error *error);
/* Closes every connection, joins every thread, wipes the keys and frees. NULL is fine. */
void lab_stop(struct lab *lab);

/* Port of a room on LAB_ADDRESS; 0 when the host is no room. */
unsigned lab_port(const struct lab *lab, const char *host);

/* The lab's CA certificate, PEM and DER: views valid until lab_stop(). */
struct str lab_ca_pem(const struct lab *lab);
struct str lab_ca_der(const struct lab *lab);

/* What came so far, for `lab status`. */
struct lab_counts {
	unsigned connections; /* accepted */
	unsigned open;        /* now */
	unsigned handshakes;  /* completed */
	unsigned requests;    /* answered */
};
struct lab_counts lab_room_counts(struct lab *lab, const struct lab_room *room);

/* The site's user, for the texts of help and of the demo. */
#define LAB_USER "demo"
#define LAB_PASSWORD "secret"

#endif
