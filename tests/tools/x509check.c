/* x509check: --ca-file F --chain F [--host H] --time T [--shell]; 0 accepts, 1 refuses with reasons on stderr. The
 * policy is the strict one, or with --shell the one that the shell has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/x509/x509.h"

static char *
read_all(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct buf text;
	uint8_t *room;

	buf_init(&text, 64 << 20);
	if (f == NULL) {
		perror(path);
		exit(2);
	}
	do {
		room = buf_room(&text, 65536);
		*n = room != NULL ? fread(room, 1, 65536, f) : 0;
		buf_added(&text, *n);
	} while (*n > 0);
	fclose(f);
	*n = text.len;
	return buf_take(&text);
}

static int
judge(struct x509_cert **chain, int n, const struct x509_policy *policy)
{
	struct x509_verdict verdict;
	struct error error = { 0 };
	int status = x509_judge(chain, (size_t)n, policy, &verdict, &error);

	for (size_t i = 0; i < verdict.n_reasons; i++)
		fprintf(stderr, "%d %s: %s\n", verdict.reasons[i].index, x509_fault_name(verdict.reasons[i].fault),
		    verdict.reasons[i].text);
	x509_verdict_release(&verdict);
	return status == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	const char *ca = NULL, *chain_path = NULL;
	struct x509_policy policy = { .now = (int64_t)time(NULL), .strict = true };
	struct x509_store *store = x509_store_new();
	struct x509_cert **chain = NULL;
	struct error error = { 0 };
	char *text;
	size_t size;
	int n, status = 1;

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;

		i += strcmp(word, "--shell") != 0;
		if (strcmp(word, "--shell") == 0)
			policy.strict = false;
		else if (strcmp(word, "--ca-file") == 0)
			ca = value;
		else if (strcmp(word, "--chain") == 0)
			chain_path = value;
		else if (strcmp(word, "--host") == 0)
			policy.host = value;
		else if (strcmp(word, "--time") == 0 && value != NULL)
			policy.now = strtoll(value, NULL, 10);
	}
	if (ca == NULL || chain_path == NULL) {
		fputs("usage: x509check --ca-file ROOTS --chain CHAIN [--host HOST] [--time UNIX] [--shell]\n", stderr);
		return 2;
	}
	text = read_all(ca, &size);
	if (x509_store_add_pem(store, str_from(text, size), &error) < 0)
		fprintf(stderr, "-1 %s: %s\n", ca, error.text);
	free(text);
	policy.anchors = store;
	text = read_all(chain_path, &size);
	n = x509_read_pem(str_from(text, size), &chain, &error);
	free(text);
	if (n < 0)
		fprintf(stderr, "-1 malformed: %s\n", error.text);
	else
		status = judge(chain, n, &policy);
	for (int i = 0; i < n; i++)
		x509_cert_free(chain[i]);
	free(chain);
	x509_store_free(store);
	return status;
}
