/*
 * One accepted connection from its first byte to its last.
 */
#ifndef NET_LAB_SERVE_H
#define NET_LAB_SERVE_H

#include "net/lab/site.h"

struct serve_hooks {
	void (*handshake)(void *context); /* one is complete */
	void (*request)(void *context);   /* one was answered */
	void *context;
};

/* Speaks as the room does until the connection ends. Does not close fd. */
void lab_serve(int fd, size_t room, struct lab_papers *papers, struct site *site, const struct serve_hooks *hooks);

#endif
