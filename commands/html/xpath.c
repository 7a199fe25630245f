#include "commands/html/xpath.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/* libxml2 brings ICU and the C++ library along: loading them took half of every start. So it is loaded when the first
 * XPath is asked for, and stays. */
enum { NODE_WORK = 8, WATCH_NS = 20 * 1000 * 1000 };

#define XML_LIBRARY "libxml2.so.2"
#define XML_FUNCTIONS(F) \
	F(xmlStrndup) F(xmlNewDocNode) F(xmlNewProp) F(xmlNewDoc) F(xmlNewDocTextLen) F(xmlAddChild) \
	F(xmlXPathCastNodeToString) F(xmlXPathCastToString) F(xmlXPathNewContext) F(xmlXPathEval) \
	F(xmlXPathOrderDocElems) F(xmlXPathFreeObject) F(xmlXPathFreeContext) F(xmlFreeDoc)

#define MEMBER(name) __typeof__(name) *name;
static struct {
	XML_FUNCTIONS(MEMBER)
	xmlFreeFunc *free;
} xml;

static int
load_library(struct error *error)
{
#define FUNCTION(name) { #name, &xml.name },
	static const struct { const char *name; void *at; } wanted[] = { XML_FUNCTIONS(FUNCTION) { "xmlFree", &xml.free } };
	void *library, *found;

	if (xml.free != NULL)
		return 0;
	library = dlopen(XML_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return fail(error, ERROR_OTHER, 0, "XPath needs " XML_LIBRARY ", which cannot be loaded: %s", dlerror());
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		if ((found = dlsym(library, wanted[i].name)) == NULL)
			return fail(error, ERROR_OTHER, 0, XML_LIBRARY " has no %s", wanted[i].name);
		memcpy(wanted[i].at, &found, sizeof found);
	}
	return 0;
}

static xmlChar *
to_xml(struct str s)
{
	return xml.xmlStrndup((const xmlChar *)(s.n > 0 ? s.p : ""), (int)s.n);
}

static xmlNodePtr
element_of(xmlDocPtr doc, const struct page *p, uint32_t index)
{
	const struct page_node *n = &p->nodes[index];
	xmlChar *name = to_xml(n->name);
	xmlNodePtr node = xml.xmlNewDocNode(doc, NULL, name, NULL);

	(*xml.free)(name);
	for (uint32_t i = 0; i < n->n_attrs; i++) {
		xmlChar *attr = to_xml(p->attrs[n->first_attr + i].name), *value = to_xml(p->attrs[n->first_attr + i].value);

		xml.xmlNewProp(node, attr, value);
		(*xml.free)(attr);
		(*xml.free)(value);
	}
	return node;
}

/* The xmlDoc of the arrays; nodes[i] is node i, and _private of it is i + 1. */
static xmlDocPtr
build(const struct page *p, struct work *work, xmlNodePtr *nodes)
{
	xmlDocPtr doc = xml.xmlNewDoc((const xmlChar *)"1.0");

	for (uint32_t i = 0; i < p->n_nodes && work_spend(work, NODE_WORK * (1 + p->nodes[i].n_attrs)); i++) {
		const struct page_node *n = &p->nodes[i];
		xmlNodePtr parent = n->parent == PAGE_NONE ? (xmlNodePtr)doc : nodes[n->parent];

		if (n->kind == PAGE_ELEMENT)
			nodes[i] = element_of(doc, p, i);
		else if (n->kind == PAGE_TEXT && n->parent != PAGE_NONE)
			nodes[i] = xml.xmlNewDocTextLen(doc, (const xmlChar *)n->text.p, (int)n->text.n);
		else
			continue;
		nodes[i]->_private = (void *)(uintptr_t)(i + 1);
		nodes[i] = xml.xmlAddChild(parent, nodes[i]);      /* neighbouring texts are merged */
	}
	xml.xmlXPathOrderDocElems(doc);     /* else two siblings are compared by walking from one to the other */
	return doc;
}

/* ---- evaluation ---- */

/* libxml2 counts operations against opLimit and knows no other way to be stopped: while it evaluates, a thread asks. */
struct watch {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool over;
	struct work *work;
	xmlXPathContextPtr context;
};

