/* In the box: a page to libxml2's document, and what an expression finds in it. */
#include "commands/html/xpath_box.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "commands/html/box.h"
#include "commands/html/xpath.h"

/* libxml2 brings ICU and the C++ library along: loading them took half of every start. So the helper loads it, for the
 * first XPath. */
#define XML_LIBRARY "libxml2.so.2"
#define XML_FUNCTIONS(F) \
	F(xmlStrndup) \
	F(xmlNewDocNode) \
	F(xmlNewProp) \
	F(xmlNewDoc) \
	F(xmlNewDocTextLen) \
	F(xmlAddChild) \
	F(xmlXPathCastNodeToString) \
	F(xmlXPathCastToString) F(xmlXPathNewContext) F(xmlXPathEval) F(xmlXPathOrderDocElems) F(xmlInitParser)

#define MEMBER(name) __typeof__(name) *name;
static struct {
	XML_FUNCTIONS(MEMBER)
	xmlFreeFunc *free;
} xml;

bool
xpath_box_prepare(void)
{
#define FUNCTION(name) { #name, &xml.name },
	static const struct {
		const char *name;
		void *at;
	} wanted[] = { XML_FUNCTIONS(FUNCTION){ "xmlFree", &xml.free } };
	void *library, *found;

	if (xml.free != NULL)
		return true;
	library = dlopen(XML_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		if (library == NULL || (found = dlsym(library, wanted[i].name)) == NULL)
			return false;
		memcpy(wanted[i].at, &found, sizeof found);
	}
	xml.xmlInitParser();
	return true;
}

static void *
or_end(void *p)
{
	if (p == NULL)
		box_out_of_memory();
	return p;
}

/* ---- the page: written by the shell itself ---- */

static uint32_t
get_number(struct str *in)
{
	uint32_t n;

	memcpy(&n, in->p, sizeof n);
	*in = str_slice(*in, sizeof n, in->n);
	return n;
}

static xmlChar *
get_text(struct str *in)
{
	uint32_t n = get_number(in);
	xmlChar *text = or_end(xml.xmlStrndup((const xmlChar *)in->p, (int)n));

	*in = str_slice(*in, n, in->n);
	return text;
}

static xmlNodePtr
get_node(xmlDocPtr doc, char kind, struct str *in)
{
	xmlChar *name = get_text(in), *value;
	xmlNodePtr node = or_end(kind == PAGE_ELEMENT ? xml.xmlNewDocNode(doc, NULL, name, NULL) :
							xml.xmlNewDocTextLen(doc, name, (int)strlen((char *)name)));

	(*xml.free)(name);
	for (uint32_t n = get_number(in); n > 0; n--) {
		name = get_text(in);
		value = get_text(in);
		or_end(xml.xmlNewProp(node, name, value));
		(*xml.free)(name);
		(*xml.free)(value);
	}
	return node;
}

/* _private of node i is i + 1. */
static xmlDocPtr
get_page(struct str in)
{
	xmlDocPtr doc = or_end(xml.xmlNewDoc((const xmlChar *)"1.0"));
	xmlNodePtr *nodes = or_end(malloc((in.n / 13 + 1) * sizeof *nodes)); /* a node takes 13 bytes or more */

	for (uint32_t i = 0; in.n > 0; i++) {
		char kind = in.p[0];
		uint32_t parent;

		in = str_slice(in, 1, in.n);
		parent = get_number(&in);
		nodes[i] = get_node(doc, kind, &in);
		nodes[i]->_private = (void *)(uintptr_t)(i + 1);
		if (kind != PAGE_ELEMENT && (kind != PAGE_TEXT || parent == PAGE_NONE))
			continue;
		nodes[i] = or_end(xml.xmlAddChild(parent == PAGE_NONE ? (xmlNodePtr)doc : nodes[parent], nodes[i]));
	}                               /* neighbouring texts are merged */
	xml.xmlXPathOrderDocElems(doc); /* else two siblings are compared by walking from one to the other */
	return doc;
}

/* ---- the answer ---- */

static void
put_number(struct buf *out, uint32_t n)
{
	buf_add(out, &n, sizeof n);
}

static void
put_item(xmlNodePtr node, xmlXPathObjectPtr result, struct buf *out)
{
	xmlChar *text;

	if (node != NULL && node->type == XML_ELEMENT_NODE) {
		put_number(out, (uint32_t)(uintptr_t)node->_private - 1);
		return;
	}
	text = or_end(node != NULL ? xml.xmlXPathCastNodeToString(node) : xml.xmlXPathCastToString(result));
	put_number(out, PAGE_NONE);
	put_number(out, (uint32_t)strlen((char *)text));
	buf_add(out, text, strlen((char *)text));
	(*xml.free)(text);
}

static void
ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

void
xpath_box_run(struct str input, struct buf *output)
{
	xmlChar *expression = get_text(&input);
	xmlXPathContextPtr context = or_end(xml.xmlXPathNewContext(get_page(input)));
	xmlXPathObjectPtr result;
	int n;

	context->opLimit = XPATH_MAX_OPERATIONS;
	context->error = ignore_error;
	result = xml.xmlXPathEval(expression, context);
	if (result == NULL && context->lastError.code == XML_ERR_NO_MEMORY)
		box_out_of_memory();
	if (result == NULL) {
		buf_add_char(output,
		    context->lastError.code == XPATH_OP_LIMIT_EXCEEDED + XML_XPATH_EXPRESSION_OK - XPATH_EXPRESSION_OK ?
			XPATH_TOO_MUCH :
			XPATH_NOT_UNDERSTOOD);
		return;
	}
	buf_add_char(output, XPATH_ITEMS);
	n = result->type != XPATH_NODESET ? 1 : result->nodesetval != NULL ? result->nodesetval->nodeNr : 0;
	for (int i = 0; i < n; i++)
		put_item(result->type == XPATH_NODESET ? result->nodesetval->nodeTab[i] : NULL, result, output);
}
