/* A PEM file: read as certificates and as trust anchors; both agree on how many there are when both read it. */
#include <stdlib.h>

#include "net/x509/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from(data, size);
	struct x509_store *store = x509_store_new();
	struct x509_cert **certs = NULL;
	struct error error = { .kind = ERROR_NONE };
	int n = x509_read_pem(text, &certs, &error), anchors;

	if (n < 0 && error.text[0] == '\0')
		abort();
	for (int i = 0; i < n; i++)
		x509_cert_free(certs[i]);
	if (n >= 0)
		free(certs);
	anchors = x509_store_add_pem(store, text, NULL);
	if (anchors > 0 && x509_store_count(store) != (size_t)anchors)
		abort();
	x509_store_free(store);
	return 0;
}
