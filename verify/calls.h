/* The calls of an executable, as its code has them, and what was found out about each site. */
#ifndef HCC_VERIFY_CALLS_H
#define HCC_VERIFY_CALLS_H

#include "code.h"
#include "image.h"

struct call {
	uint64_t va, return_va;  /* return_va 0: a tail call */
	uint64_t target_va;      /* 0: indirect */
	uint32_t caller;         /* function's number */
	bool is_recorded;
};

/* A site, as the records at its original call say. */
struct site_fact {
	uint64_t target_va;      /* of the call in the original; 0: indirect */
	bool is_called;          /* the original has a record of it */
	bool differs;            /* duplicates of the call go elsewhere */
};

struct calls {
	const struct image *image;
	struct call *items;
	size_t n, capacity;
	struct site_fact *sites;    /* by site_idx */
	bool *record_seen;          /* by record: a call stands before it */
};

void calls_init(struct calls *calls, const struct image *image);
void calls_free(struct calls *calls);

/* Add the calls of a decoded function. */
void calls_add(struct calls *calls, const struct code *code);

/* The name of what is called, for messages. */
const char *call_target_name(const struct image *image, uint64_t target_va);

#endif
