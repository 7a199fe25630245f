/*
 * The site's sessions: a small table; nothing is kept after lab_stop().
 */
#include <string.h>

#include "net/lab/site.h"

void
site_init(struct site *s, struct lab_papers *papers)
{
	memset(s, 0, sizeof *s);
	s->papers = papers;
	pthread_mutex_init(&s->lock, NULL);
}

void
site_release(struct site *s)
{
	pthread_mutex_destroy(&s->lock);
	mem_wipe(s, sizeof *s);
}

/* The lock is held. */
static struct site_session *
find(struct site *s, struct str id)
{
	if (id.n != LAB_TOKEN_SIZE - 1)
		return NULL;
	for (size_t i = 0; i < LAB_MAX_SESSIONS; i++)
		if (str_is(id, s->sessions[i].id))
			return &s->sessions[i];
	return NULL;
}

/* The lock is held. A free one was never used. */
static struct site_session *
oldest(struct site *s)
{
	struct site_session *place = &s->sessions[0];

	for (size_t i = 1; i < LAB_MAX_SESSIONS; i++)
		if (s->sessions[i].used < place->used)
			place = &s->sessions[i];
	return place;
}

bool
site_session_find(struct site *s, struct str id, struct site_session *out)
{
	struct site_session *found;

	pthread_mutex_lock(&s->lock);
	found = find(s, id);
	if (found != NULL) {
		found->used = ++s->clock;
		*out = *found;
	}
	pthread_mutex_unlock(&s->lock);
	return found != NULL;
}

void
site_session_replace(struct site *s, struct str id, bool logged_in, struct site_session *out)
{
	struct site_session *place, fresh = { .logged_in = logged_in };

	lab_token(s->papers, fresh.id);
	lab_token(s->papers, fresh.csrf);
	pthread_mutex_lock(&s->lock);
	place = find(s, id);
	if (place == NULL)
		place = oldest(s);
	fresh.used = ++s->clock;
	*place = *out = fresh;
	pthread_mutex_unlock(&s->lock);
}

void
site_session_forget(struct site *s, struct str id)
{
	struct site_session *found;

	pthread_mutex_lock(&s->lock);
	found = find(s, id);
	if (found != NULL)
		memset(found, 0, sizeof *found);
	pthread_mutex_unlock(&s->lock);
}
