/* Starts `openssl s_server` on loopback, and ends it. */
#include "tests/support/openssl_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_OPTIONS = 32 };

static char folder[64];

static int
run(const char *command)
{
	char line[1024];

	snprintf(line, sizeof line, "cd %s && %s >/dev/null 2>&1", folder, command);
	return system(line);
}

const char *
openssl_certificates(void)
{
	snprintf(folder, sizeof folder, "/tmp/httpsh-test-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return NULL;
	if (run("openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.crt -days 9 -subj /CN=localhost "
		"-addext subjectAltName=DNS:localhost") != 0 ||
	    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key "
		"-out ec.crt -days 9 -subj /CN=localhost -addext subjectAltName=DNS:localhost") != 0) {
		openssl_certificates_remove();
		return NULL;
	}
	return folder;
}

void
openssl_certificates_remove(void)
{
	char line[128];

	snprintf(line, sizeof line, "rm -rf %s", folder);
	if (system(line) != 0)
		perror(line);
}

static void
become_server(const char *kind, const char *const *options, int input, int output)
{
	char cert[128], key[128];
	const char *argv[MAX_OPTIONS + 16] = { "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", cert, "-key",
		key };
	size_t n = 8;

	snprintf(cert, sizeof cert, "%s/%s.crt", folder, kind);
	snprintf(key, sizeof key, "%s/%s.key", folder, kind);
	while (*options != NULL && n < MAX_OPTIONS + 15)
		argv[n++] = *options++;
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execvp("openssl", (char *const *)(void *)argv);
	_exit(127);
}

/* "ACCEPT 127.0.0.1:PORT" on its own line */
static int
read_port(int fd)
{
	char line[256];
	size_t n = 0;

	while (n < sizeof line - 1 && read(fd, line + n, 1) == 1) {
		line[n + 1] = '\0';
		if (line[n] != '\n') {
			n++;
			continue;
		}
		if (strncmp(line, "ACCEPT ", 7) == 0 && strrchr(line, ':') != NULL)
			return (int)strtol(strrchr(line, ':') + 1, NULL, 10);
		n = 0;
	}
	return -1;
}

int
openssl_server_start(struct openssl_server *s, const char *kind, const char *const *options)
{
	int in[2], out[2];

	if (pipe(in) != 0 || pipe(out) != 0)
		return -1;
	s->pid = fork();
	if (s->pid == 0) {
		close(in[1]);
		close(out[0]);
		become_server(kind, options, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	s->input = in[1];
	s->output = out[0];
	s->port = read_port(s->output);
	if (s->port > 0)
		return 0;
	openssl_server_stop(s);
	return -1;
}

void
openssl_server_stop(struct openssl_server *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->input);
	close(s->output);
}

int
openssl_server_connect(const struct openssl_server *s)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short)s->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		close(fd);
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}
