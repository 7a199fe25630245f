/* Requests from the words of a command (request.c); sent by session_exchange(). */
#ifndef COMMANDS_REQUESTS_REQUEST_H
#define COMMANDS_REQUESTS_REQUEST_H

#include "commands/requests/items.h"
#include "commands/session/exchange.h"

struct call;

/* The URL a person typed, against the base; ERROR_USAGE. */
int request_url(struct call *call, const char *text, struct url *url);
/* The request for it failed: a single word that is no host's name may have been meant as a path. */
void request_hint_base(const struct call *call, const char *text);
/* Fills r (any state before is not looked at; release it also on failure) from call->args[1..] and the body given. */
int request_from_call(struct call *call, const char *method, const char *url, struct request *r);

/* The items call->args[1..], *n of them, to be released also on failure. */
int request_items(struct call *call, struct item *items, size_t *n);
int request_fail_json(const struct item *item, struct error *error); /* its value is not JSON */

/* ---- check.c ---- */
/* What is wrong with the call's words (command.h); method: NULL when it is not known. With call->checking the URL
 * becomes the base. */
int request_check(struct call *call, const char *method);

#endif
