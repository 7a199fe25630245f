/* The same bytes in one piece and in pieces of the size in the first byte: data, end and verdict must agree. */
#include <stdlib.h>
#include <string.h>

#include "net/http/chunked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	struct buf data;
	struct http_headers trailers;
	int result;
	bool done;
	size_t used;
};

static void
decode(struct outcome *o, struct str in, size_t piece)
{
	struct chunked c;
	struct str data;

	*o = (struct outcome){ 0 };
	buf_init(&o->data, 0);
	chunked_init(&c, &o->trailers);
	while (o->result == 0 && o->used < in.n && c.state != CHUNKED_DONE) {
		struct str view = str_slice(in, o->used, o->used + piece), left = view;

		while ((o->result = chunked_next(&c, &left, &data, NULL)) > 0)
			buf_add_str(&o->data, data);
		o->used += view.n - left.n;
	}
	o->done = c.state == CHUNKED_DONE;
	if (!o->done && o->result == 0 && chunked_truncated(&c, NULL) != -1)
		abort();
	chunked_release(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole, pieces;
	struct str in;

	if (size < 1)
		return 0;
	in = str_from(data + 1, size - 1);
	decode(&whole, in, in.n);
	decode(&pieces, in, data[0] > 0 ? data[0] : 1);
	if (whole.result != pieces.result || whole.done != pieces.done ||
	    !str_eq(buf_str(&whole.data), buf_str(&pieces.data)))
		abort();
	if (whole.done && (whole.used != pieces.used || whole.trailers.n != pieces.trailers.n))
		abort();
	buf_release(&whole.data);
	buf_release(&pieces.data);
	http_headers_release(&whole.trailers);
	http_headers_release(&pieces.trailers);
	return 0;
}
