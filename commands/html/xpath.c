#include "commands/html/xpath.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xpath.h>

static xmlChar *
to_xml(struct str s)
{
	return xmlStrndup((const xmlChar *)(s.n > 0 ? s.p : ""), (int)s.n);
}

static xmlNodePtr
element_of(xmlDocPtr doc, const struct page *p, uint32_t index)
{
	const struct page_node *n = &p->nodes[index];
	xmlChar *name = to_xml(n->name);
	xmlNodePtr node = xmlNewDocNode(doc, NULL, name, NULL);

	xmlFree(name);
	for (uint32_t i = 0; i < n->n_attrs; i++) {
		xmlChar *attr = to_xml(p->attrs[n->first_attr + i].name), *value = to_xml(p->attrs[n->first_attr + i].value);

		xmlNewProp(node, attr, value);
		xmlFree(attr);
		xmlFree(value);
	}
	return node;
}

/* The xmlDoc of the arrays; nodes[i] is node i, and _private of it is i + 1. */
static xmlDocPtr
build(const struct page *p, xmlNodePtr *nodes)
{
	xmlDocPtr doc = xmlNewDoc((const xmlChar *)"1.0");

	for (uint32_t i = 0; i < p->n_nodes; i++) {
		const struct page_node *n = &p->nodes[i];
		xmlNodePtr parent = n->parent == PAGE_NONE ? (xmlNodePtr)doc : nodes[n->parent];

		if (n->kind == PAGE_ELEMENT)
			nodes[i] = element_of(doc, p, i);
		else if (n->kind == PAGE_TEXT && n->parent != PAGE_NONE)
			nodes[i] = xmlNewDocTextLen(doc, (const xmlChar *)n->text.p, (int)n->text.n);
		else
			continue;
		nodes[i]->_private = (void *)(uintptr_t)(i + 1);
		nodes[i] = xmlAddChild(parent, nodes[i]);      /* neighbouring texts are merged */
	}
	return doc;
}

static void
ignore_error(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

static int
take_items(xmlXPathObjectPtr result, struct xpath_item **items)
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
		text = node != NULL ? xmlXPathCastNodeToString(node) : xmlXPathCastToString(result);
		(*items)[i].text = str_dup(str_of((const char *)text));
		xmlFree(text);
	}
	return n;
}

int
xpath_select(const struct page *p, struct str expression, struct xpath_item **items, struct error *error)
{
	xmlNodePtr *nodes = mem_alloc((p->n_nodes + 1) * sizeof(*nodes));
	xmlDocPtr doc = build(p, nodes);
	xmlXPathContextPtr context = xmlXPathNewContext(doc);
	char *text = str_dup(expression), shown[200];
	xmlXPathObjectPtr result;
	int n;

	*items = NULL;
	context->opLimit = XPATH_MAX_OPERATIONS;
	context->error = ignore_error;
	result = xmlXPathEval((const xmlChar *)text, context);
	str_printable(expression, shown, sizeof(shown));
	if (result != NULL)
		n = take_items(result, items);
	else if (context->lastError.code == XPATH_OP_LIMIT_EXCEEDED)
		n = fail(error, ERROR_LIMIT, 0, "XPath \"%s\" takes too much work", shown);
	else
		n = fail(error, ERROR_USAGE, 0, "XPath \"%s\" is not understood", shown);
	xmlXPathFreeObject(result);
	xmlXPathFreeContext(context);
	xmlFreeDoc(doc);
	free(nodes);
	free(text);
	return n;
}
