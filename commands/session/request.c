/* What a command asks for: an empty one, and its end. */
#include <stdlib.h>
#include <unistd.h>

#include "commands/session/exchange.h"

void
request_init(struct request *r)
{
	*r = (struct request){ .body_fd = -1 };
	url_init(&r->url);
	buf_init(&r->body, REQUEST_MAX_BODY);
}

void
request_release(struct request *r)
{
	free(r->method);
	free(r->target);
	url_release(&r->url);
	http_headers_release(&r->headers);
	for (size_t i = 0; i < r->n_removed; i++)
		free(r->removed[i]);
	free(r->removed);
	buf_wipe_release(&r->body);
	if (r->body_fd >= 0)
		close(r->body_fd);
	request_init(r);
}
