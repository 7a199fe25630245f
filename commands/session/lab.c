/* The lab inside a session: started, stopped; the addresses of its names and their anchors. */
#include "commands/session/lab.h"

#include "commands/session/state.h"
#include "net/lab/lab.h"

int
lab_override(const struct session_lab *lab, const char *host, unsigned port, struct tcp_override *row,
    struct error *error)
{
	*row = (struct tcp_override){ NULL, 0, NULL, 0 };
	if (!lab_is_name(host))
		return 0;
	if (lab->running == NULL) {
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
	row->to_port = lab_port(lab->running, host);
	return 0;
}

const struct x509_store *
lab_anchors(const struct session_lab *lab, const char *host)
{
	return lab->running != NULL && lab_is_name(host) ? lab->anchors : NULL;
}

struct lab *
session_lab(const struct session *s)
{
	return s->lab.running;
}

void
session_lab_stop(struct session *s)
{
	lab_stop(s->lab.running);
	s->lab.running = NULL;
	x509_store_free(s->lab.anchors);
	s->lab.anchors = NULL;
}

int
session_lab_start(struct session *s, struct error *error)
{
	if (s->lab.running != NULL)
		return 0;
	s->lab.running = lab_start(error);
	if (s->lab.running == NULL)
		return -1;
	s->lab.anchors = x509_store_new();
	if (x509_store_add_pem(s->lab.anchors, lab_ca_pem(s->lab.running), error) >= 0)
		return 0;
	session_lab_stop(s);
	return -1;
}
