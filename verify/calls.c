/* Collects the calls of decoded functions. */
#include "calls.h"

#include <stdlib.h>

#include "memory.h"

void calls_init(struct calls *calls, const struct image *image)
{
	*calls = (struct calls){ .image = image };
	calls->sites = memory_alloc(image->meta->n_sites * sizeof *calls->sites);
	calls->record_seen = memory_alloc(image->meta->n_returns * sizeof *calls->record_seen);
}

void calls_free(struct calls *calls)
{
	free(calls->items);
	free(calls->sites);
	free(calls->record_seen);
	*calls = (struct calls){ 0 };
}

/* What the record at a call tells about its site. */
static void note_record(struct calls *calls, const struct function *function,
			const struct call *call, const struct hcc_meta_return *ret)
{
	struct site_fact *fact = &calls->sites[ret->site_idx];

	calls->record_seen[ret - calls->image->meta_returns] = true;
	if (function->is_resume || image_site_function(calls->image, ret) != function->meta)
		return;
	fact->differs |= fact->is_called && fact->target_va != call->target_va;
	fact->is_called = true;
	fact->target_va = call->target_va;
}

void calls_add(struct calls *calls, const struct code *code)
{
	for (size_t i = 0; i < code->n_insns; i++) {
		const struct insn *insn = &code->insns[i];
		bool is_call = insn_is_call(insn);
		const struct hcc_meta_return *ret;
		struct call *call;

		if (!is_call && (insn->flow == FLOW_NEXT || !code_is_tail_call(code, i)))
			continue;
		calls->items = memory_grow(calls->items, &calls->capacity, calls->n + 1,
					   sizeof *calls->items);
		call = &calls->items[calls->n++];
		*call = (struct call){
			.va = insn->va,
			.return_va = is_call ? insn_end(insn) : 0,
			.target_va = insn->target,
			.caller = code->function->number,
		};
		ret = is_call ? image_return(calls->image, call->return_va) : NULL;
		call->is_recorded = ret != NULL;
		if (ret)
			note_record(calls, code->function, call, ret);
	}
}

const char *call_target_name(const struct image *image, uint64_t target_va)
{
	const struct function *function = target_va ? image_function(image, target_va) : NULL;

	return function ? function->name : target_va ? "?" : "a function pointer";
}
