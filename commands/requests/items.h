/*
 * HTTPie's request items, the words behind a URL:
 *
 *	Name:value     header           name==value    query parameter
 *	Name:          header removed   name=value     form field, or JSON string
 *	Name;          empty header     name:=json     JSON value
 *	name@file      file to upload   name=@file     field with the file's contents
 *	=@file         the file is the body          name:=@file    JSON from a file
 *
 * Behind the FILE of a form's part ;type=TYPE names its media type and ;filename=NAME what it is called there.
 *
 * The first separator decides, the longest at its place. Only bytes that were written can be one (net/marks.h): what a
 * variable holds, and what the shell saw behind a backslash, is part of the name or the value as it is. So name=$v is a
 * field for every v.
 *
 * A backslash that the shell leaves there, as quotes do, takes the meaning from : = @ and ; behind it, in names also
 * from another backslash: 'a\=b=c', 'bio=\@home'. Before anything else it is itself, and in JSON it is JSON's.
 */
#ifndef COMMANDS_REQUESTS_ITEMS_H
#define COMMANDS_REQUESTS_ITEMS_H

#include "net/error.h"
#include "net/marks.h"

enum item_kind {
	ITEM_HEADER,
	ITEM_HEADER_REMOVED,
	ITEM_HEADER_EMPTY,
	ITEM_QUERY,
	ITEM_FIELD,
	ITEM_FIELD_FILE,
	ITEM_JSON,
	ITEM_JSON_FILE,
	ITEM_UPLOAD,
	ITEM_BODY_FILE
};

struct item {
	enum item_kind kind;
	char *name, *value; /* owned; value of a ..._FILE and ITEM_UPLOAD: the path */
	char *type,
	    *filename; /* of ITEM_FIELD_FILE and ITEM_UPLOAD: what was said behind the path; owned, NULL = nothing */
};

/* marks: of the word and its end; NULL: all was written. ERROR_USAGE when the word is no item; the item is then
 * empty. */
int item_parse(struct item *item, struct str word, const uint8_t *marks, struct error *error);
void item_release(struct item *item);

#endif
