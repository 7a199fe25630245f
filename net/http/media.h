/*
 * Content-Type (RFC 9110 section 8.3) and the file name of Content-Disposition (RFC 6266, RFC 8187),
 * made safe for a file system.
 */
#ifndef NET_HTTP_MEDIA_H
#define NET_HTTP_MEDIA_H

#include <stdbool.h>

#include "net/str.h"

enum { MEDIA_TYPE_MAX = 128, MEDIA_NAME_MAX = 200 };

struct media {
	char type[MEDIA_TYPE_MAX];      /* "text/html", lower case; "" when the value is none */
	char charset[64];               /* as given, without quotes; "" when absent */
};
/* value may be NULL. */
struct media media_parse(const char *value);
bool media_is_html(const struct media *m);      /* text/html, application/xhtml+xml */
bool media_is_json(const struct media *m);      /* application/json, anything +json */
bool media_is_text(const struct media *m);      /* text/..., JSON, XML, JavaScript, forms: may be shown */

/* The type of a file by its extension, "application/octet-stream" when it is not known. */
const char *media_type_of_file(const char *path);

/* One parameter of a header value "thing; name=value; name*=UTF-8''value" (the extended one is preferred), decoded;
 * caller frees; NULL when absent or malformed. */
char *media_parameter(const char *value, const char *name);

/* The file name a response proposes, made safe; NULL when it proposes none. value may be NULL. */
char *media_filename(const char *content_disposition);

/* Any text as the name of a file in the current directory: the part behind the last / or \, without control
 * characters, invalid UTF-8 or leading dots and dashes, at most MEDIA_NAME_MAX bytes with the extension kept; NULL
 * when nothing is left. */
char *media_safe_name(struct str text);

#endif
