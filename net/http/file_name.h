/*
 * The name of the file that an answer is saved into, when nobody gave one. A server chooses it, so it is made harmless
 * here, and nowhere else.
 *
 * It comes from Content-Disposition (filename*, else filename: RFC 6266, RFC 8187), else from the last segment of the
 * URL's path, percent-decoded, else it is "index.html". What becomes of it, in this order:
 *
 *	behind the last / or \        ../../x, C:\x, ..%2Fx: never another folder
 *	left out                      what is not showable (str.h: control characters, bidi controls, no UTF-8)
 *	:  becomes _                  a drive, a stream of NTFS, a host for scp
 *	. - ~ and space in front off  hidden files, options, home directories; "..", too
 *	. and space at the end off    Windows drops them: "x.exe."
 *	FILE_NAME_MAX bytes           cut between characters, a short extension stays
 *	CON, nul.txt, COM1 ...        get a _ in front: devices in a folder of Windows
 *
 * Whether a file may be replaced is for the caller: none of the commands does without --force.
 */
#ifndef NET_HTTP_FILE_NAME_H
#define NET_HTTP_FILE_NAME_H

#include "net/str.h"

enum { FILE_NAME_MAX = 200 };

/* content_disposition: the header's value or NULL; path: of the URL, as it is there. Never NULL; caller frees. */
char *file_name_of_answer(const char *content_disposition, struct str path);

#endif
