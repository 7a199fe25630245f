/* A stapled OCSP response, judged for the leaf and the issuer that the answers of the corpus are about. */
#include <stdlib.h>

#include "net/x509/ocsp.h"
#include "tests/support/make_cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct x509_cert *
make(const struct made *m)
{
	struct buf der = make_cert(m);
	struct x509_cert *c = x509_cert_new(buf_str(&der), NULL);

	buf_release(&der);
	return c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct x509_cert *leaf, *issuer;
	struct x509_policy policy = { .now = MAKE_NOW };
	struct ocsp_response *r = malloc(sizeof *r);
	char *text = NULL;

	if (leaf == NULL) {
		leaf = make(&(struct made){ .names = "DNS:www.example.com" });
		issuer = make(&(struct made){ .subject = "CN=CA", .key = 1, .ca = 1 });
	}
	if (r != NULL && ocsp_decode(str_from(data, size), r) && r->status == 0)
		free(ocsp_responder_text(r));
	free(r);
	ocsp_judge(str_from(data, size), leaf, issuer, &policy, NULL, &text);
	free(text);
	return 0;
}
