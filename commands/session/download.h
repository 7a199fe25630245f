/*
 * `get --resume FILE`: a download that may break off and go on later. What has come stands in FILE.part, whose time is
 * the answer's Last-Modified (1970 when there was none: then the rest is not asked for); it becomes FILE when it is
 * whole, never in place of another file. What is in FILE.part is not given up for an answer that may be less: a whole
 * answer (200) is written beside it, and when it breaks off the longer of the two stays.
 *
 *	download_open(); download_ask(); the exchange calls download_head() and download_body(); download_close()
 */
#ifndef COMMANDS_SESSION_DOWNLOAD_H
#define COMMANDS_SESSION_DOWNLOAD_H

#include "commands/session/exchange.h"

struct download {
	char *path, *part;
	char *beside;        /* the whole instead of the rest is written there; NULL = into part */
	int fd;              /* of the one that is written; -1 = none */
	int held;            /* of part, with its lock, meanwhile; -1 = fd is */
	uint64_t have;       /* bytes in fd */
	uint64_t held_bytes; /* in part, when it is held */
	int64_t stamp;       /* the part's time, when it was opened: which version it is of; 0 = nobody knows */
	uint64_t total;      /* of the whole; UINT64_MAX = not said */
	int64_t modified;    /* unix seconds; 0 = not said */
	bool writing;        /* the answer is the file, or its rest */
	bool whole;          /* the server says that nothing is missing */
	bool coded;          /* what came was compressed: it cannot be continued */
	bool no_ranges;      /* the server says that it sends no parts */
};

/* ERROR_OTHER: FILE exists, FILE.part is no regular file, cannot be written or is being written. */
int download_open(struct download *d, const char *path, struct error *error);
/* Range, and If-Range so that the rest of another version is not taken (RFC 9110 sections 13.1.5 and 14.2). */
int download_ask(const struct download *d, struct request *r, struct error *error);
/* 200 starts again, 206 continues, 416 may mean that all is there; ERROR_HTTP: another part than the one asked for, or
 * of another version. */
int download_head(struct download *d, const struct http_response *response, struct error *error);
int download_body(struct download *d, const uint8_t *p, size_t n, struct error *error);
/* ok: the exchange succeeded, with `response`. Gives the file its name; ERROR_STATUS when the answer was none to be
 * saved. Releases d. */
int download_close(struct download *d, bool ok, const struct http_response *response, struct error *error);

#endif
