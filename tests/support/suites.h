/* Data of public suites: a folder that may be missing. */
#ifndef TESTS_SUPPORT_SUITES_H
#define TESTS_SUPPORT_SUITES_H

#include "net/buf.h"

/* Runs tests/support/SCRIPT (Python) with the suite's FILE and appends what it prints, at most 64 MiB. 0, or -1 when
 * the file is not there (says so) or the script fails. The folder: $HTTPSH_SUITES, or ../shared/suites beside the
 * sources. */
int suite_read(const char *script, const char *file, struct buf *out);

#endif