static void *
watch(void *given)
{
	struct watch *w = given;
	struct timespec next;

	pthread_mutex_lock(&w->lock);
	clock_gettime(CLOCK_REALTIME, &next);
	while (!w->over) {
		if (!work_look(w->work))
			__atomic_store_n(&w->context->opLimit, 1, __ATOMIC_RELAXED);
		next.tv_nsec += WATCH_NS;
		next.tv_sec += next.tv_nsec / 1000000000;
		next.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&w->changed, &w->lock, &next);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static bool
watch_start(struct watch *w)
{
	sigset_t all, before;
	bool started;

	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&w->thread, NULL, watch, w) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

static void
watch_end(struct watch *w, bool started)
{
	pthread_mutex_lock(&w->lock);
	w->over = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
	if (started)
		pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
}

static xmlXPathObjectPtr
evaluate(const char *expression, xmlXPathContextPtr context, struct work *work)
{
	struct watch w = { .work = work, .context = context };
	xmlXPathObjectPtr result = NULL;
	bool started;

	if (work == NULL)
		return xml.xmlXPathEval((const xmlChar *)expression, context);
	if (!work_look(work))
		return NULL;
	started = watch_start(&w);
	if (started)
		result = xml.xmlXPathEval((const xmlChar *)expression, context);
	watch_end(&w, started);
	return result;
}

static void
ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

static int
take_items(xmlXPathObjectPtr result, struct work *work, struct xpath_item **items)
{
	int n = result->type == XPATH_NODESET ? (result->nodesetval != NULL ? result->nodesetval->nodeNr : 0) : 1;

	*items = mem_alloc((size_t)(n + 1) * sizeof(**items));
	for (int i = 0; i < n; i++) {
		xmlNodePtr node = result->type == XPATH_NODESET ? result->nodesetval->nodeTab[i] : NULL;
		xmlChar *text;

		(*items)[i].node = PAGE_NONE;
		if (node != NULL && node->type == XML_ELEMENT_NODE) {
			(*items)[i].node = (uint32_t)(uintptr_t)node->_private - 1;
			continue;
		}
		text = node != NULL ? xml.xmlXPathCastNodeToString(node) : xml.xmlXPathCastToString(result);
		(*items)[i].text = str_dup(str_of((const char *)text));
		work_spend(work, strlen((*items)[i].text));
		(*xml.free)(text);
	}
	return n;
}

/* -1, with why there is no result. */
static int
refuse(xmlXPathContextPtr context, struct str expression, const struct work *work, struct error *error)
{
	char shown[200];

	str_printable(expression, shown, sizeof(shown));
	if (work != NULL && work->ended != WORK_GOES_ON)
		return work_fail(work, error, "XPath \"%s\"", shown);
	if (context->lastError.code == XPATH_OP_LIMIT_EXCEEDED + XML_XPATH_EXPRESSION_OK - XPATH_EXPRESSION_OK)
		return fail(error, ERROR_LIMIT, 0, "XPath \"%s\" takes too much work: ended after %d steps", shown,
		    XPATH_MAX_OPERATIONS);
	return fail(error, ERROR_USAGE, 0, "XPath \"%s\" is not understood", shown);
}

int
xpath_select(const struct page *p, struct str expression, struct work *work, struct xpath_item **items,
    struct error *error)
{
	xmlXPathContextPtr context;
	xmlXPathObjectPtr result;
	xmlNodePtr *nodes;
	xmlDocPtr doc;
	char *text;
	int n;

	*items = NULL;
	if (load_library(error) != 0)
		return -1;
	nodes = mem_alloc((p->n_nodes + 1) * sizeof(*nodes));
	doc = build(p, work, nodes);
	context = xml.xmlXPathNewContext(doc);
	text = str_dup(expression);
	context->opLimit = XPATH_MAX_OPERATIONS;
	context->error = ignore_error;
	result = evaluate(text, context, work);
	n = result != NULL ? take_items(result, work, items) : refuse(context, expression, work, error);
	xml.xmlXPathFreeObject(result);
	xml.xmlXPathFreeContext(context);
	xml.xmlFreeDoc(doc);
	free(nodes);
	free(text);
	return n;
}
