/* The lab inside a session: started, stopped; the addresses of its names and their anchors. */
#include "commands/session/lab.h"

#include "commands/session/state.h"
#include "net/lab/lab.h"

int
lab_override(struct session *s, const char *host, unsigned port, struct tcp_override *row, struct error *error)
{
	*row = (struct tcp_override){ NULL, 0, NULL, 0 };
	if (!lab_is_name(host))
		return 0;
	if (s->lab == NULL) {
		fail(error, ERROR_NETWORK, 0, "%s is a name of the lab, which is not started", host);
		return hint(error, "lab start");
	}
	if (lab_room_find(host) == NULL || port != 443) {
		fail(error, ERROR_NETWORK, 0, "the lab has no room %s on port %u", host, port);
		return hint_why(error, "the rooms are reached as https://NAME/", "lab list");
	}
	/* the row's fields are not const because settings own theirs */
	row->host = (char *)(uintptr_t)host;
	row->port = port;
	row->address = (char *)(uintptr_t)LAB_ADDRESS;
	row->to_port = lab_port(s->lab, host);
	return 0;
}

const struct x509_store *
lab_anchors(const struct session *s, const char *host)
{
	return s->lab != NULL && lab_is_name(host) ? s->lab_store : NULL;
}

struct lab *
session_lab(const struct session *s)
{
	return s->lab;
}

void
session_lab_stop(struct session *s)
{
	connections_close_all(s);
	lab_stop(s->lab);
	s->lab = NULL;
	x509_store_free(s->lab_store);
	s->lab_store = NULL;
}

int
session_lab_start(struct session *s, struct error *error)
{
	if (s->lab != NULL)
		return 0;
	s->lab = lab_start(error);
	if (s->lab == NULL)
		return -1;
	s->lab_store = x509_store_new();
	if (x509_store_add_pem(s->lab_store, lab_ca_pem(s->lab), error) >= 0)
		return 0;
	session_lab_stop(s);
	return -1;
}
