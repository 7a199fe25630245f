/* Selectors by their definition, with no thought of time: the answer that the fast way must give. */
#ifndef TESTS_FUZZ_HTML_SLOW_SELECTOR_H
#define TESTS_FUZZ_HTML_SLOW_SELECTOR_H

#include "commands/html/selector.h"

struct slow {
	const struct page *p;
	uint32_t scope;
	uint64_t left; /* steps; 0: given up, the answer means nothing */
};

bool slow_matches(struct slow *q, const struct selector *s, uint32_t node);

#endif
