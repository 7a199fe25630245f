/*
 * Two shells on one session: each puts the difference between what it saved last and what it has now into what stands
 * on disk, so that nobody undoes what the other one did.
 */
#ifndef COMMANDS_SESSION_MERGE_H
#define COMMANDS_SESSION_MERGE_H

#include "net/buf.h"

/* What a line is about; of two lines about the same the newer one holds. Appends it; nothing: the line is only
 * itself. */
typedef void merge_subject(struct str line, struct buf *out);
merge_subject merge_setting_subject; /* of session.hsh: "set follow", "header set X", "open" */
merge_subject merge_cookie_subject;  /* of cookies.txt: domain, path and name */

/* out: the lines of disk without those of saved that are not in ours any more and without those about the same as new
 * ones of ours; then these. Comments stay. -1: out is not whole, it is full or memory is out. */
int merge_lines(struct str disk, struct str saved, struct str ours, merge_subject *subject, struct buf *out);

#endif
