/* `openssl s_server` on loopback for a test, with certificates made on the spot. */
#ifndef TESTS_SUPPORT_OPENSSL_SERVER_H
#define TESTS_SUPPORT_OPENSSL_SERVER_H

#include <sys/types.h>

struct openssl_server {
	pid_t pid;
	int port;
	int input, output; /* its standard input and output */
};

/* Makes a folder with rsa.crt, rsa.key, ec.crt, ec.key (names for localhost). Returns its path, NULL when the openssl
 * command is not there. openssl_certificates_remove() deletes it. */
const char *openssl_certificates(void);
void openssl_certificates_remove(void);
/* kind: "rsa" or "ec"; options: NULL-terminated. Waits until it listens; -1 when it does not. */
int openssl_server_start(struct openssl_server *s, const char *kind, const char *const *options);
void openssl_server_stop(struct openssl_server *s);
/* A connected socket with TCP_NODELAY. */
int openssl_server_connect(const struct openssl_server *s);

#endif
