/* The lab started for a test, and other people's programs as its clients. */
#ifndef TESTS_UNIT_LAB_LAB_CLIENT_H
#define TESTS_UNIT_LAB_LAB_CLIENT_H

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/lab/lab.h"
#include "net/str.h"

#include "tests/support/unit.h"

enum { OUTPUT_MAX = 1 << 18, RAW_TIMEOUT_S = 20 };

static struct lab *lab;
static char folder[] = "/tmp/httpsh-lab-XXXXXX";
static char output[OUTPUT_MAX]; /* of the last command */

static inline char *
in_folder(const char *name)
{
	return str_printf("%s/%s", folder, name);
}

/* The lab, and in a new folder its CA and a file of curl's options. */
static inline int
lab_set_up(void **state)
{
	struct error error;
	char *path;
	FILE *f;

	(void)state;
	lab = lab_start(&error);
	if (lab == NULL || mkdtemp(folder) == NULL)
		return -1;
	path = in_folder("ca.pem");
	f = fopen(path, "w");
	fwrite(lab_ca_pem(lab).p, 1, lab_ca_pem(lab).n, f);
	fclose(f);
	free(path);
	path = in_folder("curlrc");
	f = fopen(path, "w");
	fprintf(f, "silent\nshow-error\nmax-time = 20\ncacert = \"%s/ca.pem\"\n", folder);
	for (size_t i = 0; i < lab_room_count(); i++)
		fprintf(f, "connect-to = \"%s:443:" LAB_ADDRESS ":%u\"\n", lab_room_at(i)->host,
		    lab_port(lab, lab_room_at(i)->host));
	fclose(f);
	free(path);
	return 0;
}

static inline int
lab_tear_down(void **state)
{
	char *command = str_printf("rm -rf %s", folder);
	int result = system(command);

	(void)state;
	free(command);
	lab_stop(lab);
	return result;
}

/* Runs a command in the folder; its exit status, its output (both kinds) in `output`. */
static inline int
run(const char *command)
{
	char *line = str_printf("cd %s && { %s ; } 2>&1", folder, command);
	FILE *p = popen(line, "r");
	size_t n;
	int status;

	free(line);
	assert_non_null(p);
	n = fread(output, 1, sizeof output - 1, p);
	output[n] = '\0';
	status = pclose(p);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int
curl(const char *arguments)
{
	char *command = str_printf("curl -q -K curlrc %s", arguments);
	int status = run(command);

	free(command);
	return status;
}

static inline bool
output_has(const char *text)
{
	return strstr(output, text) != NULL;
}

static inline void
expect_output(const char *text)
{
	if (!output_has(text))
		fail_msg("no \"%s\" in:\n%s", text, output);
}

/* A socket to a room, with a limit on waiting. */
static inline int
raw_connect(const char *host)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)lab_port(lab, host)),
	};
	struct timeval limit = { .tv_sec = RAW_TIMEOUT_S };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

/* Everything until the end of the connection, into `output`; -1 when it did not end in time. */
static inline ssize_t
raw_read_all(int fd)
{
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n < sizeof output - 1) {
		got = recv(fd, output + n, sizeof output - 1 - n, 0);
		if (got > 0)
			n += (size_t)got;
	}
	output[n] = '\0';
	return got == 0 ? (ssize_t)n : -1;
}

static inline size_t
entries_of(const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

#endif
