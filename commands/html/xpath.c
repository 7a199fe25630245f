#include "commands/html/xpath.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xpath.h>

/* libxml2 brings ICU and the C++ library along: loading them took half of every start. So it is loaded when the first
 * XPath is asked for, and stays. */
#define XML_LIBRARY "libxml2.so.2"
#define XML_FUNCTIONS(F) \
	F(xmlMemSetup) F(xmlStrndup) F(xmlNewDocNode) F(xmlNewProp) F(xmlNewDoc) F(xmlNewDocTextLen) F(xmlAddChild) \
	F(xmlXPathCastNodeToString) F(xmlXPathCastToString) F(xmlXPathNewContext) F(xmlXPathEval) \
	F(xmlXPathFreeObject) F(xmlXPathFreeContext) F(xmlFreeDoc)

#define MEMBER(name) __typeof__(name) *name;
static struct {
	XML_FUNCTIONS(MEMBER)
	xmlFreeFunc *free;
} xml;
static xmlXPathContextPtr evaluated;      /* while an expression is */

/* ---- memory ---- */

/* libxml2 does not survive a NULL in every place. It gets its memory, and the evaluation ends when that comes from the
 * reserve. */
static void *
resize(void *p, size_t n)
{
	void *moved = mem_resize(p, n);

	if (mem_low() && evaluated != NULL)
		evaluated->opCount = evaluated->opLimit;
	return moved;
}

static void *
allocate(size_t n)
{
	return resize(NULL, n);
}

static char *
duplicate(const char *text)
{
	return str_dup(str_of(text));
}

/* ---- the library ---- */

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
	xml.xmlMemSetup(free, allocate, resize, duplicate);
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
build(const struct page *p, xmlNodePtr *nodes)
{
	xmlDocPtr doc = xml.xmlNewDoc((const xmlChar *)"1.0");

	for (uint32_t i = 0; i < p->n_nodes && !mem_low(); i++) {
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
	return doc;
}

static void
ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

/* The number of items; without memory for all of them some are left out (mem_missed()). */
static int
take_items(xmlXPathObjectPtr result, struct xpath_item **items)
{
	int n = result->type == XPATH_NODESET ? (result->nodesetval != NULL ? result->nodesetval->nodeNr : 0) : 1;

	*items = mem_try((size_t)(n + 1) * sizeof(**items));
	if (*items == NULL)
		return 0;
	for (int i = 0; i < n; i++) {
		xmlNodePtr node = result->type == XPATH_NODESET ? result->nodesetval->nodeTab[i] : NULL;
		xmlChar *text;

		(*items)[i].node = PAGE_NONE;
		if (node != NULL && node->type == XML_ELEMENT_NODE) {
			(*items)[i].node = (uint32_t)(uintptr_t)node->_private - 1;
			continue;
		}
		text = node != NULL ? xml.xmlXPathCastNodeToString(node) : xml.xmlXPathCastToString(result);
		(*items)[i].text = str_try_dup(str_of((const char *)text));
		(*xml.free)(text);
	}
	return n;
}

int
xpath_select(const struct page *p, struct str expression, struct xpath_item **items, struct error *error)
{
	xmlXPathContextPtr context;
	xmlXPathObjectPtr result;
	xmlNodePtr *nodes;
	xmlDocPtr doc;
	char *text, shown[200];
	int n;

	*items = NULL;
	str_printable(expression, shown, sizeof(shown));
	if (load_library(error) != 0)
		return -1;
	nodes = mem_try((p->n_nodes + 1) * sizeof(*nodes));
	if (nodes == NULL)
		return mem_fail(error, "evaluating XPath \"%s\"", shown);
	doc = build(p, nodes);
	context = xml.xmlXPathNewContext(doc);
	text = str_dup(expression);
	context->opLimit = XPATH_MAX_OPERATIONS;
	context->error = ignore_error;
	evaluated = context;
	result = xml.xmlXPathEval((const xmlChar *)text, context);
	evaluated = NULL;
	if (result != NULL && !mem_low())
		n = take_items(result, items);
	else if (mem_low())
		n = mem_fail(error, "evaluating XPath \"%s\"", shown);
	else if (context->lastError.code == XPATH_OP_LIMIT_EXCEEDED)
		n = fail(error, ERROR_LIMIT, 0, "XPath \"%s\" takes too much work", shown);
	else
		n = fail(error, ERROR_USAGE, 0, "XPath \"%s\" is not understood", shown);
	xml.xmlXPathFreeObject(result);
	xml.xmlXPathFreeContext(context);
	xml.xmlFreeDoc(doc);
	free(nodes);
	free(text);
	return n;
}
