/* libtidy's memory, messages and options in a box. */
#include "commands/html/tidydoc.h"

#include <stdlib.h>

static void *
or_end(void *p)
{
	if (p == NULL)
		box_out_of_memory();
	return p;
}

static void *TIDY_CALL
take(TidyAllocator *a, size_t n)
{
	(void)a;
	return or_end(malloc(n > 0 ? n : 1));
}

static void *TIDY_CALL
resize(TidyAllocator *a, void *p, size_t n)
{
	(void)a;
	return or_end(realloc(p, n > 0 ? n : 1));
}

static void TIDY_CALL
give_back(TidyAllocator *a, void *p)
{
	(void)a;
	free(p);
}

static void TIDY_CALL
panic(TidyAllocator *a, ctmbstr message)
{
	(void)a;
	(void)message;
	box_out_of_memory();
}

/* Building a message for standard error takes a write() for each byte. */
static Bool TIDY_CALL
no_message(TidyMessage message)
{
	(void)message;
	return no;
}

static const TidyAllocatorVtbl functions = { take, resize, give_back, panic };
static TidyAllocator allocator = { &functions };

void
tidydoc_buffer(TidyBuffer *buffer)
{
	tidyBufInitWithAllocator(buffer, &allocator);
}

TidyDoc
tidydoc_open(const struct tidydoc_option *options, size_t n)
{
	TidyDoc doc = tidyCreateWithAllocator(&allocator);

	for (size_t i = 0; i < n; i++)
		tidyOptParseValue(doc, options[i].name, options[i].value);
	tidySetMessageCallback(doc, no_message);
	return doc;
}

void
tidydoc_parse(TidyDoc doc, struct str text)
{
	TidyBuffer in;

	tidydoc_buffer(&in);
	tidyBufAttach(&in, (byte *)(uintptr_t)text.p, (uint)text.n);
	tidyParseBuffer(doc, &in);
	tidyBufDetach(&in);
}

/* An honest page takes some 9 bytes of memory and 90 ns of CPU time a byte, and what is made of it is hardly longer. */
void
tidydoc_limits(struct box *box, size_t n)
{
	box->memory = (64 << 20) + 24 * n;
	box->seconds = 2 + (unsigned)(n >> 20);
	box->output = (8 << 20) + 8 * n;
}
