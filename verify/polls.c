/* The polls that the runtime makes jumps (struct hcc_poll of hcc_format.h): where the section says one
 * is, there is one, and it leads to a recorded call of __hcc_poll in the same function. */
#include <stdlib.h>
#include <string.h>

#include "image_private.h"
#include "memory.h"
#include "verify.h"

enum { MAX_STEPS = 4096 };

static int compare(const void *a, const void *b)
{
	const struct poll *x = a, *y = b;

	return (x->va > y->va) - (x->va < y->va);
}

void polls_find(struct image *image)
{
	for (size_t i = 0; i < image->n_sections; i++) {
		const struct section *section = &image->sections[i];

		if (strcmp(section->name, HCC_POLLS_SECTION) || !section->data)
			continue;
		image->n_polls = section->bytes / sizeof(struct hcc_poll);
		image->polls = memory_alloc(image->n_polls * sizeof *image->polls);
		for (size_t k = 0; k < image->n_polls; k++) {
			uint64_t va = section->va + k * sizeof(struct hcc_poll);
			struct hcc_poll entry;

			memcpy(&entry, section->data + k * sizeof entry, sizeof entry);
			image->polls[k] = (struct poll){
				va + offsetof(struct hcc_poll, site_off) +
					(uint64_t)(int64_t)entry.site_off,
				va + offsetof(struct hcc_poll, cold_off) +
					(uint64_t)(int64_t)entry.cold_off,
			};
		}
	}
	if (image->n_polls)
		qsort(image->polls, image->n_polls, sizeof *image->polls, compare);
}

/* The first of the image's polls from an address on. */
static size_t first_from(const struct image *image, uint64_t va)
{
	size_t low = 0, high = image->n_polls;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->polls[middle].va < va)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct poll *image_poll(const struct image *image, uint64_t va)
{
	size_t i = first_from(image, va);

	return i < image->n_polls && image->polls[i].va == va ? &image->polls[i] : NULL;
}

/* A call of compiler-rt, which reaches no migration point. */
static bool is_helper(const struct image *image, const struct insn *insn)
{
	const struct function *target =
		insn->flow == FLOW_CALL ? image_function(image, insn->target) : NULL;

	return target && target->region == REGION_PRIVATE && !image_return(image, insn_end(insn));
}

/* The call that a cold block makes: values are saved, or computed if only the record names them, and
 * it is made. */
static const struct insn *first_call(const struct code *code, uint64_t va)
{
	size_t i = code_at(code, va);

	for (unsigned n = 0; n < MAX_STEPS && i < code->n_insns; n++) {
		const struct insn *insn = &code->insns[i];

		if (insn_is_call(insn) && !is_helper(code->image, insn))
			return insn;
		if (insn->flow == FLOW_JUMP)
			i = code_at(code, insn->target);
		else if (insn->flow != FLOW_NEXT && insn->flow != FLOW_BRANCH && !insn_is_call(insn))
			return NULL;
		else
			i++;
	}
	return NULL;
}

static void check(struct report *report, const struct code *code, const struct poll *poll)
{
	const struct image *image = code->image;
	size_t i = code_at(code, poll->va);
	const struct hcc_meta_return *ret;
	const struct insn *call;

	if (i == CODE_NONE || !code->insns[i].is_poll) {
		report_finding(report, image, code->function, poll->va,
			       HCC_POLLS_SECTION " has a poll here, but there is none that can "
			       "become a jump to 0x%llx", (unsigned long long)poll->cold_va);
		return;
	}
	/* Of the definitions of a weak function one has records; the others' code stays. */
	if (!code->function->meta)
		return;
	call = first_call(code, poll->cold_va);
	ret = call ? image_return(image, insn_end(call)) : NULL;
	if (!ret || !(image_site(image, ret)->flags & HCC_SITE_POLL))
		report_finding(report, image, code->function, poll->va,
			       "the poll leads to 0x%llx, where no recorded call of __hcc_poll is "
			       "made", (unsigned long long)poll->cold_va);
}

void verify_polls(struct report *report, const struct image *image, const struct code *code)
{
	uint64_t end_va = code->function->va + code->function->bytes;
	size_t i = first_from(image, code->function->va);

	for (; i < image->n_polls && image->polls[i].va < end_va; i++) {
		if (i && image->polls[i - 1].va == image->polls[i].va)
			report_finding(report, image, code->function, image->polls[i].va,
				       HCC_POLLS_SECTION " has this poll twice");
		check(report, code, &image->polls[i]);
		report_count(report, COUNT_polls, 1);
	}
}

/* Of code that is in no function any more. */
static bool is_poll(const struct image *image, const struct poll *poll)
{
	enum { SHORTEST = 4, LONGEST = 5 };

	for (unsigned n = SHORTEST; n <= LONGEST; n++) {
		const uint8_t *at = image_bytes(image, poll->va, n);

		if (at && image->isa->is_poll(at, n, poll->va, poll->cold_va))
			return true;
	}
	return false;
}

void verify_stray_polls(struct report *report, const struct image *image)
{
	for (size_t i = 0; i < image->n_polls; i++)
		if (!image_function(image, image->polls[i].va) && !is_poll(image, &image->polls[i]))
			report_finding(report, image, NULL, image->polls[i].va,
				       HCC_POLLS_SECTION " has a poll here, but there is none that "
				       "can become a jump to 0x%llx",
				       (unsigned long long)image->polls[i].cold_va);
}
