/* Seeds of a fuzz target, written by the unit test that builds them. */
#ifndef TESTS_SUPPORT_CORPUS_H
#define TESTS_SUPPORT_CORPUS_H

#include "net/buf.h"

/* FOLDER/NAME-00, -01, ...: n files, each as build() puts it into the (uninitialised) buffer. An exit status. */
int corpus_write(const char *folder, const char *name, size_t n, void (*build)(struct buf *out, size_t i));

#endif
