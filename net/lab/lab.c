/* The lab: started and stopped, its listeners, its threads, which address leads to which room. */
#include "net/lab/lab.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/lab/serve.h"

enum { BACKLOG = 64, STACK_SIZE = 512 * 1024, RETRY_MS = 100 };

enum guest_state { GUEST_NONE, GUEST_HERE, GUEST_GONE /* its thread waits to be joined */ };

struct guest {
	struct lab *lab;
	enum guest_state state;
	pthread_t thread;
	int fd;
	size_t room;
};

struct listener {
	int fd;
	unsigned port;
	struct lab_counts counts;
};

struct lab {
	struct lab_papers papers;
	struct site site;
	int wake; /* eventfd: somebody left, or it is time to stop */
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	bool stopping;
	struct listener rooms[LAB_ROOMS_MAX];
	struct guest guests[LAB_MAX_CONNECTIONS];
};

/* ---- guests ---- */
static void
count(struct lab *lab, unsigned *counter)
{
	pthread_mutex_lock(&lab->lock);
	++*counter;
	pthread_mutex_unlock(&lab->lock);
}

static void
on_handshake(void *context)
{
	struct guest *g = context;

	count(g->lab, &g->lab->rooms[g->room].counts.handshakes);
}

static void
on_request(void *context)
{
	struct guest *g = context;

	count(g->lab, &g->lab->rooms[g->room].counts.requests);
}

static void
wake(struct lab *lab)
{
	uint64_t one = 1;

	while (write(lab->wake, &one, sizeof one) < 0 && errno == EINTR)
		;
}

static void *
guest_thread(void *argument)
{
	struct guest *g = argument;
	struct lab *lab = g->lab;
	struct serve_hooks hooks = { on_handshake, on_request, g };

	lab_serve(g->fd, g->room, &lab->papers, &lab->site, &hooks);
	pthread_mutex_lock(&lab->lock);
	close(g->fd); /* under the lock: lab_stop() may be about to shut it down */
	g->state = GUEST_GONE;
	lab->rooms[g->room].counts.open--;
	pthread_mutex_unlock(&lab->lock);
	wake(lab);
	return NULL;
}

/* Starts a thread whose stack is small. 0, or an error number. */
static int
start_thread(pthread_t *thread, void *(*run)(void *), void *argument)
{
	pthread_attr_t attributes;
	int result;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	result = pthread_create(thread, &attributes, run, argument);
	pthread_attr_destroy(&attributes);
	return result;
}

/* The lock is held. */
static struct guest *
free_place(struct lab *lab)
{
	for (size_t i = 0; i < LAB_MAX_CONNECTIONS; i++)
		if (lab->guests[i].state == GUEST_NONE)
			return &lab->guests[i];
	return NULL;
}

/* False when the system has no more descriptors for now. */
static bool
welcome(struct lab *lab, size_t room)
{
	int fd = accept4(lab->rooms[room].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), on = 1;
	struct guest *g;

	if (fd < 0)
		return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	pthread_mutex_lock(&lab->lock);
	g = lab->stopping ? NULL : free_place(lab);
	if (g != NULL) {
		g->lab = lab;
		g->fd = fd;
		g->room = room;
		lab->rooms[room].counts.connections++;
		if (start_thread(&g->thread, guest_thread, g) == 0) {
			g->state = GUEST_HERE;
			lab->rooms[room].counts.open++;
			fd = -1;
		}
	}
	pthread_mutex_unlock(&lab->lock);
	if (fd >= 0)
		close(fd);
	return true;
}

/* ---- the thread that accepts ---- */
/* Joins those who left; false when every place is taken. */
static bool
clear_places(struct lab *lab, bool *stopping)
{
	bool room = false;

	pthread_mutex_lock(&lab->lock);
	for (size_t i = 0; i < LAB_MAX_CONNECTIONS; i++) {
		struct guest *g = &lab->guests[i];

		if (g->state == GUEST_GONE) {
			pthread_join(g->thread, NULL); /* it has given up the lock for good */
			g->state = GUEST_NONE;
		}
		room = room || g->state == GUEST_NONE;
	}
	*stopping = lab->stopping;
	pthread_mutex_unlock(&lab->lock);
	return room;
}

static void
join_all(struct lab *lab)
{
	for (size_t i = 0; i < LAB_MAX_CONNECTIONS; i++) {
		struct guest *g = &lab->guests[i];
		bool there;

		pthread_mutex_lock(&lab->lock);
		there = g->state != GUEST_NONE;
		pthread_mutex_unlock(&lab->lock);
		if (there)
			pthread_join(g->thread, NULL);
		g->state = GUEST_NONE;
	}
}

