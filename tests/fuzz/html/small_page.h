/* A page with something of everything, for targets that fuzz the question rather than the page. */
#ifndef TESTS_FUZZ_HTML_SMALL_PAGE_H
#define TESTS_FUZZ_HTML_SMALL_PAGE_H

#include <stdlib.h>

#include "commands/html/page.h"

static inline const struct page *
small_page(void)
{
	static const char text[] =
	    "<!doctype html><html lang=en><head><title>One</title><base href=/b/></head><body class='a b'><h1 "
	    "id=top>Head</h1>"
	    "<div class=a><p class='b c' lang=de-CH>Text <a href=x rel='next nofollow'>link</a> "
	    "<em>more</em></p><p>Two</p><br></div>"
	    "<table id=t><tr><th>A<th>B<tr><td class=price>1<td>2<tr><td "
	    "colspan=2>3</table><ul><li>i<li>ii<ul><li>iii</ul></ul>"
	    "<form action=/f><input name=q value=v required><input type=checkbox checked disabled><select><option "
	    "selected>o</select>"
	    "<textarea placeholder=p>t</textarea><button>b</button></form><!-- comment --><svg viewBox='0 0 1 "
	    "1'><g/></svg>"
	    "<x-y data-z='&quot;q&quot;'>custom</x-y><p></p></body></html>";
	static struct page *page;

	if (page == NULL)
		page = page_new(STR(text), "text/html; charset=utf-8", NULL, NULL);
	if (page == NULL)
		abort();
	return page;
}

#endif
