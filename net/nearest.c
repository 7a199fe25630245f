/* The name that a mistyped word was meant to be. */
#include "net/nearest.h"

enum { NEAR_ENOUGH = 2 };

void
nearest_see(struct nearest *n, const char *name)
{
	size_t far = str_distance(n->word, str_of(name));

	if ((far > NEAR_ENOUGH && far > n->word.n / 3) || 2 * far > n->word.n ||
	    (n->name != NULL && far >= n->distance))
		return;
	n->name = name;
	n->distance = far;
}
