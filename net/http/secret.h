/*
 * What a secret is called: the one list, for history, recordings, redirects, sticky headers and reports.
 */
#ifndef NET_HTTP_SECRET_H
#define NET_HTTP_SECRET_H

#include "net/str.h"

/* Whether what has this name is to be kept from others: a header field, a form's field, a query's parameter, an option,
 * a variable, a cookie. The name is read as words (user_pass, X-Access-Key, accessToken, user[password]), so that
 * passenger, author, pinned and tokenizer are none. Authorization, Cookie and Proxy-Authorization are. */
bool secret_name(struct str name);

#endif
