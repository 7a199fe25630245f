/* Content-Type (RFC 9110 section 8.3), and the parameters of header values (RFC 8187). */
#ifndef NET_HTTP_MEDIA_H
#define NET_HTTP_MEDIA_H

#include <stdbool.h>

#include "net/str.h"

enum { MEDIA_TYPE_MAX = 128 };

struct media {
	char type[MEDIA_TYPE_MAX]; /* "text/html", lower case; "" when the value is none */
	char charset[64];          /* as given, without quotes; "" when absent */
};
/* value may be NULL. */
struct media media_parse(const char *value);
bool media_is_html(const struct media *m); /* text/html, application/xhtml+xml */
bool media_is_json(const struct media *m); /* application/json, anything +json */
bool media_is_text(const struct media *m); /* text/..., JSON, XML, JavaScript, forms: may be shown */

/* The type of a file by its extension, "application/octet-stream" when it is not known. */
const char *media_type_of_file(const char *path);

/* One parameter of a header value "thing; name=value; name*=UTF-8''value" (the extended one is preferred), decoded;
 * caller frees; NULL when absent or malformed. */
char *media_parameter(const char *value, const char *name);

#endif
