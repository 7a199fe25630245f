/* A whole exchange: the first byte chooses method, options and piece size, the rest is what the server sends. */
#include <stdlib.h>
#include <string.h>

#include "net/http/http.h"
#include "tests/support/script_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t body;
	unsigned heads;
};

static int
see_head(void *context, const struct http_response *r, struct error *error)
{
	struct seen *seen = context;

	(void)error;
	if (r->status < 100 || r->status > 999 || r->reason == NULL || r->raw_head == NULL)
		abort();
	seen->heads++;
	return 0;
}

static int
see_body(void *context, const uint8_t *p, size_t n, struct error *error)
{
	struct seen *seen = context;

	(void)p;
	(void)error;
	seen->body += n;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "CONNECT" };
	static const size_t pieces[] = { 0, 1, 7, 1000 };
	struct seen seen = { 0 };
	struct http_sink sink = { see_head, see_body, &seen };
	struct http_request request = { .body = { .bytes = STR("a=1"), .fd = -1 } };
	struct http_options options = { .max_body = 1 << 20 };
	struct http_response response = { 0 };
	struct script_stream stream;
	struct error error = { 0 };
	bool unsent;
	uint8_t choice;
	int result;

	if (size < 1)
		return 0;
	choice = data[0];
	request.method = str_dup(str_of(methods[choice & 3]));
	request.target = str_dup(STR("/"));
	request.has_body = (choice & 3) == 2;
	options.decode = (choice & 16) == 0;
	options.http09 = (choice & 32) != 0;
	options.raw = (choice & 64) != 0;
	script_stream_init(&stream, str_from(data + 1, size - 1), pieces[choice >> 2 & 3]);
	result = http_exchange(&stream.stream, &request, &options, &sink, &response, &unsent, &error);

	/* what must hold whatever comes */
	if (result == 0 ? !response.complete || seen.heads != 1 :
			  response.complete || response.keep || error.text[0] == '\0')
		abort();
	if (response.body_bytes < seen.body || seen.body > options.max_body || stream.at > stream.input.n)
		abort();
	for (const char *p = error.text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			abort();
	http_response_release(&response);
	http_request_release(&request);
	script_stream_release(&stream);
	return 0;
}
