/* Private to net/x509. A path and the reasons against it. */
#ifndef NET_X509_JUDGE_H
#define NET_X509_JUDGE_H

#include "net/x509/details.h"

enum { X509_PATH_MAX = 24 };

/* From the leaf (0) upwards; index: place in the chain as sent, -1 = from the store. */
struct x509_path {
	const struct x509_cert *certs[X509_PATH_MAX];
	int index[X509_PATH_MAX];
	bool verified[X509_PATH_MAX]; /* [i]: certificate i - 1 is signed by i; [0] is true */
	size_t n;
	bool anchored; /* the last one is a trust anchor */
};

struct reasons {
	struct x509_reason *items;
	size_t n;
	bool told; /* else they are only counted: a search meets many paths and tells of one */
};

void reasons_add(struct reasons *r, enum x509_fault fault, int index, char *text); /* takes text */
/* The same, where the text is made only when it is told. */
#define REASON(r, fault, index, text) ((r)->told ? reasons_add((r), (fault), (index), (text)) : (void)(r)->n++)

/* Judges the policy's staple into v->staple and v->staple_text; what it forbids goes to out. */
void staple_judge(struct x509_cert *const *chain, size_t n, const struct x509_path *path,
    const struct x509_policy *policy, struct work *work, struct x509_verdict *v, struct reasons *out);
/* Who demands a policy that the certificate at *at of the path lacks (RFC 5280 section 6.1); NULL: nobody, or the work
 * ended before that was clear. */
const struct x509_cert *x509_policy_missing(const struct x509_path *p, struct work *work, size_t *at);
/* What is wrong with the certificate itself: what cannot be read of it, or what else there is. */
void path_check_defects(const struct x509_cert *c, int index, const struct x509_policy *policy, bool unreadable,
    struct reasons *out);
/* Every reason against the path. host_fits: the leaf is one for the policy's host. */
void path_check(const struct x509_path *p, const struct x509_policy *policy, bool host_fits, struct work *work,
    struct reasons *out);

#endif
