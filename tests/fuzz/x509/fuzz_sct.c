/* A SignedCertificateTimestampList, decoded and printed. */
#include <stdlib.h>

#include "net/x509/sct.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sct scts[SCT_MAX];
	int n = sct_decode_list(str_from(data, size), scts);

	for (int i = 0; i < n; i++)
		free(sct_text(&scts[i]));
	return 0;
}
