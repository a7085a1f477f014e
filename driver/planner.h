/* What the files that make a plan (plan*.c) share. */
#ifndef HCC_PLANNER_H
#define HCC_PLANNER_H

#include "plan.h"

struct planner {
	struct plan *plan;
	const struct options *options;
	const char *root, *scratch;
	size_t n_sources;
	char *targets;
	struct words link; /* inputs of the link, in order */
};

/* ---- plan.c: steps. The plan owns what is added; unit: see struct step. */

struct step *add_step(struct planner *planner, enum step_kind kind, int unit);

/* A file of an ISA's (NULL: of all) that a step reads. */
void add_part(struct step *step, const struct hcc_isa *isa, const char *path);

void add_copy(struct planner *planner, int unit, const char *from, const char *to);

/* Join parts, an ISA:FILE for each ISA. */
void add_join(struct planner *planner, const struct words *parts, int unit, const char *output);

/* ---- plan_front.c */

/* clang for the neutral ABI on a source, with the user's options; what to make of it is to be added. */
struct step *add_front_end(struct planner *planner, const struct input *input, int unit);

/* What the source depends on, into which file and for what target: as gcc would name them. */
void add_dependencies(const struct planner *planner, struct step *step, const char *source);

/* -nostdlibinc and hcc's own headers, unless -nostdinc was given. */
void add_headers(const struct planner *planner, struct step *step);

/* -E, -M and -fsyntax-only: all of it is clang's. */
void plan_preprocess(struct planner *planner, const struct input *input, int unit);

/* ---- plan_compile.c */

/* From a source to its object or assembly. Returns 0, or 1 when the message has been printed. */
int plan_source(struct planner *planner, const struct input *input, int unit);

/* ---- plan_link.c */

void plan_link(struct planner *planner);
void plan_relocatable(struct planner *planner);
void plan_linker_question(struct planner *planner);
void plan_print_layout(struct planner *planner);

#endif