static void *
accept_thread(void *argument)
{
	struct lab *lab = argument;
	struct pollfd fds[LAB_ROOMS_MAX + 1];
	uint64_t drop;
	bool stopping, tired = false;

	for (;;) {
		bool room = clear_places(lab, &stopping) && !tired;

		if (stopping)
			break;
		fds[0] = (struct pollfd){ .fd = lab->wake, .events = POLLIN };
		for (size_t i = 0; i < lab_room_count(); i++)
			fds[i + 1] = (struct pollfd){ .fd = lab->rooms[i].fd, .events = POLLIN };
		if (poll(fds, room ? lab_room_count() + 1 : 1, tired ? RETRY_MS : -1) < 0)
			continue;
		tired = false;
		if (fds[0].revents != 0 && read(lab->wake, &drop, sizeof drop) < 0)
			continue;
		for (size_t i = 0; room && i < lab_room_count(); i++)
			if (fds[i + 1].revents != 0 && !welcome(lab, i))
				tired = true;
	}
	join_all(lab);
	return NULL;
}

/* ---- start and stop ---- */
static int
listen_for(struct listener *l, const char *host, struct error *error)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof address;

	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0 || bind(l->fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(l->fd, BACKLOG) != 0 ||
	    getsockname(l->fd, (struct sockaddr *)&address, &n) != 0)
		return fail_errno(error, ERROR_NETWORK, "%s cannot listen on " LAB_ADDRESS, host);
	l->port = ntohs(address.sin_port);
	return 0;
}

/* Frees what lab_start() made, without the thread. */
static void
lab_free(struct lab *lab)
{
	for (size_t i = 0; i < lab_room_count(); i++)
		if (lab->rooms[i].fd >= 0)
			close(lab->rooms[i].fd);
	if (lab->wake >= 0)
		close(lab->wake);
	site_release(&lab->site);
	lab_papers_release(&lab->papers);
	pthread_mutex_destroy(&lab->lock);
	free(lab);
}

static int
lab_open(struct lab *lab, struct error *error)
{
	sigset_t all, before;
	int result;

	if (lab_papers_make(&lab->papers, error) != 0)
		return -1;
	lab->wake = eventfd(0, EFD_CLOEXEC);
	if (lab->wake < 0)
		return fail_errno(error, ERROR_OTHER, "the lab cannot start");
	for (size_t i = 0; i < lab_room_count(); i++)
		if (listen_for(&lab->rooms[i], lab_rules[i].shown.host, error) != 0)
			return -1;
	sigfillset(&all); /* signals are the shell's: a thread inherits the mask */
	pthread_sigmask(SIG_BLOCK, &all, &before);
	result = start_thread(&lab->thread, accept_thread, lab);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = result;
	return result == 0 ? 0 : fail_errno(error, ERROR_OTHER, "the lab's thread cannot start");
}

struct lab *
lab_start(struct error *error)
{
	struct lab *lab = mem_alloc(sizeof *lab);

	lab->wake = -1;
	for (size_t i = 0; i < lab_room_count(); i++)
		lab->rooms[i].fd = -1;
	pthread_mutex_init(&lab->lock, NULL);
	site_init(&lab->site, &lab->papers);
	if (lab_open(lab, error) == 0)
		return lab;
	lab_free(lab);
	return NULL;
}

void
lab_stop(struct lab *lab)
{
	if (lab == NULL)
		return;
	pthread_mutex_lock(&lab->lock);
	lab->stopping = true;
	for (size_t i = 0; i < LAB_MAX_CONNECTIONS; i++)
		if (lab->guests[i].state == GUEST_HERE)
			shutdown(lab->guests[i].fd, SHUT_RDWR);
	pthread_mutex_unlock(&lab->lock);
	wake(lab);
	pthread_join(lab->thread, NULL);
	lab_free(lab);
}

/* ---- what others want to know ---- */
static size_t
place_of(const struct lab_room *room)
{
	size_t i = 0;

	while (i < lab_room_count() && &lab_rules[i].shown != room)
		i++;
	return i;
}

unsigned
lab_port(const struct lab *lab, const char *host)
{
	size_t i = place_of(lab_room_find(host));

	return i < lab_room_count() ? lab->rooms[i].port : 0;
}

struct str
lab_ca_pem(const struct lab *lab)
{
	return buf_str(&lab->papers.ca_pem);
}

struct str
lab_ca_der(const struct lab *lab)
{
	return buf_str(&lab->papers.ca);
}

struct lab_counts
lab_room_counts(struct lab *lab, const struct lab_room *room)
{
	size_t i = place_of(room);
	struct lab_counts counts = { 0 };

	if (i >= lab_room_count())
		return counts;
	pthread_mutex_lock(&lab->lock);
	counts = lab->rooms[i].counts;
	pthread_mutex_unlock(&lab->lock);
	return counts;
}
