/* What there is to be offered behind Tab, kind by kind: each adds the words that begin with what is typed. */
#ifndef SHELL_COMPLETE_OFFERS_H
#define SHELL_COMPLETE_OFFERS_H

#include "shell/complete.h"

void offer(struct completions *c, struct str word);             /* once; only what is showable (str.h) */
void offer_taken(struct completions *c, char *word);            /* and frees it */
void offer_choices(struct completions *c, const char *choices); /* "on|off" */
void offer_files(struct completions *c, bool directories_only);
void offer_headers(struct shell *sh, struct completions *c, const char *end); /* end: what is written behind the name */
void offer_selectors(struct shell *sh, struct completions *c); /* by the classes, ids and elements of the page */
void offer_variables(struct shell *sh, struct completions *c);
void offer_commands(const struct shell *sh, struct completions *c);
void offer_settings(struct completions *c, const char *group);
void offer_setting_value(struct completions *c, const char *group, const char *name);
void offer_argument(struct shell *sh, struct completions *c, const struct arg *a); /* by its kind */

#endif
