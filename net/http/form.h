/*
 * Request bodies from fields: application/x-www-form-urlencoded (URL Standard section 5) and
 * multipart/form-data (RFC 7578, with the escaping of the HTML Standard).
 *
 *	struct form f;
 *	form_init(&f, true);
 *	form_add(&f, name, value, error); form_add_file(&f, name, path, NULL, NULL, error);
 *	form_finish(&f, &request->body, error); ... Content-Type: f.type
 *	form_release(&f) after the exchange
 */
#ifndef NET_HTTP_FORM_H
#define NET_HTTP_FORM_H

#include "net/http/http.h"
#include "net/work.h"

enum {
	FORM_MEMORY_MAX = 1 << 20, /* bytes; what is longer goes to a temporary file without a name */
	FORM_NAME_MAX = 64 << 10   /* bytes of one name or file name */
};

struct form {
	bool multipart;
	char type[96]; /* the request's Content-Type */
	char boundary[48];
	struct buf body;   /* what is not yet in fd */
	int fd;            /* -1 = all in memory */
	uint64_t length;   /* bytes in fd */
	size_t n;          /* fields so far */
	struct work *work; /* borrowed, looked at while a file is copied; NULL = that cannot be interrupted */
};
void form_init(struct form *f, bool multipart);
void form_release(struct form *f);

/* A field. Bytes are sent as they are, percent-encoded in the urlencoded form. */
int form_add(struct form *f, struct str name, struct str value, struct error *error);

/* The same with the part's Content-Type, multipart only; type NULL: none. */
int form_add_typed(struct form *f, struct str name, struct str value, const char *type, struct error *error);

/* A file's contents as a part, multipart only. filename NULL: the last part of path; type NULL: by the
 * file's extension. ERROR_OTHER when it cannot be read. */
int form_add_file(struct form *f, struct str name, const char *path, const char *filename, const char *type,
    struct error *error);

/* Ends the form; `body` then borrows from f. A boundary never occurs in the contents: it has 128 random bits. */
int form_finish(struct form *f, struct http_body *body, struct error *error);

#endif
